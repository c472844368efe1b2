"""What to write into models that exist, so that they say what a database has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from peewee_mig.declare import Declaration
from peewee_mig.layout import Node, laid_out
from peewee_mig.operations.verbs import Add, Alter, Drop, Operation
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
from peewee_mig.schema.standalone import EnumType
from peewee_mig.sources.written import full_text, objects
from peewee_mig.sources.written.book import Book, Place, book_of
from peewee_mig.sources.written.fields import Fields
from peewee_mig.sources.written.kinds import Kinds, own_lines
from peewee_mig.sources.written.tables import Writer


@dataclass(frozen=True)
class Advisor:
    """Knows a database as models would declare it, and what the user's models are called.

    ``origins``: (table, column or "") -> ``models.py:12 Person.nickname``.
    """

    schema: Schema
    engine: str
    origins: Mapping[Place, str]

    def named(self, operation: Operation) -> Operation:
        """Return an operation on the models' schema without names that the engine made up."""
        there = self.schema.find_table(getattr(operation, "table", ""))
        match operation:
            case Add(object=Table()) if there is not None:
                return replace(operation, object=there)
            case Add(object=ForeignKey() | Unique() | Check() as thing) if there is not None:
                return replace(operation, object=_named(thing, there))
            case Add(object=PrimaryKey() as key):
                return replace(operation, object=replace(key, name=None))
            case Alter(new=PrimaryKey() as key):
                return replace(operation, new=replace(key, name=None))
            case Alter(new=ForeignKey() as key) if there is not None:
                return replace(operation, new=there.find_foreign_key(key.columns) or key)
            case _:
                return operation

    def lines(self, operation: Operation) -> tuple[str, ...]:
        """Return the lines that say what an operation on the models' schema brings."""
        match operation:
            case Alter(table=table, old=PrimaryKey(columns=old), new=PrimaryKey(columns=new)):
                return tuple(self._key(table, old, new))
            case Add(table, PrimaryKey(columns=columns)) | Drop(table, PrimaryKey(columns=columns)):
                return tuple(self._key(table, columns))
            case Add(object=thing, table=table):
                return tuple(self._added(table, thing))
            case Alter(new=thing, table=table):
                return tuple(self._added(table, thing))
            case _:
                return ()

    def declared(self, declaration: Declaration) -> tuple[str, ...]:
        """Return the lines of an object beside the tables."""
        (lines,) = objects.lines([declaration], {*self._book().classes.values()})
        word = type(declaration).__name__
        return (f"from peewee_mig.declare import {word}", "", "", *lines)

    def search(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the full-text tables of the database, with the lines of their models."""
        found = dict(full_text.written(self.schema)) if self.engine == "sqlite" else {}
        classes = full_text.class_names(found, {*self._book().classes.values()}, "")
        for table, meaning in found.items():
            words = ", ".join(sorted({name for _, name in full_text.imports(meaning)}))
            lines = full_text.lines(table, meaning, classes[table])
            yield table, (f"from {full_text.MODULE} import {words}", "", "", *lines)

    def _key(self, table: str, *keys: Sequence[str]) -> Iterator[str]:
        """Yield the fields of keys of one column, and what Meta says of the one that is there."""
        writer = self._writer(table)
        for name in dict.fromkeys(columns[0] for columns in keys if len(columns) == 1):
            if writer.table.find_column(name):
                yield from writer.field(name)
        yield from _in_meta(writer.primary_key())

    def _added(self, table: str, thing: object) -> Iterator[str]:
        writer = self._writer(table)
        lines = [*self._said(writer, thing)]
        own = own_lines(writer.fields.kinds.own.values())
        yield from [*own, "", ""] if own else []
        yield from lines

    def _said(self, writer: Writer, thing: object) -> Iterator[str]:
        match thing:
            case Table():
                yield from writer.lines()
            case Column(name=name):
                yield from writer.field(name)
            case ForeignKey(columns=(name,)):
                yield from writer.field(name)
            case Index():
                yield from self._index(writer, thing)
            case Options():
                yield from _in_meta(writer.options(thing))
            case Check() | Unique() | Exclusion() | ForeignKey():
                yield from laid_out("", "", writer.constraint(thing), ",  # in Meta.constraints")
            case _:
                return

    def _index(self, writer: Writer, index: Index) -> Iterator[str]:
        """Yield the field that makes an index by a flag, or the statement that adds it."""
        lines = writer.field(index.columns[0]) if len(index.columns) == 1 else []
        is_flag = index.name in writer.fields.said.indexes
        yield from lines if is_flag else laid_out("", "", writer.index(index), "")

    def _writer(self, table: str) -> Writer:
        enums = {e.name: e for e in self.schema.objects if isinstance(e, EnumType)}
        book, kinds = self._book(), Kinds(self.engine, enums)
        made = frozenset(self.schema.names)
        return Writer(Fields(self.schema.table(table), book, kinds, made), "BaseModel")

    def _book(self) -> Book:
        """Return names for the models of the database, those of the user's where there are."""
        book = book_of(self.schema)
        names = {place: text.rpartition(" ")[2] for place, text in self.origins.items()}
        classes = {t: name for (t, column), name in names.items() if not column}
        fields = {place: name.rpartition(".")[2] for place, name in names.items() if place[1]}
        return replace(
            book,
            classes={**book.classes, **classes},
            attributes={**book.attributes, **fields},
        )


def _named(thing: ForeignKey | Unique | Check, there: Table) -> ForeignKey | Unique | Check:
    """Return a constraint as somebody would write it who did not choose its name."""
    match thing:
        case ForeignKey():
            return there.find_foreign_key(thing.columns) or thing
        case Unique():
            return there.find_unique(thing.columns) or thing
        case Check():
            return next((e for e in there.checks if e.expression == thing.expression), thing)


def _in_meta(settings: Iterable[tuple[str, Node]]) -> Iterator[str]:
    for name, node in settings:
        yield from laid_out("", f"{name} = ", node, "  # in Meta")
