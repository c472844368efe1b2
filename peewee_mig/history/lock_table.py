"""The lock of record on a server: one row, which says who works and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee_mig.dialects.base import Query
from peewee_mig.history.records import LONG, RecordTable
from peewee_mig.operations.verbs import Generated
from peewee_mig.schema.objects import Column, PrimaryKey, Table
from peewee_mig.schema.types import parse_type

_COLUMNS = (
    ("id", "INT"),
    ("owner", "VARCHAR(64)"),
    ("host", "VARCHAR(255)"),
    ("pid", "INT"),
    ("backend", "VARCHAR(190)"),
    ("since", "DATETIME"),
    ("heartbeat", "DATETIME"),
    ("step", LONG),
)
_NOW = Generated("utcnow")


@dataclass(frozen=True, slots=True)
class LockRow:
    """Who holds the lock. Times are the server's, in UTC; ``silent``: seconds since a sign."""

    owner: str
    host: str
    pid: int
    backend: str
    since: dt.datetime
    heartbeat: dt.datetime
    step: str
    silent: float

    def __str__(self) -> str:
        """Say who it is, for messages."""
        step = f", at {self.step}" if self.step else ""
        since = f"{self.since:%Y-%m-%d %H:%M:%S} UTC"
        return (
            f"process {self.pid} on {self.host} since {since}{step}"
            f" (last sign of life {max(self.silent, 0):.0f} s ago)"
        )


@dataclass(frozen=True, slots=True)
class LockTable:
    """Reads and spells the row; the caller runs what is spelled."""

    table: RecordTable

    def create(self) -> tuple[str, ...]:
        """Spell the table."""
        columns = (Column(name, self.table.type_of(type_)) for name, type_ in _COLUMNS)
        table = Table(self.table.name, tuple(columns), PrimaryKey(("id",)))
        return self.table.dialect.create_own_table(table)

    def read(self, query: Query) -> LockRow | None:
        """Return the row; ``None`` without one, or without a table."""
        if not self.table.dialect.has_table(query, self.table.name):
            return None
        names = ("owner", "host", "pid", "backend", "since", "heartbeat", "step")
        columns = self.table.dialect.quote_all(names)
        rows = query(f"SELECT {columns}, {self._now()} FROM {self.table.quoted()}")
        return _row(rows[0]) if rows else None

    def insert(self, row: Mapping[str, str | int]) -> str:
        """Spell the statement that takes the lock where nobody has it."""
        return self.table.insert_sql({"id": "1", **self._values(row)})

    def take_over(self, row: Mapping[str, str | int], gone: str) -> str:
        """Spell the statement that takes the lock from an owner that is gone."""
        return self.table.update_sql(self._values(row), self.table.equal("owner", gone))

    def beat(self, owner: str, step: str) -> str:
        """Spell a sign of life."""
        values = {"heartbeat": self._now(), "step": self.table.text(step)}
        return self.table.update_sql(values, self.table.equal("owner", owner))

    def delete(self, owner: str) -> str:
        """Spell the statement that gives the lock back."""
        return self.table.delete_sql(self.table.equal("owner", owner))

    def _values(self, row: Mapping[str, str | int]) -> dict[str, str]:
        types = dict(_COLUMNS)
        values = {name: self.table.literal(value, types[name]) for name, value in row.items()}
        return {**values, "since": self._now(), "heartbeat": self._now()}

    def _now(self) -> str:
        return self.table.dialect.fill_sql(_NOW, parse_type("DATETIME"))


def _row(values: tuple[Any, ...]) -> LockRow:
    *fields, now = values
    heartbeat = fields[5]
    make: Callable[..., LockRow] = LockRow  # the columns are in the order of the fields
    return make(*fields, silent=(now - heartbeat).total_seconds())
