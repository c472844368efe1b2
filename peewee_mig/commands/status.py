"""status: the migrations folder against the history table; creates nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.project import Project
from peewee_mig.commands.tenancy.own import ensure_own_history
from peewee_mig.errors import HistoryError, RefusedError, UsageError
from peewee_mig.history.folder import History, ensure_folder, read_history
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.history.verify import ensure_complete
from peewee_mig.runner.connect import connected
from peewee_mig.runner.misplaced import refuse_misplaced
from peewee_mig.runner.placing import Place, place
from peewee_mig.runner.position import Position, reached

#: States of rows -> other words for people.
_STATES = {"running": "begun"}

#: Direction of what was begun and not finished -> what it is, and the command that finishes it.
HALVES = {"forward": ("half applied", "migrate"), "backward": ("half undone", "rollback")}


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A migration: ``state`` is applied, baselined, begun, pending, edited or unknown (no file)."""

    name: str
    state: str
    applied_at: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database stands. ``pushed_at``: when it was pushed, if that was not landed."""

    rows: tuple[StatusRow, ...]
    problems: tuple[str, ...] = ()
    pushed_at: str = ""
    #: What is not wrong by itself, but may not be meant.
    notes: tuple[str, ...] = ()

    @property
    def newest(self) -> str:
        """The newest migration that the database has; empty if it has none."""
        return next((row.name for row in reversed(self.rows) if row.state != "pending"), "")

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
            "pushed_at": self.pushed_at or None,
            "notes": list(self.notes),
            "ok": self.ok,
        }


def status(project: Project, *, history: History | None = None) -> Status:
    """Compare files and rows. ``history``: the files, if they are read already."""
    history = history or read_history(project.directory, project.files)
    database = project.given or project.need_database()
    root, role = project.database_root, project.role
    with connected(database, root=root, create=False, role=role) as connection:
        ensure_own_history(project, connection)
        table = HistoryTable(connection.dialect, project.history_table)
        rows = table.read(connection.session.query)
        looks = not rows and not project.tenant  # those of other tenants are none of this one
        elsewhere = table.elsewhere(connection.session.query) if looks else ""
    found = place(history, rows)
    position, files = found.position, _of_files(history)
    misplaced = () if files else _misplaced(found.history, position)
    return Status(
        tuple(_rows(found.history, position, found.rows, [each.name for each in found.due])),
        (*files, *_of_rows(position), *misplaced),
        pushed_at=_pushed_at(position),
        notes=tuple(filter(None, (elsewhere, *_of_squashes(found)))),
    )


def _of_squashes(found: Place) -> Iterator[str]:
    """Say which squashes are not recorded yet."""
    for each in found.due:
        many = len(each.rows)
        yield (
            f"{each.name} is applied, by {many} migration{'s'[: many - 1]} that it replaces;"
            " the next migrate records it, running nothing"
        )
    for name in found.history.replaced:
        squash = found.history.modules[name]
        if set(squash.replaces) & set(found.position.applied):
            yield (
                f"a part of what {name} replaces is applied; the next migrate applies the rest,"
                " and records it"
            )


def _pushed_at(position: Position) -> str:
    push = position.push
    begun = push is not None and (push.is_push_begun or push.is_reset_begun)
    return push.finished if push is not None and not begun else ""


def _of_rows(position: Position) -> Iterator[str]:
    for problem in position.problems:
        yield f"{problem.message}. next: {problem.hint}"
    begun = position.unfinished
    if begun is not None and begun.name not in {each.migration for each in position.problems}:
        half, command = HALVES[begun.direction]
        yield f"{begun.name} is {half}. next: peewee-mig {command}"
    if position.push is not None and position.push.is_push_begun:
        yield "a push was begun here and not finished. next: peewee-mig push"


def _of_files(history: History) -> list[str]:
    try:
        ensure_folder(history.directory, history.files)
        ensure_complete(history)
    except (HistoryError, UsageError) as error:
        return [f"{error.message}. next: {error.hint}"]
    return []


def _misplaced(history: History, position: Position) -> Iterator[str]:
    """Yield what is pending and cannot come after what is applied already."""
    there = reached(history, position)
    for name in position.pending:
        try:
            refuse_misplaced(there, name)
        except RefusedError as error:
            yield f"{error.message}. next: {error.hint}"


def _out_of_order(history: History, position: Position, rows: tuple[Row, ...]) -> dict[str, str]:
    """Return what came, or will come, after a migration that stands behind it in the files."""
    new_names = dict(position.renamed)
    places = {name: place for place, name in enumerate(history.names)}
    recorded = [new_names.get(row.name, row.name) for row in rows]
    newest, found = -1, {}
    for name in [*(each for each in recorded if each in position.applied), *position.pending]:
        if places[name] < newest:
            found[name] = f"out of order: after {history.names[newest]}"
        newest = max(newest, places[name])
    return found


def _rows(
    history: History, position: Position, rows: tuple[Row, ...], not_recorded: Collection[str]
) -> list[StatusRow]:
    new_names = dict(position.renamed)
    recorded = {new_names.get(row.name, row.name): row for row in rows if not row.is_push}
    problems = {problem.migration for problem in position.problems}
    found, order = [], _out_of_order(history, position, rows)
    for name in history.names:
        row, note = recorded.get(name), order.get(name, "")
        if row is None:
            found.append(StatusRow(name, "pending", note=note))
        else:
            state = "edited" if name in problems else _STATES.get(row.state, row.state)
            told = "not recorded yet" if name in not_recorded else _note(row)
            note = "; ".join(filter(None, (note, told)))
            found.append(StatusRow(name, state, row.finished, note))
    unknown = [row for name, row in recorded.items() if name not in history.names]
    return found + [StatusRow(row.name, "unknown", row.finished, "no file") for row in unknown]


def _note(row: Row) -> str:
    fills, replaced = row.meta.get("fills", {}), row.meta.get("replaced", ())
    notes = [f"fills: {', '.join(f'{name}={value}' for name, value in fills.items())}"] * bool(
        fills
    )
    notes += [f"in the place of {len(replaced)} migration{'s'[: len(replaced) - 1]}"] * bool(
        replaced
    )
    return "; ".join(notes)
