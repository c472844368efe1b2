"""The history table: one row for each migration that a database has."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.errors import HistoryError, MissingError, RefusedError, SchemaError
from peewee_mig.history.records import LONG, OwnTables, RecordTable
from peewee_mig.operations.codec import operations_from_json
from peewee_mig.operations.verbs import Operation
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
    ("operations", LONG),
    ("meta", LONG),
    ("format", "INT"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A migration as a database remembers it.

    ``started`` and ``finished`` in UTC (ISO 8601), ``duration`` in seconds; ``operations``:
    as JSON, so that a database ahead of the code can be read; ``meta``: what was answered at
    run time, differences that a baseline accepted.

    ``state``: ``applied``; ``baselined``, recorded without having run; ``running``, begun in
    ``direction`` and not finished, where the engine commits each statement; ``pushed``, no
    migration but the mark of a push.
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

    @property
    def is_push(self) -> bool:
        """Whether the row is the mark of a push."""
        return self.state == "pushed"

    @property
    def is_push_begun(self) -> bool:
        """Whether the row is the mark of a push that did not finish."""
        return self.is_push and bool(self.meta.get("begun")) and not self.is_reset_begun

    @property
    def is_reset_begun(self) -> bool:
        """Whether the row is the mark of a reset that did not finish."""
        return self.is_push and bool(self.meta.get("reset"))

    @property
    def is_unfinished(self) -> bool:
        """Whether a run began the migration, or its way back, and did not finish it."""
        return self.state == "running"

    def read_operations(self) -> tuple[Operation, ...]:
        """Decode the operations; :exc:`HistoryError` if they are none."""
        try:
            return operations_from_json(json.loads(self.operations))
        except (ValueError, TypeError, AttributeError, SchemaError) as error:
            raise unreadable(self.name, f"its operations are none ({error})") from error


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """Reads and spells the rows; the caller runs what is spelled.

    ``owner``: the token of the lock under which rows are written (see :class:`RecordTable`).
    """

    dialect: Dialect
    name: str = "peewee_mig_history"
    owner: str = ""

    @property
    def own(self) -> OwnTables:
        """The names of all tables of ours in the database."""
        return OwnTables(self.name)

    def read(self, query: Query) -> tuple[Row, ...]:
        """Return the rows in the order in which they were written; none without a table.

        :exc:`FailedError` if the role may not see whether there is one.
        """
        if not self.dialect.has_table(query, self.name):
            self.dialect.ensure_absent(query, self.name)
            return ()
        columns = self.dialect.quote_all(name for name, _ in _COLUMNS)
        table, order = self.dialect.quote(self.name), self.dialect.quote("id")
        try:
            rows = query(f"SELECT {columns} FROM {table} ORDER BY {order}")
        except MissingError as error:
            error.hint = "peewee-mig repair"
            raise
        return tuple(map(_row, rows))

    def elsewhere(self, query: Query) -> str:
        """Say where else there is a history that this connection does not look at."""
        return self.dialect.elsewhere(query, self.name)

    def create(self) -> tuple[str, ...]:
        """Spell the table."""
        return self.dialect.create_own_table(self.definition)

    @property
    def definition(self) -> Table:
        """The table as it should be."""
        columns = [Column("id", parse_type("AUTO"))]
        columns += [Column(name, self._records.type_of(type_)) for name, type_ in _COLUMNS]
        unique = Index(f"{self.name}_name", ("name",), unique=True)
        return Table(self.name, tuple(columns), PrimaryKey(("id",)), (unique,))

    def insert(self, row: Row) -> str:
        """Spell the statement that records a migration."""
        return self._records.insert_sql(self._literals(row))

    def replace(self, row: Row) -> str:
        """Spell the statement that brings the row of that name up to date."""
        return self._records.update_sql(self._literals(row), self._named(row.name))

    def delete(self, name: str) -> str:
        """Spell the statement that forgets a migration."""
        return self._records.delete_sql(self._named(name))

    def rename(self, old: str, new: str) -> str:
        """Spell the statement that gives a row another name."""
        return self._records.update_sql({"name": self._records.text(new)}, self._named(old))

    def change(self, row: Row, columns: Collection[str], number: int | None = None) -> str:
        """Spell the statement that gives some columns of a row their values.

        ``number``: the ``id`` of the row, where its name is not enough.
        """
        literals = {name: sql for name, sql in self._literals(row).items() if name in columns}
        where = self._named(row.name) if number is None else self._numbered(number)
        return self._records.update_sql(literals, where)

    def delete_one(self, number: int) -> str:
        """Spell the statement that deletes the row of that ``id``."""
        return self._records.delete_sql(self._numbered(number))

    @property
    def _records(self) -> RecordTable:
        return RecordTable(self.dialect, self.name, self.own.lock, self.owner)

    def _literals(self, row: Row) -> dict[str, str]:
        values: dict[str, Any] = {name: getattr(row, name, None) for name, _ in _COLUMNS}
        values |= {"meta": json.dumps(row.meta, sort_keys=True), "format": FORMAT}
        return {name: self._records.literal(values[name], type_) for name, type_ in _COLUMNS}

    def _named(self, name: str) -> str:
        return self._records.equal("name", name)

    def _numbered(self, number: int) -> str:
        return f"{self.dialect.quote('id')} = {number:d}"


def _row(values: tuple[Any, ...]) -> Row:
    *fields, meta, format_ = values
    if not isinstance(format_, int):
        raise unreadable(values[0], f"its format is {format_!r}")
    refuse_newer(values[0], format_)
    make: Callable[..., Row] = Row  # the columns are in the order of the fields
    return make(*fields, meta=_meta(values[0], meta) if meta != "{}" else {})


def _meta(name: str, text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, TypeError) as error:
        raise unreadable(name, f"its meta is no JSON ({error})") from error
    if not isinstance(found, dict):
        raise unreadable(name, "its meta is no JSON object")
    return found


def refuse_newer(name: str, version: int) -> None:
    """Refuse the row of a newer version, whose meaning is not known."""
    if version > FORMAT:
        raise RefusedError(
            f"a newer peewee-mig recorded {name} (format {version})",
            hint="pip install --upgrade peewee-mig",
        )


def unreadable(name: str, why: str) -> HistoryError:
    """Return the error for a row that somebody broke."""
    return HistoryError(
        f"the row of {name} in the history table cannot be read: {why}", hint="peewee-mig repair"
    )
