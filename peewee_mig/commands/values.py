"""``--rename`` of a value of an enum type."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.diff.renames import Renames
from peewee_mig.errors import UsageError
from peewee_mig.schema.schema import Schema


def with_values(
    before: Schema, after: Schema, asked: Sequence[tuple[str, str]], declared: Renames
) -> tuple[Renames, list[tuple[str, str]]]:
    """Return the answers about values of enum types, and the options that speak of others.

    :exc:`UsageError` for values that are not there, or that stay. ``declared``: answers of a
    migration that is written anew; what makes no sense any more is left out.
    """
    decided, left = Renames(), []
    for (enum, was), now in declared.values.items():
        if enum in _enums(before, after) and _is_open(before, after, enum, was, now):
            decided = decided.with_value(enum, was, now)
    for old, new in asked:
        enum, _, was = old.rpartition(".")
        now = new.removeprefix(f"{enum}.")
        if enum not in _enums(before, after):
            left.append((old, new))
        elif _is_open(before, after, enum, was, now):
            decided = decided.with_value(enum, was, now)
        elif was in _values(before, enum) or now not in _values(before, enum):
            raise UsageError(
                f"--rename {old}:{new}: enum type {enum} had {', '.join(_values(before, enum))}"
                f" and has {', '.join(_values(after, enum))}",
                hint="name a value that is gone, and one that is new",
            )
    return decided, left


def _enums(before: Schema, after: Schema) -> set[str]:
    """Return the names of the enum types on both sides."""
    names = {each.name for each in before.objects if before.find_enum(each.name) is each}
    return {name for name in names if after.find_enum(name) is not None}


def _values(schema: Schema, enum: str) -> tuple[str, ...]:
    found = schema.find_enum(enum)
    return found.values if found else ()


def _is_open(before: Schema, after: Schema, enum: str, was: str, now: str) -> bool:
    """Whether a value is gone and the other one has come."""
    old, new = _values(before, enum), _values(after, enum)
    return was in old and was not in new and now in new and now not in old
