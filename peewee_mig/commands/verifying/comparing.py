"""Rows before a migration against those after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from peewee_mig.commands.verifying.kept import KeptTable
from peewee_mig.commands.verifying.meaning import plain, same
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.operations.verbs import Change, Copy, Operation, in_database
from peewee_mig.schema.schema import Schema

#: The values of a row, in the order of the columns of its :class:`KeptTable`.
Values = tuple[Any, ...]

#: How many characters of a value are shown.
_SHOWN = 60


def touched(
    kept: Iterable[KeptTable], operations: Iterable[Operation], before: Schema, after: Schema
) -> frozenset[str]:
    """Return the tables, by their names before, whose values a migration could harm.

    Those that it changes, and those that refer to them: a table that is made anew may take
    rows along, or values.
    """
    named = {e.table for e in in_database(operations) if isinstance(e, Change | Copy)}
    found = {
        each.old
        for each in kept
        if {each.old, each.new} & named or before.table(each.old) != after.table(each.new)
    }
    referring = {table.name for name in found for table, _ in before.referring(name)}
    return frozenset(found | referring)


def values_of(
    tables: Iterable[KeptTable], query: Query, dialect: Dialect, *, old: bool
) -> dict[str, tuple[Values, ...]]:
    """Read the kept values of tables, by their names before; ``old``: as they are called then."""
    found = {}
    for table in tables:
        if table.columns:
            name = table.old if old else table.new
            columns = dialect.quote_all(each.old if old else each.new for each in table.columns)
            rows = query(f"SELECT {columns} FROM {dialect.quote_table(name)}")
            found[table.old] = tuple(tuple(map(plain, row)) for row in rows)
    return found


def lost_rows(
    tables: Iterable[KeptTable], before: Mapping[str, int], after: Mapping[str, int]
) -> Iterator[tuple[KeptTable, str]]:
    """Yield the tables that have fewer rows than before, and say it."""
    for table in tables:
        missing = before[table.old] - after[table.new]
        if missing > 0:
            have = "are" if missing > 1 else "is"
            yield table, f"{missing} of {before[table.old]} rows of {table.old} {have} gone"


def changed_value(table: KeptTable, old: Sequence[Values], new: Sequence[Values]) -> str:
    """Say which value of a table is not what it was; empty: all are."""
    left = list(new)
    for row in old:
        found = next((each for each in left if _all_same(table, row, each)), None)
        if found is None:
            return _difference(table, row, left or new)
        left.remove(found)
    return ""


def _all_same(table: KeptTable, old: Values, new: Values) -> bool:
    return next(_differing(table, old, new), None) is None


def _differing(table: KeptTable, old: Values, new: Values) -> Iterator[int]:
    for place, column in enumerate(table.columns):
        if not same(old[place], new[place], column.types):
            yield place


def _difference(table: KeptTable, row: Values, others: Collection[Values]) -> str:
    """Say it of the row that is nearest to what a row was."""
    nearest = min(others, key=lambda each: len(list(_differing(table, row, each))), default=None)
    if nearest is None:
        return f"a row of {table.old} is gone"
    place = next(_differing(table, row, nearest))
    name = f"{table.new}.{table.columns[place].new}"
    return f"{name} was {_shown(row[place])} in a row and is {_shown(nearest[place])} now"


def _shown(value: object) -> str:
    text = "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
