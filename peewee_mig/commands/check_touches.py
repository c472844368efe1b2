"""Whether what ``touches`` names is there: a name that is misspelled would be believed."""

from __future__ import annotations

from collections.abc import Iterator

from peewee_mig.errors import nearest
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import Operation, RunPython, RunSQL, in_database
from peewee_mig.schema.schema import Schema


def misspelled(operations: tuple[Operation, ...], before: Schema) -> Iterator[tuple[str, str]]:
    """Yield what ``touches`` names and no schema on the way has, and what was meant.

    What is not nearly called like anything there may be a table that is not managed.
    """
    schemas = [before]
    for each in operations:
        schemas.append(apply(each, schemas[-1]))
    known = {name for schema in schemas for name in _names(schema)}
    folded = {name.casefold() for name in known}
    for operation in in_database(operations):
        if not isinstance(operation, RunSQL | RunPython):
            continue
        for name in operation.touches or ():
            if name.casefold() not in folded and (meant := nearest(name, sorted(known))):
                yield name, meant


def _names(schema: Schema) -> Iterator[str]:
    yield from schema.names
    for each in schema.objects:
        yield each.name
    for table in schema:
        for column in table.columns:
            yield f"{table.name}.{column.name}"
