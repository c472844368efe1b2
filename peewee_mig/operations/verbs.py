"""What a migration does, as values: four verbs over the kinds of object, and data operations.

Each verb carries both sides, so each inverts without a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from peewee_mig.errors import SchemaError
from peewee_mig.schema import rows
from peewee_mig.schema.expressions import Expression, expression
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
from peewee_mig.schema.rows import Row
from peewee_mig.schema.standalone import EnumType, RawObject, Standalone, View

#: The objects of a table that are added and dropped.
Part = Column | PrimaryKey | Index | ForeignKey | Check | Unique | Exclusion

#: The objects that operations add and drop. Tables and what stands beside them have their own
#: name for the operation's table.
Object = Table | Part | Standalone

#: The objects that are changed in place; all others are dropped and added.
Alterable = Column | PrimaryKey | ForeignKey | Options | View | EnumType | RawObject

#: The objects that can be renamed.
RenameKind = Literal["table", "column", "index", "value", "virtual_table"]

#: What rows have in columns is defined with reference rows.
Scalar = rows.Scalar
Generated = rows.Generated
Function = rows.Function

#: SQL by engine (``sqlite``, ``postgres``, ``mysql``), or for all of them (the empty name).
BySQL = tuple[tuple[str, str], ...]

#: Statements by engine.
StatementsBy = tuple[tuple[str, tuple[str, ...]], ...]

#: The Python functions of a migration file, by their names there.
Functions = Mapping[str, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for each existing row, in the form in which Peewee stores it.

    Decimals, dates, UUIDs and JSON are text.
    """

    value: Scalar


#: A value for rows that exist already. It leaves no default in the database.
Fill = Constant | Generated


