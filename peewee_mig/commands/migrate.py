"""migrate: apply what a database lacks, or go to a target."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from peewee_mig.commands.ask import ConfirmLanding
from peewee_mig.commands.consent import refuse_losses
from peewee_mig.commands.hooking import Hooking, hooked
from peewee_mig.commands.landing import land
from peewee_mig.commands.project import Project
from peewee_mig.commands.standing import push_words
from peewee_mig.commands.tenancy.own import ensure_own_history
from peewee_mig.dialects.base import (
    Query,
    Statement,
    Step,
)
from peewee_mig.dialects.sessions import EmbeddedSession
from peewee_mig.errors import MigError, RefusedError, UnreachableError
from peewee_mig.history.folder import History, need_history
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.verify import ensure_complete, ensure_intact
from peewee_mig.hooks import Moved
from peewee_mig.runner.connect import Connection, connected
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.execution import with_fields
from peewee_mig.runner.lock import NOTHING
from peewee_mig.runner.losses import Loss, losses
from peewee_mig.runner.placing import Place
from peewee_mig.runner.position import Move, Position
from peewee_mig.runner.rows import tables_with_rows
from peewee_mig.runner.run import Consent, Done, Runner
from peewee_mig.runner.tasks import Plans, Task


@dataclass(frozen=True, slots=True)
class Shared:
    """What runs on many databases have in common: one history, and what was planned of it."""

    history: History
    plans: Plans = field(default_factory=Plans)


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a run did, or (``statements``) what it would run."""

    database: str
    applied: tuple[Done, ...] = ()
    pending_before: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    #: Recorded without running, since a push had made them.
    landed: tuple[str, ...] = ()
    #: Squashes, recorded in the place of what they replace.
    recorded: tuple[str, ...] = ()

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
            "landed": list(self.landed),
            "recorded": list(self.recorded),
            "up_to_date": self.up_to_date,
        }


def migrate(  # noqa: PLR0913 (the options of the command)
    project: Project,
    *,
    target: str | None = None,
    dry_run: bool = False,
    fills: Mapping[str, str] | None = None,
    wait: float = 0.0,
    wait_lock: float = 600.0,
    strict: bool = False,
    confirm: ConfirmLanding | None = None,
    listener: Listener = silent,
    shared: Shared | None = None,
) -> Migrated:
    """Go to a target (default: head).

    A database ahead of the files gets a warning; with ``strict`` the caller fails on it. One
    that was pushed is landed first, if ``confirm`` says so, else refused. ``shared``: what runs
    on other databases read and planned already.
    """
    del strict  # the caller decides on the warnings
    shares = shared is not None  # what one does not need may be for another one
    shared = shared or Shared(need_history(project.directory, project.files))
    history = shared.history
    create = bool(history.migrations) and not dry_run
    command = command_line("migrate", target)
    with _saying_wait(command), open_database(project, create=create, wait=wait) as connection:
        runner = make_runner(project, connection, history, listener, wait_lock)
        runner = replace(runner, command=command, plans=shared.plans, shares=shares)
        confirmed = None if dry_run else confirm
        landed = land(project, runner, target, confirmed, fills=fills or {})
        consent = _consent(connection, target)
        hooking = Hooking(project, "migrate", connection.session.label)
        with _telling_landed(landed.names):
            done = run(
                runner, landed.target, fills or {}, consent, dry_run=dry_run, hooking=hooking
            )
        return replace(done, landed=landed.names)


@contextmanager
def _telling_landed(names: Sequence[str]) -> Iterator[None]:
    """Say in an error of what follows that migrations were recorded before it."""
    try:
        yield
    except MigError as error:
        if not names:
            raise
        committed = f"that the database has {', '.join(names)} is recorded"
        if error.committed not in ("", NOTHING):
            committed = f"{committed}; {error.committed}"
        raise with_fields(error, committed=committed) from error


