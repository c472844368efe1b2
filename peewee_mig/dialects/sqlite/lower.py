"""Operations -> SQLite's steps: natively where SQLite can, one rebuild per table for the rest.

Two schemas run side by side: the one that the operations have reached, and the physical
one that the statements so far have made. A table that must be rebuilt lags behind, with all
its changes pending but renames, until the end of the migration (or a user's own SQL).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, assert_never

from peewee_mig.dialects.base import Capabilities, Dialect, Statement, Step
from peewee_mig.dialects.calls import calls
from peewee_mig.dialects.ddl import copy_values
from peewee_mig.dialects.row_changes import statements, still_fresh
from peewee_mig.dialects.sqlite import full_text
from peewee_mig.dialects.sqlite.lacking import refuse_schema
from peewee_mig.dialects.sqlite.order import in_order
from peewee_mig.dialects.sqlite.rebuild import Rebuild
from peewee_mig.dialects.sqlite.render import (
    column_sql,
    create_index_sql,
    create_table,
    default_sql,
    expression_sql,
    object_sql,
    quote,
    quote_table,
    references_sql,
)
from peewee_mig.dialects.sqlite.survey import Survey, survey
from peewee_mig.dialects.sqlite.types import cast_sql, fill_sql
from peewee_mig.operations.apart import fitting
from peewee_mig.operations.replay import apply, change
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    ChangeRows,
    Copy,
    Data,
    Drop,
    Fill,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.schema.names import bare, qualified
from peewee_mig.schema.objects import Column, Index, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import RawObject, Standalone, View, VirtualTable

#: Prefix of a column that waits to be dropped and whose name another one takes.
GONE = "_peewee_mig_gone_"


def lower(
    operations: Sequence[Operation], before: Schema, capabilities: Capabilities, dialect: Dialect
) -> tuple[Step, ...]:
    """Return the steps. Pure."""
    surveyed, anew = survey(operations, capabilities), full_text.made_anew(operations)
    lowering = _Lowering(before, before, surveyed, capabilities, dialect, anew)
    for position in in_order(operations):
        lowering.lower(position, operations[position])
    lowering.flush()
    indexes = full_text.Indexes(operations, before, lowering.logical)
    indexes.refuse_blind()
    rebuilds = [step for step in lowering.steps if isinstance(step, Rebuild)]
    return (*lowering.steps, *indexes.refreshed(rebuilds))


@dataclass
class _Pending:
    """Changes of a table that wait for its rebuild, by the positions of their operations."""

    origins: dict[str, str | None]
    fills: dict[str, Fill] = field(default_factory=dict[str, Fill])
    usings: dict[str, str] = field(default_factory=dict[str, str])
    positions: list[int] = field(default_factory=list[int])


@dataclass
class _Lowering:
    logical: Schema
    physical: Schema
    survey: Survey
    capabilities: Capabilities
    dialect: Dialect
    #: By position: virtual tables that are dropped to be made anew, as they were and will be.
    anew: dict[int, full_text.Renewed] = field(default_factory=dict[int, full_text.Renewed])
    steps: list[Step] = field(default_factory=list[Step])
    pending: dict[str, _Pending] = field(default_factory=dict[str, _Pending])
    #: The tables that this migration made, while they have no rows of anybody's.
    fresh: set[str] = field(default_factory=set[str])

    def lower(self, position: int, operation: Operation) -> None:
        self._lower(position, operation)
        self.fresh = still_fresh(self.fresh, operation)

    def _lower(self, position: int, operation: Operation) -> None:
        beside = self._beside(position, operation)
        if beside is not None:
            self._run_beside(position, operation, beside)
            return
        match operation:
            case RunSQL() | RunPython() | Copy() | ChangeRows():
                self._run_rows(position, operation)
            case Apart():
                self._run_apart(position, operation)
            case Rename(kind="table"):
                self._rename_table(position, operation)
            case Rename(kind="column"):
                self._rename_column(position, operation)
            case Drop(object=Table()):
                self._drop_table(position, operation)
            case Alter(using=((_, _),)):
                self.flush()
                self._postpone(position, operation)
                self.flush()
            case Add() | Alter() | Drop() | Rename():
                if position in self.survey.postponed:
                    self._postpone(position, operation)
                else:
                    self._native(position, operation)
            case _:
                assert_never(operation)

    def _rename_column(self, position: int, operation: Rename) -> None:
        if operation.table in self.pending:
            self._rename_pending_column(position, operation)
        else:
            self._native(position, operation)

    def _run_rows(self, position: int, operation: Data | ChangeRows) -> None:
        """Run what reads and changes rows: in the tables as they then are."""
        if isinstance(operation, ChangeRows):
            self._change_rows(position, operation)
            return
        if isinstance(operation, RunPython):
            steps: tuple[Step, ...] = calls(operation, "sqlite", self.logical, position)
        else:
            run = operation.forward if isinstance(operation, RunSQL) else ()
            run = (copy_values(quote, operation),) if isinstance(operation, Copy) else run
            steps = tuple(Statement(sql, (position,)) for sql in run)
        if steps:
            self.flush()
        self.steps += steps

    def _run_apart(self, position: int, operation: Apart) -> None:
        """Run what the database changes of its own; no rebuild may reach over it."""
        self.flush()
        schema = self.logical
        for each in operation.database:
            schema = fitting(each, schema)
            found = lower([each], schema, self.capabilities, self.dialect)
            self.steps += [step.moved([position]) for step in found]
            schema = apply(each, schema)
        self.logical = apply(operation, self.logical)
        self.physical = change(operation, self.physical)

    def _change_rows(self, position: int, operation: ChangeRows) -> None:
        """Change reference rows: in the tables as they then are, if there is anything to do."""
        name, after = operation.table, apply(operation, self.logical)
        fresh = name in self.fresh
        made = tuple(statements(self.dialect, operation, self.logical, after, fresh=fresh))
        if made:
            self.flush()
        self._emit(position, *made)
        self.logical = after
        physical = replace(self.physical.table(name), rows=after.table(name).rows)
        self.physical = self.physical.with_table(physical)

    def _run_beside(self, position: int, operation: Operation, statements: Sequence[str]) -> None:
        """Run statements on what stands beside the tables: it sees them as they then are."""
        if not isinstance(operation, Drop):
            self.flush()
        self._emit(position, *statements)
        self.logical = apply(operation, self.logical)
        self.physical = change(operation, self.physical)

    def _beside(self, position: int, operation: Operation) -> tuple[str, ...] | None:
        """Return the statements of an operation on something beside the tables."""
        if position in self.anew:
            return full_text.renewal(operation, *self.anew[position])
        return _beside_of(operation)

    def flush(self) -> None:
        """Rebuild every table that waits."""
        for name in list(self.pending):
            self._rebuild(name, self.pending.pop(name))

    def _emit(self, position: int, *statements: str) -> None:
        self.steps += [Statement(sql, (position,)) for sql in statements]

    # Native statements: both schemas advance.

    def _native(self, position: int, operation: Operation) -> None:
        self._emit(position, *self._statements(position, operation))
        self.logical = apply(operation, self.logical)
        self.physical = change(operation, self.physical)

    def _statements(self, position: int, operation: Operation) -> tuple[str, ...]:
        match operation:
            case Add():
                return self._addition(position, operation)
            case Drop(object=Index() as index):
                return (f"DROP INDEX {quote(index.name)}",)
            case Drop(object=Column() as column):
                return (f"{_alter(operation.table)} DROP COLUMN {quote(column.name)}",)
            case Rename(kind="column"):
                names = f"{quote(operation.old)} TO {quote(operation.new)}"
                return (f"{_alter(operation.table)} RENAME COLUMN {names}",)
            case Rename(kind="index"):
                return self._rename_index(operation)
            case _:  # a change that SQLite does not see, such as INT to BIGINT
                return ()

    def _addition(self, position: int, operation: Add) -> tuple[str, ...]:
        match operation.object:
            case Table() as table:
                keys = (*table.foreign_keys, *self.survey.keys_of(position))
                return create_table(replace(table, foreign_keys=keys))
            case Index() as index:
                return (create_index_sql(operation.table, index),)
            case Column() as column:
                words = [column_sql(column), *map(references_sql, self.survey.keys_of(position))]
                return (f"{_alter(operation.table)} ADD COLUMN {' '.join(words)}",)
            case _:  # a key that its table or column brought along
                return ()

    def _rename_index(self, operation: Rename) -> tuple[str, ...]:
        indexes = self.logical.table(operation.table).indexes
        renamed = [replace(i, name=operation.new) for i in indexes if i.name == operation.old]
        drop = f"DROP INDEX {quote(operation.old)}"
        return (drop, *(create_index_sql(operation.table, index) for index in renamed))

    def _rename_table(self, position: int, operation: Rename) -> None:
        """Rename natively: foreign keys, views and triggers follow."""
        old, new = operation.old, operation.new
        refuse_schema(new)
        self._emit(position, *_renaming(operation))
        self.logical = apply(operation, self.logical)
        self.physical = change(operation, self.physical)
        if old in self.pending:
            self.pending[new] = self.pending.pop(old)

    def _drop_table(self, position: int, operation: Drop) -> None:
        """Drop natively, without the rebuild that may have waited."""
        self.pending.pop(operation.table, None)
        self._emit(position, f"DROP TABLE {quote_table(operation.table)}")
        self.logical = apply(operation, self.logical)
        self.physical = self.physical.without_table(operation.table)
        self.physical = self.physical.with_objects(self.logical.objects)

    # Pending changes: only the logical schema advances.

    def _postpone(self, position: int, operation: Add | Alter | Drop | Rename) -> None:
        pending = self._pending(operation.table)
        pending.positions.append(position)
        match operation:
            case Add(object=Column(name=name)):
                pending.origins[name] = None
            case Drop(object=Column(name=name)):
                pending.origins.pop(name)
                pending.fills.pop(name, None)
            case Drop(object=Index(name=name)) | Rename(kind="index", old=name):
                self._free_index_name(position, operation.table, name)
            case _:
                pass
        if isinstance(operation, Alter) and operation.using:
            value = operation.value(self.logical.table(operation.table).column_names)
            pending.usings[_column_name(operation)] = f"({expression_sql(value)})" if value else ""
        if isinstance(operation, Add | Alter) and operation.fill is not None:
            pending.fills[_column_name(operation)] = operation.fill
        self.logical = apply(operation, self.logical)

    def _free_index_name(self, position: int, table: str, name: str) -> None:
        """Drop an index at once: an index of another table may take its name."""
        index = self.physical.table(table).find_index(name)
        if index is not None:
            self._emit(position, f"DROP INDEX {quote(name)}")
            self.physical = change(Drop(table, index), self.physical)

    def _pending(self, table: str) -> _Pending:
        if table not in self.pending:
            names = self.logical.table(table).column_names
            self.pending[table] = _Pending({name: name for name in names})
        return self.pending[table]

    def _rename_pending_column(self, position: int, operation: Rename) -> None:
        """Rename natively, so that other tables, views and triggers follow.

        A column that waits to be dropped makes way for its name.
        """
        table, old, new = operation.table, operation.old, operation.new
        pending = self.pending[table]
        pending.positions.append(position)
        origin = pending.origins.pop(old)
        if origin is not None:
            for taken in self._alike(table, new, old):
                self._rename_physically(position, Rename("column", table, taken, f"{GONE}{taken}"))
            self._rename_physically(position, operation)
            origin = new
        pending.origins[new] = origin
        if old in pending.fills:
            pending.fills[new] = pending.fills.pop(old)
        self.logical = apply(operation, self.logical)

    def _alike(self, table: str, name: str, own: str) -> list[str]:
        """Return the columns that SQLite takes for a name, but for the one that gets it."""
        names = self.physical.table(table).column_names
        return [each for each in names if each.lower() == name.lower() and each != own]

    def _rename_physically(self, position: int, operation: Rename) -> None:
        self._emit(position, *self._statements(position, operation))
        self.physical = change(operation, self.physical)

    def _rebuild(self, name: str, pending: _Pending) -> None:
        before, after = self.physical.table(name), self.logical.table(name)
        children = {table.name for table, _ in self.physical.referring(name)} - {name}
        copies = [
            _copy(
                before,
                after.column(column),
                origin,
                pending.fills.get(column),
                pending.usings.get(column, ""),
            )
            for column, origin in pending.origins.items()
            if not after.column(column).computed
        ]
        self.steps.append(
            Rebuild(
                before,
                after,
                copies=tuple(copies),
                origins=tuple((o, n) for n, o in pending.origins.items() if o is not None),
                operations=tuple(pending.positions),
                children=tuple(sorted(children)),
            )
        )
        self.physical = self.physical.without_table(name).with_table(after)


def _copy(
    before: Table, column: Column, origin: str | None, fill: Fill | None, using: str
) -> tuple[str, str]:
    """Return a column and the expression that gives it values; NULL numbers a key.

    A server default is the value of a new column, and of NULLs in one that becomes NOT NULL.
    """
    filled = fill_sql(fill, column.type) if fill else ""
    if not filled and column.default is not None:
        filled = default_sql(column.default)
    if origin is None:
        return (column.name, filled or "NULL")
    old = before.column(origin)
    value = using or cast_sql(quote(origin), old.type, column.type)
    needed = filled and (fill is not None or (old.null and not column.null))
    return (column.name, f"COALESCE({value}, {filled})" if needed else value)


def _beside_of(operation: Operation) -> tuple[str, ...] | None:
    """Return the statements of an operation on something beside the tables."""
    match operation:
        case Add(object=made) if isinstance(made, Standalone):
            return object_statements(made, "create")
        case Drop(object=gone) if isinstance(gone, Standalone):
            return object_statements(gone, "drop")
        case Rename(kind="virtual_table"):
            return _renaming(operation)
        case Alter(old=old, new=new) if isinstance(old, Standalone):
            return (*object_statements(old, "drop"), *object_statements(new, "create"))
        case _:
            return None


def object_statements(thing: object, which: Literal["create", "drop"]) -> tuple[str, ...]:
    """Spell what makes or drops an object beside the tables; nothing where SQLite has none."""
    match thing:
        case View() | VirtualTable() if which == "create":
            return (object_sql(thing),)
        case View():
            return (f"DROP VIEW {quote_table(thing.name)}",)
        case VirtualTable():
            return (f"DROP TABLE {quote_table(thing.name)}",)
        case RawObject():
            sql = thing.statement(which, "sqlite")
            return (sql,) if sql else ()
        case _:  # the planner refuses or leaves out the rest
            return ()


def _renaming(operation: Rename) -> tuple[str, ...]:
    """Return the statements that rename a table; one whose name differs in case only, in two."""
    old, new = operation.old, operation.new
    passing = qualified(None, f"_peewee_mig_{bare(old)}")
    names = [old, passing, new] if old.lower() == new.lower() else [old, new]
    return tuple(f"{_alter(was)} RENAME TO {quote_table(now)}" for was, now in pairwise(names))


def _alter(table: str) -> str:
    return f"ALTER TABLE {quote_table(table)}"


def _column_name(operation: Add | Alter) -> str:
    changed = operation.object if isinstance(operation, Add) else operation.new
    return changed.name if isinstance(changed, Column) else ""
