"""What a live database holds besides our own records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from peewee_mig.dialects.base import Dialect, Inspection, Query
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.history.records import OwnTables
from peewee_mig.schema.names import schema_of
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema


def read_catalog(
    dialect: Dialect, query: Query, own: OwnTables, *, schemas: Iterable[str] = ()
) -> Inspection:
    """Inspect a database, leaving out our own tables and what hangs on them.

    ``schemas``: those to look at beside the schema of the connection.
    """
    return without_own(dialect.inspect(query, frozenset(schemas)), own)


def without_own(found: Inspection, own: OwnTables) -> Inspection:
    """Return what was found without our own tables and what hangs on them."""
    return replace(
        found,
        schema=found.schema.with_tables(t for t in found.schema if t.name not in own.names),
        unmanaged=tuple(each for each in found.unmanaged if each.table not in own.names),
    )


def schemas_of(names: Iterable[str]) -> frozenset[str]:
    """Return the schemas that names of tables say."""
    return frozenset(filter(None, map(schema_of, names)))


@dataclass
class Speller:
    """Asks a server, once for each table, how it spells what is declared.

    Only tables are asked about that cannot be told to be equal without it.
    """

    dialect: Dialect
    query: Query
    known: dict[Table, dict[tuple[Table, str], str]] = field(
        default_factory=dict[Table, dict[tuple[Table, str], str]]
    )

    def respelled(self, found: Inspection, declared: Schema) -> Inspection:
        """Return what was found with the spellings that a comparison needs."""
        doubtful = self._doubtful(found, declared)
        new = [table for table in doubtful if table not in self.known]
        if new:
            self._ask(new)
        spellings = {key: words for each in doubtful for key, words in self.known[each].items()}
        return replace(found, spellings=spellings)

    def _doubtful(self, found: Inspection, declared: Schema) -> list[Table]:
        settled = settle(recognize(found, declared, self.dialect), declared)
        return [
            table
            for table in declared
            if table.name in settled and settled.table(table.name) != table and _has_words(table)
        ]

    def _ask(self, tables: list[Table]) -> None:
        answered = self.dialect.spellings(self.query, tables)
        for table in tables:
            self.known[table] = {}
        for (table, words), spelled in answered.items():
            self.known[table][table, words] = spelled


def _has_words(table: Table) -> bool:
    """Whether a table has anything that a server spells its own way."""
    return bool(
        table.checks
        or table.exclusions
        or table.options.words
        or any(index.parts or index.where for index in table.indexes)
        or any(
            each.default or each.computed or each.type.native or each.collation or each.options
            for each in table.columns
        )
    )