@contextmanager
def _saying_wait(command: str) -> Iterator[None]:
    """Add to the way out of a server that does not answer that this command can wait for it."""
    try:
        yield
    except UnreachableError as error:
        error.hint = f"{error.hint}; or wait for the server: peewee-mig {command} --wait 60"
        raise


def command_line(
    command: str,
    target: str | None,
    allow_data_loss: Sequence[str] = (),
    options: Sequence[str] = (),
) -> str:
    """Spell a subcommand as it was given, but for its fills: each task knows those it needs."""
    allowed = [word for name in allow_data_loss for word in ("--allow-data-loss", name)]
    return shlex.join([command, *options, *([target] if target else []), *allowed])


@contextmanager
def open_database(project: Project, *, create: bool, wait: float = 0.0) -> Iterator[Connection]:
    """Connect to the database of a project; :exc:`RefusedError` for a tenant in another's."""
    with connected(
        project.given or project.need_database(),
        root=project.database_root,
        create=create,
        wait=wait,
        statement_timeout=project.statement_timeout,
        role=project.role,
        skips=project.skips,
    ) as connection:
        ensure_own_history(project, connection)
        yield connection


def make_runner(
    project: Project,
    connection: Connection,
    history: History,
    listener: Listener = silent,
    wait_lock: float = 600.0,
) -> Runner:
    """Put a database and a history together."""
    if isinstance(connection.session, EmbeddedSession):  # on a server, runner.lock waits
        connection.session.patience = wait_lock
    return Runner(
        connection.session,
        connection.dialect,
        history,
        HistoryTable(connection.dialect, project.history_table),
        listener,
        wait_lock,
        project.lock_timeout,
    )


def run(
    runner: Runner,
    target: str | None,
    fills: Mapping[str, str],
    consent: Consent,
    *,
    dry_run: bool,
    hooking: Hooking,
    files: History | None = None,
) -> Migrated:
    """Check the files, then run, or rehearse on a copy of the schema.

    ``files``: the history that is checked, where the runner's has migrations without files.
    """
    files = files or runner.history
    ensure_complete(files)
    found = runner.place()
    position = found.position
    if position.pending or found.due or target is not None:
        ensure_intact(_counting(files, found))
    alone = not hooking.project.tenant
    database = runner.session.label
    warnings = tuple(database_warnings(position, runner, alone=alone))
    if dry_run:
        statements = rehearse(runner, target, fills)
        return Migrated(database, (), position.pending, statements, warnings)
    done = _hooked(runner, target, fills, consent, hooking)
    recorded = tuple(each.name for each in done if each.direction == "recorded")
    moved = tuple(each for each in done if each.direction != "recorded")
    return Migrated(database, moved, position.pending, warnings=warnings, recorded=recorded)


def _counting(files: History, found: Place) -> History:
    """Return the files that count for a database: those that it goes on with, whole or not."""
    names = [name for name in found.history.names if name in files.modules]
    return files if set(names) == set(files.names) else files.choosing(names)


def _hooked(
    runner: Runner,
    target: str | None,
    fills: Mapping[str, str],
    consent: Consent,
    hooking: Hooking,
) -> tuple[Done, ...]:
    """Run between the hooks: the first ones follow the last question."""
    finished: list[Event] = []

    def listen(event: Event) -> None:
        if event.kind == "done":
            finished.append(event)
        runner.listener(event)

    def agree(tasks: Sequence[Task]) -> None:
        consent(tasks)
        hooking.before_tasks(tasks)

    def done() -> tuple[Moved, ...]:
        return tuple(Moved(each.migration, each.direction) for each in finished)

    with hooked(hooking, done):
        return replace(runner, listener=listen).run(target, fills, agree)


