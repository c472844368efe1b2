"""``Meta.constraints``: what raw SQL says of a whole table."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from peewee import Node

from peewee_mig.schema.objects import Check, Exclusion, PrimaryKey, Unique
from peewee_mig.sources.clauses import (
    Reference,
    read_conflict,
    read_deferral,
    read_nulls,
    read_reference,
)
from peewee_mig.sources.reader import Reader, column_names, marked
from peewee_mig.sources.sqltext import neutral

Constraint = PrimaryKey | Check | Unique | Exclusion | Reference


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

    def unique(self) -> Unique:
        distinct = read_nulls(self.reader)
        if not self.reader.at("("):
            self._name_of_mysql()
        names = column_names(self.reader.group(), self.columns)
        deferral = read_deferral(self.reader)
        conflict = read_conflict(self.reader)
        return Unique(names, self.name, deferral, nulls_distinct=distinct, conflict=conflict)

    def _name_of_mysql(self) -> None:
        """Read the name that MySQL has before the columns."""
        if not self.reader.take("KEY"):
            self.reader.take("INDEX")
        if not self.reader.at("("):
            self.name = self.reader.name()

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
}
