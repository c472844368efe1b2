"""The journal: what was begun outside of a transaction, so that a killed run can go on.

A statement is recorded before it runs, with how its tables are defined, and again after it.
Who finds it begun but not done asks the catalog: defined otherwise than before, it ran.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from peewee_mig.dialects.base import Query
from peewee_mig.history.records import LONG, RecordTable
from peewee_mig.schema.objects import Column, PrimaryKey, Table
from peewee_mig.schema.types import parse_type

State = Literal["planned", "started", "failed", "done"]

_COLUMNS = (
    ("migration", "VARCHAR(190)"),
    ("direction", "VARCHAR(16)"),
    ("step", "VARCHAR(80)"),
    ("number", "INT"),
    ("state", "VARCHAR(16)"),
    ("fingerprint", "VARCHAR(64)"),
    ("statement", LONG),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement of a step, known by the step's key and its number within the step.

    ``failed``: the server reported an error, and something has changed all the same.
    ``fingerprint``: of its tables, taken just before it was started; ``recorded``: the
    journal has it. A function of the user's has one of number 0 when it is done, and one for each
    loop over batches.
    """

    step: str
    number: int
    statement: str
    state: State = "planned"
    fingerprint: str = ""
    recorded: bool = False

    @property
    def is_place(self) -> bool:
        """Whether it says how far a loop over batches came: then ``statement`` is JSON."""
        return self.number > 0 and self.statement.startswith('{"after":')

    @property
    def words(self) -> str:
        """The statement, or for a loop over batches how many rows it has done."""
        if not self.is_place:
            return self.statement
        rows = json.loads(self.statement)["rows"]
        return f"-- {rows:,} row{'' if rows == 1 else 's'} in batches, committed"


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of one migration in one direction, as statements that the caller runs."""

    table: RecordTable
    migration: str
    direction: str

    def create(self) -> tuple[str, ...]:
        """Spell the table."""
        columns = [Column("id", parse_type("AUTO"))]
        columns += [Column(name, self.table.type_of(type_)) for name, type_ in _COLUMNS]
        table = Table(self.table.name, tuple(columns), PrimaryKey(("id",)))
        return self.table.dialect.create_own_table(table)

    def read(self, query: Query) -> tuple[Entry, ...]:
        """Return the entries in their order; none without a table."""
        if not self.table.dialect.has_table(query, self.table.name):
            return ()
        names = ("step", "number", "statement", "state", "fingerprint")
        columns, order = self.table.dialect.quote_all(names), self.table.dialect.quote("id")
        rows = query(
            f"SELECT {columns} FROM {self.table.quoted()} WHERE {self._mine()} ORDER BY {order}"
        )
        return tuple(replace(Entry(*row), recorded=True) for row in rows)

    def read_all(self, query: Query) -> dict[tuple[str, str], tuple[Entry, ...]]:
        """Return the entries of every migration and direction; none without a table."""
        if not self.table.dialect.has_table(query, self.table.name):
            return {}
        columns = self.table.dialect.quote_all(("migration", "direction"))
        rows = query(f"SELECT DISTINCT {columns} FROM {self.table.quoted()}")
        return {
            (one, way): replace(self, migration=one, direction=way).read(query)
            for one, way in sorted(rows)
        }

    def insert(self, entry: Entry) -> str:
        """Spell the statement that records an entry."""
        values = {
            "migration": self.migration,
            "direction": self.direction,
            "step": entry.step,
            "number": entry.number,
            "state": entry.state,
            "fingerprint": entry.fingerprint,
            "statement": entry.statement,
        }
        literals = {name: self.table.literal(values[name], type_) for name, type_ in _COLUMNS}
        return self.table.insert_sql(literals)

    def update(self, entry: Entry) -> str:
        """Spell the statement that brings a recorded entry up to date."""
        values = {"state": entry.state, "fingerprint": entry.fingerprint}
        literals = {name: self.table.text(value) for name, value in values.items()}
        return self.table.update_sql(literals, self._entry(entry))

    def moved(self, entry: Entry) -> str:
        """Spell the statement by which a recorded loop over batches has gone on."""
        values = {"statement": entry.statement, "state": entry.state}
        types = dict(_COLUMNS)
        literals = {name: self.table.literal(each, types[name]) for name, each in values.items()}
        return self.table.update_sql(literals, self._entry(entry))

    def told(self, entry: Entry, state: State) -> str:
        """Spell the statement by which a person says what became of one."""
        return self.table.update_sql({"state": self.table.text(state)}, self._entry(entry))

    def forget(self, step: str) -> str:
        """Spell the statement that forgets what a step was going to run."""
        return self.table.delete_sql(f"{self._mine()} AND {self.table.equal('step', step)}")

    def rename(self, old: str, new: str) -> str:
        """Spell the statement that follows a migration to its new name."""
        values = {"migration": self.table.text(new)}
        return self.table.update_sql(values, self.table.equal("migration", old))

    def clear(self) -> str:
        """Spell the statement that forgets the migration."""
        return self.table.delete_sql(self._mine())

    def _entry(self, entry: Entry) -> str:
        number = f"{self.table.dialect.quote('number')} = {entry.number}"
        return f"{self._mine()} AND {self.table.equal('step', entry.step)} AND {number}"

    def _mine(self) -> str:
        one = self.table.equal("migration", self.migration)
        return f"{one} AND {self.table.equal('direction', self.direction)}"


def step_key(text: str, earlier: Iterable[str]) -> str:
    """Return the key of a step: a hash of what it is, and which of its equals it is."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    twins = sum(key.startswith(digest) for key in earlier)
    return f"{digest}.{twins}"
