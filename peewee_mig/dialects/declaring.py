"""What a catalog holds, as models would declare it: without what the engine made up. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from peewee_mig.dialects.base import Dialect, Inspection
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: In words of SQLite's, to which they mean nothing; models say them of numbers of MySQL's only.
_UNSIGNED = re.compile(r"\bunsigned\b", re.IGNORECASE)

Constraint = TypeVar("Constraint", Check, Exclusion, ForeignKey, Unique)


def declaring(found: Inspection, dialect: Dialect) -> Schema:
    """Return the schema that was found as somebody would write it who knows Peewee.

    Names that the engine gives what has none, those of primary keys, and indexes that it makes
    for foreign keys, are left out; a number that SQLite gives by itself is numbered, unless it
    is that of another table.
    """
    return found.schema.with_tables(
        _declared(table, found.implied, dialect) for table in found.schema
    )


def _declared(table: Table, implied: frozenset[tuple[str, str]], dialect: Dialect) -> Table:
    def unnamed(things: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
        return tuple(_unnamed(each, table, dialect) for each in things)

    return replace(
        table,
        columns=tuple(_column(each, table, dialect) for each in table.columns),
        primary_key=table.primary_key and replace(table.primary_key, name=None),
        indexes=tuple(e for e in table.indexes if not _is_made(e, table, implied)),
        foreign_keys=unnamed(table.foreign_keys),
        checks=unnamed(table.checks),
        uniques=unnamed(table.uniques),
        exclusions=unnamed(table.exclusions),
    )


def _is_made(index: Index, table: Table, implied: frozenset[tuple[str, str]]) -> bool:
    """Whether the engine made an index for a foreign key: it has the name of one, or a column's."""
    names = [each for key in table.foreign_keys for each in (key.name, key.columns[0]) if each]
    pattern = f"({'|'.join(map(re.escape, names))})(_[0-9]+)?"
    return (table.name, index.name) in implied and bool(re.fullmatch(pattern, index.name))


def _unnamed(thing: Constraint, table: Table, dialect: Dialect) -> Constraint:
    pattern = dialect.made_names.get(type(thing))
    if thing.name is None or pattern is None:
        return thing
    columns = thing.columns if isinstance(thing, ForeignKey | Unique) else _used(thing, table)
    words = pattern.format(table=re.escape(bare(table.name)), columns=re.escape("_".join(columns)))
    return replace(thing, name=None) if re.fullmatch(words, thing.name) else thing


def _used(thing: Check | Exclusion, table: Table) -> tuple[str, ...]:
    names = [name for name in table.column_names if name in thing.expression.names]
    return tuple(names) if len(names) == 1 or isinstance(thing, Exclusion) else ()


def _column(column: Column, table: Table, dialect: Dialect) -> Column:
    if column.type.native and _UNSIGNED.search(column.type.name):
        return replace(column, type=ColumnType("INT"))
    alone = table.primary_key is not None and table.primary_key.columns == (column.name,)
    numbers = dialect.numbers_keys and alone and "WITHOUT ROWID" not in table.options.words
    refers = any(key.columns == (column.name,) for key in table.foreign_keys)
    if not numbers or refers or column.type != ColumnType("INT"):
        return column
    return replace(column, type=ColumnType("AUTO"))
