"""What operations read and write, and so whether two lists of them commute. Pure.

Two lists commute where nothing that one writes is read or written by the other: then any order
of them leads to the same schema and the same rows. What is not known counts as touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import assert_never

from peewee_mig.operations.places import (
    ALL,
    ANY,
    HERE,
    TRIGGERS,
    Place,
    Touches,
    vagueness,
)
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    ChangeRows,
    Copy,
    Drop,
    Object,
    Operation,
    Part,
    Rename,
    RunPython,
    RunSQL,
    in_database,
    in_schema,
)
from peewee_mig.schema.expressions import Expression, Token
from peewee_mig.schema.names import qualified, schema_of
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
from peewee_mig.schema.standalone import EnumType, RawObject, Standalone, View, VirtualTable

#: What stands before the sign ``*`` where it means all columns.
_BEFORE_ALL = frozenset({"SELECT", "DISTINCT", "ALL", ",", "."})


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two operations whose order matters, by their positions, and what both touch.

    ``is_unknown``: it is only that nobody said what one of them touches.
    """

    one: int
    other: int
    place: Place
    is_unknown: bool

    @property
    def vagueness(self) -> tuple[bool, bool, str, str]:
        """What sorts reasons: those first that tell most."""
        return vagueness(self.place)

    @property
    def why(self) -> str:
        """Say what both touch."""
        if self.place.table == ANY:
            return "nobody says which rows they change"
        return f"both touch {self.place}"


def commute(one: Iterable[Operation], other: Iterable[Operation]) -> bool:
    """Whether two lists of operations lead to the same, whichever comes first."""
    return not any(conflicts(one, other))


def conflicts(one: Iterable[Operation], other: Iterable[Operation]) -> Iterator[Conflict]:
    """Yield the reasons why the order of two lists of operations matters."""
    others = _all_touches(other)
    for position, mine in enumerate(_all_touches(one)):
        for place_of, theirs in enumerate(others):
            if (place := mine.meeting(theirs)) is not None:
                yield Conflict(position, place_of, place, mine.unknown or theirs.unknown)


def touches(operation: Operation) -> Touches:
    """Return what an operation reads and writes."""
    match operation:
        case Add() | Drop():
            found = _Found().thing(operation.table, operation.object)
        case Alter():
            found = _altered(operation)
        case Rename():
            found = _renamed(operation)
        case Copy() | ChangeRows():
            found = _copied(operation) if isinstance(operation, Copy) else _of_rows(operation)
        case RunSQL() | RunPython():
            return _run(operation)
        case Apart():
            inner = (*in_schema([operation]), *in_database([operation]))
            return _united(map(touches, inner))
        case _:
            assert_never(operation)
    return found.touches(operation)


def _all_touches(operations: Iterable[Operation]) -> list[Touches]:
    """Return what each of the operations touches; what one made is made for all after it."""
    found: list[Touches] = []
    made: frozenset[str] = frozenset()
    for each in map(touches, operations):
        made |= each.made
        found.append(replace(each, made=made))
    return found


def _united(several: Iterable[Touches]) -> Touches:
    found = Touches()
    for each in several:
        found = Touches(
            found.reads | each.reads,
            found.writes | each.writes,
            found.words | each.words,
            found.made | each.made,
            found.unknown or each.unknown,
        )
    return found


