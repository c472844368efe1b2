"""In which order things stand in a column, so that few lines cross."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

from peewee_mig.commands.drawing.wiring import Joint, neighbours

#: How often the columns are gone through, there and back.
_SWEEPS = 10

Rows = dict[int, list[str]]


def ordered(rows: Mapping[int, Sequence[str]], joints: Sequence[Joint]) -> Rows:
    """Return the things in each column from the top down; those without a line come last."""
    beside = _beside(joints)
    best = now = {column: list(names) for column, names in rows.items()}
    fewest = _crossings(best, joints)
    for sweep in range(2 * _SWEEPS):
        forward = sweep % 2 == 0
        now = _swept(now, beside[0 if forward else 1], forward=forward)
        crossings = _crossings(now, joints)
        if crossings < fewest:
            best, fewest = now, crossings
    joined = {*beside[0], *beside[1]}
    return {c: sorted(names, key=lambda name: name not in joined) for c, names in best.items()}


def _beside(joints: Sequence[Joint]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return what each thing is joined with on its left, and on its right."""
    to_left: dict[str, list[str]] = {}
    to_right: dict[str, list[str]] = {}
    for (left, _), (right, _) in neighbours(joints):
        to_right.setdefault(left, []).append(right)
        to_left.setdefault(right, []).append(left)
    return to_left, to_right


def _swept(rows: Rows, beside: Mapping[str, Sequence[str]], *, forward: bool) -> Rows:
    """Bring each thing to the middle of those that it is joined with in the column before."""
    found = dict(rows)
    for column in sorted(rows, reverse=not forward):
        before = found.get(column - 1 if forward else column + 1, [])
        height = {name: place / len(before) for place, name in enumerate(before)}
        wanted = {
            name: _middle([height[each] for each in beside.get(name, ())], place / len(names))
            for names in [found[column]]
            for place, name in enumerate(names)
        }
        found[column] = sorted(found[column], key=lambda name: wanted[name])
    return found


def _middle(heights: Sequence[float], otherwise: float) -> float:
    return sum(heights) / len(heights) if heights else otherwise


def _crossings(rows: Rows, joints: Sequence[Joint]) -> int:
    places = {name: place for names in rows.values() for place, name in enumerate(names)}
    by_column: dict[int, list[tuple[int, int, int, int]]] = {}
    for joint in joints:
        lines = by_column.setdefault(joint.column, [])
        for (left, port), (right, other) in neighbours([joint]):
            lines.append((places[left], port, places[right], other))
    return sum(_inversions(sorted(lines)) for lines in by_column.values())


def _inversions(lines: Sequence[tuple[int, int, int, int]]) -> int:
    """Count the pairs of lines of which one begins higher and ends lower."""
    seen: list[tuple[int, int]] = []
    count = 0
    for _, _, place, port in lines:
        count += len(seen) - bisect_right(seen, (place, port))
        insort(seen, (place, port))
    return count
