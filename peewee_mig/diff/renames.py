"""Renames: what a diff cannot know, as questions (candidates) and answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Literal

from peewee_mig.diff.passing import beside_table, passes
from peewee_mig.operations.verbs import Rename
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType


@dataclass(frozen=True, slots=True)
class Renames:
    """Answers: tables as old -> new, columns as (new table, old column) -> new column.

    ``values``: of enum types, (type, old) -> new. ``moves``: columns of another table,
    (new table, new column) -> (old table, old column).
    """

    tables: Mapping[str, str] = field(default_factory=dict[str, str])
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    moves: Mapping[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict[tuple[str, str], tuple[str, str]]
    )

    values: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def with_table(self, old: str, new: str) -> Renames:
        """Add the answer that a table was renamed."""
        return replace(self, tables={**self.tables, old: new})

    def with_column(self, table: str, old: str, new: str) -> Renames:
        """Add the answer that a column was renamed; ``table`` is the table's new name."""
        return replace(self, columns={**self.columns, (table, old): new})

    def with_move(self, table: str, new: str, source: tuple[str, str]) -> Renames:
        """Add the answer that a column came from another table, by that table's old name."""
        return replace(self, moves={**self.moves, (table, new): source})

    def with_value(self, enum: str, old: str, new: str) -> Renames:
        """Add the answer that a value of an enum type was renamed."""
        return replace(self, values={**self.values, (enum, old): new})

    def values_in(self, schema: Schema) -> tuple[Rename, ...]:
        """Return the operations that rename values of the enum types of a schema."""
        return tuple(
            Rename("value", enum, old, new)
            for (enum, old), new in self.values.items()
            if schema.find_enum(enum) is not None
        )

    def virtual_in(self, schema: Schema) -> tuple[Rename, ...]:
        """Return the operations that rename virtual tables of a schema."""
        virtual = {old: new for old, new in self.tables.items() if schema.find_virtual_table(old)}
        ways = passes(virtual, beside_table)
        return tuple(Rename("virtual_table", old, old, new) for old, new in ways)

    def new_table(self, old: str) -> str:
        """Return the name that the table of this old name has now, if it was renamed."""
        return self.tables.get(old, old)

    def old_table(self, new: str) -> str:
        """Return the name that the table of this new name had before, if it was renamed."""
        return next((old for old, name in self.tables.items() if name == new), new)

    def columns_of(self, table: str) -> dict[str, str]:
        """Return old -> new for the columns of the table of this new name."""
        return {old: new for (name, old), new in self.columns.items() if name == table}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may be a rename; ``score`` from 0 to 1, ``table`` as it is called now.

    A column may also have moved: then ``source`` is the table that it was in, by its new name
    if it has one. Of a value, ``table`` is the enum type.
    """

    kind: Literal["table", "column", "value", "move"]
    table: str
    old: str
    new: str
    score: float
    reason: str
    source: str = ""

    @property
    def option(self) -> str:
        """The value of ``--rename`` that answers "yes"."""
        if self.kind == "table":
            return f"{self.old}:{self.new}"
        return f"{self.source or self.table}.{self.old}:{self.table}.{self.new}"


def pairs(before: Schema, after: Schema, renames: Renames) -> tuple[tuple[Table, Table], ...]:
    """Return the tables that exist on both sides, by the tables' new names."""
    return tuple(
        (old, table)
        for table in after
        if (old := before.find_table(renames.old_table(table.name))) is not None
        and (old.name == table.name or old.name in renames.tables)
        and not (old.name == table.name and old.name in renames.tables)
    )


