"""Guards as SQL: which rows are in the way of a step, counted and sampled.

The same standard SQL everywhere; a dialect says how long a value is and which values a
type cannot hold.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, assert_never

from peewee_mig.dialects import row_sql
from peewee_mig.dialects.asked import Filled, Guard
from peewee_mig.dialects.base import Dialect
from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.types import ColumnType

#: Words behind a part of an index that say nothing of its value.
_ORDER = frozenset({"ASC", "DESC", "NULLS", "FIRST", "LAST"})

#: How many values a sample shows.
SAMPLE = 5

#: Integer types -> the bits of their values, the sign included.
INTEGER_BITS = {"SMALLINT": 16, "INT": 32, "BIGINT": 64}
#: Integer types -> the decimal digits of their values.
_DIGITS = {"SMALLINT": 5, "INT": 10, "BIGINT": 19}
#: Floating types -> the bits of their mantissa.
FLOAT_BITS = {"FLOAT": 24, "DOUBLE": 53}
NUMBERS = frozenset({*INTEGER_BITS, *FLOAT_BITS, "DECIMAL"})
TEXTS = frozenset({"CHAR", "VARCHAR", "TEXT"})
BYTES = frozenset({"BLOB", "UUIDB"})
TIMES = frozenset({"DATE", "DATETIME", "TIME"})
#: Texts that are a truth, in small letters: what PostgreSQL's BOOLEAN takes.
TRUE_WORDS = ("1", "t", "true", "y", "yes", "on")
FALSE_WORDS = ("0", "f", "false", "n", "no", "off")
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
#: The days that exist: a server refuses others, in the middle of a migration if need be.
DATE_PATTERN = (
    "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    f"|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_MINUTES = "([01][0-9]|2[0-3]):[0-5][0-9]"
TIME_PATTERN = f"{_MINUTES}(:[0-5][0-9]([.][0-9]{{1,6}})?)?"
#: A time of day where the server keeps no fractions of a second.
WHOLE_TIME_PATTERN = f"{_MINUTES}(:[0-5][0-9]([.]0+)?)?"
#: Types among which (and from and to texts) a value has a counterpart.
_FAMILIES = (NUMBERS | {"BOOL", "JSON"}, BYTES | {"UUID"}, {"DATE", "DATETIME"})


class GuardSql(Dialect):
    """The part of a dialect that spells guards."""

    #: The collation of texts that none is declared for, if all databases have the same.
    own_collation: ClassVar[str] = ""

    @abstractmethod
    def length_sql(self, column: str) -> str:
        """Spell the number of characters of a value; ``column`` is quoted."""

    def compares(self, one: ColumnType, other: ColumnType) -> bool:  # noqa: ARG002 (the contract)
        """Whether values of two types can be compared with ``=``."""
        return True

    def matched(self, value: str, kind: ColumnType) -> str:  # noqa: ARG002 (the contract)
        """Spell a value such that it compares with what it refers to."""
        return value

    def guard_sql(self, guard: Guard) -> tuple[str, str]:
        """Spell a guard: a SELECT that counts the rows in the way, one that samples them.

        The sample shows up to five of the offending values, or the keys of rows where it is
        not a value that offends; without a primary key it then returns no row.
        """
        table = self.quote_table(guard.table)
        match guard.kind:
            case "rows":
                return _count_over(table, guard.limit), self._sample_keys(guard, "1 = 1")
            case "nulls":
                wrong = " OR ".join(f"{self.quote(name)} IS NULL" for name in guard.columns)
                return _count(table, wrong), self._sample_keys(guard, wrong)
            case "duplicates":
                return self._duplicates(guard)
            case "orphans" | "left":
                return self._orphans(guard) if guard.kind == "orphans" else self._left(guard)
            case "violated":
                wrong = self._false(guard)
                return _count(table, wrong), self._sample_keys(guard, wrong)
            case "changed" | "referred" | "missing" | "too_long" | "cast" | "values" | "strict":
                of_rows = guard.kind in ("changed", "referred", "missing")
                return self._of_rows(guard) if of_rows else self._values(guard)
            case _:
                assert_never(guard.kind)

    def _sample_keys(self, guard: Guard, wrong: str) -> str:
        table = self.quote_table(guard.table)
        if not guard.key:
            return f"SELECT 1 FROM {table} WHERE 1 = 0"
        return f"SELECT {self.quote_all(guard.key)} FROM {table} WHERE {wrong} LIMIT {SAMPLE}"

    def _false(self, guard: Guard) -> str:
        if guard.condition is None:
            raise SchemaError(f"the check of {guard.table} has no condition")
        return f"NOT ({self._spelled(guard, guard.condition)})"

    def _spelled(self, guard: Guard, expression: Expression) -> str:
        """Spell an expression over the values that columns will have."""
        return expression.spelled(
            lambda name: self.given(guard, name), self.text_sql, self.word_sql
        )

    def given(self, guard: Guard, name: str) -> str:
        """Spell the value of a column as it will be, in its new type; NULL where none can be."""
        column = self.quote(name)
        filled = next((each for each in guard.filled if each.column == name), None)
        if filled is None:
            return column
        if filled.added:
            return self.collated(self._fill(filled), filled.collation)
        if filled.using is not None:
            value = f"({self.expression_sql(filled.using)})"
        else:
            value = self._cast(column, filled.old, filled.type.plain) if filled.old else column
        if filled.fill is not None:
            value = f"COALESCE({value}, {self._fill(filled)})"
        return self.collated(value, filled.collation)

    def _cast(self, column: str, old: ColumnType, new: ColumnType) -> str:
        value, bad = self.cast_sql(column, old, new), self.misfit(column, old, new)
        return f"CASE WHEN {bad} THEN NULL ELSE {value} END" if bad else value

    def _fill(self, filled: Filled) -> str:
        """Spell the value that rows get."""
        if filled.fill is None:
            return self.typed("NULL", filled.type.plain)
        if isinstance(filled.fill, Expression):
            words = self.expression_sql(filled.fill)
            return self.typed(
                words if len(filled.fill.tokens) == 1 else f"({words})", filled.type.plain
            )
        return self.fill_sql(filled.fill, filled.type)

    def collated(self, value: str, collation: str | None) -> str:
        """Spell a value as texts of a collation are compared; ``None``: it stays as it is."""
        words = collation or (self.own_collation if collation is not None else "")
        return f"{value} COLLATE {words}" if words else value

    def typed(self, value: str, type_: ColumnType) -> str:  # noqa: ARG002 (the contract)
        """Spell a constant such that it has a type, where the server wants to know it."""
        return value

    def _duplicates(self, guard: Guard) -> tuple[str, str]:
        values = [self._part(guard, part) for part in guard.parts]
        values = values or [self._value(guard, name) for name in guard.columns]
        looked_at = [] if guard.nulls_equal else [f"{value} IS NOT NULL" for value in values]
        if guard.condition is not None:
            looked_at.append(f"({self._spelled(guard, guard.condition)})")
        places = ", ".join(str(place) for place in range(1, len(values) + 1))
        twice = (
            f"SELECT {', '.join(values)} FROM {self.quote_table(guard.table)} "
            f"WHERE {' AND '.join(looked_at) or '1 = 1'} "
            f"GROUP BY {places} HAVING count(*) > 1"
        )
        return f"SELECT count(*) FROM ({twice}) AS twice", f"{twice} LIMIT {SAMPLE}"

    def _part(self, guard: Guard, part: Expression) -> str:
        """Spell the value that a part of an index holds, without its order and the like."""
        return self._spelled(guard, self.valued(part))

    def valued(self, part: Expression) -> Expression:
        """Return the value that a part of an index holds, without its order and the like."""
        words = list(part.tokens)
        while len(words) > 1 and words[-1].kind == "word" and words[-1].value.upper() in _ORDER:
            words.pop()
        return Expression(" ".join(map(str, words)))

    def _orphans(self, guard: Guard) -> tuple[str, str]:
        columns = [self._value(guard, name, "child.") for name in guard.columns]
        referred = [f"parent.{self.quote(name)}" for name in guard.referred_columns]
        present = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        for place, (own, other) in enumerate(guard.sides):
            if not self.compares(own, other):
                columns[place] = self.matched(f"CAST({columns[place]} AS TEXT)", ColumnType("TEXT"))
                referred[place] = f"CAST({referred[place]} AS TEXT)"
            else:
                columns[place] = self.matched(columns[place], own)
        equal = " AND ".join(
            f"{one} = {other}" for one, other in zip(referred, columns, strict=True)
        )
        parents = f"SELECT 1 FROM {self.quote_table(guard.referred_table)} AS parent WHERE {equal}"
        table = f"{self.quote_table(guard.table)} AS child"
        wrong = f"{present} AND NOT EXISTS ({parents})"
        return _count(table, wrong), _sample(", ".join(columns), table, wrong)

    def _left(self, guard: Guard) -> tuple[str, str]:
        """Look for values that are copied to no row."""
        source, taking = self.quote_table(guard.table), self.quote_table(guard.referred_table)
        value, *columns = (f"source.{self.quote(name)}" for name in guard.columns)
        others = [f"taking.{self.quote(name)}" for name in guard.referred_columns]
        equal = " AND ".join(f"{a} = {b}" for a, b in zip(others, columns, strict=True))
        wrong = (
            f"{value} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {taking} AS taking WHERE {equal})"
        )
        table = f"{source} AS source"
        return _count(table, wrong), _sample(value, table, wrong)

    def _value(self, guard: Guard, name: str, prefix: str = "") -> str:
        """Spell the value of a column as it will be after its fill."""
        column = f"{prefix}{self.quote(name)}"
        filled = next((each for each in guard.filled if each.column == name), None)
        if filled is None:
            return column
        if filled.fill is None or filled.using is not None:
            return self.given(guard, name)
        value = self._fill(filled)
        if filled.old and not self.compares(filled.old, filled.type):
            column, value = f"CAST({column} AS TEXT)", f"CAST({value} AS TEXT)"
        return value if filled.added else f"COALESCE({column}, {value})"

    def _of_rows(self, guard: Guard) -> tuple[str, str]:
        """Look for reference rows that are in the way, or not there."""
        if guard.kind == "missing":
            return self._missing(guard)
        table, wrong = self.quote_table(guard.table), self._declared(guard)
        return _count(table, wrong), _sample(self.quote_all(guard.columns), table, wrong)

    def _declared(self, guard: Guard) -> str:
        """Spell which rows are reference rows with other values, or refer to one that goes."""
        if guard.kind == "changed":
            return row_sql.otherwise(self, guard.rows)
        other, keys = self.quote_table(guard.referred_table), [row.key for row in guard.rows]
        found = " AND ".join(
            f"{self.quote(own)} IN (SELECT {self.quote(name)} FROM {other}"
            f" WHERE {row_sql.any_of(self, '', keys)})"
            for own, name in zip(guard.columns, guard.referred_columns, strict=True)
        )
        leaving = " OR ".join(f"({row_sql.as_expected(self, row)})" for row in guard.leaving)
        return f"{found} AND CASE WHEN {leaving} THEN 0 ELSE 1 END = 1" if leaving else found

    def _missing(self, guard: Guard) -> tuple[str, str]:
        """Count reference rows that are not there; there is nothing of them to show."""
        table = self.quote_table(guard.table)
        counts = " + ".join(
            f"CASE WHEN EXISTS (SELECT 1 FROM {table} WHERE {row_sql.matches(self, row.key)})"
            " THEN 0 ELSE 1 END"
            for row in guard.rows
        )
        return f"SELECT {counts}", f"SELECT 1 FROM {table} WHERE 1 = 0"

    def _values(self, guard: Guard) -> tuple[str, str]:
        table, column = self.quote_table(guard.table), self.quote(guard.columns[0])
        wrong = f"{column} IS NOT NULL"
        match guard.kind:
            case "too_long":
                wrong = f"{self.length_sql(column)} > {guard.limit}"
            case "cast":
                bad = self.misfit(column, *_types(guard))
                if guard.allowed:
                    bad = f"{self.as_text(column)} NOT IN ({self._texts(guard.allowed)})"
                wrong = f"{wrong} AND ({bad or '1 = 0'})"
            case "strict":
                bad = self.strict_misfit(column, *_types(guard))
                wrong = f"{wrong} AND ({bad or '1 = 0'})"
            case _:
                pass
        return _count(table, wrong), _sample(self.shown(column, guard.old), table, wrong)

    def as_text(self, column: str) -> str:
        """Spell a value of an enum type as a text."""
        return f"CAST({column} AS TEXT)"

    def _texts(self, values: Iterable[str]) -> str:
        return ", ".join(map(self.text_sql, values))

    def shown(self, column: str, type_: ColumnType | None) -> str:  # noqa: ARG002 (the contract)
        """Spell a value for a sample, in which values must be comparable."""
        return column


def _types(guard: Guard) -> tuple[ColumnType, ColumnType]:
    """Return the type so far and the new one."""
    if guard.old is None or guard.new is None:
        raise SchemaError(f"the cast of {guard.table}.{guard.columns[0]} has no types")
    return guard.old.plain, guard.new.plain


def castable(old: ColumnType, new: ColumnType) -> bool:
    """Whether the values of one type have a counterpart in the other."""
    one, other = old.plain.name, new.plain.name
    return (
        one == other
        or not TEXTS.isdisjoint({one, other})
        or any({one, other} <= family for family in _FAMILIES)
        or (one, other) == ("DATETIME", "TIME")
    )


#: Type of a binary fraction -> numbers nearer to 0 that a cast to it may not take.
_LEAST = {"FLOAT": "1e-37", "DOUBLE": "1e-300"}


def number_widens(old: ColumnType, new: ColumnType) -> bool:
    """Whether a type of number holds all values of another."""
    if new.name == "DECIMAL":
        digits, scale = old.args or (_DIGITS.get(old.name, 99), 0)
        return digits - scale <= new.args[0] - new.args[1] and scale <= new.args[1]
    integer = INTEGER_BITS.get(old.name, 99)
    exact = integer <= max(INTEGER_BITS.get(new.name, 0), FLOAT_BITS.get(new.name, 0))
    return exact or FLOAT_BITS.get(old.name, 99) <= FLOAT_BITS.get(new.name, 0)


def number_misfit(column: str, new: ColumnType, read: str) -> str:
    """Spell what is true of the numbers that a type of number, or BOOL, cannot hold.

    ``read``: what is read back of the number from a column of type ``new``. A binary fraction
    is not compared itself: 0.1 is none, but it is read back as 0.1. Empty: a whole number,
    which is kept up to the limit.
    """
    if new.name in INTEGER_BITS:
        limit = 2 ** (INTEGER_BITS[new.name] - 1)
        outside = f"{column} NOT BETWEEN {-limit} AND {limit - 1}"
        return f"{outside} OR {column} <> round({column})"
    if new.name in FLOAT_BITS:
        limit, least = 2 ** FLOAT_BITS[new.name], _LEAST[new.name]
        outside = f"abs({column}) > {limit} OR ({column} <> 0 AND abs({column}) < {least})"
        compared = f"CASE WHEN {outside} THEN TRUE ELSE {read} <> {column} END"
        return compared if read else f"abs({column}) > {limit}"
    if new.name == "DECIMAL":
        digits, scale = new.args
        too_large = f"abs({column}) >= 1{'0' * (digits - scale)}"
        return f"{too_large} OR {column} <> round({column}, {scale})"
    return f"{column} NOT IN (0, 1)"


def _count(table: str, wrong: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE {wrong}"


def _count_over(table: str, limit: int) -> str:
    if not limit:
        return f"SELECT count(*) FROM {table}"
    return f"SELECT CASE WHEN count(*) > {limit} THEN count(*) ELSE 0 END FROM {table}"


def _sample(columns: str, table: str, wrong: str) -> str:
    return f"SELECT DISTINCT {columns} FROM {table} WHERE {wrong} LIMIT {SAMPLE}"
