"""Reference rows: those that a table is declared to have, known by a natural key.

Values stand in the form in which Peewee stores them: decimals, dates, UUIDs and JSON are text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from peewee_mig.errors import SchemaError

Scalar = str | int | float | bool | bytes

#: Functions that give existing rows a value: each row its own (``uuid4``), the time of the
#: migration, or the empty value of the column's type (``''``, 0, false, ...).
Function = Literal["now", "utcnow", "today", "uuid4", "empty"]


@dataclass(frozen=True, slots=True)
class Generated:
    """A value that the database makes for existing rows."""

    function: Function


@dataclass(frozen=True, slots=True)
class Ref:
    """What the row of a table with a natural key has in a column, such as its number."""

    table: str
    column: str
    key: Row

    def __str__(self) -> str:
        """Spell it for people: the values of the key."""
        return str(self.key)


#: What a row has in a column; ``None`` is NULL, what is generated only counts for a new row.
Value = Scalar | Ref | Generated | None


@dataclass(frozen=True, slots=True)
class Row:
    """The values of a row, by column: only those that are given."""

    values: tuple[tuple[str, Value], ...]

    def __post_init__(self) -> None:
        """Sort the columns; refuse one twice."""
        found = dict(self.values)
        if len(found) < len(self.values):
            raise SchemaError(f"a row has a column twice: {', '.join(n for n, _ in self.values)}")
        object.__setattr__(self, "values", tuple(sorted(self.values, key=lambda each: each[0])))

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Row:
        """Make a row of values by column."""
        return cls(tuple(values.items()))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that have a value, sorted."""
        return tuple(name for name, _ in self.values)

    def part(self, columns: Collection[str]) -> Row:
        """Return those of the values that are in some columns."""
        return Row(tuple(each for each in self.values if each[0] in columns))

    def but(self, columns: Collection[str]) -> Row:
        """Return the values of all other columns."""
        return Row(tuple(each for each in self.values if each[0] not in columns))

    def renamed(self, names: Mapping[str, str]) -> Row:
        """Return the row with other names for its columns."""
        return Row(tuple((names.get(name, name), value) for name, value in self.values))

    @property
    def refs(self) -> Iterator[Ref]:
        """Yield what it refers to, and what the keys of that refer to."""
        for _, value in self.values:
            if isinstance(value, Ref):
                yield value
                yield from value.key.refs

    def referring(self, changed: Callable[[Ref], Ref]) -> Row:
        """Return the row with its references changed, the inner ones first."""
        return Row(tuple((name, _referring(value, changed)) for name, value in self.values))

    def __str__(self) -> str:
        """Spell the values for people, without the columns."""
        return self.said(self.columns)

    def said(self, columns: Sequence[str]) -> str:
        """Spell the values of some columns for people."""
        values = dict(self.values)
        return ", ".join(_shown(values.get(name)) for name in columns)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table, each known by its values of ``key``; their order does not count."""

    key: tuple[str, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        """Refuse rows without a key, and two of one."""
        if not self.key or len({*self.key}) < len(self.key):
            raise SchemaError(f"({', '.join(self.key)}) is no key of rows")
        for row in self.rows:
            lacking = [name for name in self.key if dict(row.values).get(name) is None]
            if lacking:
                raise SchemaError(f"the row ({row}) has no {', '.join(lacking)}, which is its key")
        if len(self.by_key) < len(self.rows):
            keys = [row.part(self.key) for row in self.rows]
            twice = next(each for each in keys if keys.count(each) > 1)
            raise SchemaError(f"two rows have the {', '.join(self.key)} {twice}")

    @cached_property
    def by_key(self) -> dict[Row, Row]:
        """The rows by their keys."""
        return {row.part(self.key): row for row in self.rows}

    @property
    def columns(self) -> frozenset[str]:
        """The columns that any row gives."""
        return frozenset(name for row in self.rows for name in row.columns)

    def renamed(self, names: Mapping[str, str]) -> Rows:
        """Return the rows with other names for their columns."""
        key = tuple(names.get(name, name) for name in self.key)
        return Rows(key, tuple(row.renamed(names) for row in self.rows))

    def referring(self, changed: Callable[[Ref], Ref]) -> Rows:
        """Return the rows with their references changed."""
        return replace(self, rows=tuple(row.referring(changed) for row in self.rows))

    def __eq__(self, other: object) -> bool:
        """Compare everything but the order."""
        if not isinstance(other, Rows):
            return NotImplemented
        return self.key == other.key and frozenset(self.rows) == frozenset(other.rows)

    def __hash__(self) -> int:
        """Agree with ``==``."""
        return hash((self.key, frozenset(self.rows)))


def _referring(value: Value, changed: Callable[[Ref], Ref]) -> Value:
    if not isinstance(value, Ref):
        return value
    return changed(replace(value, key=value.key.referring(changed)))


def _shown(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, Generated):
        return f"{value.function}()"
    return f"x'{value.hex()}'" if isinstance(value, bytes) else str(value)
