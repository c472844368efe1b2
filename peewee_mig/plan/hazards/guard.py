"""guard: a step that stops if rows are in the way, because nobody said what they get."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from peewee_mig.dialects.asked import Guard
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.schema import Schema

_TEXTS = ("CHAR", "VARCHAR", "TEXT")


def find(operations: Sequence[Operation], before: Schema) -> Iterator[Hazard]:
    """Report each guard; those that a fill would answer stop ``check``."""
    for guard in guards(operations, before):
        unanswered = guard.kind in ("rows", "nulls") and not guard.limit
        stops = unanswered and guard.behind is None  # the user's own code may have answered
        yield Hazard("guard", guard.operation, f"stops if {words(guard)}", stops=stops)


def words(guard: Guard) -> str:
    """Say what stops the migration, such as "person has rows"."""
    columns = ", ".join(guard.columns)
    of_column = f"{guard.table}.{columns}"
    same = f"more than one row, and all would get the same {columns}"
    rows = same if guard.limit else f"rows (no value for {columns} is given)"
    return {
        "changed": f"{guard.table} has reference rows with other values than declared",
        "missing": f"{guard.table} lacks reference rows that others refer to: {_keys(guard)}",
        "referred": f"{of_column} refers to reference rows of {guard.referred_table} that go",
        "rows": f"{guard.table} has {rows}",
        "nulls": f"{guard.table} has rows without {columns} (no value is given)",
        "duplicates": f"two rows of {guard.table} have the same {_unique(guard)}",
        "orphans": f"{of_column} refers to rows that {guard.referred_table} lacks",
        "too_long": f"{of_column} has texts of more than {guard.limit} characters",
        "cast": f"{of_column} has values that are no {_new_type(guard)}",
        "strict": f"{of_column} has values that no {guard.new and guard.new.plain} of a STRICT"
        " table takes",
        "violated": f"{guard.table} has rows {_violating(guard)}",
        "left": f"{guard.table}.{guard.columns[0]} has values of rows that have none in"
        f" {guard.referred_table}: no row takes them",
        "values": f"{of_column} has values (none can become {guard.new or 'a key'})",
    }[guard.kind]


def _keys(guard: Guard) -> str:
    """Name the reference rows by the values of their keys."""
    named = (", ".join(str(cell.value) for cell in row.key) for row in guard.rows)
    return textwrap.shorten("; ".join(named), 80, placeholder="…")


def _new_type(guard: Guard) -> str:
    """Name the new type; bytes are no text because of their encoding, or of its length."""
    of_bytes = guard.old and guard.old.name == "BLOB" and guard.new and guard.new.name in _TEXTS
    return f"{guard.new and guard.new.plain}{' in UTF-8' if of_bytes else ''}"


def _violating(guard: Guard) -> str:
    """Say which rows a condition is not true of."""
    needed = str(guard.condition).removesuffix(" IS NOT NULL")
    if needed != str(guard.condition):
        return f"where {needed} is NULL"
    return f"that are not {guard.condition}"


def _unique(guard: Guard) -> str:
    what = ", ".join(map(str, guard.parts)) or ", ".join(guard.columns)
    return f"{what} where {guard.condition}" if guard.condition else what
