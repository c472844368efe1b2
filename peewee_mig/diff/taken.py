"""Which names a table takes from all others. Pure."""

from __future__ import annotations

from peewee_mig.schema.names import qualified, schema_of
from peewee_mig.schema.objects import Table


def taken_by(table: Table) -> set[str]:
    """Return the names that a table takes: most databases have one space for all of them.

    A unique constraint has its index under its name.
    """
    schema = schema_of(table.name)
    named = [index.name for index in table.indexes]
    named += [each.name for each in table.uniques if each.name]
    return {table.name, *(qualified(schema, name) for name in named)}


def key_names(table: Table) -> list[str]:
    """Return the names of foreign keys: MySQL has one space for those of all tables."""
    return [key.name for key in table.foreign_keys if key.name]
