"""migrate: apply what a database lacks, or go to a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.consent import refuse_losses
from peewee_mig.commands.project import Project
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.verify import ensure_complete, ensure_intact
from peewee_mig.runner.connect import Connection, connected
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.losses import losses
from peewee_mig.runner.position import Position
from peewee_mig.runner.run import Consent, Done, Runner


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a run did, or (``statements``) what it would run."""

    database: str
    applied: tuple[Done, ...] = ()
    pending_before: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def up_to_date(self) -> bool:
        """Whether there was nothing to apply."""
        return not self.pending_before

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "applied": [
                {"name": each.name, "direction": each.direction, "seconds": round(each.seconds, 3)}
                for each in self.applied
            ],
            "pending_before": list(self.pending_before),
            "statements": list(self.statements),
            "warnings": list(self.warnings),
            "up_to_date": self.up_to_date,
        }


def migrate(
    project: Project,
    *,
    target: str | None = None,
    dry_run: bool = False,
    fills: Mapping[str, str] | None = None,
    wait: float = 0.0,
    wait_lock: float = 600.0,
    strict: bool = False,
    listener: Listener = silent,
) -> Migrated:
    """Go to a target (default: head).

    A database ahead of the files gets a warning; with ``strict`` the caller fails on it.
    """
    del strict  # the caller decides on the warnings
    history = read_history(project.directory)
    create = bool(history.migrations) and not dry_run
    with connected(
        project.need_database(), root=project.database_root, create=create, wait=wait
    ) as connection:
        runner = make_runner(project, connection, history, listener, wait_lock)
        return run(runner, target, fills or {}, _consent(connection, target), dry_run=dry_run)


def make_runner(
    project: Project,
    connection: Connection,
    history: History,
    listener: Listener = silent,
    wait_lock: float = 600.0,
) -> Runner:
    """Put a database and a history together."""
    table = HistoryTable(connection.dialect, project.history_table)
    session, dialect = connection.session, connection.dialect
    return Runner(session, dialect, history, table, listener, wait_lock)


def run(
    runner: Runner,
    target: str | None,
    fills: Mapping[str, str],
    consent: Consent,
    *,
    dry_run: bool,
) -> Migrated:
    """Check the files, then run, or rehearse on a copy of the schema."""
    ensure_complete(runner.history)
    runner.session.patience = runner.wait_lock
    position = runner.position()
    if position.pending or target is not None:
        ensure_intact(runner.history)
    database, warnings = runner.session.label, tuple(_warnings(position))
    if dry_run:
        statements = rehearse(runner, target, fills)
        return Migrated(database, (), position.pending, statements, warnings)
    done = runner.run(target, fills, consent)
    return Migrated(database, done, position.pending, warnings=warnings)


def rehearse(runner: Runner, target: str | None, fills: Mapping[str, str]) -> tuple[str, ...]:
    """Return the exact statements for this database, from a run on a copy of its schema.

    What would be lost is said first, as comments; nobody is asked.
    """
    shown: list[str] = []

    def listen(event: Event) -> None:
        if event.kind == "migration":
            shown.append(f"-- {event}")
        elif event.kind == "statement":
            shown.append(event.text)

    undone = [
        o for task in runner.plan_run(target, fills) for o in task.operations if task.is_backward
    ]
    lost = losses(undone, runner.dialect, runner.session.query)
    shown += [f"-- loses {each.name}: {each.rows} row{'s'[: each.rows - 1]}" for each in lost]
    with runner.session.rehearsal(rows_of=runner.table.name) as copy:
        rehearsal = Runner(copy, runner.dialect, runner.history, runner.table, listen)
        rehearsal.run(target, fills)
    return tuple(shown)


def _consent(connection: Connection, target: str | None) -> Consent:
    """Refuse to lose rows on the way back: that is what ``rollback`` asks about."""

    def consent(tasks: Sequence[Any]) -> None:
        hint = f"peewee-mig rollback {target} --allow-data-loss NAME"
        refuse_losses(connection, tasks, allowed=(), confirm=None, hint=hint)

    return consent


def _warnings(position: Position) -> list[str]:
    if not position.ahead:
        return []
    names = ", ".join(row.name for row in position.ahead)
    return [f"the database is ahead of these files: it has {names}"]
