"""What an engine cannot have: refused before anything starts, or left out. Pure.

The project's ``unsupported`` decides, as ``Dialect.skips`` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from peewee_mig.dialects.base import Capabilities, Dialect
from peewee_mig.errors import RefusedError
from peewee_mig.operations.describe import object_words
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    Drop,
    Operation,
    Part,
    Rename,
    each_side,
)
from peewee_mig.plan.engine_types import NOTHING, typed_schema
from peewee_mig.schema.objects import Options, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, Standalone, VirtualTable

T = TypeVar("T", bound="Part | Options")


@dataclass(frozen=True, slots=True)
class Engine:
    """A dialect with the facts about a server."""

    dialect: Dialect
    capabilities: Capabilities

    def lacking(self, operations: Iterable[Operation]) -> Iterator[str]:
        """Yield, in words, what the engine cannot have of what operations make."""
        for operation in each_side(operations):
            match operation:
                case Add(object=Table() as table):
                    yield from self._of_table(table)
                case Rename(kind="value", table=name, old=value):
                    yield from self._words(EnumType(name, (value,)), None, name)
                case Rename(kind="virtual_table", old=name):
                    yield from self._words(VirtualTable(name, ""), None, name)
                case Add(object=made) | Alter(new=made):
                    yield from self._words(made, None, operation.table)
                case _:
                    pass

    def _of_table(self, table: Table) -> Iterator[str]:
        for part in (table, *_parts(table)):
            yield from self._words(part, table, table.name)

    def _words(
        self, thing: Table | Part | Options | Standalone, table: Table | None, name: str
    ) -> Iterator[str]:
        why = self.dialect.lacks(thing, table, self.capabilities)
        if why:
            yield f"{object_words(name, thing)}: {self.dialect.called(self.capabilities)} {why}"

    def schema(self, whole: Schema) -> Schema:
        """Return a schema with the types of the engine.

        Where ``unsupported`` is ``skip``, without what it cannot have.
        """
        whole = typed_schema(whole, self.dialect.name)
        if not self.dialect.skips:
            return whole
        tables = (self._table(table) for table in whole if not self._lacks(table, table))
        return Schema.of(tables, (each for each in whole.objects if not self._lacks(each, None)))

    def operations(self, whole: Sequence[Operation]) -> tuple[Operation, ...]:
        """Return operations without what the engine cannot have, each in its place."""
        return tuple(map(self._operation, whole)) if self.dialect.skips else tuple(whole)

    def _operation(self, operation: Operation) -> Operation:
        match operation:
            case Add(object=made) | Drop(object=made):
                left = self._left(made)
                return NOTHING if left is None else replace(operation, object=left)
            case Rename(kind="value", table=name, old=value) if self._lacks(
                EnumType(name, (value,)), None
            ):
                return NOTHING
            case Rename(kind="virtual_table", old=name) if self._lacks(
                VirtualTable(name, ""), None
            ):
                return NOTHING
            case Alter(old=old, new=new):
                one, other = self._left(old), self._left(new)
                same = one is None or other is None or one == other
                return NOTHING if same else replace(operation, old=one, new=other)
            case Apart(schema=schema, database=database):
                left = tuple(e for e in map(self._operation, schema) if e != NOTHING)
                database = tuple(map(self._operation, database))
                return replace(operation, schema=left, database=database)
            case _:
                return operation

    def _left(self, thing: Table | Part | Options | Standalone) -> Any:  # noqa: ANN401 (the kind of ``thing``)
        """Return what the engine can have of an object."""
        if isinstance(thing, Table):
            return None if self._lacks(thing, thing) else self._table(thing)
        if isinstance(thing, Standalone):
            return None if self._lacks(thing, None) else thing
        return self._part(thing, None)

    def _lacks(self, thing: Table | Part | Options | Standalone, table: Table | None) -> bool:
        return bool(self.dialect.lacks(thing, table, self.capabilities))

    def _part(self, part: T, table: Table | None) -> T | None:
        if not self._lacks(part, table):
            return part
        return cast("T | None", self.dialect.lesser(part, self.capabilities))

    def _table(self, table: Table) -> Table:
        key = table.primary_key
        return replace(
            table,
            columns=self._parts(table.columns, table),
            primary_key=self._part(key, table) if key else None,
            indexes=self._parts(table.indexes, table),
            foreign_keys=self._parts(table.foreign_keys, table),
            checks=self._parts(table.checks, table),
            uniques=self._parts(table.uniques, table),
            exclusions=self._parts(table.exclusions, table),
            options=self._part(table.options, table) or Options(),
        )

    def _parts(self, parts: Iterable[T], table: Table) -> tuple[T, ...]:
        found = (self._part(each, table) for each in parts)
        return tuple(each for each in found if each is not None)


def refuse_unsupported(operations: Sequence[Operation], engine: Engine) -> None:
    """Raise :exc:`RefusedError` for what operations make that the engine cannot have."""
    found = list(dict.fromkeys(engine.lacking(operations)))
    if found and not engine.dialect.skips:
        name = engine.dialect.name
        version = f" name its version there (engines = {name}:VERSION),"
        raise RefusedError(
            "\n  ".join(found),
            hint=f"change the models, leave {name} out of `engines` in the configuration,"
            f"{version if _is_version_at_fault(operations, engine) else ''} or say"
            " unsupported = skip there to leave such objects out where an engine has none",
        )


def _is_version_at_fault(operations: Sequence[Operation], engine: Engine) -> bool:
    """Whether a version was assumed, and another one has all that operations make."""
    dialect = engine.dialect
    others = dialect.others if engine.capabilities == dialect.assumed else ()
    return any(not any(Engine(dialect, other).lacking(operations)) for other in others)


def _parts(table: Table) -> Iterator[Part | Options]:
    yield from table.columns
    if table.primary_key is not None:
        yield table.primary_key
    yield from table.indexes
    yield from table.foreign_keys
    yield from table.checks
    yield from table.uniques
    yield from table.exclusions
    yield table.options
