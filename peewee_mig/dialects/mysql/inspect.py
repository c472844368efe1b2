"""Reads the catalog of MySQL and MariaDB: information_schema, a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.dialects.base import Inspection, Query
from peewee_mig.dialects.mysql.catalog import Catalog, ColumnRow, IndexPart, KeyPart
from peewee_mig.dialects.mysql.normalize import normal_action
from peewee_mig.dialects.mysql.rights import unseen
from peewee_mig.dialects.mysql.types import logical_type
from peewee_mig.dialects.mysql.unmanaged import unmanaged
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

_AUTO_OF_PLAIN = {"INT": "AUTO", "BIGINT": "BIGAUTO"}


def inspect(query: Query) -> Inspection:
    """Read the schema, list what no kind of ours describes, and what InnoDB made by itself."""
    catalog = Catalog(query)
    names = [table.name for table in catalog.base_tables]
    return Inspection(
        Schema.of(_table(catalog, name) for name in names),
        tuple(unmanaged(catalog)),
        frozenset((name, index) for name in names for index in _implied(catalog, name)),
        tuple(unseen(catalog)),
    )


def _table(catalog: Catalog, name: str) -> Table:
    key = catalog.primary_key(name)
    return Table(
        name,
        tuple(_column(catalog, name, row) for row in catalog.columns[name]),
        primary_key=PrimaryKey(key) if key else None,
        indexes=tuple(_indexes(catalog, name)),
        foreign_keys=tuple(_foreign_keys(catalog, name)),
    )


def _column(catalog: Catalog, table: str, row: ColumnRow) -> Column:
    type_ = logical_type(row.words)
    if catalog.is_json(table, row):
        type_ = ColumnType("JSON")
    if catalog.is_numbered(table, row):
        type_ = ColumnType(_AUTO_OF_PLAIN[type_.name])
    return Column(row.name, type_, row.null == "YES")


def _indexes(catalog: Catalog, table: str) -> Iterator[Index]:
    for name, parts in catalog.indexes.get(table, {}).items():
        if name != "PRIMARY" and catalog.is_plain(table, parts):
            columns = tuple(part.column or "" for part in parts)
            yield Index(name, columns, unique=not parts[0].non_unique)


def _foreign_keys(catalog: Catalog, table: str) -> Iterator[ForeignKey]:
    for name in catalog.managed_keys(table).values():
        parts = catalog.keys[table][name]
        on_delete, on_update = catalog.rules[table, name]
        yield ForeignKey(
            tuple(part.column for part in parts),
            _referred_table(catalog, parts[0]),
            tuple(part.referred_column for part in parts),
            normal_action(on_delete),
            normal_action(on_update),
            name,
        )


def _referred_table(catalog: Catalog, part: KeyPart) -> str:
    """Return the name of a table as it has it: some servers keep it in lower case in keys."""
    names = [table.name for table in catalog.base_tables]
    if part.referred_table in names:
        return part.referred_table
    alike = [name for name in names if name.casefold() == part.referred_table.casefold()]
    return alike[0] if alike else part.referred_table


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
    return tuple(part.column for part in parts[: len(columns)]) == columns
