"""What undoes operations. Pure: each carries both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from peewee_mig.errors import SchemaError
from peewee_mig.operations.describe import describe
from peewee_mig.operations.replay import fills_itself
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    ChangeRows,
    Copy,
    Drop,
    Fill,
    Generated,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.schema.objects import Column, ForeignKey, PrimaryKey


def invert_all(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """Return what undoes the operations, in the order to run it.

    A dropped NOT NULL column comes back with the empty value of its type, which a unique
    index allows one row to have; but guarded where it is part of a key that comes back, too:
    nobody means the row that an empty value refers to.
    """
    keyed: set[tuple[str, str]] = set()
    inverse: list[Operation] = []
    for operation in reversed([invert(each) for each in reversed(tuple(operations))]):
        keyed = _keyed_before(operation, keyed)
        inverse.append(_guarded(operation, keyed))
    return tuple(reversed(inverse))


def _keyed_before(operation: Operation, keyed: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the columns that keys are made of later, named as before the operation."""
    match operation:
        case Add(object=ForeignKey(columns=columns) | PrimaryKey(columns=columns)):
            return keyed | {(operation.table, name) for name in columns}
        case Alter(new=ForeignKey(columns=columns) | PrimaryKey(columns=columns)):
            return keyed | {(operation.table, name) for name in columns}
        case Rename(kind="table"):
            back = {operation.new: operation.old}
            return {(back.get(table, table), name) for table, name in keyed}
        case Rename(kind="column"):
            renamed = (operation.table, operation.new)
            return {(t, operation.old) if (t, n) == renamed else (t, n) for t, n in keyed}
        case _:
            return keyed


def _guarded(operation: Operation, keyed: set[tuple[str, str]]) -> Operation:
    match operation:
        case Add(object=Column(name=name)) if (operation.table, name) in keyed:
            return replace(operation, fill=None)
        case _:
            return operation


def invert(operation: Operation) -> Operation:
    """Return the operation that undoes this one; :exc:`SchemaError` if there is none.

    A dropped column comes back empty: NULL, or the empty value of its type where it is
    NOT NULL.
    """
    match operation:
        case Add():
            return Drop(operation.table, operation.object)
        case Drop():
            return Add(operation.table, operation.object, fill_back(operation))
        case Alter():
            ways = (operation.using_back, operation.using)
            return Alter(operation.table, operation.new, operation.old, None, *ways)
        case Rename() | Copy() | ChangeRows():
            return _turned(operation)
        case RunSQL() | RunPython():
            return _run_back(operation)
        case Apart():
            return _apart_back(operation)
        case _:
            assert_never(operation)


def _apart_back(operation: Apart) -> Apart:
    """Return what undoes both sides; :exc:`SchemaError` says whose class has no way back."""
    origin = operation.origin
    try:
        sides = invert_all(operation.schema), invert_all(operation.database)
    except SchemaError as error:
        if origin is None:
            raise
        raise SchemaError(
            f"{origin.call} cannot be rolled back",
            hint=f"{origin.path} has no invert(); ask whoever wrote it",
        ) from error
    return Apart(*sides, origin and replace(origin, undone=not origin.undone))


def _run_back(operation: RunSQL | RunPython) -> RunSQL | RunPython:
    """Return what runs the way back; :exc:`SchemaError` where the user gave none."""
    match operation:
        case RunPython(forward=there, backward=(*_,) as back):
            return replace(operation, forward=tuple(back), backward=there)
        case RunSQL(forward=sql, backward=(*_,) as sql_back):
            return replace(
                operation,
                forward=tuple(sql_back),
                backward=sql,
                forwards=operation.backwards,
                backwards=operation.forwards,
            )
        case _:
            what = "SQL" if isinstance(operation, RunSQL) else "Python"
            raise SchemaError(
                f"this {what} has no way back",
                where=describe(operation),
                hint=f"give op.run_{what.lower()} a backward=..., [] if nothing has to be undone",
            )


def _turned(operation: Rename | Copy | ChangeRows) -> Operation:
    if isinstance(operation, ChangeRows):
        return operation.swapped
    if isinstance(operation, Rename):
        table = operation.new if operation.whole else operation.table
        return Rename(operation.kind, table, operation.new, operation.old)
    return operation.swapped if operation.back else RunSQL((), ())


def fill_back(operation: Drop) -> Fill | None:
    """Return the value with which rows get a dropped NOT NULL column back."""
    column = operation.object
    if not isinstance(column, Column) or column.null or fills_itself(column):
        return None
    return Generated("empty")
