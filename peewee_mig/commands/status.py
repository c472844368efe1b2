"""status: the migrations folder against the history table; creates nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.project import Project
from peewee_mig.errors import HistoryError
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.history.verify import ensure_complete
from peewee_mig.runner.connect import connected
from peewee_mig.runner.position import Position, locate


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A migration: ``state`` is applied, pending, edited or unknown (no file)."""

    name: str
    state: str
    applied_at: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database stands."""

    rows: tuple[StatusRow, ...]
    problems: tuple[str, ...] = ()

    @property
    def pending(self) -> int:
        """How many migrations the database lacks."""
        return sum(row.state == "pending" for row in self.rows)

    @property
    def ok(self) -> bool:
        """Whether nothing is pending and nothing is wrong."""
        return not self.pending and not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "migrations": [
                {
                    "name": row.name,
                    "state": row.state,
                    "applied_at": row.applied_at or None,
                    "note": row.note or None,
                }
                for row in self.rows
            ],
            "pending": self.pending,
            "problems": list(self.problems),
            "ok": self.ok,
        }


def status(project: Project) -> Status:
    """Compare files and rows."""
    history = read_history(project.directory)
    with connected(project.need_database(), root=project.database_root, create=False) as connection:
        rows = HistoryTable(connection.dialect, project.history_table).read(
            connection.session.query
        )
    position = locate(history, rows)
    return Status(
        tuple(_rows(history, position, rows)),
        (*_of_files(history), *(f"{p.message}. next: {p.hint}" for p in position.problems)),
    )


def _of_files(history: History) -> list[str]:
    try:
        ensure_complete(history)
    except HistoryError as error:
        return [f"{error.message}. next: {error.hint}"]
    return []


def _rows(history: History, position: Position, rows: tuple[Row, ...]) -> list[StatusRow]:
    recorded = {dict(position.renamed).get(row.name, row.name): row for row in rows}
    problems = {problem.migration for problem in position.problems}
    found = []
    for name in history.names:
        row = recorded.get(name)
        if row is None:
            found.append(StatusRow(name, "pending"))
        else:
            state = "edited" if name in problems else row.state
            found.append(StatusRow(name, state, row.finished, _note(row)))
    unknown = [row for name, row in recorded.items() if name not in history.names]
    return found + [StatusRow(row.name, "unknown", row.finished, "no file") for row in unknown]


def _note(row: Row) -> str:
    fills = row.meta.get("fills", {})
    return f"fills: {', '.join(f'{name}={value}' for name, value in fills.items())}" * bool(fills)
