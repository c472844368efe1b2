"""What a database changes of its own: a schema in which such an operation fits. Pure."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.errors import SchemaError
from peewee_mig.operations import parts
from peewee_mig.operations.describe import describe
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import Add, Alter, Drop, Operation
from peewee_mig.schema.objects import Options, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone


def fitting(operation: Operation, schema: Schema) -> Schema:
    """Return a schema like this one, in which an operation on the database alone fits.

    The database has what the operation drops, and not what it adds, whatever we track.
    :exc:`SchemaError` where nobody can tell what it would have.
    """
    try:
        apply(operation, schema)
    except SchemaError:
        return _fitting(operation, schema)
    return schema


def _fitting(operation: Operation, schema: Schema) -> Schema:
    match operation:
        case Add():
            met = _without(operation.table, operation.object, schema)
        case Drop():
            met = _with(operation.table, operation.object, schema)
        case Alter():
            met = _with(operation.table, operation.old, schema)
        case _:
            met = schema
    try:
        apply(operation, met)
    except SchemaError as error:
        raise SchemaError(
            f"nobody can tell what the database has there: {error.message}",
            where=describe(operation),
            hint="write what the database runs as op.run_sql(...)",
        ) from error
    return met


def _without(table: str, thing: object, schema: Schema) -> Schema:
    """Return a schema that has nothing in the place of an object."""
    if isinstance(thing, Table):
        return schema.without_table(thing.name) if thing.name in schema else schema
    if isinstance(thing, Standalone):
        found = schema.find_object(thing)
        return schema.with_objects(each for each in schema.objects if each != found)
    owner = schema.find_table(table)
    present = parts.find(thing, owner) if owner else None  # type: ignore[arg-type]
    if owner is None or present is None or isinstance(present, Options):
        return schema
    return schema.with_table(parts.without_part(owner, present))


def _with(table: str, thing: object, schema: Schema) -> Schema:
    """Return a schema that has an object, in the place of another one of its identity."""
    met = _without(table, thing, schema)
    if isinstance(thing, Table):
        return met.with_table(thing)
    if isinstance(thing, Standalone):
        return met.with_objects((*met.objects, thing))
    owner = met.find_table(table)
    if owner is None:
        return met
    if isinstance(thing, Options):
        return met.with_table(replace(owner, options=thing))
    return met.with_table(parts.with_part(owner, thing))  # type: ignore[arg-type]
