"""The order in which tables can be created and dropped."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush

from peewee_mig.schema.objects import Column, ForeignKey, Table


def parents_first(tables: Iterable[Table]) -> tuple[Table, ...]:
    """Sort tables so that a table follows those it refers to; by name where that is free.

    Of tables that refer to each other in a circle, the one that refers to the fewest of
    them goes first: those keys have to be added afterwards.
    """
    by_name = {table.name: table for table in tables}
    missing = {name: _missing(table, by_name) for name, table in by_name.items()}
    followers: dict[str, list[str]] = {name: [] for name in by_name}
    for name, names in missing.items():
        for referred in names:
            followers[referred].append(name)
    free = sorted(name for name, names in missing.items() if not names)
    order: list[Table] = []
    while missing:
        name = heappop(free) if free else _least_bound(missing)
        order.append(by_name[name])
        del missing[name]
        for follower in followers[name]:
            if follower in missing:
                missing[follower].discard(name)
                if not missing[follower]:
                    heappush(free, follower)
    return tuple(order)


def _least_bound(missing: dict[str, set[str]]) -> str:
    """Return a table of a circle that waits for nothing but itself."""
    reached = {name: _reached(name, missing) for name in missing}
    circles = (name for name in missing if all(name in reached[each] for each in reached[name]))
    return min(circles, key=lambda name: (len(missing[name]), name))


def _reached(name: str, missing: dict[str, set[str]]) -> set[str]:
    """Return the tables that one refers to, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = missing[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def children_first(
    tables: Iterable[Table],
) -> tuple[tuple[str, ...], tuple[tuple[str, ForeignKey], ...]]:
    """Sort tables so that none is dropped while another refers to it.

    Also return the foreign keys, with their tables, that must be dropped before.
    """
    order = tuple(reversed(parents_first(tables)))
    place = {table.name: number for number, table in enumerate(order)}
    blocking = tuple(
        (table.name, key)
        for table in order
        for key in table.foreign_keys
        if place.get(key.referred_table, len(order)) < place[table.name]
    )
    return tuple(table.name for table in order), blocking


def generated_first(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Sort columns so that none is dropped while another one is computed from it."""
    waiting = list(columns)
    order: list[Column] = []
    while waiting:
        read = {name for each in waiting for name in _sources(each)}
        free = next((each for each in waiting if each.name not in read), waiting[0])
        waiting.remove(free)
        order.append(free)
    return tuple(order)


def is_fixed(old: Column, new: Column) -> bool:
    """Whether a column keeps what was computed so far, and is computed no more."""
    return old.computed is not None and new.computed is None


def is_plain(old: Column, new: Column) -> bool:
    """Whether a column neither is nor was generated."""
    return old.computed is None and new.computed is None


def stale_columns(old: Table, new: Table) -> tuple[Column, ...]:
    """Return generated columns that go or change, and are computed from one of another type."""
    types = {column.name: column.type.plain for column in new.columns}
    retyped = {each.name for each in old.columns if types.get(each.name) != each.type.plain}
    found = (
        each
        for each in old.columns
        if _sources(each) & retyped & types.keys() and new.find_column(each.name) != each
    )
    return generated_first(found)


def _sources(column: Column) -> frozenset[str]:
    return column.computed.expression.names if column.computed else frozenset()


def _missing(table: Table, others: dict[str, Table]) -> set[str]:
    referred = {key.referred_table for key in table.foreign_keys}
    return {name for name in referred if name in others and name != table.name}