class _Found:
    """Collects places."""

    def __init__(self) -> None:
        self._reads: set[Place] = set()
        self._writes: set[Place] = set()
        self._words: set[str] = set()

    def touches(self, operation: Operation) -> Touches:
        """Return what was collected."""
        return Touches(
            frozenset(self._reads),
            frozenset(self._writes),
            frozenset(self._words),
            frozenset(_made(operation)),
        )

    def thing(self, table: str, thing: Object | Options) -> _Found:
        """Take note of a thing that comes, goes or changes."""
        match thing:
            case Table():
                self._table(thing)
            case View() | VirtualTable() | EnumType() | RawObject():
                self._standalone(thing)
            case Options():
                self.read(table, HERE, "primary key")
                self.write(table, "options")
                self._columns(table, thing.partitioned_by, rows=True)
            case _ if isinstance(thing, Part):
                self.read(table, HERE)
                self._part(table, thing)
            case _:
                self._writes.add(Place("object", thing.name, ALL))
        return self

    def read(self, table: str, *parts: str) -> None:
        """Take note of parts of a definition that are relied on."""
        self._reads.update(Place("schema", table, part) for part in parts)

    def write(self, table: str, *parts: str) -> None:
        """Take note of parts of a definition that change."""
        self._writes.update(Place("schema", table, part) for part in parts)

    def read_rows(self, table: str, *parts: str) -> None:
        """Take note of values that are looked at."""
        self._reads.update(Place("rows", table, part) for part in parts)

    def write_rows(self, table: str, *parts: str) -> None:
        """Take note of values that change."""
        self._writes.update(Place("rows", table, part) for part in parts)

    def refer(self, rows: Iterable[Row]) -> None:
        """Take note of the rows of other tables that reference rows refer to."""
        for ref in (ref for row in rows for ref in row.refs):
            self.read(ref.table, HERE, *map(_column, (ref.column, *ref.key.columns)))
            self.read_rows(ref.table, _row(ref.key))

    def name(self, table: str, name: str | None) -> None:
        """Take note of a name that is given or given up, where the table has its own."""
        if name is not None:
            self._writes.add(Place("name", qualified(schema_of(table), name)))

    def whole(self, name: str) -> None:
        """Take note of a table, or a view, that comes, goes or gets another name."""
        self.write(name, ALL)
        self.write_rows(name, ALL)
        self._writes.add(Place("name", name))

    def _columns(self, table: str, columns: Iterable[str], *, rows: bool) -> None:
        for part in map(_column, columns):
            self.read(table, part)
            if rows:
                self.read_rows(table, part)

    def _table(self, table: Table) -> None:
        self.whole(table.name)
        self.refer(table.rows.rows if table.rows else ())
        for column in table.columns:
            self._needed(column)
        for index in table.indexes:
            self.name(table.name, index.name)
            self._spoken(*index.parts, index.where)
        for foreign_key in table.foreign_keys:
            self._referred(foreign_key)
        for kind in (table.foreign_keys, table.uniques, table.checks, table.exclusions):
            for each in kind:
                self.name(table.name, each.name)
        checks: tuple[Check | Exclusion, ...] = (*table.checks, *table.exclusions)
        self._spoken(*(check.expression for check in checks))

    def _part(self, table: str, part: Part) -> None:
        match part:
            case Column():
                self._column(table, part)
            case Index():
                self.write(table, f"index {part.name}", *_keys(part.key))
                self.name(table, part.name)
                is_of_values = part.unique or bool(part.parts or part.where)
                self._columns(table, part.used, rows=is_of_values)
                self._spoken(*part.parts, part.where)
            case ForeignKey():
                self.write(table, f"foreign key {_listed(part.columns)}")
                self.name(table, part.name)
                self._columns(table, part.columns, rows=True)
                self._referred(part)
                self.read_rows(part.referred_table, *map(_column, part.referred_columns))
            case Check() | Exclusion():
                self.write(table, f"check {part.name or part.expression}")
                self.name(table, part.name)
                self._columns(table, _words(part.expression), rows=True)
                self._spoken(part.expression)
            case PrimaryKey() | Unique():
                kind = "primary key" if isinstance(part, PrimaryKey) else "unique constraint"
                self.write(table, kind, *_keys(part.columns))
                self.name(table, part.name)
                self._columns(table, part.columns, rows=True)
            case _:
                assert_never(part)

    def _column(self, table: str, column: Column) -> None:
        part = _column(column.name)
        self.write(table, part)
        self.write_rows(table, part)
        self._needed(column)
        if column.computed is not None:
            self._columns(table, _words(column.computed.expression), rows=True)

    def _needed(self, column: Column) -> None:
        """Take note of the objects beside the tables that a column needs."""
        names = (column.type.name, *filter(None, [column.sequence]))
        self._reads.update(Place("object", name) for name in names)
        self._spoken(column.default, column.computed.expression if column.computed else None)

    def _spoken(self, *expressions: Expression | None) -> None:
        """Take note of what expressions may call."""
        for each in filter(None, expressions):
            self._reads.update(Place("object", word) for word in _words(each))

    def _referred(self, key: ForeignKey) -> None:
        columns = key.referred_columns
        self.read(key.referred_table, HERE, *map(_column, columns), *_keys(columns))

    def _standalone(self, thing: View | VirtualTable | EnumType | RawObject) -> None:
        match thing:
            case View():
                self.whole(thing.name)
                self._view(thing)
            case VirtualTable():
                self.whole(thing.name)
                if thing.source:
                    self.read(thing.source, ALL)
                    self.read_rows(thing.source, ALL)
            case EnumType():
                self._writes.add(Place("object", thing.name, ALL))
            case RawObject():
                self._writes.add(Place("object", thing.name, ALL))
                self._raw(thing)
            case _:
                assert_never(thing)

    def _view(self, view: View) -> None:
        words = [*map(_column, _words(view.select))]
        parts = [ALL] if _takes_all(view.select.tokens) else words
        for need in view.needs:
            self.read(need, HERE, *parts)
            if view.materialized:
                self.read_rows(need, ALL)
        self._spoken(view.select)

    def _raw(self, thing: RawObject) -> None:
        if thing.table:
            self.read(thing.table, HERE)
            self.write_rows(thing.table, TRIGGERS)
        for need in thing.needs:
            self.read(need, ALL)
        words = _words_of(sql for _, sql in (*thing.create, *thing.drop))
        self._words |= words
        if thing.kind == "object":  # as a table is that is made of a select
            self._reads.update(Place("rows", word, ALL) for word in words)


