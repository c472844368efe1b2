"""``--using``: the values of a column in its new type, by an expression of the user's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from peewee_mig.errors import UsageError, same_command
from peewee_mig.operations.verbs import Add, Alter, Operation, Rename
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.objects import Column


def with_usings(
    operations: Sequence[Operation],
    usings: Mapping[str, str],
    replaced: Sequence[Operation] = (),
) -> tuple[Operation, ...]:
    """Return the operations, with an expression where a column changes its type by one.

    ``usings``: SQL by ``table.column``, as they are called after the migration; those that
    change no type, and those with a name that a column has no more, are refused with
    :exc:`UsageError`. ``replaced``: the operations of a
    migration that is written anew; the same change keeps the expressions that it had.
    """
    old = {name: each for each in replaced if (name := _retyped(each))}
    changed = [name for each in operations if (name := _retyped(each))]
    for name in usings:
        if name not in changed:
            given = ["--using", f"{name}={usings[name]}"]
            raise UsageError(
                f"--using {name}: its type does not change",
                hint=f"the types that change: {', '.join(changed)}"
                if changed
                else f"no type changes: {same_command(without=given)}",
            )
    for name, sql in usings.items():
        _refuse_former_names(name, sql, operations)
    return tuple(_with_using(each, usings, old) for each in operations)


def _refuse_former_names(name: str, sql: str, operations: Sequence[Operation]) -> None:
    """Refuse a name that is gone when the expression is looked at: columns are renamed before."""
    table = name.rpartition(".")[0]
    renamed = {
        each.old: each.new
        for each in operations
        if isinstance(each, Rename) and each.kind == "column" and each.table == table
    }
    gone = renamed.keys() - {*renamed.values(), *_added(operations, table)}
    for old in sorted(gone & expression(sql, tuple(gone)).names):
        raise UsageError(
            f"--using {name}: {table}.{old} is called {renamed[old]} by then",
            hint=f"write {renamed[old]} in its place",
        )


def _added(operations: Sequence[Operation], table: str) -> Iterator[str]:
    for operation in operations:
        match operation:
            case Add(table=place, object=Column(name=name)) if place == table:
                yield name
            case _:
                pass


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
