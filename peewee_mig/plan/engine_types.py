"""Types that each engine has its own of, as one engine has them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from peewee_mig.operations.verbs import Add, Alter, Apart, Drop, Operation, Part, RunSQL
from peewee_mig.schema.objects import Column, Options, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Standalone

T = TypeVar("T", bound="Table | Part | Options | Standalone")

#: Stands in the place of an operation that has nothing to do here.
NOTHING = RunSQL((), ())


def typed_schema(schema: Schema, engine: str) -> Schema:
    """Return a schema with the types of one engine."""
    if not any(_is_said(each) for each in schema):
        return schema
    return schema.with_tables(typed(each, engine) for each in schema)


def typed_operations(operations: Iterable[Operation], engine: str) -> tuple[Operation, ...]:
    """Return operations with the types of one engine, each in its place."""
    return tuple(_operation(each, engine) for each in operations)


def typed(thing: T, engine: str) -> T:
    """Return an object with the types of one engine."""
    match thing:
        case Column(type=type_) if type_.by_engine:
            return replace(thing, type=type_.on(engine))
        case Table(columns=columns) if _is_said(thing):
            return replace(thing, columns=tuple(typed(each, engine) for each in columns))
        case _:
            return thing


def _operation(operation: Operation, engine: str) -> Operation:
    match operation:
        case Add(object=thing) | Drop(object=thing):
            found = typed(thing, engine)
            return operation if found is thing else replace(operation, object=found)
        case Alter(old=Column() as old, new=Column() as new):
            both = typed(old, engine), typed(new, engine)
            if both == (old, new):
                return operation
            changed = replace(operation, old=both[0], new=both[1])
            return NOTHING if both[0] == both[1] else changed
        case Apart(schema=schema, database=database):
            sides = typed_operations(schema, engine), typed_operations(database, engine)
            return replace(operation, schema=sides[0], database=sides[1])
        case _:
            return operation


def _is_said(table: Table) -> bool:
    return any(each.type.by_engine for each in table.columns)