def _altered(operation: Alter) -> _Found:
    found = _Found().thing(operation.table, operation.old).thing(operation.table, operation.new)
    for word in _words_of(sql for _, sql in (*operation.using, *operation.using_back)):
        found.read(operation.table, _column(word))
        found.read_rows(operation.table, _column(word))
    return found


def _renamed(operation: Rename) -> _Found:
    found, table = _Found(), operation.table
    match operation.kind:
        case "table" | "virtual_table":
            found.whole(operation.old)
            found.whole(operation.new)
        case "column":
            columns = _column(operation.old), _column(operation.new)
            found.read(table, HERE)
            found.write(table, *columns)
            found.write_rows(table, *columns)
        case "index":
            found.read(table, HERE)
            for name in (operation.old, operation.new):
                found.write(table, f"index {name}")
                found.name(table, name)
        case "value":
            found.thing("", EnumType(table, (operation.old, operation.new)))
        case _:
            assert_never(operation.kind)
    return found


def _copied(operation: Copy) -> _Found:
    found = _Found()
    table, source = operation.table, operation.source
    found.read(table, HERE, *map(_column, (operation.column, *operation.columns)))
    found.read_rows(table, TRIGGERS, *map(_column, operation.columns))
    found.write_rows(table, _column(operation.column))
    columns = (operation.source_column, *operation.source_columns)
    found.read(source, HERE, *map(_column, columns), *_keys(operation.source_columns))
    found.read_rows(source, *map(_column, columns))
    return found


def _of_rows(operation: ChangeRows) -> _Found:
    """Take note of each row by its key: other rows of the table are in nobody's way."""
    found, table = _Found(), operation.table
    rows = (*operation.old, *operation.new)
    columns = sorted({*operation.key, *(name for row in rows for name in row.columns)})
    found.read(table, HERE, *map(_column, columns), *([] if operation.old else [ALL]))
    found.read_rows(table, TRIGGERS, *map(_column, columns))
    found.write_rows(table, *(_row(row.part(operation.key)) for row in rows))
    if operation.former:
        found.write_rows(table, ALL)
    found.refer(rows)
    return found


def _row(key: Row) -> str:
    return f"row {key}"


def _run(operation: RunSQL | RunPython) -> Touches:
    if operation.touches is None:
        sql = operation.every_statement if isinstance(operation, RunSQL) else ()
        return Touches(words=_words_of(sql), unknown=True)
    found = _Found()
    for name in operation.touches:
        found.read(name, HERE, ALL)
        found.write_rows(name, ALL)
        table, _, column = name.rpartition(".")
        if table:  # else a column, unless the table is in a schema
            found.read(table, HERE, _column(column))
            found.read_rows(table, TRIGGERS)
            found.write_rows(table, _column(column))
    return found.touches(operation)


def _made(operation: Operation) -> set[str]:
    """Return the tables and objects that are there from now on only."""
    match operation:
        case Add(object=made) if isinstance(made, Table | Standalone):
            return {made.name.casefold()}
        case Rename(whole=True, new=new):
            return {new.casefold()}
        case _:
            return set()


def _keys(columns: Sequence[str]) -> list[str]:
    return [f"key {_listed(columns)}"] if columns else []


def _column(name: str) -> str:
    return f"column {name}"


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _words(value: Expression) -> set[str]:
    """Return what may be a name in an expression."""
    return {each.value for each in value.tokens if each.kind in ("name", "word")}


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for sql in texts for word in re.findall(r"\w+", sql.casefold()))


def _takes_all(tokens: Sequence[Token]) -> bool:
    """Whether a select names all columns of something by a star."""
    return any(
        str(each) == "*" and str(before).upper() in _BEFORE_ALL for before, each in pairwise(tokens)
    )
