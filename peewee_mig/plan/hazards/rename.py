"""rename: code that still runs with the old name breaks as soon as the migration has run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee_mig.diff.passing import TEMPORARY
from peewee_mig.operations.verbs import Operation, Rename
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.schema import Schema


def find(operations: Sequence[Operation], _before: Schema) -> Iterator[Hazard]:
    """Report renamed tables and columns; no code says a temporary name."""
    for position, operation in enumerate(operations):
        if (
            isinstance(operation, Rename)
            and operation.kind != "index"
            and not operation.old.startswith(TEMPORARY)
        ):
            message = f"code that still says {operation.old} breaks"
            yield Hazard("rename", position, message)
