"""Objects -> DDL text, as Peewee's ``create_tables`` spells it on a database server.

PostgreSQL and MySQL differ in words only; SQLite spells its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from peewee_mig.dialects.base import Dialect
from peewee_mig.operations.verbs import Copy
from peewee_mig.schema.names import split
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import View

#: A constraint that is no key to another table.
Constraint = Check | Unique | Exclusion


def create_table(dialect: Dialect, table: Table) -> tuple[str, ...]:
    """Spell a table, its indexes, then the keys to columns that an index makes unique.

    So comes a unique constraint on the primary key: PostgreSQL makes one of the two otherwise.
    """
    late = [key for key in table.foreign_keys if _needs_own_index(key, table)]
    primary = table.primary_key.columns if table.primary_key else ()
    doubles = [each for each in table.uniques if each.columns == primary]
    uniques = [each for each in table.uniques if each not in doubles]
    constraints: tuple[Constraint, ...] = (*uniques, *table.checks, *table.exclusions)
    parts = [
        *(_column_line(dialect, column, table) for column in table.columns),
        *_own_line_of_key(dialect, table),
        *(foreign_key(dialect, key) for key in table.foreign_keys if key not in late),
        *(constraint(dialect, each) for each in constraints),
    ]
    lines = ",\n".join(f"  {part}" for part in parts)
    return (
        f"CREATE TABLE {dialect.quote_table(table.name)} (\n{lines}\n)",
        *(alter(dialect, table.name, f"ADD {constraint(dialect, each)}") for each in doubles),
        *(dialect.create_index(table.name, index) for index in table.indexes),
        *(add_foreign_key(dialect, table.name, key) for key in late),
    )


def column_definition(
    dialect: Dialect, column: Column, *, null: bool | None = None, default: str = ""
) -> str:
    """Spell a column's name, type, NOT NULL and default; the last two can be overridden."""
    takes_null = column.null if null is None else null
    words = f"{dialect.quote(column.name)} {dialect.type_sql(column.type)}"
    words += "" if takes_null else " NOT NULL"
    return f"{words} DEFAULT {default}" if default else words


def create_index(dialect: Dialect, table: str, index: Index) -> str:
    """Spell an index over plain columns."""
    kind = "UNIQUE INDEX" if index.unique else "INDEX"
    place = f"{dialect.quote_table(table)} ({dialect.quote_all(index.columns)})"
    return f"CREATE {kind} {dialect.quote(index.name)} ON {place}"


def foreign_key(dialect: Dialect, key: ForeignKey) -> str:
    """Spell a foreign key as a constraint of its table; unnamed unless the user named it."""
    referred = dialect.quote_table(key.referred_table)
    referred += f" ({dialect.quote_all(key.referred_columns)})"
    words = f"FOREIGN KEY ({dialect.quote_all(key.columns)}) REFERENCES {referred}"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    words += f" ON UPDATE {key.on_update}" if key.on_update else ""
    return _named(dialect, key.name) + words + _deferrable(key.deferrable)


def primary_key(dialect: Dialect, key: PrimaryKey) -> str:
    """Spell a primary key as a constraint of its table; unnamed unless the user named it."""
    return f"{_named(dialect, key.name)}PRIMARY KEY ({dialect.quote_all(key.columns)})"


def constraint(dialect: Dialect, thing: Constraint) -> str:
    """Spell a constraint of a table; unnamed unless the user named it."""
    name = _named(dialect, thing.name)
    match thing:
        case Check():
            return f"{name}CHECK ({dialect.expression_sql(thing.expression)})"
        case Unique():
            nulls = "" if thing.nulls_distinct else " NULLS NOT DISTINCT"
            columns = dialect.quote_all(thing.columns)
            return f"{name}UNIQUE{nulls} ({columns}){_deferrable(thing.deferrable)}"
        case Exclusion():
            return f"{name}EXCLUDE {dialect.expression_sql(thing.expression)}"
        case _:
            assert_never(thing)


def add_foreign_key(dialect: Dialect, table: str, key: ForeignKey) -> str:
    """Spell a foreign key that a table gets later."""
    return alter(dialect, table, f"ADD {foreign_key(dialect, key)}")


def create_view(dialect: Dialect, view: View) -> str:
    """Spell a view."""
    kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
    select = dialect.expression_sql(view.select)
    return f"CREATE {kind} {dialect.quote_table(view.name)} AS {select}"


def drop_view(dialect: Dialect, view: View) -> str:
    """Spell the end of a view."""
    kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
    return f"DROP {kind} {dialect.quote_table(view.name)}"


def alter(dialect: Dialect, table: str, *actions: str) -> str:
    """Spell an ALTER TABLE of one action or more."""
    return f"ALTER TABLE {dialect.quote_table(table)} {', '.join(actions)}"


def _named(dialect: Dialect, name: str | None) -> str:
    return f"CONSTRAINT {dialect.quote(name)} " if name else ""


def _deferrable(words: str | None) -> str:
    return f" DEFERRABLE {words}" if words else ""


def _column_line(dialect: Dialect, column: Column, table: Table) -> str:
    key = table.primary_key
    alone = key == PrimaryKey((column.name,))
    return dialect.column_definition(column) + (" PRIMARY KEY" if alone else "")


def _own_line_of_key(dialect: Dialect, table: Table) -> tuple[str, ...]:
    key = table.primary_key
    if key is None or key == PrimaryKey(key.columns[:1]):
        return ()
    return (primary_key(dialect, key),)


def _needs_own_index(key: ForeignKey, table: Table) -> bool:
    primary = table.primary_key.columns if table.primary_key else ()
    return key.referred_table == table.name and key.referred_columns != primary


def copy_values(quote: Callable[[str], str], copy: Copy) -> str:
    """Spell the UPDATE that gives rows what their related rows have."""
    value = f"related.{quote(copy.source_column)}"
    equal = " AND ".join(f"related.{quote(other)} = copied.{quote(own)}" for own, other in copy.on)
    found = f"FROM {_table(quote, copy.source)} AS related WHERE {equal}"
    return (
        f"UPDATE {_table(quote, copy.table)} AS copied"
        f" SET {quote(copy.column)} = (SELECT {value} {found})"
        f" WHERE EXISTS (SELECT 1 {found} AND {value} IS NOT NULL)"
    )


def _table(quote: Callable[[str], str], name: str) -> str:
    return ".".join(quote(each) for each in split(name) if each is not None)
