"""Hazards: one rule, one file. A migration names those that were accepted in ``allow``."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.hazards import custom, data_loss, guard, no_way_back, rename, retarget
from peewee_mig.plan.hazards.base import Hazard, Rule
from peewee_mig.schema.schema import Schema

RULES: tuple[Rule, ...] = (
    custom.find,
    data_loss.find,
    guard.find,
    no_way_back.find,
    rename.find,
    retarget.find,
)


def hazards(operations: Sequence[Operation], before: Schema) -> tuple[Hazard, ...]:
    """Return the hazards of a migration, in the order of its operations."""
    found = [hazard for rule in RULES for hazard in rule(operations, before)]
    return tuple(sorted(found, key=lambda hazard: (hazard.operation, hazard.id)))


__all__ = ["Hazard", "hazards"]
