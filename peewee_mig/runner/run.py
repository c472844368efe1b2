"""Runs migrations: plan all, ask all guards, then one transaction each with its history row.

The rows are read again inside each transaction, so runners started at once share the work:
who gets the lock next goes on where the other stopped.
"""

from __future__ import annotations

import datetime as dt
import getpass
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from peewee_mig import __version__
from peewee_mig.dialects.base import Dialect, Session, Statement, Step
from peewee_mig.errors import FailedError, MigError, RefusedError
from peewee_mig.history.folder import History
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations import operations_to_json
from peewee_mig.plan.names import Names
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.guarding import ask, ask_early
from peewee_mig.runner.position import Move, Position, absolute, locate, moves
from peewee_mig.runner.tasks import Planner, Task
from peewee_mig.schema.codec import canonical


@dataclass(frozen=True, slots=True)
class Done:
    """A migration that this run applied or undid."""

    name: str
    direction: str
    seconds: float


#: Is shown the tasks of a run before it starts; raises to stop it.
Consent = Callable[[Sequence[Task]], None]


@dataclass(frozen=True)
class Runner:
    """A database and the history that it follows."""

    session: Session
    dialect: Dialect
    history: History
    table: HistoryTable
    listener: Listener = silent
    wait_lock: float = 600.0

    def position(self) -> Position:
        """Read where the database stands."""
        return locate(self.history, self.table.read(self.session.query))

    def plan_run(self, target: str | None, fills: Mapping[str, str]) -> tuple[Task, ...]:
        """Plan every move and ask what can be asked; changes nothing, takes no lock."""
        position = self.position()
        position.ensure_sound()
        try:
            tasks = self._planner(fills).tasks(moves(self.history, position, target))
            ask_early(tasks, self.dialect, self.session.query)
        except MigError as error:
            raise _placed(error, finished=()) from error
        return tasks

    def run(
        self, target: str | None, fills: Mapping[str, str], consent: Consent | None = None
    ) -> tuple[Done, ...]:
        """Go to a target; return what this run did (another runner may have done the rest).

        ``consent`` is called with all tasks before the first one runs, and raises to stop.
        :exc:`GuardError`, :exc:`RefusedError`: nothing was changed by the migration it names.
        """
        goal = absolute(self.history, self.position(), target)
        tasks = self.plan_run(goal, fills)
        if consent is not None:
            consent(tasks)
        return tuple(self._each(goal, tasks, self._planner(fills)))

    def _planner(self, fills: Mapping[str, str]) -> Planner:
        return Planner(self.history, self.dialect, self.session.capabilities(), fills)

    def _each(self, goal: str, tasks: Sequence[Task], planner: Planner) -> Iterator[Done]:
        finished: list[str] = []
        shown = {task.move for task in tasks}
        for task in tasks:
            try:
                done = self._next(goal, task, planner, shown)
            except MigError as error:
                raise _placed(error, finished) from error
            if done is None:
                return
            finished.append(done.name)
            yield done

    def _next(
        self, goal: str, expected: Task, planner: Planner, shown: Collection[Move]
    ) -> Done | None:
        """Make one move under the lock, or none if other runners have made them all.

        A run never turns round: what another runner did beyond the goal is left alone.
        """
        started = time.monotonic()
        direction = expected.move.direction
        found: Task | None = expected
        while found is not None:
            structural = found.is_structural
            with self.session.transaction(wait=self.wait_lock, structural=structural):
                found = self._find_task(goal, direction, planner)
                _refuse_unshown(found, shown)
                fits = found is not None and found.is_structural == structural
                if found is not None and fits:
                    self._make(found)
            if found is not None and fits:
                return self._done(found.move, time.monotonic() - started)
        return None

    def _find_task(self, goal: str, direction: str, planner: Planner) -> Task | None:
        """Return what to do next, as the database stands now."""
        position = self.position()
        position.ensure_sound()
        todo = moves(self.history, position, goal)
        return planner.task(todo[0]) if todo and todo[0].direction == direction else None

    def _done(self, move: Move, seconds: float) -> Done:
        self.listener(Event("done", move.name, move.direction, seconds=seconds))
        return Done(move.name, move.direction, seconds)

    # Inside the transaction.

    def _make(self, task: Task) -> None:
        """Make one move: guards, steps, checks, history row."""
        self.listener(Event("migration", task.move.name, task.move.direction))
        started, clock = _utc_now(), time.monotonic()
        try:
            ask(task, self.dialect, self.session.query)
            self._run_steps(task)
            for sql in self._bookkeeping(task, started, time.monotonic() - clock):
                self._execute(sql, task)
        except MigError as error:
            raise _with(error, where=error.where or task.move.name) from error

    def _run_steps(self, task: Task) -> None:
        """Run the steps; refuse what leaves something broken that was not before."""
        if not task.plan.steps:
            return
        before = self.dialect.problems(self.session.query)
        for step in task.plan.steps:
            self._run(step, task)
        names = Names()
        for operation in task.operations:
            names.follow(operation)
        new = sorted(self.dialect.problems(self.session.query, names.table) - before)
        if new:
            raise RefusedError(
                f"it would leave the database broken: {new[0]}",
                hint="mend what is named (rows, or the view or trigger by hand), migrate again",
            )

    def _run(self, step: Step, task: Task) -> None:
        try:
            if isinstance(step, Statement):
                self._execute(step.sql, task)
                return
            statements = step.resolve(self.session.query)
            counts = self._count(step.counted)
            for sql in statements:
                self._execute(sql, task)
            if self._count(step.counted) != counts:
                raise FailedError(f"rows were lost on the way ({', '.join(step.counted)})")
        except MigError as error:
            where = task.where(step.operations[0]) if step.operations else ""
            raise _with(error, where=error.where or where) from error

    def _execute(self, sql: str, task: Task) -> None:
        self.listener(Event("statement", task.move.name, task.move.direction, text=f"{sql};"))
        self.session.execute(sql)

    def _count(self, tables: Sequence[str]) -> list[int]:
        names = [self.dialect.quote(table) for table in tables]
        return [self.session.query(f"SELECT count(*) FROM {name}")[0][0] for name in names]

    def _bookkeeping(self, task: Task, started: str, seconds: float) -> Iterator[str]:
        if not self.dialect.has_table(self.session.query, self.table.name):
            yield from self.table.create()
        if any(migration.was for migration in self.history.migrations):
            for old, new in self.position().renamed:
                yield self.table.rename(old, new)
        if task.is_backward:
            yield self.table.delete(task.move.name)
        else:
            yield self.table.insert(self._row(task, started, seconds))

    def _row(self, task: Task, started: str, seconds: float) -> Row:
        migration = task.migration
        return Row(
            name=migration.name,
            checksum=migration.checksum,
            sha256=migration.sha256,
            schema_hash=self.history.state_at(migration.name).hash,
            state="applied",
            direction=task.move.direction,
            started=started,
            finished=_utc_now(),
            duration=round(seconds, 6),
            applied_by=_applied_by(),
            tool_version=__version__,
            operations=canonical(operations_to_json(task.operations)),
            meta={"fills": dict(task.fills)} if task.fills else {},
        )


def _refuse_unshown(task: Task | None, shown: Collection[Move]) -> None:
    """Undo only what consent was asked for."""
    if task is not None and task.is_backward and task.move not in shown:
        raise RefusedError(
            f"{task.move.name} was applied by another runner in the meantime",
            hint="run the command again: it then counts what undoing that one would lose",
        )


def _placed(error: MigError, finished: Sequence[str]) -> MigError:
    """Say what is committed and how to go on."""
    committed = ", ".join(finished) if finished else "nothing was changed"
    hint = error.hint or "mend the cause, then run the same command again: it goes on from there"
    return _with(error, committed=error.committed or committed, hint=hint)


def _with(error: MigError, **fields: str) -> MigError:
    """Return an error of the same class with some fields replaced."""
    known = ("where", "statement", "original", "committed", "hint")
    values = {name: getattr(error, name) for name in known} | fields
    return type(error)(error.message, **values)


def _utc_now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _applied_by() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        user = "unknown"
    return f"{user}@{socket.gethostname()}"[:255]
