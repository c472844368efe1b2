"""custom: what the author of an operation of a third party warns of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee_mig.operations.verbs import Apart, Operation
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.schema import Schema


def find(operations: Sequence[Operation], _before: Schema) -> Iterator[Hazard]:
    """Report the warnings of third parties."""
    for position, operation in enumerate(operations):
        if isinstance(operation, Apart) and operation.origin is not None:
            for message in operation.origin.hazards:
                yield Hazard("custom", position, message, stops=True)
