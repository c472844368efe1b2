"""``Meta.constraints``: what raw SQL says of a whole table."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from peewee import Node

from peewee_mig.schema.objects import Check, Exclusion, Index, PrimaryKey, Unique
from peewee_mig.sources.clauses import (
    Reference,
    read_conflict,
    read_deferral,
    read_nulls,
    read_reference,
)
from peewee_mig.sources.index_parts import read_part
from peewee_mig.sources.index_sql import read_method
from peewee_mig.sources.reader import Reader, column_name, column_names, marked, split
from peewee_mig.sources.sqltext import neutral

Constraint = PrimaryKey | Check | Unique | Exclusion | Index | Reference


def read_constraint(node: object, columns: Collection[str]) -> tuple[Constraint, ...]:
    """Read one entry, which may have several; :exc:`ValueError` for what is not understood."""
    if not isinstance(node, Node):
        raise ValueError(f"has {node!r} in Meta.constraints; write SQL(…) or Check(…)")  # noqa: TRY004 (as all here)
    reader = Reader.of(neutral(node))
    found = [_Constraint(reader, columns).read()]
    while reader.take(","):
        found.append(_Constraint(reader, columns).read())
    reader.end()
    return tuple(found)


@dataclass(slots=True)
class _Constraint:
    """One constraint, and what it is called."""

    reader: Reader
    columns: Collection[str]
    name: str | None = None

    def read(self) -> Constraint:
        if self.reader.take("CONSTRAINT"):
            self.name = self.reader.name()
        for words, read in _READERS.items():
            if self.reader.take(*words):
                return read(self)
        raise self.reader.wrong()

    def check(self) -> Check:
        inner = self.reader.group()
        if not inner:
            raise self.reader.wrong()
        self.reader.take("ENFORCED")
        return Check(marked(inner, self.columns, marks_text=True), self.name)

    def unique(self) -> Unique | Index:
        distinct = read_nulls(self.reader)
        if self.reader.at("("):
            columns = column_names(self.reader.group(), self.columns)
        else:  # the words of MySQL before the columns
            index = self.index(unique=True)
            if not index.columns:
                return index
            columns = index.columns
        deferral = read_deferral(self.reader)
        conflict = read_conflict(self.reader)
        return Unique(columns, self.name, deferral, nulls_distinct=distinct, conflict=conflict)

    def index(self, using: str | None = None, *, unique: bool = False) -> Index:
        """Read an index as MySQL has it among constraints; without a name if it says none."""
        if not self.reader.take("KEY"):
            self.reader.take("INDEX")
        if not (self.reader.at("(") or self.reader.at("USING")):
            self.name = self.reader.name()
        using = read_method(self.reader) or using
        parts = [read_part(part, self.columns) for part in split(self.reader.group())]
        for part in parts:
            if len(part.tokens) == 1:
                column_name(part.tokens[0].value, self.columns)
        using = read_method(self.reader) or using
        named = self.name is not None
        return Index(self.name or "", (), unique, named, parts=tuple(parts), using=using)

    def primary_key(self) -> PrimaryKey:
        names = column_names(self.reader.group(), self.columns)
        return PrimaryKey(names, self.name, read_conflict(self.reader))

    def foreign_key(self) -> Reference:
        names = column_names(self.reader.group(), self.columns)
        self.reader.expect("REFERENCES")
        return read_reference(self.reader, names, self.name)

    def exclusion(self) -> Exclusion:
        words = self.reader.until(lambda: self.reader.at(","))
        return Exclusion(marked(words, self.columns), self.name)


_READERS: dict[tuple[str, ...], Callable[[_Constraint], Constraint]] = {
    ("CHECK",): _Constraint.check,
    ("UNIQUE",): _Constraint.unique,
    ("PRIMARY", "KEY"): _Constraint.primary_key,
    ("FOREIGN", "KEY"): _Constraint.foreign_key,
    ("EXCLUDE",): _Constraint.exclusion,
    ("FULLTEXT",): lambda found: found.index("fulltext"),
    ("SPATIAL",): lambda found: found.index("spatial"),
    ("INDEX",): _Constraint.index,
    ("KEY",): _Constraint.index,
}
