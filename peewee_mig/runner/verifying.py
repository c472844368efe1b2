"""What a resumed run must have made, and has not. Pure.

What was there otherwise before the migration (accepted, or changed by hand) is not its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from peewee_mig.dialects.base import Statement, Step
from peewee_mig.schema.compare import Difference, differences
from peewee_mig.schema.objects import Check, Column, Exclusion, ForeignKey, Index, Unique
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import RawObject


def is_known(steps: Iterable[Step]) -> bool:
    """Whether the result is that of the operations: no SQL of the user's defines anything."""
    return not any(isinstance(step, Statement) and not (step.tables or step.rows) for step in steps)


def unmade(found: Iterable[Difference], before: Schema, after: Schema) -> Iterator[Difference]:
    """Yield those differences from ``after`` that the way from ``before`` does not leave.

    What is new has come with its definition; of what was there already, that counts too.
    """
    changed = {_identity(each): each for each in differences(before, after)}
    for each in found:
        change = changed.get(_identity(each))
        if change is not None and (_is_presence(each) or not _is_presence(change)):
            yield each


def _is_presence(each: Difference) -> bool:
    return each.expected is None or each.found is None


def _identity(each: Difference) -> tuple[str, type, str]:
    part = each.expected or each.found
    match part:
        case Column(name=name) | Index(name=name) | RawObject(name=name):
            return each.table, type(part), name
        case ForeignKey(columns=columns) | Unique(columns=columns):
            return each.table, type(part), ", ".join(columns)
        case Check() | Exclusion():
            return each.table, type(part), part.name or part.expression.text
        case _:
            return each.table, type(part), ""
