"""A history as lines of text: a lane for each branch, from the oldest migration to the newest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

#: The place of the migration in the lanes of a line.
MARK = "●"

#: The characters of lanes in plain ASCII.
PLAIN = str.maketrans("│─├┤┼╮╭┬╯╰┴●○", "|-+++..-''-*o")

#: How a branch leaves the row between two lines, or enters it: at its left end, right, within.
_OPENED, _JOINED = ("╭", "╮", "┬"), ("╰", "╯", "┴")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the lanes, with :data:`MARK` where the migration ``name`` stands.

    ``name`` empty: the line only leads from lane to lane.
    """

    lanes: str
    name: str = ""


def lines(names: Sequence[str], parents: Mapping[str, Sequence[str]]) -> tuple[Line, ...]:
    """Draw names in their order, from the top down, with what each depends on.

    ``parents`` that are not among the names, or come later (a circle), are not drawn.
    """
    drawn = tuple(_lines(names, _children(names, parents)))
    width = max((len(each.lanes) for each in drawn if each.name), default=0)
    return tuple(replace(each, lanes=each.lanes.ljust(width * bool(each.name))) for each in drawn)


def _children(names: Sequence[str], parents: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what depends on each name, in order, each once."""
    found: dict[str, list[str]] = {}
    for name in names:
        for parent in dict.fromkeys(parents[name]):
            if parent in found:
                found[parent].append(name)
        found[name] = []
    return found


def _lines(names: Sequence[str], children: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    lanes: list[str | None] = []  # the migration that each leads to; None: it is free
    ended = -1  # the lane of the line before that leads nowhere: what stands below would follow it
    for name in names:
        mine = [place for place, leads_to in enumerate(lanes) if leads_to == name]
        if len(mine) > 1:
            yield Line(_between(lanes, mine[0], mine[1:], _JOINED))
        own = mine[0] if mine else _free(lanes, but=ended)
        for place in mine:
            lanes[place] = None
        lanes[own] = name
        yield Line(_row(lanes, name), name)
        lanes[own] = next(iter(children[name]), None)
        opened = [_free(lanes, child) for child in children[name][1:]]
        ended = -1 if children[name] else own
        if opened:
            yield Line(_between(lanes, own, opened, _OPENED))


def _free(lanes: list[str | None], child: str | None = None, *, but: int = -1) -> int:
    """Return the first lane that leads nowhere, a new one if need be; let it lead to a child."""
    free = [place for place, lane in enumerate(lanes) if lane is None and place != but]
    place = free[0] if free else len(lanes)
    if not free:
        lanes.append(None)
    lanes[place] = child
    return place


def _row(lanes: Sequence[str | None], name: str) -> str:
    signs = (MARK if lane == name else "│" if lane else " " for lane in lanes)
    return " ".join(signs).rstrip()


def _between(
    lanes: Sequence[str | None], own: int, others: Sequence[int], signs: tuple[str, str, str]
) -> str:
    """Draw the row in which other lanes leave the own one, or come to it."""
    first, last = min(own, *others), max(own, *others)
    row = ""
    for place, lane in enumerate(lanes):
        inside = first <= place <= last
        if place == own:
            sign = "├" if own == first else "┤" if own == last else "┼"
        elif place in others:
            sign = signs[0] if place == first else signs[1] if place == last else signs[2]
        elif lane:
            sign = "│"
        else:
            sign = "─" if inside else " "
        row += sign + ("─" if first <= place < last else " ")
    return row.rstrip()
