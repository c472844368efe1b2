"""no-way-back: an operation that cannot be rolled back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee_mig.operations.verbs import Operation, Own, in_database
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.schema import Schema


def find(operations: Sequence[Operation], _before: Schema) -> Iterator[Hazard]:
    """Report SQL and functions without ``backward``."""
    for position, operation in enumerate(operations):
        if not has_way_back(operation):
            yield Hazard("no-way-back", position, "it cannot be rolled back", stops=True)


def has_way_back(operation: Operation) -> bool:
    """Whether the user said what undoes an operation, where it is the user's own."""
    own = (each for each in in_database([operation]) if isinstance(each, Own))
    return all(each.backward is not None for each in own)
