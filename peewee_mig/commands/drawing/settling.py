"""How high things stand in their columns, so that lines are straight where they can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peewee_mig.commands.drawing.layers import GAP
from peewee_mig.commands.drawing.wiring import UNIT, Joint, neighbours

#: How often the columns are gone through, there and back.
_SWEEPS = 8

#: How much more than a box a line that passes wants its place.
_STRAIGHT = 4.0

#: In every second column all is lower by so much: no line on the left of a gap is then as high
#: as one on its right that it does not belong to.
SHIFT = UNIT // 4


def settled(
    rows: Mapping[int, Sequence[str]], heights: Mapping[str, int], joints: Sequence[Joint]
) -> dict[str, int]:
    """Return the top of each thing, in the order that it has in its column.

    ``heights``: of boxes, in multiples of UNIT; what is not named is a line that passes.
    """
    tops: dict[str, float] = {}
    for names in rows.values():
        tops |= _stacked(names, heights)
    pulls = _pulls(joints)
    for sweep in range(2 * _SWEEPS):
        for column in sorted(rows, reverse=bool(sweep % 2)):
            wishes = {name: _wish(name, heights, tops, pulls[sweep % 2]) for name in rows[column]}
            tops |= _moved(rows[column], heights, wishes)
    highest = min(tops.values(), default=0)
    found: dict[str, int] = {}
    for column, names in rows.items():
        found |= _on_lines(names, heights, {name: tops[name] - highest for name in names}, column)
    return found


#: Thing -> what it is joined with: how far below the own top, what, how far below its top.
_Pulls = Mapping[str, Sequence[tuple[int, str, int]]]


def _pulls(joints: Sequence[Joint]) -> tuple[_Pulls, _Pulls]:
    """Return what pulls each thing on its left, and on its right."""
    from_left: dict[str, list[tuple[int, str, int]]] = {}
    from_right: dict[str, list[tuple[int, str, int]]] = {}
    for (left, port), (right, other) in neighbours(joints):
        from_right.setdefault(left, []).append((port, right, other))
        from_left.setdefault(right, []).append((other, left, port))
    return from_left, from_right


def distance(one: str, other: str, heights: Mapping[str, int]) -> int:
    """Return what is left free between two things, one below the other."""
    boxes = (one in heights) + (other in heights)
    return (0, UNIT, GAP)[boxes]


def _stacked(names: Sequence[str], heights: Mapping[str, int]) -> dict[str, float]:
    """Return the tops of things that stand as close as they may."""
    found: dict[str, float] = {}
    top = 0
    for place, name in enumerate(names):
        top += distance(names[place - 1], name, heights) if place else 0
        found[name] = top
        top += heights.get(name, UNIT)
    return found


def _moved(
    names: Sequence[str], heights: Mapping[str, int], wishes: Mapping[str, tuple[float, float]]
) -> dict[str, float]:
    """Bring each thing as near to where it is pulled to as the others let it.

    That is the least sum of squares under an order: things that are in each other's way move
    together, to the mean of where they want to be.
    """
    packed = _stacked(names, heights)
    blocks: list[tuple[float, float, int]] = []  # sum of wishes, weight, things
    for name in names:
        wish, weight = wishes[name]
        blocks.append(((wish - packed[name]) * weight, weight, 1))
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            one, other = blocks.pop(), blocks.pop()
            blocks.append((one[0] + other[0], one[1] + other[1], one[2] + other[2]))
    moves = [_mean(block) for block in blocks for _ in range(block[2])]
    return {name: packed[name] + move for name, move in zip(names, moves, strict=True)}


def _wish(
    name: str, heights: Mapping[str, int], tops: Mapping[str, float], pulls: _Pulls
) -> tuple[float, float]:
    """Return where something wants to be, and how much: a line that passes wants to be straight."""
    found = [tops[other] + there - here for here, other, there in pulls.get(name, ())]
    if not found:
        return tops[name], 0.1
    return sum(found) / len(found), 1.0 if name in heights else _STRAIGHT


def _mean(block: tuple[float, float, int]) -> float:
    return block[0] / block[1]


def _on_lines(
    names: Sequence[str], heights: Mapping[str, int], tops: Mapping[str, float], column: int
) -> dict[str, int]:
    """Return whole multiples of UNIT near to these tops, shifted in every second column."""
    shift = SHIFT * (column % 2)
    found: dict[str, int] = {}
    least = shift
    for place, name in enumerate(names):
        least += distance(names[place - 1], name, heights) if place else 0
        found[name] = max(least, UNIT * round((tops[name] - shift) / UNIT) + shift)
        least = found[name] + heights.get(name, UNIT)
    return found