def rehearse(runner: Runner, target: str | None, fills: Mapping[str, str]) -> tuple[str, ...]:
    """Return the exact statements for this database, as :func:`spelled` spells them.

    What would be lost is said first, as comments; nobody is asked.
    """
    tasks = runner.plan_run(target, fills)
    lost = undoing_loses(tasks, runner)
    due = runner.place().due if runner.history.is_squashed else ()
    shown = [
        f"-- records {each.name} in the place of {', '.join(row.name for row in each.rows)}"
        for each in due
    ]
    shown += [f"-- loses {each.name}: {each.rows} row{'s'[: each.rows - 1]}" for each in lost]
    for move, statements in spelled(tasks, runner, target, fills):
        shown += [f"-- {move.name}{' (backward)' * (move.direction == 'backward')}", *statements]
    return tuple(shown)


def spelled(
    tasks: Sequence[Task], runner: Runner, target: str | None, fills: Mapping[str, str]
) -> Iterator[tuple[Move, tuple[str, ...]]]:
    """Yield the exact statements of each task for this database, with comments.

    On SQLite from a run on a copy of its schema, on a server from its catalog.
    """
    if isinstance(runner.session, EmbeddedSession):
        yield from _run_on_copy(runner, runner.session, target, fills)
        return
    for task in tasks:
        yield task.move, tuple(spell_task(task, runner))


def _run_on_copy(
    runner: Runner, session: EmbeddedSession, target: str | None, fills: Mapping[str, str]
) -> list[tuple[Move, tuple[str, ...]]]:
    shown: list[tuple[Move, list[str]]] = []

    def listen(event: Event) -> None:
        if event.kind == "migration":
            backward = event.direction == "backward"
            shown.append((Move(event.migration, "backward" if backward else "forward"), []))
        elif event.kind == "statement":
            shown[-1][1].append(event.text)

    history = runner.history
    known = (name for each in history.names for name in tables_with_rows(history.schema_at(each)))
    with session.rehearsal(rows_of=dict.fromkeys([runner.table.name, *known])) as copy:
        replace(runner, session=copy, listener=listen, dry=True).run(target, fills)
    return [(move, tuple(statements)) for move, statements in shown]


def spell_task(task: Task, runner: Runner) -> Iterator[str]:
    """Yield the statements of a task; what an earlier one has to make first is assumed."""
    yield from spell_steps(task.plan.steps, runner.session.query)
    done = "removes it from" if task.is_backward else "records it in"
    yield f"-- then {done} {runner.table.name}"


def spell_steps(steps: Sequence[Step], query: Query) -> Iterator[str]:
    """Yield the statements of steps; where the catalog lacks what they need, it is assumed."""
    for step in steps:
        if isinstance(step, Statement):
            yield step.sql
            continue
        try:
            yield from step.resolve(query)
        except RefusedError as error:
            yield f"-- {step.note or error.message}"
            yield from step.preview()


def undoing_loses(tasks: Sequence[Task], connection: Connection | Runner) -> tuple[Loss, ...]:
    """Count the rows that those of the tasks would lose that undo migrations."""
    undone = [task for task in tasks if task.is_backward]
    before = undone[0].plan.before if undone else None
    operations = [task.operations for task in undone]
    return losses(operations, connection.dialect, connection.session.query, before)


def _consent(connection: Connection, target: str | None) -> Consent:
    """Refuse to lose rows on the way back: that is what ``rollback`` asks about."""

    def consent(tasks: Sequence[Task]) -> None:
        words = f" {target}" if target and target != "head" else ""
        hint = f"peewee-mig rollback{words} --allow-data-loss NAME"
        refuse_losses(undoing_loses(tasks, connection), allowed=(), confirm=None, hint=hint)

    return consent


def database_warnings(position: Position, runner: Runner, *, alone: bool = True) -> Iterator[str]:
    """Say what is not meant, perhaps: a history elsewhere, a database ahead, a push.

    ``alone``: histories elsewhere are none of other tenants.
    """
    looks = alone and not position.applied
    if looks and (elsewhere := runner.table.elsewhere(runner.session.query)):
        yield elsewhere
    if position.ahead:
        names = ", ".join(row.name for row in position.ahead)
        yield f"the database is ahead of these files: it has {names}"
    if position.push is not None:
        yield push_words(position.push)
