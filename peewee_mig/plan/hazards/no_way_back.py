"""no-way-back: an operation that cannot be rolled back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee_mig.operations.verbs import Operation, RunSQL
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.schema import Schema


def find(operations: Sequence[Operation], _before: Schema) -> Iterator[Hazard]:
    """Report SQL without ``backward``."""
    for position, operation in enumerate(operations):
        if isinstance(operation, RunSQL) and operation.backward is None:
            yield Hazard("no-way-back", position, "it cannot be rolled back", stops=True)
