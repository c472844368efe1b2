"""In which column of a picture each box stands: to the right of all that it refers to."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: How wide a column is with the lines beside it, and how wide a picture for its height.
_COLUMN, _ASPECT = 340, 1.6

#: What a box takes beside its own height.
GAP = 40


def without_circles(links: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return what stands to the left of each box: what it refers to, as far as that can be.

    ``links``: from a box to the one it refers to; where they make a circle, the later ones turn
    round.
    """
    left: dict[str, set[str]] = {}
    for box, referred in links:
        if box == referred:
            continue
        one, other = (referred, box) if _reaches(referred, box, left) else (box, referred)
        left.setdefault(one, set()).add(other)
        left.setdefault(other, set())
    return left


def _reaches(start: str, end: str, left: Mapping[str, set[str]]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        box = waiting.pop()
        if box == end:
            return True
        new = left.get(box, set()) - seen
        seen |= new
        waiting += new
    return False


@dataclass
class _Columns:
    """The columns so far, none higher than ``limit`` unless a box alone is."""

    heights: Mapping[str, int]
    limit: float
    of: dict[str, int] = field(default_factory=dict[str, int])
    used: dict[int, int] = field(default_factory=dict[int, int])

    def has_room(self, box: str, column: int) -> bool:
        used = self.used.get(column, 0)
        return not used or used + self.heights[box] + GAP <= self.limit

    def put(self, box: str, column: int) -> None:
        if box in self.of:
            self.used[self.of[box]] -= self.heights[box] + GAP
        self.of[box] = column
        self.used[column] = self.used.get(column, 0) + self.heights[box] + GAP


def columns(heights: Mapping[str, int], left: Mapping[str, set[str]]) -> dict[str, int]:
    """Return the number of the column of each box, from 0.

    ``heights``: of every box; ``left``: what must stand to the left, without circles.
    """
    total = sum(each + GAP for each in heights.values())
    limit = max([*heights.values(), math.sqrt(total * _COLUMN / _ASPECT)], default=0)
    found = _Columns(heights, limit + GAP)
    order = _in_order(left)
    for box in order:
        column = max((found.of[each] + 1 for each in left[box]), default=0)
        while not found.has_room(box, column):
            column += 1
        found.put(box, column)
    _move_right(order, left, found)
    for box in sorted(heights.keys() - left.keys()):
        found.put(box, _emptiest(box, found))
    numbers = {column: number for number, column in enumerate(sorted({*found.of.values()}))}
    return {box: numbers[column] for box, column in found.of.items()}


def _in_order(left: Mapping[str, set[str]]) -> list[str]:
    """Sort boxes so that each follows what stands to its left; then by name."""
    waiting = {box: len(others) for box, others in left.items()}
    right = _turned(left)
    ready = sorted(box for box, count in waiting.items() if not count)
    order = []
    while ready:
        order.append(heapq.heappop(ready))
        for box in right[order[-1]]:
            waiting[box] -= 1
            if not waiting[box]:
                heapq.heappush(ready, box)
    return order


def _turned(left: Mapping[str, set[str]]) -> dict[str, list[str]]:
    right: dict[str, list[str]] = {box: [] for box in left}
    for box, others in left.items():
        for other in others:
            right[other].append(box)
    return right


def _move_right(order: Sequence[str], left: Mapping[str, set[str]], found: _Columns) -> None:
    """Bring what is referred to near to what refers to it."""
    right = _turned(left)
    for box in reversed(order):
        nearest = min((found.of[each] for each in right[box]), default=0) - 1
        for column in range(nearest, found.of[box], -1):
            if found.has_room(box, column):
                found.put(box, column)
                break


def _emptiest(box: str, found: _Columns) -> int:
    """Return the column for a box that has no line: one with room, else a new one."""
    roomy = [column for column in sorted(found.used) if found.has_room(box, column)]
    return min(roomy, key=lambda column: found.used[column], default=len(found.used))
