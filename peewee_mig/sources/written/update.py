"""What to write into models that exist, so that they say what a database has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from peewee_mig.layout import laid_out
from peewee_mig.operations.verbs import Add, Alter, Operation
from peewee_mig.schema.objects import Check, Column, Exclusion, ForeignKey, Index, Table, Unique
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType
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

    def lines(self, operation: Operation) -> tuple[str, ...]:
        """Return the lines that say what an operation on the models' schema brings."""
        match operation:
            case Add(object=thing, table=table):
                return tuple(self._added(table, thing))
            case Alter(new=thing, table=table):
                return tuple(self._added(table, thing))
            case _:
                return ()

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
