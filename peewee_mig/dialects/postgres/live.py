"""Steps that look up what PostgreSQL named: foreign keys, primary keys, sequences."""

from __future__ import annotations

from dataclasses import dataclass

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.dialects.postgres.render import object_name, stored_name
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.errors import RefusedError
from peewee_mig.schema.objects import ForeignKey, PrimaryKey

_HINT = "the database differs from the last snapshot: put the object back, then migrate again"


@dataclass(frozen=True, slots=True)
class DropConstraint(LiveStep):
    """Drop a key that PostgreSQL named."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    key: ForeignKey | PrimaryKey

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        return f"assumes that PostgreSQL named the {self._what} {self._assumed}"

    def preview(self) -> tuple[str, ...]:
        """Return the statement for the name that PostgreSQL gives by default."""
        return self._statements(self._assumed)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statement for the name in the catalog."""
        names = [name for name, *found in query(self._lookup()) if self._matches(found)]
        if not names:
            raise RefusedError(f"the database has no {self._what}", hint=_HINT)
        if len(names) > 1:
            raise RefusedError(
                f"the database has the {self._what} twice: {', '.join(names)}",
                hint="drop the superfluous one, then migrate again",
            )
        return self._statements(names[0])

    @property
    def _what(self) -> str:
        kind = "foreign key" if isinstance(self.key, ForeignKey) else "primary key"
        return f"{kind} of {self.table} ({', '.join(self.key.columns)})"

    @property
    def _assumed(self) -> str:
        if isinstance(self.key, ForeignKey):
            return object_name(self.table, self.key.columns, "fkey")
        return object_name(self.table, (), "pkey")

    def _statements(self, name: str) -> tuple[str, ...]:
        return (ddl.alter(self.dialect, self.table, f"DROP CONSTRAINT {self.dialect.quote(name)}"),)

    def _matches(self, found: list[object]) -> bool:
        columns, table, referred = found
        key = self.key
        if isinstance(key, PrimaryKey):
            return columns == _stored(key.columns)
        wanted = (_stored(key.columns), stored_name(key.referred_table))
        return (columns, table) == wanted and referred == _stored(key.referred_columns)

    def _lookup(self) -> str:
        kind = "f" if isinstance(self.key, ForeignKey) else "p"
        return (
            f"SELECT c.conname::TEXT, {_names('c.conrelid', 'c.conkey')}, r.relname::TEXT, "
            f"{_names('c.confrelid', 'c.confkey')} FROM pg_catalog.pg_constraint AS c "
            f"LEFT JOIN pg_catalog.pg_class AS r ON r.oid = c.confrelid WHERE c.contype = '{kind}' "
            f"AND c.conrelid = to_regclass({text_literal(self.dialect.quote(self.table))})"
        )


@dataclass(frozen=True, slots=True)
class OnSequence(LiveStep):
    """Drop, or change the type of, the sequence that numbers a column."""

    operations: tuple[int, ...]
    dialect: Dialect
    table: str
    column: str
    #: The new type; empty: drop it with the column's default.
    type_words: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes."""
        return (self.table,)

    @property
    def note(self) -> str:
        """Say which name is assumed."""
        return f"assumes that PostgreSQL named the sequence {self._assumed}"

    def preview(self) -> tuple[str, ...]:
        """Return the statements for the name that PostgreSQL gives by default."""
        return self._statements(self.dialect.quote(self._assumed))

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements for the sequence that the column owns."""
        table = text_literal(self.dialect.quote(self.table))
        # It cuts the name of the table, but not that of the column.
        column = text_literal(stored_name(self.column))
        found = query(f"SELECT pg_get_serial_sequence({table}, {column})")
        if found[0][0] is None:
            where = f"{self.table}.{self.column}"
            raise RefusedError(f"the database has no sequence for {where}", hint=_HINT)
        return self._statements(found[0][0])

    @property
    def _assumed(self) -> str:
        return object_name(self.table, (self.column,), "seq")

    def _statements(self, name: str) -> tuple[str, ...]:
        if self.type_words:
            return (f"ALTER SEQUENCE {name} AS {self.type_words}",)
        default = f"ALTER COLUMN {self.dialect.quote(self.column)} DROP DEFAULT"
        return (ddl.alter(self.dialect, self.table, default), f"DROP SEQUENCE {name}")


def _stored(names: tuple[str, ...]) -> list[str]:
    return [stored_name(name) for name in names]


def _names(table: str, numbers: str) -> str:
    return (
        f"ARRAY(SELECT a.attname::TEXT FROM unnest({numbers}) WITH ORDINALITY AS k (number, place) "
        f"JOIN pg_catalog.pg_attribute AS a ON a.attrelid = {table} AND a.attnum = k.number "
        "ORDER BY k.place)"
    )
