"""The tables in which other tools keep their records: only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from peewee_mig.commands.adopting.values import Applied
from peewee_mig.dialects.base import Dialect, Query, Row
from peewee_mig.schema.names import bare, schema_of
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True)
class Records:
    """A database that other tools may have written to.

    ``url``: how to name it in a command; it holds no password.
    """

    dialect: Dialect
    query: Query
    url: str = "DATABASE"
    _schemas: dict[str | None, Schema] = field(
        default_factory=dict[str | None, Schema], repr=False, compare=False
    )

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table; none if it is not there."""
        schema = schema_of(table)
        if schema not in self._schemas:
            asked = frozenset({schema} if schema else ())
            self._schemas[schema] = self.dialect.inspect(self.query, asked).schema
        found = self._schemas[schema].find_table(table)
        return tuple(found.column_names) if found is not None else ()

    def spelled(self, table: str) -> str:
        """Return a name as the catalog has it: without the schema, if it is the connection's."""
        is_listed = bool(self.columns(table))
        if schema_of(table) and not is_listed and self.dialect.has_table(self.query, table):
            return bare(table)
        return table

    def has(self, table: str, columns: Sequence[str]) -> bool:
        """Whether there is a table with these columns."""
        return set(columns) <= set(self.columns(table))

    def rows(self, table: str, columns: Sequence[str]) -> tuple[Row, ...]:
        """Return the rows in the order of the last column; none if there is no such table."""
        if not self.has(table, columns):
            return ()
        quote = self.dialect.quote_all
        order = f"ORDER BY {quote((columns[-1], columns[0]))}"
        name = self.dialect.quote_table(table)
        return tuple(self.query(f"SELECT {quote(columns)} FROM {name} {order}"))

    def applied(self, table: str, name: str, at: str) -> tuple[Applied, ...]:
        """Return the migrations that a table names, the oldest first."""
        rows = self.rows(table, (name, at))
        return tuple(Applied(str(each), _moment(when)) for each, when in rows)


def _moment(value: object) -> str:
    """Spell a moment to the second."""
    return "" if value is None else str(value).replace("T", " ").partition(".")[0]
