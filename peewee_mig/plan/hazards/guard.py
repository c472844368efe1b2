"""guard: a step that stops if rows are in the way, because nobody said what they get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee_mig.dialects.base import Guard
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.objects import Schema


def find(operations: Sequence[Operation], before: Schema) -> Iterator[Hazard]:
    """Report each guard; those that a fill would answer stop ``check``."""
    for guard in guards(operations, before):
        unanswered = guard.kind in ("rows", "nulls") and not guard.limit
        yield Hazard("guard", guard.operation, f"stops if {words(guard)}", stops=unanswered)


def words(guard: Guard) -> str:
    """Say what stops the migration, such as "person has rows"."""
    columns = ", ".join(guard.columns)
    match guard.kind:
        case "rows":
            some = "more than one row" if guard.limit else "rows"
            return f"{guard.table} has {some} (no value for {columns} is given)"
        case "nulls":
            return f"{guard.table} has rows without {columns} (no value is given)"
        case "duplicates":
            return f"two rows of {guard.table} have the same {columns}"
        case "orphans":
            return f"{guard.table}.{columns} refers to rows that {guard.referred_table} lacks"
        case "too_long":
            return f"{guard.table}.{columns} has texts of more than {guard.limit} characters"
        case "cast":
            return f"{guard.table}.{columns} has values that are no {guard.new}"
        case _:
            return f"{guard.table}.{columns} has values (none can become {guard.new or 'a key'})"
