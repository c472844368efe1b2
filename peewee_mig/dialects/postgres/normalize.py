"""A schema as PostgreSQL gives it back: names that it cuts, types that it spells alike."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects.postgres.render import (
    METHOD,
    key_name,
    stored_name,
    stored_table,
)
from peewee_mig.dialects.postgres.types import normal_type, numbering
from peewee_mig.operations import parts
from peewee_mig.schema.objects import (
    NULL_DEFAULT,
    TABLESPACE,
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone, VirtualTable

#: What a table, or an index, has anyway.
_USUAL = (f"{METHOD}heap", f"{TABLESPACE}pg_default")


def normalize(schema: Schema) -> Schema:
    """Return the schema as ``inspect`` reads it after ``create_tables``.

    A foreign key that the user did not name has no name, although PostgreSQL gives it one.
    """
    objects = (_object(each) for each in schema.objects if not isinstance(each, VirtualTable))
    return Schema.of(map(_normal, schema), objects)


def _normal(table: Table) -> Table:
    names = {name: stored_name(name) for name in table.column_names}
    cut = parts.renamed_columns(table, {old: new for old, new in names.items() if old != new})
    key = cut.primary_key.columns if cut.primary_key else ()
    return Table(
        stored_table(table.name),
        tuple(_column(each, key) for each in cut.columns),
        primary_key=_primary_key(cut.primary_key),
        indexes=tuple(map(_index, cut.indexes)),
        foreign_keys=tuple(map(_foreign_key, cut.foreign_keys)),
        checks=tuple(map(_check, cut.checks)),
        uniques=tuple(map(_unique, cut.uniques)),
        exclusions=tuple(map(_exclusion, cut.exclusions)),
        options=_options(cut.options),
    )


def _column(column: Column, key: tuple[str, ...]) -> Column:
    """Say NOT NULL of what SERIAL, IDENTITY and PRIMARY KEY make so."""
    return replace(
        column,
        type=normal_type(column.type),
        null=column.null and not numbering(column.type) and column.name not in key,
        comment=column.comment or None,
        sequence=stored_table(column.sequence) if column.sequence else None,
        options=tuple(word for word in column.options if word != NULL_DEFAULT),
    )


def _primary_key(key: PrimaryKey | None) -> PrimaryKey | None:
    return replace(key, name=key_name(key.name)) if key and key.name else key


def _index(index: Index) -> Index:
    options = tuple(word for word in index.options if word not in _USUAL)
    return replace(index, name=stored_name(index.name), named=False, options=options)


def _foreign_key(key: ForeignKey) -> ForeignKey:
    return replace(
        key,
        referred_table=stored_table(key.referred_table),
        referred_columns=tuple(map(stored_name, key.referred_columns)),
        name=_name(key.name),
    )


def _check(check: Check) -> Check:
    return replace(check, name=_name(check.name))


def _unique(unique: Unique) -> Unique:
    return replace(unique, name=_name(unique.name))


def _exclusion(exclusion: Exclusion) -> Exclusion:
    return replace(exclusion, name=_name(exclusion.name))


def _name(name: str | None) -> str | None:
    return stored_name(name) if name else None


def _options(options: Options) -> Options:
    words = tuple(word for word in options.words if word not in _USUAL)
    return Options(words, options.comment or None)


def _object(thing: Standalone) -> Standalone:
    return replace(thing, name=stored_table(thing.name))
