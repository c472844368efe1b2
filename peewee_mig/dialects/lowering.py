"""Operations -> steps on a database server: the walk that PostgreSQL and MySQL share.

Foreign keys that stand in the way of a step are detached (dropped) when it comes and
attached again after the last operation, as the schema then says: once for each key,
whatever the number of steps that it was in the way of.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, assert_never

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, LiveStep, Statement, Step
from peewee_mig.dialects.calls import calls, changes_rows_only
from peewee_mig.dialects.row_changes import statements, still_fresh
from peewee_mig.errors import RefusedError
from peewee_mig.operations.apart import fitting
from peewee_mig.operations.replay import apply
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Alterable,
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
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Standalone,
    View,
    VirtualTable,
    kind_of,
)
from peewee_mig.schema.standalone import (
    Sequence as NamedSequence,
)

#: Where a foreign key is: its table and its columns.
Place = tuple[str, tuple[str, ...]]


class Lowering(ABC):
    """The walk over the operations of one migration, with the schema that each meets."""

    def __init__(self, dialect: Dialect, before: Schema) -> None:
        self.dialect = dialect
        self.schema = before
        self.steps: list[Step] = []
        self.position = 0
        self.detached: dict[Place, list[int]] = {}
        #: The tables that this migration made, while they have no rows of anybody's.
        self.fresh: set[str] = set()

    def run(self, operations: Sequence[Operation]) -> tuple[Step, ...]:
        """Return the steps of the operations."""
        for position, operation in self.in_order(operations):
            self.position = position
            after = apply(operation, self.schema)
            self._lower(operation)
            self._follow(operation)
            self.schema = after
        self._attach_all()
        return tuple(self.steps)

    def in_order(self, operations: Sequence[Operation]) -> Iterable[tuple[int, Operation]]:
        """Return the operations, with their positions, in the order in which they run."""
        return enumerate(operations)

    @abstractmethod
    def add_column(self, operation: Add, column: Column) -> None:
        """Add a column and fill it."""

    @abstractmethod
    def alter_column(self, operation: Alter, old: Column, new: Column) -> None:
        """Change the type of a column and whether it takes NULL."""

    @abstractmethod
    def add_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Add a primary key."""

    @abstractmethod
    def drop_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Drop a primary key, after the foreign keys that need it."""

    @abstractmethod
    def rename_primary_key(self, table: Table, old: PrimaryKey, new: PrimaryKey) -> None:
        """Give a primary key another name, or the one that the engine makes up."""

    @abstractmethod
    def drop_foreign_key(self, table: Table, key: ForeignKey) -> None:
        """Drop a foreign key for good, with what the engine made for it."""

    @abstractmethod
    def foreign_key_dropper(self, table: Table, key: ForeignKey) -> LiveStep | str:
        """Return the step that drops a foreign key and nothing else."""

    @abstractmethod
    def drop_index(self, table: Table, index: Index) -> None:
        """Drop an index, after the foreign keys that need it."""

    @abstractmethod
    def drop_constraint(self, table: Table, thing: Check | Unique | Exclusion) -> None:
        """Drop a constraint, after the foreign keys that need it."""

    @abstractmethod
    def alter_options(self, table: Table, old: Options, new: Options) -> None:
        """Change the comment and the options of a table."""

    def add_object(self, thing: Standalone) -> None:
        """Make an object beside the tables; :exc:`RefusedError` for a kind without words here."""
        match thing:
            case View():
                self.emit(ddl.create_view(self.dialect, thing), tables=(thing.name,))
            case RawObject():
                self._emit_raw(thing, "create")
            case VirtualTable() | NamedSequence() | EnumType():
                raise RefusedError(
                    f"{self.dialect.title} has no {kind_of(thing).replace('_', ' ')} {thing.name}",
                    hint=f"leave {self.dialect.name} out of `engines` in the configuration,"
                    " or say unsupported = skip there",
                )
            case _:
                assert_never(thing)

    def drop_object(self, thing: Standalone) -> None:
        """Drop an object beside the tables."""
        match thing:
            case View():
                self.emit(ddl.drop_view(self.dialect, thing), tables=(thing.name,))
            case RawObject():
                self._emit_raw(thing, "drop")
            case VirtualTable() | NamedSequence() | EnumType():
                pass  # it was never made here
            case _:
                assert_never(thing)

    def alter_object(self, old: Alterable, new: Alterable) -> None:
        """Put an object beside the tables in place of another."""
        if not isinstance(old, Standalone) or not isinstance(new, Standalone):
            raise AssertionError(old, new)  # noqa: TRY004 (replay refuses another kind)
        self.drop_object(old)
        self.add_object(new)

    def _emit_raw(self, thing: RawObject, which: Literal["create", "drop"]) -> None:
        sql = thing.statement(which, self.dialect.name)
        if sql:
            self.emit(sql, tables=(thing.table,) if thing.table else ())

    @abstractmethod
    def rename_sql(self, operation: Rename) -> str:
        """Spell a rename."""

    def add_foreign_key_sql(self, table: Table, key: ForeignKey) -> str:
        """Spell a foreign key that a table gets later."""
        return ddl.add_foreign_key(self.dialect, table.name, key)

    def rename(self, operation: Rename) -> None:
        """Rename a table, column or index."""
        self.emit(self.rename_sql(operation), tables=_renamed_tables(operation))

    def emit(self, *statements: str, tables: tuple[str, ...], rows: bool = False) -> None:
        """Append statements that serve the operation at hand; see :class:`Statement`."""
        self.steps += (Statement(sql, (self.position,), tables, rows) for sql in statements)

    def emit_step(self, step: LiveStep | str, table: str) -> None:
        """Append a step, or a statement that changes a table."""
        if isinstance(step, str):
            self.emit(step, tables=(table,))
        else:
            self.steps.append(step)

    def alter(self, table: str, *actions: str) -> None:
        """Append an ALTER TABLE."""
        self.emit(ddl.alter(self.dialect, table, *actions), tables=(table,))

    def fill(self, table: str, column: Column, fill: Fill) -> None:
        """Append the UPDATE that gives rows with NULL in a column their value."""
        name = self.dialect.quote(column.name)
        value = self.dialect.fill_sql(fill, column.type)
        self.update(table, f"{name} = {value} WHERE {name} IS NULL")

    def update(self, table: str, change: str) -> None:
        """Append an UPDATE."""
        self.emit(
            f"UPDATE {self.dialect.quote_table(table)} SET {change}", tables=(table,), rows=True
        )

    def detach(self, keys: Iterable[tuple[Table, ForeignKey]]) -> None:
        """Drop foreign keys until the end of the migration."""
        for table, key in keys:
            if (table.name, key.columns) not in self.detached:
                self.emit_step(self.foreign_key_dropper(table, key), table.name)
            self._postpone(table, key)

    def keys_touching(self, table: Table, columns: Iterable[str]) -> list[tuple[Table, ForeignKey]]:
        """Return the foreign keys from and to columns of a table, with their tables."""
        wanted = set(columns)
        own = [(table, key) for key in table.foreign_keys if wanted & set(key.columns)]
        others = [
            (owner, key)
            for owner, key in self.schema.referring(table.name)
            if wanted & set(key.referred_columns) and (owner, key) not in own
        ]
        return own + others

    def _lower(self, operation: Operation) -> None:
        match operation:
            case Add():
                self._add(operation)
            case Drop():
                self._drop(operation)
            case Alter():
                self._alter(operation)
            case Rename():
                self.rename(operation)
            case Copy():
                sql = ddl.copy_values(self.dialect.quote, operation)
                self.emit(sql, tables=(operation.table,), rows=True)
            case ChangeRows():
                self._change_rows(operation)
            case RunSQL() | RunPython() | Apart():
                self._run(operation)
            case _:
                assert_never(operation)

    def _run(self, operation: RunSQL | RunPython | Apart) -> None:
        match operation:
            case RunSQL():
                for sql in operation.forward:
                    self.emit(sql, tables=(), rows=changes_rows_only(sql))
            case RunPython():
                self.steps += calls(operation, self.dialect.name, self.schema, self.position)
            case Apart():
                for each in operation.database:
                    self.schema = fitting(each, self.schema)
                    after = apply(each, self.schema)
                    self._lower(each)
                    self._follow(each)
                    self.schema = after
                if all(isinstance(each, Data) for each in operation.database):
                    for each in operation.schema:  # SQL of the user's does that
                        self._follow(each)
            case _:
                assert_never(operation)

    def _change_rows(self, operation: ChangeRows) -> None:
        after, fresh = apply(operation, self.schema), operation.table in self.fresh
        made = statements(self.dialect, operation, self.schema, after, fresh=fresh)
        self.emit(*made, tables=(operation.table,), rows=True)

    def _add(self, operation: Add) -> None:
        added = operation.object
        match added:
            case Table():
                self._add_table(added)
            case Column():
                self.add_column(operation, added)
            case PrimaryKey():
                self.add_primary_key(self.schema.table(operation.table), added)
            case Index():
                sql = self.dialect.create_index(operation.table, added)
                self.emit(sql, tables=(operation.table,))
            case ForeignKey():
                table = self.schema.table(operation.table)
                if self._fits(table, added):
                    self.emit(self.add_foreign_key_sql(table, added), tables=(table.name,))
                else:
                    self._postpone(table, added)
            case Check() | Unique() | Exclusion():
                self.alter(operation.table, f"ADD {ddl.constraint(self.dialect, added)}")
            case View() | VirtualTable() | NamedSequence() | EnumType() | RawObject():
                self.add_object(added)
            case _:
                assert_never(added)

    def _add_table(self, table: Table) -> None:
        late = [key for key in table.foreign_keys if not self._fits(table, key)]
        early = tuple(key for key in table.foreign_keys if key not in late)
        statements = self.dialect.create_table(replace(table, foreign_keys=early))
        self.emit(*statements, tables=(table.name,))
        for key in late:
            self._postpone(table, key)

    def _fits(self, table: Table, key: ForeignKey) -> bool:
        """Whether a key has the type of what it refers to; a later step may bring that."""
        same = table.name == key.referred_table
        referred = table if same else self.schema.table(key.referred_table)
        return all(
            self._plain_words(table, name) == self._plain_words(referred, other)
            for name, other in zip(key.columns, key.referred_columns, strict=True)
        )

    def _plain_words(self, table: Table, column: str) -> str:
        return self.dialect.type_sql(table.column(column).type.plain)

    def _postpone(self, table: Table, key: ForeignKey) -> None:
        """Leave a foreign key to the end of the migration."""
        self.detached.setdefault((table.name, key.columns), []).append(self.position)

    def _drop(self, operation: Drop) -> None:
        dropped = operation.object
        if isinstance(dropped, Standalone):
            self.drop_object(dropped)
            return
        table = self.schema.table(operation.table)
        match dropped:
            case Table():
                sql = f"DROP TABLE {self.dialect.quote_table(dropped.name)}"
                self.emit(sql, tables=(dropped.name,))
            case Column():
                self.alter(table.name, f"DROP COLUMN {self.dialect.quote(dropped.name)}")
            case PrimaryKey():
                self.drop_primary_key(table, dropped)
            case Index():
                self.drop_index(table, dropped)
            case ForeignKey():
                if (table.name, dropped.columns) not in self.detached:
                    self.drop_foreign_key(table, dropped)
            case Check() | Unique() | Exclusion():
                self.drop_constraint(table, dropped)
            case _:
                assert_never(dropped)

    def _alter(self, operation: Alter) -> None:
        old, new = operation.old, operation.new
        if isinstance(old, View | EnumType | RawObject):
            self.alter_object(old, new)
            return
        table = self.schema.table(operation.table)
        match old, new:
            case Options(), Options():
                self.alter_options(table, old, new)
            case Column(), Column():
                self.alter_column(operation, old, new)
            case PrimaryKey(), PrimaryKey() if old.columns == new.columns:
                self.rename_primary_key(table, old, new)
            case PrimaryKey(), PrimaryKey():
                self.drop_primary_key(table, old)
                self.add_primary_key(table, new)
            case ForeignKey(), ForeignKey():
                self.detach([(table, old)])
            case _:  # replay refuses an object that becomes one of another kind
                raise AssertionError(operation)

    def _follow(self, operation: Operation) -> None:
        """Keep the places of the detached keys true, and the tables without rows known."""
        self.fresh = still_fresh(self.fresh, operation)
        match operation:
            case Rename(kind="table", old=old, new=new):
                self.detached = {
                    (new if table == old else table, columns): positions
                    for (table, columns), positions in self.detached.items()
                }
            case Rename(kind="column", table=owner, old=old, new=new):
                self.detached = {
                    (table, _renamed(columns, old, new) if table == owner else columns): positions
                    for (table, columns), positions in self.detached.items()
                }
            case Drop(table=owner, object=ForeignKey(columns=columns)):
                self.detached.pop((owner, columns), None)
            case Drop(table=owner, object=Table()):
                self.detached = {k: v for k, v in self.detached.items() if k[0] != owner}
            case _:
                pass

    def _attach_all(self) -> None:
        for (name, columns), positions in self.detached.items():
            table = self.schema.table(name)
            key = table.find_foreign_key(columns)
            if key is None:  # _follow forgets a key that is dropped
                raise AssertionError(name, columns)
            served = tuple(dict.fromkeys(positions))
            sql = self.add_foreign_key_sql(table, key)
            self.steps.append(Statement(sql, served, (name,)))


def in_primary_key(table: Table, column: Column) -> bool:
    """Whether a column is part of the primary key."""
    return table.primary_key is not None and column.name in table.primary_key.columns


def _renamed_tables(operation: Rename) -> tuple[str, ...]:
    match operation.kind:
        case "table":
            return (operation.old, operation.new)
        case "value" | "virtual_table":
            return ()  # it stands beside the tables
        case _:
            return (operation.table,)


def _renamed(columns: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if name == old else name for name in columns)
