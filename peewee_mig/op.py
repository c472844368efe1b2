"""The words of a migration file: ``from peewee_mig import op``.

Each function returns a value; nothing runs until ``migrate`` does. The parts of a table
(``column``, ``primary_key``, ``index``, ``foreign_key``) stand wherever a table or an
operation takes them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from peewee_mig.errors import SchemaError
from peewee_mig.operations import verbs
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Drop,
    Fill,
    Generated,
    Rename,
    RunSQL,
    Scalar,
)
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.types import parse_type

Names = str | Sequence[str]
Part = Column | PrimaryKey | Index | ForeignKey
FillValue = Scalar | Generated | None
Operation = verbs.Operation


def column(name: str, type: str, *, null: bool = False) -> Column:  # noqa: A002 (the word of SQL)
    """Define a column by Peewee's logical type, such as ``"VARCHAR(255)"``."""
    return Column(name, parse_type(type), null)


def primary_key(*columns: str) -> PrimaryKey:
    """Define the primary key of a table."""
    return PrimaryKey(columns)


def index(name: str, columns: Names, *, unique: bool = False, named: bool = False) -> Index:
    """Define an index; ``named`` says that the models give it this name."""
    return Index(name, _names(columns), unique, named)


def foreign_key(
    columns: Names,
    referred_table: str,
    referred_columns: Names,
    *,
    on_delete: str | None = None,
    on_update: str | None = None,
    name: str | None = None,
) -> ForeignKey:
    """Define a foreign key; without a name the database names it."""
    referred = _names(referred_columns)
    return ForeignKey(_names(columns), referred_table, referred, on_delete, on_update, name)


def create_table(name: str, *parts: Part) -> Add:
    """Create a table of its parts."""
    return Add(name, _table(name, parts))


def drop_table(name: str, *parts: Part) -> Drop:
    """Drop a table; its parts are kept here so that it can come back (empty)."""
    return Drop(name, _table(name, parts))


def rename_table(old: str, new: str) -> Rename:
    """Rename a table; foreign keys to it follow."""
    return Rename("table", old, old, new)


def add_column(table: str, definition: Column, *, fill: FillValue = None) -> Add:
    """Add a column; ``fill`` is the value for rows that exist already.

    A NOT NULL column without a fill is guarded: the migration stops before the statement
    if the table has rows.
    """
    return Add(table, definition, _fill(fill))


def drop_column(table: str, definition: Column) -> Drop:
    """Drop a column; its definition is kept here so that it can come back (empty)."""
    return Drop(table, definition)


def alter_column(table: str, *, old: Column, new: Column, fill: FillValue = None) -> Alter:
    """Change the type of a column or whether it takes NULL.

    ``fill`` is the value for rows with NULL in a column that becomes NOT NULL; without one
    the migration stops before the statement if there are such rows.
    """
    return Alter(table, old, new, _fill(fill))


def rename_column(table: str, old: str, new: str) -> Rename:
    """Rename a column; keys and indexes follow."""
    return Rename("column", table, old, new)


def add_primary_key(table: str, definition: PrimaryKey) -> Add:
    """Add a primary key to a table that has none."""
    return Add(table, definition)


def drop_primary_key(table: str, definition: PrimaryKey) -> Drop:
    """Drop the primary key of a table."""
    return Drop(table, definition)


def alter_primary_key(table: str, *, old: PrimaryKey, new: PrimaryKey) -> Alter:
    """Change the columns of a primary key."""
    return Alter(table, old, new)


def create_index(table: str, definition: Index) -> Add:
    """Create an index; a unique one is guarded against duplicates."""
    return Add(table, definition)


def drop_index(table: str, definition: Index) -> Drop:
    """Drop an index."""
    return Drop(table, definition)


def rename_index(table: str, old: str, new: str) -> Rename:
    """Rename an index."""
    return Rename("index", table, old, new)


def add_foreign_key(table: str, definition: ForeignKey) -> Add:
    """Add a foreign key; it is guarded against rows that refer to nothing."""
    return Add(table, definition)


def drop_foreign_key(table: str, definition: ForeignKey) -> Drop:
    """Drop a foreign key."""
    return Drop(table, definition)


def alter_foreign_key(table: str, *, old: ForeignKey, new: ForeignKey) -> Alter:
    """Change what a foreign key refers to, or its actions."""
    return Alter(table, old, new)


def run_sql(forward: Names, backward: Names | None = None) -> RunSQL:
    """Run SQL of your own, without effect on the tables and columns that are tracked.

    ``backward`` undoes it; ``[]`` says that nothing has to be undone, ``None`` that it
    cannot be.
    """
    return RunSQL(_names(forward), None if backward is None else _names(backward))


def now() -> Generated:
    """Fill with the time of the migration, in the local time of the database's host."""
    return Generated("now")


def utcnow() -> Generated:
    """Fill with the time of the migration in UTC."""
    return Generated("utcnow")


def today() -> Generated:
    """Fill with the day of the migration."""
    return Generated("today")


def uuid4() -> Generated:
    """Fill with a new random UUID for each row."""
    return Generated("uuid4")


def empty() -> Generated:
    """Fill with the empty value of the column's type: ``''``, 0, false, ..."""
    return Generated("empty")


def _table(name: str, parts: Sequence[Part]) -> Table:
    keys = [part for part in parts if isinstance(part, PrimaryKey)]
    if len(keys) > 1 or not all(isinstance(part, Part) for part in parts):
        raise SchemaError(
            f"table {name} is made of columns, indexes, foreign keys and at most one primary key"
        )
    return Table(
        name,
        tuple(part for part in parts if isinstance(part, Column)),
        primary_key=keys[0] if keys else None,
        indexes=tuple(part for part in parts if isinstance(part, Index)),
        foreign_keys=tuple(part for part in parts if isinstance(part, ForeignKey)),
    )


def _names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _fill(value: FillValue) -> Fill | None:
    if isinstance(value, float) and not math.isfinite(value):
        raise SchemaError("a fill must be a finite number")
    if value is not None and not isinstance(value, Generated | str | int | float | bytes):
        raise SchemaError(
            f"a fill cannot be a {type(value).__name__}",
            hint="write numbers, true and false as they are, anything else as text",
        )
    return value if value is None or isinstance(value, Generated) else Constant(value)
