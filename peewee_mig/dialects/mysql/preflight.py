"""What the server would leave broken: views and triggers that name what goes.

MySQL and MariaDB keep both as texts. Measured on MariaDB 10.11: DROP COLUMN, RENAME COLUMN,
DROP TABLE and RENAME TABLE say nothing of them; then each SELECT from such a view fails (1356),
and so does each INSERT, UPDATE or DELETE that fires such a trigger (1054, 1146). A change of a
type leaves both at work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peewee_mig.dialects import preflight
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.dialects.mysql.catalog import Catalog, quoted
from peewee_mig.dialects.mysql.types import text_literal
from peewee_mig.dialects.preflight import DROPPED, Handled
from peewee_mig.errors import FailedError
from peewee_mig.schema.names import bare, qualified, schema_of

#: Texts and comments, in which a name means nothing; quoted identifiers stay.
_NOISE = re.compile(
    r"(`(?:[^`]|``)*`)|'(?:[^'\\]|''|\\.)*'"
    r'|"(?:[^"\\]|""|\\.)*"|--(?=\s)[^\n]*|#[^\n]*|/\*.*?\*/',
    re.DOTALL,
)
#: The words before a table.
_BEFORE_TABLE = r"\b(?i:FROM|JOIN|INTO|UPDATE|INSERT|REPLACE|TABLE)\s+(?i:IGNORE\s+)?"


@dataclass(frozen=True, slots=True)
class Unread(preflight.Unread):
    """A table or column that no view and no trigger may name; ``handled``: but for these."""

    handled: Handled = Handled()  # noqa: RUF009 (it is frozen)

    def readers(self, query: Query, dialect: Dialect) -> Iterable[str]:  # noqa: ARG002 (the contract)
        """Yield the views and triggers that work now and would not any more."""
        there = Catalog(query, schema_of(self.table))
        for catalog in (there,) if there.schema is None else (Catalog(query), there):
            for name in self._views(catalog, there.facts.database):
                if not self.handled.has(name):
                    yield f"view {name}"
        for name in self._triggers(there):
            if not self.handled.has(name):
                yield f"trigger {name}"

    def _views(self, catalog: Catalog, database: str) -> Iterator[str]:
        """Yield the views of one database that name it, of those that work.

        The server spells their texts: ``database``.``table`` with an alias, if there is one, and
        the columns behind one or the other.
        """
        place = f"{quoted(database)}.{quoted(bare(self.table))}"
        rows = catalog.rows(
            "SELECT table_name, view_definition FROM information_schema.views"
            f" WHERE table_schema = {catalog.here}"
        )
        for name, text in rows:
            if self._is_named(place, _plain(text)) and _works(catalog, name):
                yield qualified(catalog.schema, name)

    def _is_named(self, place: str, text: str) -> bool:
        if not self.column:
            return place in text
        aliases = re.findall(rf"{re.escape(place)} (`(?:[^`]|``)+`)", text)
        column = quoted(self.column).casefold()
        return any(f"{each}.{column}".casefold() in text.casefold() for each in (place, *aliases))

    def _triggers(self, catalog: Catalog) -> Iterator[str]:
        rows = catalog.rows(
            "SELECT trigger_name, event_object_table, action_statement"
            f" FROM information_schema.triggers WHERE trigger_schema = {catalog.here}"
        )
        for name, table, text in rows:
            if self._fires_on(table) and self._named(catalog).search(_plain(text)):
                yield qualified(catalog.schema, name)

    def _fires_on(self, table: str) -> bool:
        """Whether a trigger of a table could fail: all may name a table, which takes its own."""
        own = table == bare(self.table)
        return own if self.column else not own or self.changes != DROPPED

    def _named(self, catalog: Catalog) -> re.Pattern[str]:
        """Match NEW and OLD before the column, or the table behind the words that read it."""
        if self.column:
            return re.compile(rf"\b(?:NEW|OLD)\s*\.\s*{_either(self.column)}", re.IGNORECASE)
        database = rf"(?:{_either(catalog.facts.database)}\s*\.\s*)?"
        return re.compile(rf"{_BEFORE_TABLE}{database}{_either(bare(self.table))}(?!\s*\.)")


def _either(name: str) -> str:
    """Match a name, quoted or not."""
    return rf"(?:{re.escape(quoted(name))}|{re.escape(name)}(?![\w$]))"


def _plain(text: str) -> str:
    return _NOISE.sub(lambda found: found[1] or "''", text)


def _works(catalog: Catalog, view: str) -> bool:
    """Whether a view can be read: to prepare a statement resolves its names, and runs nothing."""
    probe = text_literal(f"SELECT 1 FROM {catalog.place(view)}")
    try:
        catalog.query(f"PREPARE peewee_mig_probe FROM {probe}")
    except FailedError:
        return False
    catalog.query("DEALLOCATE PREPARE peewee_mig_probe")
    return True
