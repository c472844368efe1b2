"""What repair finds, and the rows of our own tables that would put it right, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal

from peewee_mig.history.journal import Entry, Journal, State
from peewee_mig.history.records import RecordTable
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.runner.position import Direction

Kind = Literal[
    "lock",
    "table",
    "unreadable",
    "duplicate",
    "renamed",
    "half",
    "journal",
    "edited",
    "gone",
    "skipped",
    "wrong",
    "drift",
    "push",
]


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row of the history."""

    row: Row

    def sql(self, table: HistoryTable) -> str:
        """Spell it."""
        return table.insert(self.row)


@dataclass(frozen=True, slots=True)
class Update:
    """The row of that name, as it should be, and the columns where it is not.

    ``number``: its ``id``, if the name is not enough.
    """

    row: Row
    columns: tuple[str, ...]
    number: int | None = None

    @classmethod
    def between(cls, old: Row, new: Row) -> Update:
        """Return the change of a row."""
        names = (each.name for each in fields(Row))
        return cls(new, tuple(n for n in names if getattr(old, n) != getattr(new, n)))

    def sql(self, table: HistoryTable) -> str:
        """Spell it."""
        return table.change(self.row, self.columns, self.number)


@dataclass(frozen=True, slots=True)
class Delete:
    """The row of that name goes; ``number``: its ``id``, if the name is not enough."""

    name: str
    number: int | None = None

    def sql(self, table: HistoryTable) -> str:
        """Spell it."""
        return table.delete(self.name) if self.number is None else table.delete_one(self.number)


@dataclass(frozen=True, slots=True)
class Rename:
    """A row gets the name of the file that it belongs to."""

    old: str
    new: str

    def sql(self, table: HistoryTable) -> str:
        """Spell it."""
        return table.rename(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Follow:
    """The journal follows a migration to its new name."""

    old: str
    new: str

    def sql(self, table: HistoryTable) -> str:
        """Spell it."""
        return journal_of(table).rename(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Tell:
    """A person says what became of a statement."""

    migration: str
    direction: Direction
    entry: Entry
    state: State

    def sql(self, table: HistoryTable) -> str:
        """Spell it."""
        return journal_of(table, self.migration, self.direction).told(self.entry, self.state)


@dataclass(frozen=True, slots=True)
class Clear:
    """The journal forgets a migration in one direction."""

    migration: str
    direction: str

    @property
    def key(self) -> tuple[str, str]:
        """Both."""
        return self.migration, self.direction

    def sql(self, table: HistoryTable) -> str:
        """Spell it."""
        return journal_of(table, self.migration, self.direction).clear()


@dataclass(frozen=True, slots=True)
class Define:
    """A statement that defines one of our tables."""

    statement: str

    def sql(self, table: HistoryTable) -> str:  # noqa: ARG002 (as the others)
        """Spell it."""
        return self.statement


#: ``sql`` gets the history table with the token of the lock, if there is one.
Write = Insert | Update | Delete | Rename | Follow | Tell | Clear | Define


def journal_of(table: HistoryTable, migration: str = "", direction: str = "forward") -> Journal:
    """Return the journal beside a history table."""
    own = table.own
    records = RecordTable(table.dialect, own.journal, own.lock, table.owner)
    return Journal(records, migration, direction)


#: Of a statement: ``half made``: its object is there, but of no use; ``in doubt``: only a person
#: can tell.
StepState = Literal["done", "not done", "half made", "in doubt"]


@dataclass(frozen=True, slots=True)
class Step:
    """A statement of a migration that was begun."""

    number: int
    state: StepState
    statement: str

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {"number": self.number, "state": self.state, "statement": self.statement}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with our records.

    ``migration``: empty where it is none; ``records``, ``catalog``: what they say, in words;
    ``proposal``: what ``writes`` does, in words. Without writes rows are not the cure, and
    ``hint`` is the next command.
    """

    kind: Kind
    migration: str
    records: str
    catalog: str = ""
    proposal: str = ""
    writes: tuple[Write, ...] = ()
    hint: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def is_repairable(self) -> bool:
        """Whether a change of our rows is the cure."""
        return bool(self.proposal)

    def to_json(self, table: HistoryTable) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "kind": self.kind,
            "migration": self.migration or None,
            "records": self.records,
            "catalog": self.catalog or None,
            "proposal": self.proposal or None,
            "hint": self.hint or None,
            "steps": [each.to_json() for each in self.steps],
            "statements": [each.sql(table) for each in self.writes],
        }


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that is wrong, in the order in which it is put right. ``notes``: what is not wrong."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def writes(self) -> tuple[Write, ...]:
        """Every write, in order."""
        return tuple(write for finding in self.findings for write in finding.writes)

    @property
    def left(self) -> tuple[Finding, ...]:
        """What a change of rows does not put right."""
        return tuple(each for each in self.findings if not each.is_repairable)


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence has them."""
    *first, last = list(names)
    return f"{', '.join(first)} and {last}" if first else last
