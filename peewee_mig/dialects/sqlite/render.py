"""Schema objects as SQLite's DDL, in the form in which Peewee's ``create_tables`` writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from peewee_mig.dialects.sqlite.types import type_sql
from peewee_mig.schema.objects import Column, ForeignKey, Index, Table


def quote(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_all(names: Iterable[str]) -> str:
    """Quote identifiers, with commas between."""
    return ", ".join(quote(name) for name in names)


def column_sql(column: Column, type_: str | None = None) -> str:
    """Spell a column without its keys, with its own type unless another is given."""
    words = [quote(column.name), type_ or type_sql(column.type), "" if column.null else "NOT NULL"]
    return " ".join(word for word in words if word)


def foreign_key_sql(key: ForeignKey) -> str:
    """Spell a foreign key as a constraint of its table."""
    name = f"CONSTRAINT {quote(key.name)} " if key.name else ""
    return f"{name}FOREIGN KEY ({quote_all(key.columns)}) {references_sql(key)}"


def references_sql(key: ForeignKey) -> str:
    """Spell what a foreign key refers to, and its actions."""
    words = f"REFERENCES {quote(key.referred_table)} ({quote_all(key.referred_columns)})"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    return words + (f" ON UPDATE {key.on_update}" if key.on_update else "")


def create_table_sql(
    table: Table,
    *,
    name: str = "",
    clauses: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    endings: Mapping[ForeignKey, str] | None = None,
    constraints: Sequence[str] = (),
    options: Sequence[str] = (),
    autoincrement: bool = False,
) -> str:
    """Spell a table.

    ``clauses`` (by column), ``endings`` (of keys), ``constraints``, ``options`` are added as
    given; ``types`` (by column) replace our own.
    """
    extra = clauses or {}
    lines = []
    key = table.primary_key.columns if table.primary_key else ()
    for column in table.columns:
        words = column_sql(column, (types or {}).get(column.name))
        if key == (column.name,):
            words += " PRIMARY KEY AUTOINCREMENT" if autoincrement else " PRIMARY KEY"
        lines.append(f"{words} {extra.get(column.name, '')}".rstrip())
    if len(key) > 1:
        lines.append(f"PRIMARY KEY ({quote_all(key)})")
    lines += [
        f"{foreign_key_sql(each)} {(endings or {}).get(each, '')}".rstrip()
        for each in table.foreign_keys
    ]
    lines += constraints
    body = ",\n  ".join(lines)
    ending = f" {', '.join(options)}" if options else ""
    return f"CREATE TABLE {quote(name or table.name)} (\n  {body}\n){ending}"


def create_index_sql(table: str, index: Index) -> str:
    """Spell an index."""
    unique = "UNIQUE " if index.unique else ""
    columns = quote_all(index.columns)
    return f"CREATE {unique}INDEX {quote(index.name)} ON {quote(table)} ({columns})"


def create_table(table: Table) -> tuple[str, ...]:
    """Spell a table and its indexes."""
    indexes = (create_index_sql(table.name, index) for index in table.indexes)
    return (create_table_sql(table), *indexes)
