"""What must be so in the database before a migration starts: else it is refused, with the reason.

A server would refuse too, half-way through, or would leave a view broken without a word.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from peewee_mig.dialects.base import Dialect, LiveStep, Query, Statement, Step
from peewee_mig.errors import RefusedError, same_command
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import (
    Alter,
    Drop,
    Operation,
    Rename,
    RunSQL,
    in_database,
    is_opaque,
)
from peewee_mig.schema.names import bare, schema_of
from peewee_mig.schema.objects import Column, Index, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import RawObject, View

#: What happens to what a migration drops, in words.
DROPPED = "is dropped"

#: The way out of what needs something that goes.
_DECLARE = "or declare it beside the models, so that migrations do so"
WAY_OUT = f"drop what is in the way, run {same_command()} and make it again afterwards; {_DECLARE}"


def way_out(found: Iterable[str], dialect: Dialect) -> str:
    """Return the way out of what needs something that goes, by kind and name."""
    drops = []
    for each in found:
        kind, _, name = each.rpartition(" ")
        if kind not in ("view", "materialized view"):
            return WAY_OUT
        drops.append(f"DROP {kind.upper()} {dialect.quote_table(name)}")
    return (
        "keep the definition to make it again afterwards, and drop it:"
        f" {', then: '.join([*drops, same_command()])}; {_DECLARE}"
    )


class Need(ABC):
    """Something that must be so."""

    @abstractmethod
    def check(self, query: Query, dialect: Dialect) -> None:
        """Raise :exc:`RefusedError` if it is not."""


@dataclass(frozen=True, slots=True)
class Checked(LiveStep):
    """A step that needs something of the database; ``first``: the operation that needs it."""

    step: Step
    needs: tuple[Need, ...]
    dialect: Dialect
    first: int

    def moved(self, places: Sequence[int]) -> Checked:
        """Move the step."""
        return replace(self, step=self.step.moved(places), first=places[self.first])

    @property
    def operations(self) -> tuple[int, ...]:  # type: ignore[override]
        """Those of the step, beginning with the one that a refusal is about."""
        others = (each for each in self.step.operations if each != self.first)
        return (self.first, *others)

    @property
    def tables(self) -> tuple[str, ...]:
        """Those of the step."""
        return self.step.tables

    @property
    def counted(self) -> tuple[str, ...]:
        """Those of the step."""
        return () if isinstance(self.step, Statement) else self.step.counted

    @property
    def note(self) -> str:
        """Say what the step does: a statement is the same everywhere."""
        return "" if isinstance(self.step, Statement) else self.step.note

    def check(self, query: Query) -> None:
        """Refuse what the server would refuse half-way, or break."""
        for need in self.needs:
            need.check(query, self.dialect)
        if not isinstance(self.step, Statement):
            self.step.check(query)

    def preview(self) -> tuple[str, ...]:
        """Return the statements of the step."""
        return (self.step.sql,) if isinstance(self.step, Statement) else self.step.preview()

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements of the step."""
        return (self.step.sql,) if isinstance(self.step, Statement) else self.step.resolve(query)


@dataclass(frozen=True, slots=True)
class Unread(Need):
    """A table or column that goes or changes, and that nothing else may need.

    ``table``, ``column``: what they are called before the migration; ``changes``: what happens,
    in words.
    """

    table: str
    column: str = ""
    changes: str = DROPPED

    def check(self, query: Query, dialect: Dialect) -> None:
        """Refuse to go on while a view and the like needs it."""
        found = sorted(set(self.readers(query, dialect)))
        if found:
            place = f"column {self.table}.{self.column}" if self.column else f"table {self.table}"
            raise RefusedError(
                f"{', '.join(found)} {'needs' if len(found) == 1 else 'need'} the {place},"
                f" which {self.changes}",
                hint=way_out(found, dialect),
            )

    @abstractmethod
    def readers(self, query: Query, dialect: Dialect) -> Iterable[str]:
        """Yield what needs it, by kind and name."""


@dataclass(frozen=True, slots=True)
class HasIndex(Need):
    """An index by the name that it has in the snapshot.

    A catalog equals a snapshot where an index that nobody named has another name: that is as
    good, until a statement says the name.
    """

    table: str
    index: Index

    def check(self, query: Query, dialect: Dialect) -> None:
        """Refuse to go on until it has the name."""
        name = self.index.name
        if self.is_there(query, dialect):
            return
        alike = [*self.alike(query, dialect), "NAME"]
        gone = "print the SQL that puts it back: peewee-mig diff --plan; or "
        raise RefusedError(
            f"the database has no index {name} on {self.table}",
            hint=f"{gone if len(alike) == 1 else ''}give the index over the same columns this name:"
            f" {self.renaming(dialect, alike[0])}, then: {same_command()}",
        )

    @abstractmethod
    def is_there(self, query: Query, dialect: Dialect) -> bool:
        """Whether the table has an index of the name."""

    def alike(self, query: Query, dialect: Dialect) -> Sequence[str]:
        """Return the names of the indexes of the table that are the same but for the name."""
        schema = schema_of(self.table)
        read = dialect.inspect(query, () if schema is None else (schema,)).schema
        table = read.find_table(self.table)
        indexes = table.indexes if table else ()
        return [each.name for each in indexes if each.structure == self.index.structure]

    @abstractmethod
    def renaming(self, dialect: Dialect, old: str) -> str:
        """Spell what gives an index its name."""


