"""Reads the catalog of MySQL and MariaDB: information_schema, a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from peewee_mig.dialects.base import Inspection, Query, Unmanaged
from peewee_mig.dialects.mysql.catalog import Catalog, method
from peewee_mig.dialects.mysql.normalize import normal_action
from peewee_mig.dialects.mysql.read_columns import read_column
from peewee_mig.dialects.mysql.read_tables import read_checks, read_options
from peewee_mig.dialects.mysql.rights import hiding, hiding_database, unseen
from peewee_mig.dialects.mysql.rows import IndexPart
from peewee_mig.dialects.mysql.texts import neutral
from peewee_mig.dialects.mysql.unmanaged import unmanaged
from peewee_mig.schema.expressions import Expression, Token
from peewee_mig.schema.names import qualified
from peewee_mig.schema.objects import ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema


def inspect(query: Query, schemas: Collection[str] = ()) -> Inspection:
    """Read the schema, list what no kind of ours describes, and what InnoDB made by itself.

    A schema is another database of the server; one that is not there has nothing.
    """
    home = Catalog(query)
    there = _present(home, schemas) if schemas else []
    called: dict[str, str | None] = {home.facts.database: None, **{name: name for name in there}}
    home.schemas = called
    catalogs = [home, *(Catalog(query, name, called) for name in there)]
    tables = [(each, table.name) for each in catalogs for table in each.base_tables]
    return Inspection(
        Schema.of(_table(catalog, name) for catalog, name in tables),
        tuple(found for catalog in catalogs for found in _unmanaged(catalog)),
        frozenset((c.named(name), index) for c, name in tables for index in _implied(c, name)),
        tuple(dict.fromkeys(note for catalog in catalogs for note in unseen(catalog))),
        next(filter(None, _hidden(catalogs, {*schemas} - {*there})), ""),
    )


def _hidden(catalogs: Sequence[Catalog], absent: Collection[str]) -> Iterator[str]:
    """Yield the grants that show what may be hidden, in databases that are listed or not."""
    yield from map(hiding, catalogs)
    yield from (hiding_database(catalogs[0], name) for name in sorted(absent))


def _present(home: Catalog, schemas: Collection[str]) -> list[str]:
    rows = home.rows("SELECT schema_name FROM information_schema.schemata")
    return sorted(set(schemas) & {name for (name,) in rows})


def _unmanaged(catalog: Catalog) -> Iterator[Unmanaged]:
    """Yield what is beyond our kinds, with the names that tables have in a schema."""
    prefix = "" if catalog.schema is None else f"{qualified(None, catalog.schema)}."
    for each in unmanaged(catalog):
        table = catalog.named(each.table) if each.table else ""
        yield replace(each, name=prefix + each.name, table=table)


def _table(catalog: Catalog, name: str) -> Table:
    key = catalog.primary_key(name)
    return Table(
        catalog.named(name),
        tuple(read_column(catalog, name, row) for row in catalog.columns[name]),
        primary_key=PrimaryKey(key) if key else None,
        indexes=tuple(_indexes(catalog, name)),
        foreign_keys=tuple(_foreign_keys(catalog, name)),
        checks=tuple(read_checks(catalog, name)),
        options=read_options(catalog, name),
    )


def _indexes(catalog: Catalog, table: str) -> Iterator[Index]:
    for name, parts in catalog.indexes.get(table, {}).items():
        if name == "PRIMARY" or not catalog.is_managed(parts):
            continue
        unique, using = not parts[0].non_unique, method(parts)
        if catalog.is_whole(table, parts):
            columns = tuple(part.column or "" for part in parts)
            yield Index(name, columns, unique=unique, using=using)
        else:
            over = tuple(_part(catalog, table, part) for part in parts)
            yield Index(name, (), unique=unique, parts=over, using=using)


def _part(catalog: Catalog, table: str, part: IndexPart) -> Expression:
    if part.column is None:
        columns = [row.name for row in catalog.columns[table]]
        over = str(neutral(part.expression or "", columns, escaped=True))
    else:
        over = str(Token("name", part.column)) + (f"({part.prefix})" if part.prefix else "")
    return Expression(over + (" DESC" if part.order == "D" else ""))


def _foreign_keys(catalog: Catalog, table: str) -> Iterator[ForeignKey]:
    for name in catalog.managed_keys(table).values():
        parts = catalog.keys[table][name]
        on_delete, on_update = catalog.rules[table, name]
        yield ForeignKey(
            tuple(part.column for part in parts),
            _referred_table(catalog, catalog.referred(parts[0]) or ""),
            tuple(part.referred_column for part in parts),
            normal_action(on_delete),
            normal_action(on_update),
            name,
        )


def _referred_table(catalog: Catalog, name: str) -> str:
    """Return the name of a table as it has it: some servers keep it in lower case in keys."""
    names = [catalog.named(table.name) for table in catalog.base_tables]
    alike = [each for each in names if each.casefold() == name.casefold()]
    return name if name in names or not alike else alike[0]


def _implied(catalog: Catalog, table: str) -> Iterator[str]:
    """Yield the indexes that InnoDB made for a foreign key, or would make if they were not there.

    Its own are named as the key, or as its first column; where that was taken, a number
    follows. And a key cannot be without any: one that alone serves it counts, whoever made it.
    """
    indexes = catalog.indexes.get(table, {})
    for columns, key in catalog.managed_keys(table).items():
        named = re.compile(f"({re.escape(key)}|{re.escape(columns[0])})(_[0-9]+)?")
        serving = [name for name, parts in indexes.items() if _begins_with(parts, columns)]
        for name in serving:
            parts = indexes[name]
            exact = len(parts) == len(columns) and parts[0].non_unique
            if exact and (serving == [name] or named.fullmatch(name)):
                yield name


def _begins_with(parts: list[IndexPart], columns: tuple[str, ...]) -> bool:
    """Whether an index serves a key; one over words or shapes serves none."""
    found = tuple(part.column for part in parts[: len(columns)])
    return found == columns and method(parts) is None
