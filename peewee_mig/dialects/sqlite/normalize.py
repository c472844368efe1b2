"""A schema as SQLite gives it back: types that it spells alike are one, no constraint names."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects.sqlite.types import normal_type
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema


def normalize(schema: Schema) -> Schema:
    """Return the schema as ``inspect`` reads it after ``create_tables``."""
    return Schema.of(map(_normal, schema))


def _normal(table: Table) -> Table:
    return replace(
        table,
        columns=tuple(replace(column, type=normal_type(column.type)) for column in table.columns),
        indexes=tuple(replace(index, named=False) for index in table.indexes),
        foreign_keys=tuple(replace(key, name=None) for key in table.foreign_keys),
    )
