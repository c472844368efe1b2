"""Schema objects as MySQL's DDL."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.lowering import in_primary_key
from peewee_mig.dialects.mysql.kept import Kept
from peewee_mig.schema.objects import Column, ForeignKey, Index, Table


def create_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table with its keys and indexes; a key after an index that has its own's name."""
    late = [key for key in table.foreign_keys if _makes_way(key, table)]
    early = tuple(key for key in table.foreign_keys if key not in late)
    whole = replace(table, columns=numbered_in_key(table), foreign_keys=early)
    return (
        *ddl.create_table(dialect, whole),
        *(ddl.add_foreign_key(dialect, table.name, key) for key in late),
    )


def create_own_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table that takes any text and transactions, whatever the database's defaults."""
    create, *rest = create_table(dialect, table)
    return (f"{create} DEFAULT CHARSET=utf8mb4 ENGINE=InnoDB", *rest)


def modify(dialect: Dialect, column: Column, kept: Kept = Kept()) -> str:  # noqa: B008 (a value, frozen)
    """Spell the change of a column: its whole definition, without its keys."""
    words = (
        dialect.quote(column.name),
        dialect.type_sql(column.type),
        kept.collation,
        "" if column.null else "NOT NULL",
        *kept.options,
    )
    return f"MODIFY {' '.join(filter(None, words))}"


def plain(column: Column) -> Column:
    """Return the column without AUTO_INCREMENT, which only a key column can have."""
    return Column(column.name, column.type.plain, column.null)


def numbered_in_key(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table; those outside of its primary key do not number themselves."""
    return tuple(each if in_primary_key(table, each) else plain(each) for each in table.columns)


def takes_name(index: Index, key: ForeignKey) -> bool:
    """Whether an index has the name that InnoDB gives the one that it makes for a key.

    One that serves the key itself takes its place.
    """
    made = key.name or key.columns[0]
    serves = index.columns[: len(key.columns)] == key.columns
    return index.name.casefold() == made.casefold() and not serves


def _makes_way(key: ForeignKey, table: Table) -> bool:
    return any(takes_name(index, key) for index in table.indexes)
