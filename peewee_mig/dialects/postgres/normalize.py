"""A schema as PostgreSQL gives it back: names that it cuts, types that it spells alike."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects.postgres.render import stored_name
from peewee_mig.dialects.postgres.types import normal_type
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema


def normalize(schema: Schema) -> Schema:
    """Return the schema as ``inspect`` reads it after ``create_tables``.

    A foreign key that the user did not name has no name, although PostgreSQL gives it one.
    """
    return Schema.of(map(_normal, schema))


def _normal(table: Table) -> Table:
    key = table.primary_key
    return Table(
        stored_name(table.name),
        tuple(_column(each, key.columns if key else ()) for each in table.columns),
        primary_key=PrimaryKey(_stored(key.columns)) if key else None,
        indexes=tuple(map(_index, table.indexes)),
        foreign_keys=tuple(map(_foreign_key, table.foreign_keys)),
    )


def _column(column: Column, key: tuple[str, ...]) -> Column:
    """Say NOT NULL of what SERIAL, IDENTITY and PRIMARY KEY make so."""
    null = column.null and not column.type.auto and column.name not in key
    return Column(stored_name(column.name), normal_type(column.type), null)


def _index(index: Index) -> Index:
    return Index(stored_name(index.name), _stored(index.columns), index.unique)


def _foreign_key(key: ForeignKey) -> ForeignKey:
    return replace(
        key,
        columns=_stored(key.columns),
        referred_table=stored_name(key.referred_table),
        referred_columns=_stored(key.referred_columns),
        name=stored_name(key.name) if key.name else None,
    )


def _stored(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(stored_name, names))
