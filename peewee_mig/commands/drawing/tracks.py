"""On which vertical track each net runs between two columns, so that few lines cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peewee_mig.commands.drawing.wiring import End, Joint


@dataclass(frozen=True, slots=True)
class _Net:
    """A net between two columns: how high its ends are on the left, and on the right."""

    number: int
    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def top(self) -> int:
        return min(*self.left, *self.right)

    @property
    def bottom(self) -> int:
        return max(*self.left, *self.right)

    def meets(self, other: _Net) -> bool:
        """Whether the two cannot have one track."""
        return self.top <= other.bottom and other.top <= self.bottom

    def crossings(self, other: _Net) -> int:
        """Count where the two cross if this one has the track on the left."""
        return sum(self.top < each < self.bottom for each in other.left) + sum(
            other.top < each < other.bottom for each in self.right
        )


def tracks(joints: Sequence[Joint], tops: Mapping[str, int]) -> dict[tuple[int, int], int]:
    """Return the track, from 0 on the left, of each net by (net, left column)."""
    found: dict[tuple[int, int], int] = {}
    for column in sorted({joint.column for joint in joints}):
        nets = [_net(joint, tops) for joint in joints if joint.column == column]
        for net, track in _tracks(_in_order(nets)):
            found[net.number, column] = track
    return found


def _net(joint: Joint, tops: Mapping[str, int]) -> _Net:
    def heights(ends: Sequence[End]) -> tuple[int, ...]:
        return tuple(tops[name] + port for name, port in ends)

    return _Net(joint.net, heights(joint.left), heights(joint.right))


def _in_order(nets: Sequence[_Net]) -> list[_Net]:
    """Order nets from left to right: neighbours change places while that saves crossings."""
    order = sorted(nets, key=lambda net: (net.top, net.bottom, net.number))
    for _ in nets:
        changed = False
        for place in range(len(order) - 1):
            one, other = order[place : place + 2]
            if other.crossings(one) < one.crossings(other):
                order[place : place + 2] = [other, one]
                changed = True
        if not changed:
            break
    return order


def _tracks(order: Sequence[_Net]) -> list[tuple[_Net, int]]:
    """Give each net the first track to the right of all that it meets."""
    found: list[tuple[_Net, int]] = []
    for net in order:
        track = max((other + 1 for each, other in found if net.meets(each)), default=0)
        found.append((net, track))
    return found
