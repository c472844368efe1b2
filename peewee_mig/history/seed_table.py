"""The table of seeds that are tracked: one row for each that a database has had."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee_mig.dialects.base import Query
from peewee_mig.history.records import LONG, RecordTable
from peewee_mig.history.table import FORMAT, refuse_newer
from peewee_mig.schema.objects import Column, PrimaryKey, Table

#: A hash of the name is the key: on some servers names that differ only in case are the same.
_COLUMNS = (
    ("seed", "VARCHAR(64)"),
    ("name", LONG),
    ("checksum", "VARCHAR(64)"),
    ("migration", "VARCHAR(190)"),
    ("since", "VARCHAR(32)"),
    ("finished", "VARCHAR(32)"),
    ("duration", "DOUBLE"),
    ("applied_by", "VARCHAR(255)"),
    ("tool_version", "VARCHAR(32)"),
    ("format", "INT"),
)


@dataclass(frozen=True, slots=True)
class SeedRow:
    """A seed as a database remembers it.

    ``migration``: the newest that was applied when it ran, empty without one, and ``since``, when
    that was begun. Times in UTC (ISO 8601), ``duration`` in seconds.
    """

    name: str
    checksum: str
    migration: str
    since: str
    finished: str
    duration: float
    applied_by: str
    tool_version: str


@dataclass(frozen=True, slots=True)
class SeedTable:
    """Reads and spells the rows; the caller runs what is spelled."""

    table: RecordTable

    def create(self) -> tuple[str, ...]:
        """Spell the table."""
        columns = (Column(name, self.table.type_of(type_)) for name, type_ in _COLUMNS)
        table = Table(self.table.name, tuple(columns), PrimaryKey(("seed",)))
        return self.table.dialect.create_own_table(table)

    def is_there(self, query: Query) -> bool:
        """Whether a tracked seed ever ran; :exc:`FailedError` if the role may not see that."""
        there = self.table.dialect.has_table(query, self.table.name)
        if not there:
            self.table.dialect.ensure_absent(query, self.table.name)
        return there

    def read(self, query: Query) -> dict[str, SeedRow]:
        """Return the rows by the names of the seeds; none without a table."""
        if not self.is_there(query):
            return {}
        columns = self.table.dialect.quote_all(name for name, _ in _COLUMNS[1:])
        rows = query(f"SELECT {columns} FROM {self.table.quoted()}")
        return {row[0]: _row(row) for row in rows}

    def insert(self, row: SeedRow) -> str:
        """Spell the statement that records a seed."""
        values: dict[str, Any] = {name: getattr(row, name, None) for name, _ in _COLUMNS}
        values |= {"seed": _key(row.name), "format": FORMAT}
        return self.table.insert_sql(
            {name: self.table.literal(values[name], type_) for name, type_ in _COLUMNS}
        )

    def delete(self, name: str) -> str:
        """Spell the statement that forgets a seed."""
        return self.table.delete_sql(self.table.equal("seed", _key(name)))


def _row(values: tuple[Any, ...]) -> SeedRow:
    *fields, version = values
    refuse_newer(f"the seed {values[0]}", version)
    make: Callable[..., SeedRow] = SeedRow  # the columns are in the order of the fields
    return make(*fields)


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