@dataclass(frozen=True, slots=True)
class Add:
    """Add an object to a table (a table adds itself).

    ``fill``: for a NOT NULL column. Without one the step is guarded: it runs only on a
    table without rows. A column that the database numbers itself needs none.
    """

    table: str
    object: Object
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Drop an object from a table; it is kept whole, for the way back."""

    table: str
    object: Object


@dataclass(frozen=True, slots=True)
class Alter:
    """Change an object of a table; ``old`` and ``new`` have the same kind and identity.

    ``fill``: for rows with NULL in a column that becomes NOT NULL; without one the step
    is guarded. ``using``: the value of a row in the new type, as an SQL expression of the
    user's over the columns as they are called then, by engine (empty: for all);
    ``using_back``: the same for the way back. Without one the values are cast.
    """

    table: str
    old: Alterable
    new: Alterable
    fill: Fill | None = None
    using: BySQL = ()
    using_back: BySQL = ()

    @property
    def retyped(self) -> Column | None:
        """The new column, if rows keep their values in another type."""
        match self.old, self.new:
            case Column(computed=None) as old, Column(computed=None) as new if old.type != new.type:
                return new
            case _:
                return None

    def spoken(self, engine: str) -> Alter:
        """Return the operation with the expression of one engine only, for that engine."""
        if not self.using and not self.using_back:
            return self
        words = dict(self.using)
        sql = words.get(engine, words.get("", ""))
        return replace(self, using=(("", sql),) if sql else (), using_back=())

    def value(self, columns: Iterable[str]) -> Expression | None:
        """Return the expression of the first engine; in it words that are columns are names."""
        return expression(self.using[0][1], tuple(columns)) if self.using else None


@dataclass(frozen=True, slots=True)
class Rename:
    """Rename a table (then ``table`` is the old name), or a column or index of a table.

    Or a value of an enum type: then ``table`` is the name of the type. Or a virtual table: then
    it is the old name.

    A table whose new name says another schema moves there.
    """

    kind: RenameKind
    table: str
    old: str
    new: str

    @property
    def whole(self) -> bool:
        """Whether a table gets another name, not a part of one."""
        return self.kind in ("table", "virtual_table")


@dataclass(frozen=True, slots=True)
class RunSQL:
    """Run statements of the user's; they have no effect on the schema that we track.

    ``backward`` empty: rolling back runs nothing; ``None``: it cannot be rolled back.
    ``forwards``, ``backwards``: what the engines named there run instead. ``touches``: the
    tables (``person``) and columns (``person.name``) that it reads or writes; ``None``: nobody
    said. ``elidable``: it is about rows of its time; a squash may leave it out.
    """

    forward: tuple[str, ...]
    backward: tuple[str, ...] | None = None
    forwards: StatementsBy = ()
    backwards: StatementsBy = ()
    touches: tuple[str, ...] | None = None
    elidable: bool = False

    def statements(self, engine: str) -> tuple[str, ...]:
        """Return what an engine runs."""
        return dict(self.forwards).get(engine, self.forward)

    def statements_back(self, engine: str) -> tuple[str, ...] | None:
        """Return what an engine runs to undo it."""
        return dict(self.backwards).get(engine, self.backward)

    @property
    def every_statement(self) -> tuple[str, ...]:
        """What any engine runs."""
        return (*self.forward, *(sql for _, some in self.forwards for sql in some))

    def spoken(self, engine: str) -> RunSQL:
        """Return the operation as that engine runs it."""
        if not self.forwards and not self.backwards:
            return self
        ways = self.statements(engine), self.statements_back(engine)
        return RunSQL(*ways, touches=self.touches, elidable=self.elidable)


@dataclass(frozen=True, slots=True)
class RunPython:
    """Call functions of the migration file, by engine (empty: for all), with models of its time.

    They have no effect on the schema that we track. ``backward`` empty: rolling back calls
    nothing; ``None``: it cannot be rolled back. ``touches``, ``elidable``: as of RunSQL.
    ``functions``: those of the file by name; none where only a history row is left of it.
    """

    forward: BySQL
    backward: BySQL | None = None
    touches: tuple[str, ...] | None = None
    elidable: bool = False
    functions: Functions = field(
        default_factory=dict[str, Callable[..., object]], compare=False, hash=False, repr=False
    )

    def called(self, engine: str) -> str:
        """Return the name of the function that an engine calls; empty: none."""
        names = dict(self.forward)
        return names.get(engine, names.get("", ""))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all functions, of both ways, each once."""
        pairs = (*self.forward, *(self.backward or ()))
        return tuple(dict.fromkeys(name for _, name in pairs))

    def spoken(self, engine: str) -> RunPython:
        """Return the operation as that engine runs it."""
        name = self.called(engine)
        forward = (("", name),) if name else ()
        return self if forward == self.forward else replace(self, forward=forward)


@dataclass(frozen=True, slots=True)
class Copy:
    """Give rows of a table what their related rows of another table have in a column.

    ``on``: (own column, column of the source) pairs that tell which row is related; the
    source is unique in its columns. Rows without a related one, or where that has NULL, keep
    what they have. ``back``: the way back copies, too: the table is unique in its own columns.
    """

    table: str
    column: str
    source: str
    source_column: str
    on: tuple[tuple[str, str], ...]
    back: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that tell the related row."""
        return tuple(own for own, _ in self.on)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The columns of the source that tell the related row."""
        return tuple(other for _, other in self.on)

    @property
    def swapped(self) -> Copy:
        """The way back."""
        on = tuple((other, own) for own, other in self.on)
        return Copy(self.source, self.source_column, self.table, self.column, on)


