"""``--using``: the values of a column in its new type, by an expression of the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from peewee_mig.errors import UsageError
from peewee_mig.operations.verbs import Alter, Operation


def with_usings(
    operations: Sequence[Operation],
    usings: Mapping[str, str],
    replaced: Sequence[Operation] = (),
) -> tuple[Operation, ...]:
    """Return the operations, with an expression where a column changes its type by one.

    ``usings``: SQL by ``table.column``, as they are called after the migration; those that
    change no type are refused with :exc:`UsageError`. ``replaced``: the operations of a
    migration that is written anew; the same change keeps the expressions that it had.
    """
    old = {name: each for each in replaced if (name := _retyped(each))}
    changed = [name for each in operations if (name := _retyped(each))]
    for name in usings:
        if name not in changed:
            raise UsageError(
                f"--using {name}: its type does not change",
                hint=f"the types that change: {', '.join(changed) or 'none'}",
            )
    return tuple(_with_using(each, usings, old) for each in operations)


def _with_using(
    operation: Operation, usings: Mapping[str, str], old: Mapping[str, Operation]
) -> Operation:
    name = _retyped(operation)
    if not isinstance(operation, Alter) or not name:
        return operation
    before = old.get(name)
    if isinstance(before, Alter) and (before.old, before.new) == (operation.old, operation.new):
        operation = replace(operation, using=before.using, using_back=before.using_back)
    return replace(operation, using=(("", usings[name]),)) if name in usings else operation


def _retyped(operation: Operation) -> str:
    """Return ``table.column`` of a change of a type; empty: it is none."""
    new = operation.retyped if isinstance(operation, Alter) else None
    return f"{operation.table}.{new.name}" if isinstance(operation, Alter) and new else ""
