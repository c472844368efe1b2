"""Schema objects as MySQL's DDL, and what InnoDB would refuse."""

from __future__ import annotations

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect
from peewee_mig.errors import RefusedError
from peewee_mig.schema.objects import Column, ForeignKey, Table


def create_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table with its keys and indexes."""
    for key in table.foreign_keys:
        check_foreign_key(table, key)
    return ddl.create_table(dialect, table)


def check_foreign_key(table: Table, key: ForeignKey) -> None:
    """Refuse SET NULL on a column that takes none: the server's 1005 (150) says nothing."""
    for action, name in ((key.on_delete, "on_delete"), (key.on_update, "on_update")):
        strict = [each for each in key.columns if not table.column(each).null]
        if action == "SET NULL" and strict:
            raise RefusedError(
                "SET NULL needs a column that takes NULL on MySQL and MariaDB",
                where=f"foreign key of {table.name} ({', '.join(key.columns)})",
                hint=f"give the field null=True, or another {name}",
            )


def modify(dialect: Dialect, column: Column, *, null: bool | None = None) -> str:
    """Spell the change of a column: its whole definition, without its keys."""
    return f"MODIFY {ddl.column_definition(dialect, column, null=null)}"


def plain(column: Column) -> Column:
    """Return the column without AUTO_INCREMENT, which only a key column can have."""
    return Column(column.name, column.type.plain, column.null)