def needs_of_indexes(
    operations: Sequence[Operation], before: Schema, need: Callable[[str, Index], HasIndex]
) -> Iterator[tuple[int, HasIndex]]:
    """Yield the indexes that are dropped or renamed, with the places of the operations.

    Not behind a user's own SQL, which may have given them their names.
    """
    names = Names()
    for position, operation in enumerate(operations):
        if is_opaque(operation):
            return
        match operation:
            case Drop(now, Index(name=name)) | Rename("index", now, name):
                table = before.find_table(names.table(now) or "")
                index = table.find_index(name) if table else None
                if table and index:
                    yield position, need(table.name, index)
            case _:
                pass
        names.follow(operation)


def checked(
    steps: Iterable[Step], needs: Mapping[int, Sequence[Need]], dialect: Dialect
) -> Iterator[Step]:
    """Let the first step of each operation check what the operation needs."""
    waiting = dict(needs)
    for step in steps:
        found = [position for position in step.operations if position in waiting]
        wrapped = step
        for position in found:
            wrapped = Checked(wrapped, tuple(waiting.pop(position)), dialect, position)
        yield wrapped


@dataclass(frozen=True, slots=True)
class Leaving:
    """A table, or a column of it, whose name stands for it no more after a migration.

    ``table``, ``column``: its names before; ``new``: its name then, empty if it is dropped.
    """

    table: str
    column: str
    new: str

    @property
    def changes(self) -> str:
        """What happens, in words."""
        return f"is renamed to {self.new}" if self.new else DROPPED


def leaving(operations: Sequence[Operation], after: Schema) -> Iterator[tuple[int, Leaving]]:
    """Yield what leaves its name, with the position of the operation that takes it.

    What is dropped and made again by the same name has left none. Nothing is said of what comes
    behind SQL of the user's, which may change what needs it.
    """
    final = Names()
    for operation in operations:
        final.follow(operation)
    for position, table, column in _started(operations):
        new = _now(final, after, table, column)
        if new is not None:
            yield position, Leaving(table, column, new)


def _started(operations: Sequence[Operation]) -> Iterator[tuple[int, str, str]]:
    """Yield the position, and the names before, of each that first loses its name."""
    names = Names()
    known = set[tuple[str, str]]()
    for position, operation in enumerate(operations):
        if is_opaque(operation):
            return
        place = _losing(names, operation)
        if place is not None and place not in known:
            known.add(place)
            yield position, *place
        names.follow(operation)


def _losing(names: Names, operation: Operation) -> tuple[str, str] | None:
    match operation:
        case Drop(object=Table()) | Rename(kind="table"):
            table = names.table(operation.table)
            return None if table is None else (table, "")
        case Drop(now, Column(name=name)) | Rename("column", now, name):
            table, column = names.table(now), names.column(now, name)
            return None if table is None or column is None else (table, column)
        case _:
            return None


def _now(names: Names, after: Schema, table: str, column: str) -> str | None:
    """Return the name of a table or column then; ``None`` if its name stands for it, or anew."""
    tables = {each.name: names.table(each.name) for each in after}
    if not column:
        return _new_name(table, tables)
    now = next((new for new, old in tables.items() if old == table), None)
    if now is None:
        return ""
    columns = after.table(now).column_names
    return _new_name(column, {each: names.column(now, each) for each in columns})


def _new_name(name: str, origins: Mapping[str, str | None]) -> str | None:
    if origins.get(name, "") in (name, None):
        return None
    return next((new for new, old in origins.items() if old == name), "")


@dataclass(frozen=True, slots=True)
class Handled:
    """What a migration itself drops or changes beside the tables: it is not in the way.

    ``views``: the declared ones; ``text``: the statements that the user wrote.
    """

    views: frozenset[str] = frozenset()
    text: str = ""

    def has(self, name: str) -> bool:
        """Whether it drops or changes a view or trigger, or the user's own SQL names it."""
        named = rf"(?<!\w){re.escape(bare(name))}(?!\w)"
        return name in self.views or re.search(named, self.text, re.IGNORECASE) is not None


def handled(operations: Sequence[Operation], engine: str) -> Handled:
    """Return what a migration itself drops or changes."""
    views = set[str]()
    texts = list[str]()
    for operation in in_database(operations):
        match operation:
            case Drop(object=View(name=name)) | Alter(old=View(name=name)):
                views.add(name)
            case RunSQL():
                texts += operation.forward
            case Drop(object=RawObject() as thing) | Alter(old=RawObject() as thing):
                texts.append(thing.statement("drop", engine))
            case _:
                pass
    return Handled(frozenset(views), "\n".join(texts))
