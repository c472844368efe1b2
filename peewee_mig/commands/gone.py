"""Rows of migrations whose files are gone: what they made that is there still. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from peewee_mig.commands.standing import Standing, tables_of
from peewee_mig.errors import SchemaError
from peewee_mig.history.table import Row
from peewee_mig.operations.verbs import Add, Alter, Drop, in_schema
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import RawObject, Standalone, identity


def tables_of_gone(standing: Standing) -> frozenset[str]:
    """Return the tables that they name: that one of them is left is a difference."""
    return frozenset(name for row in _gone(standing) for name in tables_of(row))


def left_by_gone(standing: Standing, schema: Schema) -> Iterator[str]:
    """Say which objects beside the tables are there that only they made.

    ``schema``: what the files make. Not what the user's own SQL describes: no catalog tells
    of all of it.
    """
    known = {identity(each) for each in schema.objects}
    for key, thing in _made(standing).items():
        if key not in known and _is_there(thing, standing, schema):
            yield f"{key[0]} {thing.name} is not expected"


def _gone(standing: Standing) -> Iterator[Row]:
    known = {*standing.history.names, *(old for old, _ in standing.position.renamed)}
    return (row for row in standing.rows if row.name not in known and not row.is_push)


def _made(standing: Standing) -> dict[tuple[str, str, str], Standalone]:
    """Return the objects that all of them leave, as they were defined last."""
    found: dict[tuple[str, str, str], Standalone] = {}
    for operation in (e for row in _gone(standing) for e in in_schema(row.read_operations())):
        match operation:
            case Add(object=RawObject()) | Alter(new=RawObject()) | Drop(object=RawObject()):
                pass
            case Add(object=thing) | Alter(new=thing) if isinstance(thing, Standalone):
                found[identity(thing)] = thing
            case Drop(object=thing) if isinstance(thing, Standalone):
                found.pop(identity(thing), None)
            case _:
                pass
    return found


def _is_there(thing: Standalone, standing: Standing, schema: Schema) -> bool:
    try:
        drift = standing.against(schema.with_objects([*schema.objects, thing]))
    except SchemaError:  # it cannot stand beside what the files make
        return False
    return not any(each.found is None and each.expected == thing for each in drift.differences)
