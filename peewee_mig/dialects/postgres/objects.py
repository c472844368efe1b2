"""Sequences and enum types: their statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.errors import RefusedError
from peewee_mig.schema.names import bare, qualified, schema_of, split
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType
from peewee_mig.schema.types import ColumnType

_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")
_PASSING = "_peewee_mig_"

#: table and column (both quoted), [] if it is an array, default
_COLUMNS = """
SELECT c.oid::regclass::text, quote_ident(a.attname),
  CASE WHEN a.atttypid = t.oid THEN '' ELSE '[]' END, pg_get_expr(d.adbin, d.adrelid)
FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_attribute AS a ON a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE t.oid = to_regtype({}) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY 1, 2
"""


def create_enum(dialect: Dialect, enum: EnumType) -> str:
    """Spell an enum type."""
    return f"CREATE TYPE {dialect.quote_table(enum.name)} AS ENUM ({_listed(enum.values)})"


def enum_of(type_: ColumnType, schema: Schema) -> EnumType | None:
    """Return the enum type of the schema that a column, or what an array holds, is of."""
    enums = (each for each in schema.objects if isinstance(each, EnumType))
    return next((each for each in enums if _words(each.name) == type_.name), None)


def is_longer(old: EnumType, new: EnumType) -> bool:
    """Whether an enum type has all values of another one in their order, and more."""
    return tuple(value for value in new.values if value in old.values) == old.values


def add_values(dialect: Dialect, old: EnumType, new: EnumType) -> Iterator[str]:
    """Spell the values that an enum type gets, each in its place."""
    before = ""
    for value in new.values:
        if value not in old.values:
            place = f"AFTER {text_literal(before)}" if before else f"BEFORE {_first(old)}"
            name = dialect.quote_table(new.name)
            yield f"ALTER TYPE {name} ADD VALUE {text_literal(value)} {place}"
        before = value


def _first(enum: EnumType) -> str:
    return text_literal(enum.values[0])


@dataclass(frozen=True, slots=True)
class ReplaceEnum(LiveStep):
    """Put an enum type with other values in place of one, in all columns that have it.

    ``columns``: table and column of those that the schema knows, for the preview.
    """

    operations: tuple[int, ...]
    dialect: Dialect
    old: EnumType
    new: EnumType
    columns: tuple[tuple[str, str], ...]
    #: Values that earlier operations of the migration rename to one that stays.
    renamed: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it changes, as far as they are known."""
        return tuple(dict.fromkeys(table for table, _ in self.columns))

    @property
    def note(self) -> str:
        """Say which columns are assumed."""
        return f"assumes that no other column has the type {self.old.name}"

    def check(self, query: Query) -> None:
        """Refuse to lose a value that a row has."""
        known = _listed((*self.new.values, *self.renamed))
        for table, column, array, _ in self._found(query):
            value = f"unnest({column})::TEXT" if array else f"{column}::TEXT"
            rows = query(
                f"SELECT v, count(*) FROM (SELECT {value} AS v FROM {table}) AS q"
                f" WHERE v NOT IN ({known}) GROUP BY v ORDER BY v LIMIT 1"
            )
            for lost, count in rows:
                raise RefusedError(
                    f"{count} row{'s' if count > 1 else ''} of {table} have the value {lost!r} in"
                    f" {column}, which the enum type {self.old.name} loses",
                    hint="give these rows another value, then migrate again",
                )

    def preview(self) -> tuple[str, ...]:
        """Return the statements for the columns that the schema knows."""
        quote = self.dialect.quote
        known = ((self.dialect.quote_table(t), quote(c), "", None) for t, c in self.columns)
        return self._statements(list(known))

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for all columns that have the type."""
        return self._statements(self._found(query))

    def _found(self, query: Query) -> list[tuple[str, str, str, str | None]]:
        name = text_literal(self.dialect.quote_table(self.old.name))
        return [(t, c, array, default) for t, c, array, default in query(_COLUMNS.format(name))]

    def _statements(self, columns: list[tuple[str, str, str, str | None]]) -> tuple[str, ...]:
        old = self.dialect.quote_table(self.old.name)
        passing = qualified(schema_of(self.old.name), f"{_PASSING}{bare(self.old.name)}")
        return (
            f"ALTER TYPE {old} RENAME TO {self.dialect.quote(bare(passing))}",
            create_enum(self.dialect, self.new),
            *(sql for column in columns for sql in self._retyped(*column)),
            f"DROP TYPE {self.dialect.quote_table(passing)}",
        )

    def _retyped(self, table: str, column: str, array: str, default: str | None) -> Iterator[str]:
        """Spell the new type of a column; a default that is lost is changed by a later step."""
        change = f"ALTER TABLE {table} ALTER COLUMN {column}"
        if default is not None:
            yield f"{change} DROP DEFAULT"
        type_ = self.dialect.quote_table(self.new.name) + array
        yield f"{change} TYPE {type_} USING {column}::TEXT{array}::{type_}"
        lost = [value for value in self.old.values if value not in self.new.values]
        if default is not None and not any(text_literal(value) in default for value in lost):
            yield f"{change} SET DEFAULT {default}"


def _words(name: str) -> str:
    """Spell the name of a type as columns have it."""
    parts = (part for part in split(name) if part is not None)
    return ".".join(
        part if _SIMPLE.fullmatch(part) else '"' + part.replace('"', '""') + '"' for part in parts
    )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(map(text_literal, values))
