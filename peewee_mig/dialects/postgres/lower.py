"""Operations -> steps on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import LiveStep, Statement, Step
from peewee_mig.dialects.lowering import Lowering
from peewee_mig.dialects.postgres import objects, render
from peewee_mig.dialects.postgres.live import (
    DropByExpression,
    DropConstraint,
    RenameConstraint,
)
from peewee_mig.dialects.postgres.live_moves import MoveTable
from peewee_mig.dialects.postgres.lower_columns import (
    ColumnLowering,
    aside_of,
    is_exchanged,
    is_retyped,
)
from peewee_mig.dialects.postgres.partitions import IsPartitioned, refuse_other_partitions
from peewee_mig.dialects.postgres.preflight import HasIndex, SchemaExists, TypeExists, Unread
from peewee_mig.dialects.postgres.render import key_name, object_name
from peewee_mig.dialects.postgres.types import plain_type, type_sql
from peewee_mig.dialects.preflight import Checked, Need, checked, needs_of_indexes
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Alterable,
    ChangeRows,
    Copy,
    Drop,
    Operation,
    Rename,
    RunPython,
    in_database,
    is_opaque,
)
from peewee_mig.schema.names import bare, schema_of
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
from peewee_mig.schema.standalone import EnumType, RawObject, Standalone, View
from peewee_mig.schema.standalone import Sequence as NamedSequence

#: Native types that are none of the catalog's.
_SERIAL = frozenset({"smallserial", "serial", "bigserial", "serial2", "serial4", "serial8"})


class PostgresLowering(ColumnLowering):
    """The steps of one migration on PostgreSQL."""

    #: The operations that come.
    coming: Sequence[Operation] = ()

    def run(self, operations: Sequence[Operation]) -> tuple[Step, ...]:
        """Return the steps of the operations."""
        self.coming = operations
        self._preflight = _Preflight(self)
        needs = {at: [each] for at, each in needs_of_indexes(operations, self.schema, HasIndex)}
        return tuple(checked(super().run(operations), needs, self.dialect))

    def in_order(self, operations: Sequence[Operation]) -> list[tuple[int, Operation]]:
        """Let enum types change first, so that defaults and values that come can be theirs.

        Not before SQL of the user's, which may prepare the rows, or their own beginning.
        """
        order: list[tuple[int, Operation]] = []
        for position, operation in enumerate(operations):
            place = len(order)
            precedes = _barrier_of(operation)
            while place and precedes is not None and not precedes(order[place - 1][1]):
                place -= 1
            order.insert(place, (position, operation))
        return order

    def _lower(self, operation: Operation) -> None:
        """Let the first statement of an operation check what it needs."""
        start = len(self.steps)
        super()._lower(operation)
        needs = tuple(self._preflight.needs(operation))
        if needs:
            self._check(start, needs)
        self._preflight.follow(operation)

    def _check(self, start: int, needs: tuple[Need, ...]) -> None:
        for place in range(start, len(self.steps)):
            step = self.steps[place]
            if isinstance(step, Statement | MoveTable):
                self.steps[place] = Checked(step, needs, self.dialect, self.position)
                return

    def add_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Add a primary key."""
        self.alter(table.name, f"ADD {ddl.primary_key(self.dialect, key)}")

    def drop_primary_key(self, table: Table, key: PrimaryKey) -> None:
        """Drop a primary key, after the foreign keys that refer to it.

        Only then can its columns take NULL.
        """
        self._detach_referring(table, key.columns)
        self.emit_step(self._dropper(table, key), table.name)
        for name in key.columns:
            if table.column(name).null:
                self._alter_column(table.name, name, "DROP NOT NULL")

    def rename_primary_key(self, table: Table, old: PrimaryKey, new: PrimaryKey) -> None:
        """Rename a primary key: its index, and the foreign keys that refer to it, stay.

        A name like those that PostgreSQL makes up is not compared, so it may be another one.
        """
        name = new.name or object_name(table.name, (), "pkey")
        step = RenameConstraint((self.position,), self.dialect, table.name, old, name)
        own = key_name(old.name) if old.name else None
        if old.name != name:
            self.emit_step(step.known(own) if own else step, table.name)

    def drop_foreign_key(self, table: Table, key: ForeignKey) -> None:
        """Drop a foreign key; PostgreSQL made nothing else for it."""
        self.emit_step(self.foreign_key_dropper(table, key), table.name)

    def foreign_key_dropper(self, table: Table, key: ForeignKey) -> LiveStep | str:
        """Return the step that drops a foreign key: by name if the user chose one."""
        if key.name:
            return self._drop_by_name(table, key.name)
        return DropConstraint((self.position,), self.dialect, table.name, key)

    def drop_index(self, table: Table, index: Index) -> None:
        """Drop an index, after the foreign keys that refer to what it makes unique."""
        if index.key:
            self._detach_referring(table, index.key)
        self.emit(f"DROP INDEX {self._index(table.name, index.name)}", tables=(table.name,))

    def drop_constraint(self, table: Table, thing: Check | Unique | Exclusion) -> None:
        """Drop a constraint, after the foreign keys that need it."""
        if isinstance(thing, Unique):
            self._detach_referring(table, thing.columns)
        self.emit_step(self._dropper(table, thing), table.name)

    def _dropper(
        self, table: Table, thing: PrimaryKey | Check | Unique | Exclusion
    ) -> LiveStep | str:
        usual = isinstance(thing, PrimaryKey) and thing.name and key_name(thing.name) is None
        if thing.name and not usual:
            return self._drop_by_name(table, thing.name)
        if isinstance(thing, PrimaryKey | Unique):
            return DropConstraint((self.position,), self.dialect, table.name, thing)
        return DropByExpression((self.position,), self.dialect, table, thing)

    def _drop_by_name(self, table: Table, name: str) -> str:
        return ddl.alter(self.dialect, table.name, f"DROP CONSTRAINT {self.dialect.quote(name)}")

    def _detach_referring(self, table: Table, columns: tuple[str, ...]) -> None:
        self.detach(
            (owner, key)
            for owner, key in self.schema.referring(table.name)
            if set(key.referred_columns) == set(columns)
        )

    def alter_options(self, table: Table, old: Options, new: Options) -> None:
        """Change the comment and the options of a table."""
        refuse_other_partitions(table.name, old, new)
        if old.partitions != new.partitions:
            after, early = replace(table, options=new), self._preflight.knows(table.name)
            self.emit_step(IsPartitioned((self.position,), self.dialect, after, early), table.name)
        if (old.comment or None) != (new.comment or None):
            sql = render.comment_on_table(self.dialect, table.name, new.comment)
            self.emit(sql, tables=(table.name,))
        for action in render.changed_options(self.dialect, old, new):
            self.alter(table.name, action)

    def rename(self, operation: Rename) -> None:
        """Rename a table, column or index; move a table to another schema."""
        old, new = operation.old, operation.new
        if operation.kind == "table" and schema_of(old) != schema_of(new):
            table = self.schema.table(old)
            self.steps.append(MoveTable((self.position,), self.dialect, table, new))
        else:
            super().rename(operation)

    def rename_sql(self, operation: Rename) -> str:
        """Spell a rename."""
        old, new = operation.old, operation.new
        match operation.kind:
            case "index":
                index = self._index(operation.table, old)
                return f"ALTER INDEX {index} RENAME TO {self.dialect.quote(new)}"
            case "value":
                words = f"{self.dialect.text_sql(old)} TO {self.dialect.text_sql(new)}"
                enum = self.dialect.quote_table(operation.table)
                return f"ALTER TYPE {enum} RENAME VALUE {words}"
            case "column":
                action = f"RENAME COLUMN {self.dialect.quote(old)} TO {self.dialect.quote(new)}"
                return ddl.alter(self.dialect, operation.table, action)
            case _:
                return ddl.alter(self.dialect, old, f"RENAME TO {self.dialect.quote(bare(new))}")

    def add_object(self, thing: Standalone) -> None:
        """Make an object beside the tables."""
        match thing:
            case NamedSequence():
                self._emit_object(f"CREATE SEQUENCE {self.dialect.quote_table(thing.name)}")
            case EnumType():
                self._emit_object(objects.create_enum(self.dialect, thing))
            case _:
                super().add_object(thing)

    def drop_object(self, thing: Standalone) -> None:
        """Drop an object beside the tables."""
        match thing:
            case NamedSequence():
                self._emit_object(f"DROP SEQUENCE {self.dialect.quote_table(thing.name)}")
            case EnumType():
                self._emit_object(f"DROP TYPE {self.dialect.quote_table(thing.name)}")
            case _:
                super().drop_object(thing)

    def alter_object(self, old: Alterable, new: Alterable) -> None:
        """Put an object in place of another; an enum type keeps the columns that have it."""
        if isinstance(old, EnumType) and isinstance(new, EnumType):
            self._alter_enum(old, new)
        else:
            super().alter_object(old, new)

    def _alter_enum(self, old: EnumType, new: EnumType) -> None:
        """Add values, or replace the type: a new value serves only the next transaction."""
        if objects.is_longer(old, new) and not self._is_used_later(old, new):
            for sql in objects.add_values(self.dialect, old, new):
                self._emit_object(sql)
            return
        found = [
            (table, column)
            for table in self.schema
            for column in table.columns
            if objects.enum_of(column.type, self.schema) == old
        ]
        asides = [
            (table, aside_of(table, [column.name for owner, column in found if owner is table]))
            for table in dict.fromkeys(table for table, _ in found)
        ]
        for table, column in found:
            self.detach(self.keys_touching(table, [column.name]))
        for table, aside in asides:
            self.set_aside(table, aside)
        columns = tuple((table.name, column.name) for table, column in found)
        renamed = tuple(
            each.old
            for _, each in self.in_order(self.coming)
            if isinstance(each, Rename) and (each.kind, each.table) == ("value", old.name)
        )
        position = (self.position,)
        self.steps.append(objects.ReplaceEnum(position, self.dialect, old, new, columns, renamed))
        for table, aside in asides:
            self.bring_back(table, aside)

    def _is_used_later(self, old: EnumType, new: EnumType) -> bool:
        """Whether another operation may name a value that the type gets now."""
        others = [each for place, each in enumerate(self.coming) if place != self.position]
        if any(isinstance(each, RunPython) for each in in_database(others)):
            return True  # nobody knows what a function names
        later = "\n".join(map(repr, others))
        added = [value for value in new.values if value not in old.values]
        return any(value in later or repr(value)[1:-1] in later for value in added)

    def _emit_object(self, sql: str) -> None:
        self.emit(sql, tables=())

    def _index(self, table: str, index: str) -> str:
        return self.dialect.quote_table(render.index_name(table, index))


