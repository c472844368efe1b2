"""data-loss: values that a migration drops, which no rollback brings back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from peewee_mig.operations.verbs import Add, Alter, Apart, Copy, Drop, Operation
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.objects import Column, Computed, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import VirtualTable


def find(operations: Sequence[Operation], before: Schema) -> Iterator[Hazard]:
    """Report dropped tables and columns, and columns that are computed from now on."""
    for position, operation in enumerate(operations):
        match operation:
            case Apart(database=some):
                yield from (replace(each, operation=position) for each in find(some, before))
                continue
            case Drop(object=VirtualTable() as virtual) if (
                lost_columns(virtual, operations[position + 1 :]) == set()
            ):
                continue
            case Drop(object=Table(name=name) | VirtualTable(name=name)):
                what = f"the rows of {name} are lost"
            case Drop(object=Column()) if is_copied(operation, operations[:position]):
                continue
            case Drop(object=Column(name=name, computed=None)):
                what = f"the values of {operation.table}.{name} are lost"
            case Alter(old=Column(name=name)) if is_overwritten(operation):
                yield Hazard("data-loss", position, _computed(operation.table, name), stops=True)
                continue
            case _:
                continue
        yield Hazard("data-loss", position, f"{what}; a rollback brings it back empty", stops=True)


def is_overwritten(operation: Alter) -> bool:
    """Whether the values of a column make way for computed ones."""
    match operation.old, operation.new:
        case Column(computed=None), Column(computed=Computed()):
            return True
        case _:
            return False


def _computed(table: str, name: str) -> str:
    return f"the values of {table}.{name} are lost to computed ones; a rollback keeps those"


def is_copied(operation: Drop, earlier: Sequence[Operation]) -> bool:
    """Whether the values of a column that goes are in another table by then.

    Not in one that its migration made: no guard can tell which rows it has. ``earlier``: the
    operations of its migration before its drop.
    """
    name = getattr(operation.object, "name", None)
    made = {
        each.table for each in earlier if isinstance(each, Add) and isinstance(each.object, Table)
    }
    return any(
        isinstance(each, Copy)
        and (each.source, each.source_column) == (operation.table, name)
        and each.table not in made
        for each in earlier
    )


def lost_columns(virtual: VirtualTable, later: Sequence[Operation]) -> set[str] | None:
    """Return the columns that a full-text table loses; ``None``: it loses all rows.

    ``later``: the operations of its migration after its drop. One with a source loses none:
    the rows are there, and are read again.
    """
    for operation in later:
        match operation:
            case Add(object=VirtualTable() as new) if new.name == virtual.name:
                if virtual.source and new.source:
                    return set()
                kept = virtual.copied_columns(new)
                return {*virtual.stored_columns} - {*kept} if kept else None
            case _:
                continue
    return set() if virtual.source else None
