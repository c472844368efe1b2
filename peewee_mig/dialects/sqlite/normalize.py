"""A schema as SQLite gives it back: types that are spelled alike, no names of foreign keys."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects.sqlite.clauses import plain_part
from peewee_mig.dialects.sqlite.types import logical_type, normal_type, strict_type
from peewee_mig.schema.objects import Column, Index, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType


def normalize(schema: Schema) -> Schema:
    """Return the schema as ``inspect`` reads it after ``create_tables``."""
    return schema.with_tables(map(_normal, schema))


def _normal(table: Table) -> Table:
    return replace(
        table,
        columns=tuple(
            replace(each, type=_type(each, table), null=each.null and not is_number(each, table))
            for each in table.columns
        ),
        indexes=tuple(map(_index, table.indexes)),
        foreign_keys=tuple(replace(key, name=None) for key in table.foreign_keys),
    )


def is_number(column: Column, table: Table) -> bool:
    """Whether a column is the number of its row, which is never NULL whatever its words say.

    Source: https://sqlite.org/lang_createtable.html#rowid (ROWIDs and the INTEGER PRIMARY KEY).
    """
    alone = table.primary_key is not None and table.primary_key.columns == (column.name,)
    numbered = column.type.auto or normal_type(column.type) == ColumnType("INT")
    return alone and numbered and "WITHOUT ROWID" not in table.options.words


def _type(column: Column, table: Table) -> ColumnType:
    key = table.primary_key.columns if table.primary_key else ()
    if column.type.name == "AUTOINCREMENT" and key == (column.name,):
        return column.type
    if "STRICT" in table.options.words:
        return logical_type(strict_type(column.type))
    return normal_type(column.type)


def _index(index: Index) -> Index:
    return replace(index, named=False, parts=tuple(map(plain_part, index.parts)))
