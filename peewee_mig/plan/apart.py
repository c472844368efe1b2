"""Checks that must not look at rows half-way: over columns that several changes give new values.

Each change is a statement of its own, behind which a database would look at the check with
the new values of one column and the old ones of another. So it goes before the first of
them and comes back behind the last one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from peewee_mig.operations import parts
from peewee_mig.operations.replay import apply
from peewee_mig.operations.rows import dependents_last
from peewee_mig.operations.verbs import Add, Alter, Apart, ChangeRows, Drop, Operation, Rename
from peewee_mig.schema.objects import Check, Column, Table
from peewee_mig.schema.rows import Rows
from peewee_mig.schema.schema import Schema

#: Operations, and for each the position of the one that it serves.
Placed = tuple[tuple[Operation, ...], tuple[int, ...]]


def with_checks_apart(operations: Sequence[Operation], before: Schema) -> Placed:
    """Return operations with which checks see rows of which all values are new, or none is."""
    found = tuple(_with_checks_apart(operations, before))
    return tuple(each for each, _ in found), tuple(place for _, place in found)


def _with_checks_apart(
    operations: Sequence[Operation], before: Schema
) -> Iterator[tuple[Operation, int]]:
    schema, waiting = before, list[_Waiting]()
    for position, operation in enumerate(operations):
        for found in _looking(operation, schema):
            last = found.last(operations[position:])
            if last:
                waiting.append(replace(found, until=position + last))
                schema = apply(Drop(found.table, found.check), schema)
                yield Drop(found.table, found.check), position
        schema = apply(operation, schema)
        yield operation, position
        waiting = [each.after(operation) for each in waiting]
        for each in waiting:
            if each.until == position:
                schema = apply(Add(each.table, each.check), schema)
                yield Add(each.table, each.check), position


def with_rows_apart(operations: Sequence[Operation], places: Sequence[int]) -> Placed:
    """Return operations that make no table with its reference rows: these come behind it."""
    found: list[tuple[Operation, int]] = []
    for operation, place in zip(operations, places, strict=True):
        match operation:
            case Add(object=Table(name=name, rows=Rows(key=key, rows=rows)) as table):
                found.append((replace(operation, object=replace(table, rows=None)), place))
                new = dependents_last(rows, name, key)
                found.append((ChangeRows(name, key, new=new), place))
            case Apart(database=some):
                some, _ = with_rows_apart(some, range(len(some)))
                found.append((replace(operation, database=some), place))
            case _:
                found.append((operation, place))
    return tuple(each for each, _ in found), tuple(place for _, place in found)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A check by the names at one place; ``until``: the position behind which it comes back."""

    table: str
    check: Check
    until: int = -1

    def after(self, operation: Operation) -> _Waiting:
        """Return it by the names after one more operation."""
        match operation:
            case Rename(kind="table", old=old, new=new) if old == self.table:
                return replace(self, table=new)
            case Rename(kind="column", table=table, old=old, new=new) if table == self.table:
                return replace(self, check=parts.renamed_check(self.check, {old: new}))
            case _:
                return self

    def last(self, operations: Sequence[Operation]) -> int:
        """Return the place of the last change of values that it looks at; 0 if it need not wait.

        It need not for one change, nor if a user's expression gives none of the values.
        """
        found: list[tuple[int, bool]] = []
        place = self
        for position, operation in enumerate(operations):
            if place.is_dropped(operation):
                break
            if isinstance(operation, Alter) and place.looks_at(operation):
                found.append((position, bool(operation.using)))
            place = place.after(operation)
        return found[-1][0] if any(using for _, using in found) else 0

    def is_dropped(self, operation: Operation) -> bool:
        """Whether it goes, alone or with its table."""
        match operation:
            case Drop(object=Check() | Table() as gone) if operation.table == self.table:
                return isinstance(gone, Table) or gone == self.check
            case _:
                return False

    def looks_at(self, operation: Alter) -> bool:
        """Whether a change gives new values to a column that it names."""
        match operation.old, operation.new:
            case Column() as old, Column() as new if operation.table == self.table:
                filled = old.null and not new.null
                changed = operation.using or filled or old.type.plain != new.type.plain
                return bool(changed) and new.name in self.check.expression.names
            case _:
                return False


def _looking(operation: Operation, schema: Schema) -> list[_Waiting]:
    """Return the checks that would look at the values that an operation gives."""
    if not isinstance(operation, Alter):
        return []
    table = schema.find_table(operation.table)
    checks = [_Waiting(operation.table, check) for check in (table.checks if table else ())]
    return [each for each in checks if each.looks_at(operation)]
