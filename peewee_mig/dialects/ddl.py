"""Objects -> DDL text, as Peewee's ``create_tables`` spells it on a database server.

PostgreSQL and MySQL differ in words only; SQLite spells its own.
"""

from __future__ import annotations

from peewee_mig.dialects.base import Dialect
from peewee_mig.schema.objects import Column, ForeignKey, Index, Table


def create_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table, its indexes, then the keys to columns that an index makes unique."""
    late = [key for key in table.foreign_keys if _needs_own_index(key, table)]
    parts = [
        *(_column_line(dialect, column, table) for column in table.columns),
        *_composite_key(dialect, table),
        *(foreign_key(dialect, key) for key in table.foreign_keys if key not in late),
    ]
    lines = ",\n".join(f"  {part}" for part in parts)
    return (
        f"CREATE TABLE {dialect.quote(table.name)} (\n{lines}\n)",
        *(create_index(dialect, table.name, index) for index in table.indexes),
        *(add_foreign_key(dialect, table.name, key) for key in late),
    )


def column_definition(dialect: Dialect, column: Column, *, null: bool | None = None) -> str:
    """Spell a column; ``null`` overrides whether it takes NULL."""
    takes_null = column.null if null is None else null
    words = f"{dialect.quote(column.name)} {dialect.type_sql(column.type)}"
    return words if takes_null else f"{words} NOT NULL"


def create_index(dialect: Dialect, table: str, index: Index) -> str:
    """Spell an index."""
    kind = "UNIQUE INDEX" if index.unique else "INDEX"
    place = f"{dialect.quote(table)} ({dialect.quote_all(index.columns)})"
    return f"CREATE {kind} {dialect.quote(index.name)} ON {place}"


def foreign_key(dialect: Dialect, key: ForeignKey) -> str:
    """Spell a foreign key as a constraint of its table; unnamed unless the user named it."""
    name = f"CONSTRAINT {dialect.quote(key.name)} " if key.name else ""
    referred = f"{dialect.quote(key.referred_table)} ({dialect.quote_all(key.referred_columns)})"
    words = f"{name}FOREIGN KEY ({dialect.quote_all(key.columns)}) REFERENCES {referred}"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    return words + (f" ON UPDATE {key.on_update}" if key.on_update else "")


def add_foreign_key(dialect: Dialect, table: str, key: ForeignKey) -> str:
    """Spell a foreign key that a table gets later."""
    return alter(dialect, table, f"ADD {foreign_key(dialect, key)}")


def alter(dialect: Dialect, table: str, *actions: str) -> str:
    """Spell an ALTER TABLE of one action or more."""
    return f"ALTER TABLE {dialect.quote(table)} {', '.join(actions)}"


def _column_line(dialect: Dialect, column: Column, table: Table) -> str:
    key = table.primary_key
    alone = key is not None and key.columns == (column.name,)
    return column_definition(dialect, column) + (" PRIMARY KEY" if alone else "")


def _composite_key(dialect: Dialect, table: Table) -> tuple[str, ...]:
    key = table.primary_key
    if key is None or len(key.columns) == 1:
        return ()
    return (f"PRIMARY KEY ({dialect.quote_all(key.columns)})",)


def _needs_own_index(key: ForeignKey, table: Table) -> bool:
    primary = table.primary_key.columns if table.primary_key else ()
    return key.referred_table == table.name and key.referred_columns != primary
