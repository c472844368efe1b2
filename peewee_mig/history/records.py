"""Our own tables in a database: their names, and what their statements share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee_mig.dialects.base import Dialect
from peewee_mig.operations.verbs import Constant
from peewee_mig.schema.types import ColumnType, parse_type

#: Stands in a list of columns for the dialect's text without a limit.
LONG = "LONGTEXT"


@dataclass(frozen=True, slots=True)
class OwnTables:
    """The names of our tables: the history, and beside it the journal, the lock and the seeds."""

    history: str = "peewee_mig_history"

    @property
    def journal(self) -> str:
        """Steps that were begun outside of a transaction."""
        return f"{self._prefix}_journal"

    @property
    def lock(self) -> str:
        """One row while a runner works."""
        return f"{self._prefix}_lock"

    @property
    def seeds(self) -> str:
        """Seeds that ran and are tracked."""
        return f"{self._prefix}_seeds"

    @property
    def names(self) -> frozenset[str]:
        """All of them, which are no part of anybody's schema."""
        return frozenset({self.history, self.journal, self.lock, self.seeds})

    @property
    def _prefix(self) -> str:
        return self.history.removesuffix("_history")


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Spells statements on one of our tables.

    ``owner``: the token of the lock that ``lock`` must hold; where it does not (any more), a
    statement changes no row. Empty where the engine's own lock guards the records.
    """

    dialect: Dialect
    name: str
    lock: str = ""
    owner: str = ""

    def type_of(self, text: str) -> ColumnType:
        """Return the type of a column in this database."""
        return self.dialect.long_text if text == LONG else parse_type(text)

    def literal(self, value: Any, type_: str) -> str:  # noqa: ANN401 (text, number or None)
        """Spell a value; ``None`` is NULL."""
        return "NULL" if value is None else self.dialect.literal(Constant(value), _plain(type_))

    def text(self, value: str) -> str:
        """Spell a text."""
        return self.literal(value, "TEXT")

    def quoted(self) -> str:
        """Quote the name of the table."""
        return self.dialect.quote(self.name)

    def insert_sql(self, values: Mapping[str, str]) -> str:
        """Spell the insertion of a row of literals."""
        columns, literals = self.dialect.quote_all(values), ", ".join(values.values())
        head = f"INSERT INTO {self.quoted()} ({columns})"
        if not self.owner:
            return f"{head} VALUES ({literals})"
        return f"{head} SELECT {literals} FROM {self.dialect.quote(self.lock)} WHERE {self._ours()}"

    def update_sql(self, values: Mapping[str, str], where: str) -> str:
        """Spell a change of the rows that a condition finds."""
        changes = ", ".join(f"{self.dialect.quote(name)} = {v}" for name, v in values.items())
        return f"UPDATE {self.quoted()} SET {changes} WHERE {where}{self._fence()}"

    def delete_sql(self, where: str) -> str:
        """Spell the removal of the rows that a condition finds."""
        return f"DELETE FROM {self.quoted()} WHERE {where}{self._fence()}"

    def equal(self, column: str, value: str) -> str:
        """Spell the condition that a column has a text."""
        return f"{self.dialect.quote(column)} = {self.text(value)}"

    def _fence(self) -> str:
        if not self.owner:
            return ""
        lock = self.dialect.quote(self.lock)
        return f" AND EXISTS (SELECT 1 FROM {lock} WHERE {self._ours()})"

    def _ours(self) -> str:
        return self.equal("owner", self.owner)


def _plain(type_: str) -> ColumnType:
    return parse_type("TEXT" if type_ == LONG else type_)
