"""The step that moves a table to another schema, where names of what goes along may be taken."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.dialects.postgres.render import NAME_BYTES
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.schema.names import qualified, schema_of
from peewee_mig.schema.objects import Table

#: The indexes of keys, and the sequences, that go along with a table and that the other schema
#: has a namesake of.
_TAKEN = """
SELECT c.relkind::text, c.relname::text FROM pg_catalog.pg_class AS c
WHERE (c.oid IN (SELECT k.conindid FROM pg_catalog.pg_constraint AS k
    WHERE k.conrelid = {table} AND k.contype IN ('p', 'u'))
  OR c.relkind = 'S' AND c.oid IN (SELECT d.objid FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refobjid = {table}
      AND d.deptype IN ('a', 'i')))
  AND c.relname NOT IN ({named})
  AND EXISTS (SELECT 1 FROM pg_catalog.pg_class AS t
    WHERE t.relname = c.relname AND t.relnamespace = to_regnamespace({schema}))
ORDER BY 2
"""
_KINDS = {"i": "INDEX", "I": "INDEX", "S": "SEQUENCE"}


@dataclass(frozen=True, slots=True)
class MoveTable(LiveStep):
    """Move a table to another schema. ``schema``: ``None`` is that of the connection.

    A table that was renamed keeps the keys and sequences that were named after it, so that a
    table with its name in the other schema may have the same ones. ``table``: as it is.
    """

    operations: tuple[int, ...]
    dialect: Dialect
    table: Table
    new: str

    @property
    def tables(self) -> tuple[str, ...]:
        """The table that it changes, by both names."""
        return (self.table.name, self.new)

    @property
    def note(self) -> str:
        """Say which schema is assumed."""
        return "" if self._schema else "assumes that the schema of the connection is public"

    def preview(self) -> tuple[str, ...]:
        """Return the statement; without a schema, for the one that connections have by default."""
        return (self._move(self._schema or "public"),)

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return the statements that give free names to what goes along, and the one that moves."""
        schema = self._schema or query("SELECT current_schema()::text")[0][0]
        return (*self._freed(query, schema), self._move(schema))

    @property
    def _schema(self) -> str | None:
        return schema_of(self.new)

    def _move(self, schema: str) -> str:
        action = f"SET SCHEMA {self.dialect.quote(schema)}"
        return ddl.alter(self.dialect, self.table.name, action)

    def _freed(self, query: Query, schema: str) -> Iterator[str]:
        own = [key.name for key in (self.table.primary_key, *self.table.uniques) if key]
        named = ", ".join(text_literal(name) for name in own if name) or "''"
        table = f"to_regclass({text_literal(self.dialect.quote_table(self.table.name))})"
        place = text_literal(self.dialect.quote(schema))
        for kind, name in query(_TAKEN.format(table=table, named=named, schema=place)):
            free = next(each for each in _numbered(name) if self._is_free(query, schema, each))
            here = self.dialect.quote_table(qualified(schema_of(self.table.name), name))
            yield f"ALTER {_KINDS[kind]} {here} RENAME TO {self.dialect.quote(free)}"

    def _is_free(self, query: Query, schema: str, name: str) -> bool:
        places = (qualified(schema_of(self.table.name), name), qualified(schema, name))
        taken = (
            f"to_regclass({text_literal(self.dialect.quote_table(each))}) IS NOT NULL"
            for each in places
        )
        return not query(f"SELECT {' OR '.join(taken)}")[0][0]


def _numbered(name: str) -> Iterator[str]:
    """Yield names with a number behind, as PostgreSQL makes them up."""
    for number in map(str, itertools.count(1)):
        yield name.encode()[: NAME_BYTES - len(number)].decode(errors="ignore") + number
