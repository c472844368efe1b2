"""Statements that clear rows out of the way of a migration, for a person to choose and to run.

They are spelled for the database as it is before the run, and change no other row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from peewee_mig.dialects.asked import Guard
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.guards import SAMPLE

#: Guards whose sample shows keys of rows; the others show values.
_BY_KEY = ("nulls", "rows", "violated")
#: Guards of which no statement clears the way that would be right for any rows.
_NEITHER = ("left", "rows", "changed", "referred", "missing")


def mending(guard: Guard, sample: Sequence[Sequence[object]], dialect: Dialect) -> tuple[str, ...]:
    """Return statements of which each clears the rows away, the mildest first.

    VALUE stands for what the user knows. Nothing is returned where the rows cannot be told by
    a single column, or get their values from the migration.
    """
    if guard.filled or guard.kind in _NEITHER or guard.parts or len(guard.columns) != 1:
        return ()
    if guard.kind == "duplicates":
        return tuple(_one_of_each(guard, dialect))
    where = _where(guard, sample, dialect)
    if not where:
        return ()
    table, column = dialect.quote_table(guard.table), dialect.quote(guard.columns[0])
    return (
        f"UPDATE {table} SET {column} = VALUE WHERE {where}",
        f"DELETE FROM {table} WHERE {where}",
    )


def look(guard: Guard, dialect: Dialect) -> str:
    """Return the SELECT that shows rows of which all but one have to go; empty: none have to."""
    if guard.filled or guard.kind != "duplicates" or guard.parts or len(guard.columns) != 1:
        return ""
    table, value = dialect.quote_table(guard.table), dialect.quote(guard.columns[0])
    twice = f"SELECT {value} FROM {table} GROUP BY {value} HAVING count(*) > 1"
    return f"SELECT * FROM {table} WHERE {value} IN ({twice}) ORDER BY {value}"


def _where(guard: Guard, sample: Sequence[Sequence[object]], dialect: Dialect) -> str:
    """Spell which rows: by their few keys or values, or else by what is wrong with them."""
    names = guard.key if guard.kind in _BY_KEY else guard.columns
    values = [_literal(row[0], dialect) for row in sample if len(row) == 1]
    if len(names) == 1 and 0 < len(sample) < SAMPLE and len(values) == len(sample) and all(values):
        listed = ", ".join(values)
        name = dialect.quote(names[0])
        return f"{name} = {listed}" if len(values) == 1 else f"{name} IN ({listed})"
    if guard.kind == "orphans":
        referred = dialect.quote(guard.referred_columns[0])
        parents = f"SELECT {referred} FROM {dialect.quote_table(guard.referred_table)}"
        return f"{dialect.quote(guard.columns[0])} NOT IN ({parents})"
    return dialect.guard_sql(guard)[0].partition(" WHERE ")[2]


def _one_of_each(guard: Guard, dialect: Dialect) -> Iterator[str]:
    """Keep the row with the least key of those with one value."""
    if len(guard.key) != 1 or guard.nulls_equal or guard.condition is not None:
        return
    table, key = dialect.quote_table(guard.table), dialect.quote(guard.key[0])
    value = dialect.quote(guard.columns[0])
    least = f"SELECT min({key}) AS least FROM {table} GROUP BY {value}"
    yield (
        f"DELETE FROM {table} WHERE {value} IS NOT NULL"
        f" AND {key} NOT IN (SELECT least FROM ({least}) AS kept)"
    )


def _literal(value: object, dialect: Dialect) -> str:
    """Spell a number or a text; nothing of which it is not known how the driver reads it."""
    if isinstance(value, str):
        return dialect.text_sql(value)
    return (
        str(value)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        else ""
    )