@dataclass(frozen=True, slots=True)
class ChangeRows:
    """Insert, update or delete reference rows of a table, known by their natural ``key``.

    ``old`` alone: they are deleted; ``new`` alone: they are inserted. Both: pairs, in order, of
    what a row has so far and what it gets, of which each says its key and what changes; a column
    that only one of the two has is, or will be, not declared any more. ``over``: values that
    somebody changed meanwhile are overwritten; without it they are in the way. ``former``: the
    columns that were the key so far; then no row changes.
    """

    table: str
    key: tuple[str, ...]
    old: tuple[Row, ...] = ()
    new: tuple[Row, ...] = ()
    over: bool = False
    former: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse sides that are no pairs."""
        if self.old and self.new and len(self.old) != len(self.new):
            raise SchemaError(f"rows of {self.table} are not given in pairs of old and new")

    @property
    def pairs(self) -> tuple[tuple[Row, Row], ...]:
        """The rows that are updated."""
        return tuple(zip(self.old, self.new, strict=True)) if self.old and self.new else ()

    @property
    def swapped(self) -> ChangeRows:
        """The way back: what comes last there goes first here."""
        old, new = self.new[::-1], self.old[::-1]
        key, former = (self.former, self.key) if self.former else (self.key, ())
        return ChangeRows(self.table, key, old, new, self.over, former)

    @property
    def runs(self) -> bool:
        """Whether a database has anything to do."""
        if self.former or not self.pairs:
            return not self.former
        return any(old.part(new.columns) != new for old, new in self.pairs)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an operation of a third party comes from: its class, and the call that made it.

    ``path``: ``package.module.Class``; ``call``: as Python, without the module; ``hazards``: what
    its author warns of; ``undone``: it is the way back.
    """

    path: str
    call: str
    hazards: tuple[str, ...] = ()
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Apart:
    """Let the schema that we track and the database change apart from each other.

    ``schema``: what only the former sees, which the database has already or gets otherwise;
    ``database``: what only the latter runs. Neither holds another Apart, the former nothing
    that is about rows. ``origin``: of an operation of a third party.
    """

    schema: tuple[Operation, ...] = ()
    database: tuple[Operation, ...] = ()
    origin: Origin | None = None

    def spoken(self, engine: str) -> Apart:
        """Return the operation as that engine runs it."""
        schema, database = (
            tuple(spoken(each, engine) for each in some) for some in (self.schema, self.database)
        )
        return replace(self, schema=schema, database=database)


#: What changes rows, and no schema that we track.
Data = Copy | RunSQL | RunPython

#: What a user wrote, so that nobody can tell what it does.
Own = RunSQL | RunPython

#: What is done to one table, or to one object beside the tables.
Change = Add | Drop | Alter | Rename

Operation = Add | Drop | Alter | Rename | Copy | RunSQL | RunPython | Apart | ChangeRows


def spoken(operation: Operation, engine: str) -> Operation:
    """Return an operation with what the user wrote for one engine only, for that engine."""
    if isinstance(operation, Alter | RunSQL | RunPython | Apart):
        return operation.spoken(engine)
    return operation


def is_silent(operation: Operation, engine: str) -> bool:
    """Whether it is the user's own, for other engines only."""
    match operation:
        case RunSQL():
            return bool(operation.every_statement) and not operation.statements(engine)
        case RunPython():
            return bool(operation.forward) and not operation.called(engine)
        case _:
            return False


def has_data(operations: Iterable[Operation]) -> bool:
    """Whether operations change rows in ways that no schema shows."""
    return any(isinstance(each, Data | ChangeRows) for each in in_database(operations))


def each_side(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the operations, and of what is apart both sides."""
    for operation in operations:
        match operation:
            case Apart(schema=schema, database=database):
                yield from (*schema, *database)
            case _:
                yield operation


def in_schema(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the operations as the schema that we track sees them."""
    for operation in operations:
        yield from operation.schema if isinstance(operation, Apart) else (operation,)


def is_opaque(operation: Operation) -> bool:
    """Whether nobody can tell what an operation does to the database, but for its author."""
    return isinstance(operation, Own | Apart)


def in_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the operations that a database runs."""
    for operation in operations:
        yield from operation.database if isinstance(operation, Apart) else (operation,)


def is_elidable(operation: Operation) -> bool:
    """Whether the user said that nobody needs it who starts later."""
    return isinstance(operation, RunSQL | RunPython) and operation.elidable
