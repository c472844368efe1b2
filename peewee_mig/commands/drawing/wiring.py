"""From boxes in columns and lines between them to what lies between each column and the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

#: Pixels: all heights are multiples of it, and lines leave a box at multiples of it.
UNIT = 20


@dataclass(frozen=True, slots=True)
class Wire:
    """A line to draw, from a box to the one it refers to.

    ``port``, ``referred_port``: how far below the top of the boxes, in multiples of
    :data:`UNIT`; ``sort``: lines of different sorts share nothing; ``weak``: turns round first
    where lines make a circle.
    """

    box: str
    port: int
    referred: str
    referred_port: int
    sort: str = ""
    weak: bool = False


#: Something in a column, and how far below its top a line ends there.
End = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Joint:
    """Where lines of one net run between a column and the next: one end is alone on its side."""

    net: int
    column: int
    left: tuple[End, ...]
    right: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one line: its ends and those in the columns it passes, from the referring box.

    ``columns``: the left one of the two between which it runs from each end to the next.
    """

    net: int
    ends: tuple[End, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wiring:
    """``passing``: name -> column of each place that a line takes among boxes.

    ``routes``: in the order of the wires; ``None`` for one from a box to itself.
    """

    passing: Mapping[str, int]
    joints: tuple[Joint, ...]
    routes: tuple[Route | None, ...]


def wiring(wires: Sequence[Wire], columns: Mapping[str, int]) -> Wiring:
    """Join lines that end at one place from one side to nets, and lay them between columns."""
    nets: dict[tuple[object, ...], int] = {}
    routes = tuple(_route(wire, columns, nets) for wire in wires)
    joints: dict[tuple[int, int], _Sides] = {}
    passing: dict[str, int] = {}
    for route in filter(None, routes):
        way = zip(route.columns, route.ends, route.ends[1:], strict=False)
        backward = columns[route.ends[0][0]] < columns[route.ends[-1][0]]
        for column, one, other in way:
            sides = joints.setdefault((route.net, column), _Sides())
            sides.add(*((one, other) if backward else (other, one)))
        for place, (name, _) in enumerate(route.ends[1:-1], 1):
            passing[name] = route.columns[place] + (0 if backward else 1)
    return Wiring(
        passing,
        tuple(
            Joint(net, column, tuple(sides.left), tuple(sides.right))
            for (net, column), sides in sorted(joints.items(), key=lambda each: each[0])
        ),
        routes,
    )


@dataclass
class _Sides:
    left: dict[End, None] = field(default_factory=dict[End, None])
    right: dict[End, None] = field(default_factory=dict[End, None])

    def add(self, left: End, right: End) -> None:
        self.left[left] = None
        self.right[right] = None


def _route(
    wire: Wire, columns: Mapping[str, int], nets: dict[tuple[object, ...], int]
) -> Route | None:
    if wire.box == wire.referred:
        return None
    start, end = columns[wire.box], columns[wire.referred]
    step = 1 if start < end else -1
    key = (wire.referred, wire.referred_port, wire.sort, step)
    net = nets.setdefault(key, len(nets))
    between = tuple((f"{net}|{each}", UNIT // 2) for each in range(start + step, end, step))
    gaps = range(start, end) if step > 0 else range(start - 1, end - 1, -1)
    ends = ((wire.box, wire.port), *between, (wire.referred, wire.referred_port))
    return Route(net, ends, tuple(gaps))


def neighbours(joints: Sequence[Joint]) -> Iterator[tuple[End, End]]:
    """Yield each pair of ends that a line joins, the left one first."""
    for joint in joints:
        yield from ((left, right) for left in joint.left for right in joint.right)
