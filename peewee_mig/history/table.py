"""The history table: one row for each migration that a database has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.errors import RefusedError
from peewee_mig.operations.codec import operations_from_json
from peewee_mig.operations.verbs import Constant, Operation
from peewee_mig.schema.objects import Column, Index, PrimaryKey, Table
from peewee_mig.schema.types import parse_type

#: Of the table; a row of a newer format is not touched.
FORMAT = 1

_COLUMNS = (
    ("name", "VARCHAR(190)"),
    ("checksum", "VARCHAR(64)"),
    ("sha256", "VARCHAR(64)"),
    ("schema_hash", "VARCHAR(64)"),
    ("state", "VARCHAR(16)"),
    ("direction", "VARCHAR(16)"),
    ("started", "VARCHAR(32)"),
    ("finished", "VARCHAR(32)"),
    ("duration", "DOUBLE"),
    ("applied_by", "VARCHAR(255)"),
    ("tool_version", "VARCHAR(32)"),
    ("operations", "TEXT"),
    ("meta", "TEXT"),
    ("format", "INT"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A migration as a database remembers it.

    ``started`` and ``finished`` in UTC (ISO 8601), ``duration`` in seconds, ``state``:
    applied or baselined; ``operations``: as JSON, so that a database ahead of the code can
    be read; ``meta``: what was answered at run time.
    """

    name: str
    checksum: str
    sha256: str
    schema_hash: str
    state: str
    direction: str
    started: str
    finished: str
    duration: float
    applied_by: str
    tool_version: str
    operations: str
    meta: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def read_operations(self) -> tuple[Operation, ...]:
        """Decode the operations."""
        return operations_from_json(json.loads(self.operations))


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """Reads and spells the rows; the caller runs what is spelled."""

    dialect: Dialect
    name: str = "peewee_mig_history"

    def read(self, query: Query) -> tuple[Row, ...]:
        """Return the rows in the order in which they were written; none without a table."""
        if not self.dialect.has_table(query, self.name):
            return ()
        columns = self.dialect.quote_all(name for name, _ in _COLUMNS)
        table, order = self.dialect.quote(self.name), self.dialect.quote("id")
        rows = query(f"SELECT {columns} FROM {table} ORDER BY {order}")
        return tuple(map(_row, rows))

    def create(self) -> tuple[str, ...]:
        """Spell the table."""
        columns = [Column("id", parse_type("AUTO"))]
        columns += [Column(name, parse_type(type_)) for name, type_ in _COLUMNS]
        unique = Index(f"{self.name}_name", ("name",), unique=True)
        return self.dialect.create_table(
            Table(self.name, tuple(columns), PrimaryKey(("id",)), (unique,))
        )

    def insert(self, row: Row) -> str:
        """Spell the statement that records a migration."""
        values: dict[str, Any] = {name: getattr(row, name, None) for name, _ in _COLUMNS}
        values |= {"meta": json.dumps(row.meta, sort_keys=True), "format": FORMAT}
        columns = self.dialect.quote_all(name for name, _ in _COLUMNS)
        literals = ", ".join(
            self.dialect.literal(Constant(values[name]), parse_type(type_))
            for name, type_ in _COLUMNS
        )
        return f"INSERT INTO {self.dialect.quote(self.name)} ({columns}) VALUES ({literals})"

    def delete(self, name: str) -> str:
        """Spell the statement that forgets a migration."""
        return f"DELETE FROM {self.dialect.quote(self.name)} WHERE {self._named(name)}"

    def rename(self, old: str, new: str) -> str:
        """Spell the statement that gives a row another name."""
        column, value = self.dialect.quote("name"), self._text(new)
        table = self.dialect.quote(self.name)
        return f"UPDATE {table} SET {column} = {value} WHERE {self._named(old)}"

    def _named(self, name: str) -> str:
        return f"{self.dialect.quote('name')} = {self._text(name)}"

    def _text(self, text: str) -> str:
        return self.dialect.literal(Constant(text), parse_type("TEXT"))


def _row(values: tuple[Any, ...]) -> Row:
    *fields, meta, format_ = values
    if format_ > FORMAT:
        raise RefusedError(
            f"a newer peewee-mig recorded {values[0]} (format {format_})",
            hint="pip install --upgrade peewee-mig",
        )
    make: Callable[..., Row] = Row  # the columns are in the order of the fields
    return make(*fields, meta=json.loads(meta) if meta != "{}" else {})
