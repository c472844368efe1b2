"""Rows that may fit a table, the likeliest first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peewee_mig.commands.verifying.values import constant
from peewee_mig.dialects.asked import Guard
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.errors import MigError
from peewee_mig.operations.verbs import Constant
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Column, ForeignKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: How many rows a table gets.
ROWS = 3

#: How far a second value of a column is from the first one, to be on the other side of others.
_APART = 100

#: How many rows are tried together on a condition: SQLite takes 500 terms.
_TOGETHER = 400

#: Stands for a column that is left to its default.
DEFAULT = ""


class NoRowError(Exception):
    """No row of a table can be made, and why."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What the next migration asks of rows, so that they are made to fit.

    ``types``: what values of a (table, column) are cast to; ``guards``: its questions.
    """

    types: Mapping[tuple[str, str], ColumnType] = field(
        default_factory=dict[tuple[str, str], ColumnType]
    )
    guards: Sequence[Guard] = ()


@dataclass(frozen=True)
class Rows:
    """The rows that may fit a table."""

    table: Table
    schema: Schema
    dialect: Dialect
    coming: Coming
    nulls: bool
    query: Query

    @property
    def guards(self) -> list[Guard]:
        """What the next migration asks of the rows of the table."""
        found = (each for each in self.coming.guards if each.table == self.table.name)
        return [each for each in found if each.kind != "left"]  # that looks at other tables too

    def candidates(
        self, number: int, made: int, referred: Sequence[tuple[ForeignKey, list[tuple[str, ...]]]]
    ) -> Iterator[dict[str, str]]:
        """Yield rows to try for one number: column -> SQL, the likeliest first."""
        sparse = self.nulls and number == ROWS
        keys = self._keys(number, made, referred, sparse=sparse)
        free = [each for each in self.table.columns if not (each.name in keys or each.computed)]
        choices = {each.name: self._choices(each, number, sparse=sparse) for each in free}
        for condition in self._conditions:
            choices |= self._fulfilling(condition, choices, keys)
        for values in _nearest_first(list(choices.values())):
            yield keys | dict(zip(choices, values, strict=True))

    def _fulfilling(
        self, condition: Expression, choices: Mapping[str, list[str]], keys: Mapping[str, str]
    ) -> dict[str, list[str]]:
        """Return the first values of columns that fulfil a condition, by asking the database."""
        named = [each for each in self.table.columns if each.name in condition.names]
        if any(each.computed for each in named):
            return {}
        given = [choices.get(each.name) or [keys[each.name]] for each in named]
        known = [[sql for sql in values if sql != DEFAULT] for values in given]
        rows = list(itertools.islice(itertools.product(*known), _TOGETHER))
        place = self._first(condition, named, rows)
        chosen = zip(named, rows[place], strict=True) if place is not None else ()
        return {column.name: [sql] for column, sql in chosen if column.name in choices}

    def _first(
        self, condition: Expression, columns: Sequence[Column], rows: Sequence[tuple[str, ...]]
    ) -> int | None:
        """Return the place of the first row that fulfils a condition; ``None``: none does."""
        if not (rows and columns):
            return None
        selects = (
            ", ".join([str(place), *map(self._typed, row, columns)])
            for place, row in enumerate(rows)
        )
        names = self.dialect.quote_all(each.name for each in columns)
        tried = " UNION ALL SELECT ".join(selects)
        sql = self.dialect.expression_sql(condition)
        try:
            ((place,),) = self.query(
                f"WITH tried (peewee_mig_place, {names}) AS (SELECT {tried})"
                f" SELECT min(peewee_mig_place) FROM tried WHERE ({sql}) IS NOT FALSE"
            )
        except MigError:  # such as a function that takes other types
            return None
        return None if place is None else int(place)

    def _typed(self, sql: str, column: Column) -> str:
        """Give a literal the type of its column, where a select would not know it."""
        if self.dialect.name != "postgres":
            return sql
        return f"CAST({sql} AS {self.dialect.type_sql(column.type.plain)})"

    def _keys(
        self,
        number: int,
        made: int,
        referred: Sequence[tuple[ForeignKey, list[tuple[str, ...]]]],
        *,
        sparse: bool,
    ) -> dict[str, str]:
        """Return values for the columns of foreign keys."""
        found: dict[str, str] = {}
        for key, rows in referred:
            columns = [self.table.column(name) for name in key.columns]
            optional = all(each.null for each in columns)
            fitting = [row for row in rows if _agrees(key, row, found)]
            if optional and (sparse or not fitting):
                found |= {name: "NULL" for name in key.columns if name not in found}
            elif fitting:
                chosen = fitting[(number - 1) % len(fitting)]
                found |= dict(zip(key.columns, chosen, strict=True))
            elif key.referred_table == self.table.name and not made:
                found |= self._to_itself(key, number)
            else:
                raise NoRowError(f"{key.referred_table} has no row to refer to")
        return found

    def _to_itself(self, key: ForeignKey, number: int) -> dict[str, str]:
        """Return values for a row that refers to itself, the key that it has among them."""
        pairs = zip(key.columns, key.referred_columns, strict=True)
        found: dict[str, str] = {}
        for own, other in pairs:
            value = self._value(self.table.column(other), number)
            if value is None:
                raise NoRowError(f"no value of the type of {other} is known")
            found |= {own: value, other: value}
        return found

    def _choices(self, column: Column, number: int, *, sparse: bool) -> list[str]:
        """Return the values to try for a column, the likeliest first."""
        offset = number + self.table.column_names.index(column.name)
        values = [self._value(column, offset), self._value(column, offset, fitting=False)]
        if column.self_filling:  # as a rule: not a column of a composite key
            values.insert(0, DEFAULT)
        if sparse and column.null:
            values.insert(0, "NULL")
        if self._is_checked(column):
            literals = list(self._literals_of(column))
            turned = number % len(literals) if literals else 0
            values += literals[turned:] + literals[:turned]
            values += [self._value(column, offset + _APART), self._value(column, 0)]
        if column.default is not None:
            values.append(DEFAULT)
        if column.null:
            values.append("NULL")
        found = list(dict.fromkeys(each for each in values if each is not None))
        return found or [DEFAULT]

    def _value(self, column: Column, number: int, *, fitting: bool = True) -> str | None:
        """Spell a value of the type of a column; ``fitting``: also of the one that it gets."""
        type_ = self.dialect.meaning(column.type)
        next_ = self.coming.types.get((self.table.name, column.name), type_)
        next_ = _narrower(type_, next_) if fitting else type_
        value = constant(next_, number, word=column.name, schema=self.schema)
        if value is None:
            return None
        if next_ != type_ and type_.name in _WRITTEN:
            value = Constant(_written(value))
        try:
            return self.dialect.literal(value, type_.plain)
        except (MigError, TypeError, ValueError):
            return None

    def _is_checked(self, column: Column) -> bool:
        return any(column.name in each.names for each in self._conditions)

    @property
    def _conditions(self) -> list[Expression]:
        """What a row must fulfil, now and after the next migration."""
        coming = (guard.condition for guard in self.guards)
        return [*(check.expression for check in self.table.checks), *filter(None, coming)]

    def _literals_of(self, column: Column) -> Iterator[str]:
        """Yield what the checks compare a column with: one of these may be what it takes."""
        for condition in self._conditions:
            if column.name not in condition.names:
                continue
            for token in condition.tokens:
                if token.kind == "text":
                    yield self.dialect.text_sql(token.value)
                elif token.kind == "number":
                    yield token.value
                    if token.value.isdecimal():
                        yield from (str(int(token.value) + 1), str(max(0, int(token.value) - 1)))


#: Types whose values are those of another type as they are written.
_WRITTEN = frozenset({"CHAR", "VARCHAR", "TEXT"})


def _narrower(own: ColumnType, other: ColumnType) -> ColumnType:
    """Return that one of two types whose values fit both; any value fits a text."""
    if other.name not in _WRITTEN:
        return other
    is_shorter = own.name in _WRITTEN and 0 < other.limit < (own.limit or other.limit + 1)
    return other if is_shorter else own


def _written(value: Constant) -> str:
    found = value.value
    if isinstance(found, bytes):
        return found.hex()
    return str(int(found)) if isinstance(found, bool) else str(found)


def _agrees(key: ForeignKey, row: Sequence[str], found: Mapping[str, str]) -> bool:
    """Whether a referred row fits what other keys have said of the same columns."""
    return all(found.get(name, sql) == sql for name, sql in zip(key.columns, row, strict=True))


def _nearest_first(choices: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield combinations: the first of all, then those that differ in one place, then the rest."""
    first = tuple(each[0] for each in choices)
    yield first
    for place, values in enumerate(choices):
        for value in values[1:]:
            yield (*first[:place], value, *first[place + 1 :])
    several = [values if len(values) > 1 else values[:1] for values in choices]
    yield from itertools.product(*several)