def table_candidates(before: Schema, after: Schema, decided: Renames) -> Iterator[Candidate]:
    """Yield pairs of tables, one gone and one come, that have half of their columns in common."""
    taken = set(decided.tables.values())
    for old in before:
        if old.name in after or old.name in decided.tables:
            continue
        for new in after:
            if new.name in before or new.name in taken:
                continue
            shared = len(set(old.columns) & set(new.columns))
            largest = max(len(old.columns), len(new.columns))
            if 2 * shared >= largest:
                score = round(0.7 * shared / largest + 0.3 * _alike(old.name, new.name), 2)
                reason = f"{shared} of {largest} columns are equal"
                yield Candidate("table", new.name, old.name, new.name, score, reason)


def virtual_candidates(before: Schema, after: Schema, decided: Renames) -> Iterator[Candidate]:
    """Yield pairs of virtual tables of one module, one gone and one come, that are alike."""
    taken = set(decided.tables.values())
    gone = [each for each in before.virtual_tables if _is_free(each.name, after, decided.tables)]
    come = [each for each in after.virtual_tables if _is_free(each.name, before, taken)]
    for old in gone:
        for new in come:
            shared = len(set(old.arguments) & set(new.arguments))
            largest = max(len(old.arguments), len(new.arguments), 1)
            if old.module.lower() == new.module.lower() and 2 * shared >= largest:
                score = round(0.7 * shared / largest + 0.3 * _alike(old.name, new.name), 2)
                reason = f"{shared} of {largest} arguments are equal"
                yield Candidate("table", new.name, old.name, new.name, score, reason)


def _is_free(name: str, other: Schema, decided: Collection[str]) -> bool:
    return other.find_virtual_table(name) is None and name not in decided


def value_candidates(before: Schema, after: Schema, decided: Renames) -> Iterator[Candidate]:
    """Yield values of enum types, one gone and one come, in the same place."""
    enums = (each for each in before.objects if isinstance(each, EnumType))
    for was in enums:
        now = after.find_enum(was.name)
        values = now.values if now else ()
        for old, new in zip(was.values, values, strict=False):
            is_open = (was.name, old) not in decided.values
            if is_open and old not in values and new not in was.values:
                score = round(0.5 + 0.3 * _alike(old, new), 2)
                yield Candidate("value", was.name, old, new, score, "in the same place")


def column_candidates(old: Table, new: Table, decided: Renames) -> Iterator[Candidate]:
    """Yield pairs of columns of a table, one gone and one come, of one type."""
    answers = decided.columns_of(new.name)
    gone = [c for c in old.columns if c.name not in answers and _lost(c.name, new, answers)]
    come = [
        c for c in new.columns if c.name not in answers.values() and not old.find_column(c.name)
    ]
    for was in gone:
        for now in come:
            if was.type == now.type:
                score, reason = _likeness(old, was, new, now)
                yield Candidate("column", new.name, was.name, now.name, score, reason)


def _lost(name: str, new: Table, answers: Mapping[str, str]) -> bool:
    return new.find_column(name) is None or name in answers.values()


def _likeness(old: Table, was: Column, new: Table, now: Column) -> tuple[float, str]:
    """Score a pair of columns of one type, and say why."""
    same_null = was.null == now.null
    same_place = old.column_names.index(was.name) == new.column_names.index(now.name)
    same_keys = _keys(old, was.name) == _keys(new, now.name)
    alike = _alike(was.name, now.name)
    score = 0.4 + 0.3 * alike + 0.1 * same_null + 0.1 * same_place + 0.1 * same_keys
    reasons = [f"both {now.type}"]
    reasons += ["in the same place"] * same_place
    reasons += ["with the same keys and indexes"] * (same_keys and _keys(new, now.name) != ((), ()))
    reasons += ["with names alike"] * (alike >= 0.5)  # noqa: PLR2004 (half of the letters)
    return round(score, 2), ", ".join(reasons)


def _keys(table: Table, column: str) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """Return the indexes and foreign keys of one column, apart from its name."""
    return (
        tuple(sorted(index.unique for index in table.indexes if index.columns == (column,))),
        tuple(
            (key.referred_table, key.referred_columns)
            for key in table.foreign_keys
            if key.columns == (column,)
        ),
    )


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
