"""The order in which tables can be created and dropped."""

from __future__ import annotations

from collections.abc import Iterable

from peewee_mig.schema.objects import ForeignKey, Table


def parents_first(tables: Iterable[Table]) -> tuple[Table, ...]:
    """Sort tables so that a table follows those it refers to; by name where that is free.

    In a circle, the table with the fewest keys to tables not yet placed goes first: those
    keys have to be added afterwards.
    """
    waiting = {table.name: table for table in sorted(tables, key=lambda table: table.name)}
    order: list[Table] = []
    while waiting:
        name = min(waiting, key=lambda name: (len(_missing(waiting[name], waiting)), name))
        order.append(waiting.pop(name))
    return tuple(order)


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


def _missing(table: Table, waiting: dict[str, Table]) -> set[str]:
    referred = {key.referred_table for key in table.foreign_keys}
    return {name for name in referred if name in waiting and name != table.name}
