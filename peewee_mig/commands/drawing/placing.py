"""Where boxes stand and lines run in a picture: whole pixels, the same for the same picture.

Boxes stand in columns, what they refer to on the left. Lines run in the gaps between columns:
straight from a box into the gap, there up or down on a track, and straight on. A line over
several columns has a place of its own in each. Lines to one place share their tracks. So no line
touches a box that it does not belong to, and no two lie on each other unless they end at the
same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from peewee_mig.commands.drawing.layers import columns, without_circles
from peewee_mig.commands.drawing.ordering import ordered
from peewee_mig.commands.drawing.settling import settled
from peewee_mig.commands.drawing.tracks import tracks
from peewee_mig.commands.drawing.wiring import UNIT, Wire, Wiring, wiring

#: Pixels: beside a column, for the signs at the ends of lines; between tracks; the least between
#: columns; how far a line from a box to itself goes away from it, and the next one more.
_MARGIN, _TRACK, _LEAST, _LOOP, _MORE = 30, 12, 72, 16, 6

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """A box to place; ``height`` in multiples of UNIT."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The left upper corners of boxes, the points of each line in the order of the wires."""

    corners: Mapping[str, Point]
    lines: tuple[tuple[Point, ...], ...]
    width: int
    height: int


#: Lines from a box to one place of itself: the box, the place, their sort.
_Loop = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class _Space:
    """What is known of the picture when lines are drawn."""

    items: Mapping[str, Item]
    columns: Mapping[str, int]
    tops: Mapping[str, int]
    #: Column -> its left side.
    starts: Sequence[int]
    #: (net, left column) -> where it runs up or down.
    tracks: Mapping[tuple[int, int], int]
    #: How many pixels each line from a box to itself goes away from it.
    loops: Mapping[_Loop, int]

    def side(self, name: str, *, right: bool) -> int:
        return self.starts[self.columns[name]] + (self.items[name].width if right else 0)


def place(items: Sequence[Item], wires: Sequence[Wire]) -> Placed:
    """Place boxes and lines; every line is between boxes that are there."""
    heights = {item.name: item.height for item in items}
    ranked = sorted(wires, key=lambda wire: (wire.weak, wire.box, wire.referred))
    where = columns(heights, without_circles((wire.box, wire.referred) for wire in ranked))
    wired = wiring(wires, where)
    rows = ordered(_rows(where, wired), wired.joints)
    tops = settled(rows, heights, wired.joints)
    space = _space(items, where, wired, tops, _loops(wires))
    ends = [space.side(name, right=True) for name in where]
    most = max(space.loops.values(), default=0)
    return Placed(
        {name: (space.side(name, right=False), tops[name]) for name in heights},
        tuple(_lines(wires, wired, space)),
        max(ends, default=0) + most,
        max((tops[name] + heights.get(name, UNIT) for name in tops), default=0),
    )


def _rows(where: Mapping[str, int], wired: Wiring) -> dict[int, list[str]]:
    """Return what is in each column: boxes by name, and between them the lines that pass."""
    rows: dict[int, list[str]] = {}
    for name, column in sorted(where.items()):
        rows.setdefault(column, []).append(name)
    for name, column in sorted(wired.passing.items()):
        row = rows.setdefault(column, [])
        row.insert(len(row) // 2, name)
    return rows


def _loops(wires: Sequence[Wire]) -> dict[_Loop, int]:
    found: dict[_Loop, int] = {}
    for wire in wires:
        if wire.box == wire.referred:
            known = sum(box == wire.box for box, _, _ in found)
            found.setdefault((wire.box, wire.referred_port, wire.sort), _LOOP + known * _MORE)
    return found


def _space(
    items: Sequence[Item],
    where: Mapping[str, int],
    wired: Wiring,
    tops: Mapping[str, int],
    loops: Mapping[_Loop, int],
) -> _Space:
    numbers = tracks(wired.joints, tops)
    starts, left = [], 0
    found: dict[tuple[int, int], int] = {}
    for column in range(max(where.values(), default=-1) + 1):
        starts.append(left)
        left += max(item.width for item in items if where[item.name] == column)
        left += max(
            (away - _LOOP for (box, _, _), away in loops.items() if where[box] == column), default=0
        )
        own = {net: track for (net, gap), track in numbers.items() if gap == column}
        used = max(own.values(), default=0) * _TRACK
        width = max(_LEAST, used + 2 * _MARGIN)
        first = left + (width - used) // 2
        found |= {(net, column): first + track * _TRACK for net, track in own.items()}
        left += width
    return _Space({item.name: item for item in items}, where, tops, starts, found, loops)


def _lines(wires: Sequence[Wire], wired: Wiring, space: _Space) -> Iterator[tuple[Point, ...]]:
    for wire, route in zip(wires, wired.routes, strict=True):
        if route is None:
            yield _loop(wire, space)
            continue
        backward = space.columns[wire.box] < space.columns[wire.referred]
        high = [space.tops[name] + port for name, port in route.ends]
        points = [(space.side(wire.box, right=backward), high[0])]
        for column, one, other in zip(route.columns, high, high[1:], strict=False):
            track = space.tracks[route.net, column]
            points += [(track, one), (track, other)]
        points.append((space.side(wire.referred, right=not backward), high[-1]))
        yield _without_stops(points)


def _loop(wire: Wire, space: _Space) -> tuple[Point, ...]:
    right, top = space.side(wire.box, right=True), space.tops[wire.box]
    one, other = top + wire.port, top + wire.referred_port
    away = right + space.loops[wire.box, wire.referred_port, wire.sort]
    return ((right, one), (away, one), (away, other), (right, other))


def _without_stops(points: Sequence[Point]) -> tuple[Point, ...]:
    """Leave out points between others on one straight line."""
    found: list[Point] = []
    for point in dict.fromkeys(points):
        while len(found) > 1 and (
            found[-2][0] == found[-1][0] == point[0] or found[-2][1] == found[-1][1] == point[1]
        ):
            found.pop()
        found.append(point)
    return tuple(found)
