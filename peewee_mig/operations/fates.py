"""What operations make of rows that exist before them: where each column's values come from.

Two series of operations that lead to one schema may still leave other rows: a column that is
dropped and added is empty, one that is altered is not. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from peewee_mig.operations.verbs import Add, Alter, Drop, Fill, Operation, Rename
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

T = TypeVar("T")

#: Types between which values pass as they are, or are refused by a guard.
_FAMILIES = (frozenset({"SMALLINT", "INT", "BIGINT"}), frozenset({"VARCHAR", "TEXT"}))

#: Something that happened to the values of a column: its kind, and with what.
Step = tuple[str, object]

#: What a column that the database numbers itself gives to rows.
NUMBERED = "numbered"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the values of a column.

    ``origin``: the name that the column had; ``None``: it is new, and rows got ``given`` (a
    fill, a default; ``None`` is NULL). ``steps``: what changed the values since. ``nullable``:
    whether a row may have NULL; two fates are equal without it.
    """

    origin: str | None
    given: object = None
    steps: tuple[Step, ...] = ()
    nullable: bool = field(default=True, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether each row has NULL."""
        return self.origin is None and self.given is None and not self.steps

    @property
    def fill(self) -> Fill | None:
        """The last value that rows were given by an operation."""
        if self.steps:
            kind, value = self.steps[-1]
            return value if kind == "filled" and isinstance(value, Fill) else None
        return self.given if isinstance(self.given, Fill) else None


@dataclass(frozen=True, slots=True)
class TableFate:
    """A table that existed before, by the name that it had, and what became of its columns."""

    origin: str
    columns: Mapping[str, Fate]


#: What became of the tables that existed, by the names that they have now.
Fates = Mapping[str, TableFate]


def fates(operations: Iterable[Operation], before: Schema) -> Fates:
    """Return what became of the rows of a schema; the operations fit it."""
    found = start(before)
    for operation in operations:
        found = follow(found, operation)
    return found


def start(schema: Schema) -> Fates:
    """Return the fates before the first operation."""
    return {
        table.name: TableFate(
            table.name, {each.name: Fate(each.name, nullable=each.null) for each in table.columns}
        )
        for table in schema
    }


def follow(found: Fates, operation: Operation) -> Fates:
    """Return what an operation makes of the fates; tables without rows are not in them."""
    match operation:
        case Rename(kind="table") if operation.old in found:
            return {**_without(found, operation.old), operation.new: found[operation.old]}
        case Drop(object=Table()):
            return _without(found, operation.table)
        case Add(table=table) | Drop(table=table) | Alter(table=table) | Rename(table=table) if (
            table in found
        ):
            columns = _followed(found[table].columns, operation)
            return {**found, table: replace(found[table], columns=columns)}
        case _:
            return found


def _followed(columns: Mapping[str, Fate], operation: Operation) -> Mapping[str, Fate]:
    match operation:
        case Add(object=Column() as column):
            return {**columns, column.name: _new(column, operation.fill)}
        case Drop(object=Column(name=name)):
            return _without(columns, name)
        case Rename(kind="column"):
            return {**_without(columns, operation.old), operation.new: columns[operation.old]}
        case Alter(old=Column() as old, new=Column() as new):
            return {**columns, new.name: _altered(columns[new.name], operation, old, new)}
        case _:
            return columns


def _new(column: Column, fill: Fill | None) -> Fate:
    if column.type.auto or column.sequence is not None:
        return Fate(None, NUMBERED, nullable=False)
    given = column.default if fill is None else fill
    return Fate(None, given, nullable=column.null)


def _altered(fate: Fate, operation: Alter, old: Column, new: Column) -> Fate:
    if old.computed is not None or new.computed is not None:
        return _computed(fate, old, new)
    if operation.using:
        fate = _stepped(fate, "using", operation.using, nullable=True)
    elif old.type != new.type and not fate.is_empty and not _keeps(old.type, new.type):
        fate = _stepped(fate, "cast", (old.type, new.type), nullable=fate.nullable)
    return _filled(fate, operation.fill) if old.null and not new.null else fate


def _computed(fate: Fate, old: Column, new: Column) -> Fate:
    """Return the fate of a column that is or was computed from others."""
    if new.computed is not None:
        return fate if old.computed is not None else Fate(None)
    return _stepped(fate, "kept", old.computed, nullable=True)


def _filled(fate: Fate, fill: Fill | None) -> Fate:
    """Return the fate of a column that becomes NOT NULL."""
    if fate.is_empty:
        return replace(fate, given=fill, nullable=False)
    if fill is None or not fate.nullable:
        return replace(fate, nullable=False)
    return _stepped(fate, "filled", fill, nullable=False)


def _stepped(fate: Fate, kind: str, value: object, *, nullable: bool) -> Fate:
    return replace(fate, steps=(*fate.steps, (kind, value)), nullable=nullable)


def _keeps(old: ColumnType, new: ColumnType) -> bool:
    """Whether a value is the same in both types, where it fits."""
    plain = old.plain, new.plain
    alike = any(all(each.name in family for each in plain) for family in _FAMILIES)
    return alike and old.dimensions == new.dimensions == 0


def _without(items: Mapping[str, T], name: str) -> dict[str, T]:
    return {key: item for key, item in items.items() if key != name}