def _barrier_of(operation: Operation) -> Callable[[Operation], bool] | None:
    """Return what tells which operations stay before this one; ``None``: all of them."""
    match operation:
        case Alter(new=EnumType()):
            return _precedes_enum
        case Rename(kind="value"):
            return _precedes_value
        case _:
            return None


def _precedes_value(operation: Operation) -> bool:
    """Whether an operation stays before the renaming of a value: what goes has the old one."""
    return isinstance(operation, Drop | Copy | ChangeRows | Rename) or _precedes_enum(operation)


def _precedes_enum(operation: Operation) -> bool:
    """Whether an operation stays before the change of an enum type."""
    if is_opaque(operation):
        return True
    match operation:
        case Add(object=EnumType() | RawObject()) | Drop(object=EnumType() | View()):
            return True
        case Alter(new=EnumType() | RawObject()) | Rename(kind="value"):
            return True
        case _:
            return False


class _Preflight:
    """What the operations of a migration need of the database as it is before.

    Nothing is asked for behind SQL of the user's, which may bring it.
    """

    def __init__(self, lowering: Lowering) -> None:
        self.lowering = lowering
        self.renames: list[Rename] = []
        self.gone: list[str] = []
        self.made: set[str] = set()
        self.is_blind = False

    def follow(self, operation: Operation) -> None:
        """Take note of what an operation changes."""
        self.is_blind = self.is_blind or is_opaque(operation)
        match operation:
            case Add(object=RawObject()) | Drop(object=RawObject()) | Alter(old=RawObject()):
                self.is_blind = True
            case Rename():
                self.renames.append(operation)
            case Add(object=Table(name=name)):
                self.made.add(name)
            case Drop(object=View(name=name)):
                self.gone.append(name)
            case _:
                pass

    def knows(self, table: str) -> bool:
        """Whether a table, and what it has, is called so before the migration, too."""
        return not (self.is_blind or self.renames or table in self.made)

    def needs(self, operation: Operation) -> Iterator[Need]:
        """Yield what an operation needs."""
        if self.is_blind:
            return
        match operation:
            case Add(object=Table() as table):
                yield from _schema(table.name)
                for column in table.columns:
                    yield from self._type(table.name, column)
            case Add(object=NamedSequence(name=name) | EnumType(name=name) | View(name=name)):
                yield from _schema(name)
            case Rename(kind="table", old=old, new=new) if schema_of(old) != schema_of(new):
                yield from _schema(new)
            case Add(object=Column() as column):
                yield from self._type(operation.table, column)
            case Alter(old=Column() as old_column, new=Column() as column):
                yield from self._altered(operation.table, old_column, column)
            case Drop(object=Column() as column):
                yield self._unread(operation.table, column.name)
            case Drop(object=Table() as table):
                yield self._unread(table.name)
            case _:
                return

    def _altered(self, table: str, old: Column, new: Column) -> Iterator[Need]:
        if is_exchanged(old, new) or is_retyped(old, new):
            yield from self._type(table, new)
            yield self._unread(table, new.name, changes=f"becomes {new.type}")

    def _type(self, table: str, column: Column) -> Iterator[Need]:
        """Yield the type of a column that an extension, or the user, has to bring."""
        type_ = plain_type(column.type.element)
        brought = type_.native or type_.name == "HSTORE"
        known = objects.enum_of(type_, self.lowering.schema) is not None
        if brought and not known and type_.name not in _SERIAL:
            yield TypeExists(type_sql(type_), f"{table}.{column.name}")

    def _unread(self, table: str, column: str = "", *, changes: str = "is dropped") -> Unread:
        """Return the need in the names before the migration."""
        for rename in reversed(self.renames):
            if rename.kind == "table" and rename.new == table:
                table = rename.old
            elif rename.kind == "column" and (rename.table, rename.new) == (table, column):
                column = rename.old
        return Unread(table, column, changes, tuple(self.gone))


def _schema(name: str) -> Iterator[Need]:
    schema = schema_of(name)
    if schema is not None:
        yield SchemaExists(schema)
