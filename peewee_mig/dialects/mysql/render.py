"""Schema objects as MySQL's DDL."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.lowering import in_primary_key
from peewee_mig.schema.objects import Column, Table


def create_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table with its keys and indexes."""
    return ddl.create_table(dialect, replace(table, columns=numbered_in_key(table)))


def create_own_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table that takes any text and transactions, whatever the database's defaults."""
    create, *rest = create_table(dialect, table)
    return (f"{create} DEFAULT CHARSET=utf8mb4 ENGINE=InnoDB", *rest)


def modify(dialect: Dialect, column: Column, *, null: bool | None = None) -> str:
    """Spell the change of a column: its whole definition, without its keys."""
    return f"MODIFY {ddl.column_definition(dialect, column, null=null)}"


def plain(column: Column) -> Column:
    """Return the column without AUTO_INCREMENT, which only a key column can have."""
    return Column(column.name, column.type.plain, column.null)


def numbered_in_key(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table; those outside of its primary key do not number themselves."""
    return tuple(each if in_primary_key(table, each) else plain(each) for each in table.columns)
