"""Runs migrations: plan all, ask all guards, then one transaction each with its history row.

The rows are read again inside each transaction, so runners started at once share the work:
who gets the lock next goes on where the other stopped.
"""

from __future__ import annotations

import datetime as dt
import getpass
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peewee_mig import __version__
from peewee_mig.dialects.base import Dialect, Guard, Session, Statement, Step
from peewee_mig.errors import FailedError, GuardError, MigError, RefusedError, UsageError
from peewee_mig.history.folder import History
from peewee_mig.history.module import Migration
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations import describe, invert_all, operations_to_json
from peewee_mig.operations.verbs import Operation, RunSQL
from peewee_mig.plan.fills import answered_by, with_fills
from peewee_mig.plan.guards import traced_back
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import Plan, plan
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.position import Move, Position, absolute, locate, moves
from peewee_mig.schema.codec import canonical
from peewee_mig.schema.objects import Schema


@dataclass(frozen=True, slots=True)
class Done:
    """A migration that this run applied or undid."""

    name: str
    direction: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """A move with its operations (fills given at run time included) and its plan."""

    move: Move
    migration: Migration
    operations: tuple[Operation, ...]
    before: Schema
    plan: Plan
    fills: Mapping[str, str] = field(default_factory=dict[str, str])


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

    def run(
        self, target: str | None, fills: Mapping[str, str], consent: Consent | None = None
    ) -> tuple[Done, ...]:
        """Go to a target; return what this run did (another runner may have done the rest).

        ``consent`` is called with all tasks before the first one runs, and raises to stop.
        :exc:`GuardError`, :exc:`RefusedError`: nothing was changed by the migration it names.
        """
        position = self.position()
        tasks = self.plan_run(target, fills)
        if consent is not None:
            consent(tasks)
        goal = absolute(self.history, position, target)
        return tuple(self._each(goal, [task.move for task in tasks], fills))

    def plan_run(self, target: str | None, fills: Mapping[str, str]) -> tuple[Task, ...]:
        """Plan every move and ask what can be asked; changes nothing, takes no lock."""
        position = self.position()
        position.ensure_sound()
        tasks = self.tasks(moves(self.history, position, target), fills)
        self.ask_early(tasks)
        return tasks

    def tasks(self, todo: Sequence[Move], fills: Mapping[str, str]) -> tuple[Task, ...]:
        """Plan every move before the first one runs."""
        tasks, used = [], set[str]()
        for move in todo:
            task = self._task(move, fills)
            tasks.append(task)
            used |= set(task.fills)
        _refuse_unused(set(fills) - used, tasks)
        return tuple(tasks)

    def ask_early(self, tasks: Sequence[Task]) -> None:
        """Ask the guards of a whole run that can be asked before its first statement."""
        earlier: list[Operation] = []
        for task in tasks:
            for guard in task.plan.guards:
                traced = traced_back(guard, earlier)
                if traced is not None:
                    self._ask(traced, guard, task)
            earlier += task.operations

    def _each(self, goal: str, todo: Sequence[Move], fills: Mapping[str, str]) -> Iterator[Done]:
        finished: list[str] = []
        for move in todo:
            done = self._next(goal, move.direction, fills, finished)
            if done is None:
                return
            finished.append(done.name)
            yield done

    def _next(
        self, goal: str, direction: str, fills: Mapping[str, str], finished: Sequence[str]
    ) -> Done | None:
        """Take the lock, look where the database stands now, and make one move.

        A run never turns round: what another runner did beyond the goal is left alone.
        """
        started = time.monotonic()
        task: Task | None = None
        try:
            expected = self._find_task(goal, direction, fills)
            while expected is not None and task is None:
                structural = not _is_only_sql(expected.operations)
                with self.session.transaction(wait=self.wait_lock, structural=structural):
                    found = self._find_task(goal, direction, fills)
                    if found is not None and found.move == expected.move:
                        task = found
                        self._make(task)
                expected = found
            if task is None:
                return None
        except MigError as error:
            raise _placed(error, task, finished) from error
        seconds = time.monotonic() - started
        self.listener(Event("done", task.move.name, task.move.direction, seconds=seconds))
        return Done(task.move.name, task.move.direction, seconds)

    def _find_task(self, goal: str, direction: str, fills: Mapping[str, str]) -> Task | None:
        position = self.position()
        position.ensure_sound()
        todo = moves(self.history, position, goal)
        return self._task(todo[0], fills) if todo and todo[0].direction == direction else None

    def _task(self, move: Move, fills: Mapping[str, str]) -> Task:
        migration = self.history.migration(move.name)
        operations, before = migration.operations, self.history.schema_before(move.name)
        if move.direction == "backward":
            operations, before = invert_all(operations), self.history.schema_at(move.name)
        filled, used = with_fills(operations, fills)
        planned = plan(filled, before, self.dialect, self.session.capabilities())
        given = {name: fills[name] for name in sorted(used)}
        return Task(move, migration, filled, before, planned, given)

    def _make(self, task: Task) -> None:
        """Make one move inside the transaction: guards, steps, checks, history row."""
        self.listener(Event("migration", task.move.name, task.move.direction))
        started, clock = _utc_now(), time.monotonic()
        for guard in task.plan.guards:
            self._ask(guard, guard, task)
        problems = self.dialect.problems(self.session.query) if task.plan.steps else frozenset()
        for step in task.plan.steps:
            self._run(step, task)
        self._refuse_new_problems(problems, task)
        for sql in self._bookkeeping(task, started, time.monotonic() - clock):
            self._execute(sql, task)

    def _run(self, step: Step, task: Task) -> None:
        try:
            if isinstance(step, Statement):
                self._execute(step.sql, task)
                return
            counted = self._count(step.counted)
            for sql in step.resolve(self.session.query):
                self._execute(sql, task)
            self._refuse_lost_rows(counted, self._count(step.counted))
        except MigError as error:
            raise _at_operation(error, step, task) from error

    def _execute(self, sql: str, task: Task) -> None:
        self.listener(Event("statement", task.move.name, task.move.direction, text=f"{sql};"))
        self.session.execute(sql)

    def _count(self, tables: Sequence[str]) -> dict[str, int]:
        return {
            table: self.session.query(f"SELECT count(*) FROM {self.dialect.quote(table)}")[0][0]
            for table in tables
            if self.dialect.has_table(self.session.query, table)
        }

    def _refuse_lost_rows(self, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        lost = [name for name, count in before.items() if after.get(name) != count]
        if lost:
            raise FailedError(f"the rebuild would change the number of rows of {', '.join(lost)}")

    def _refuse_new_problems(self, before: frozenset[str], task: Task) -> None:
        if not task.plan.steps:
            return
        new = sorted(self.dialect.problems(self.session.query) - before)
        if new:
            raise RefusedError(
                f"it would leave the database broken: {new[0]}",
                hint="mend what is named (rows, or the view or trigger by hand), migrate again",
            )

    def _ask(self, guard: Guard, original: Guard, task: Task) -> None:
        """Stop if rows are in the way; ``original`` names things as the migration does."""
        count_sql, sample_sql = self.dialect.guard_sql(guard)
        count = self.session.query(count_sql)[0][0]
        if not count:
            return
        sample = [", ".join(map(str, row)) for row in self.session.query(sample_sql)]
        shown = f" (such as {'; '.join(sample)})" if sample else ""
        raise GuardError(
            f"{count} row{'s are' if count > 1 else ' is'} in the way: {words(guard)}{shown}",
            where=_where(task, original.operation),
            committed="nothing was changed",
            hint=_way_out(original, task),
        )

    def _bookkeeping(self, task: Task, started: str, seconds: float) -> Iterator[str]:
        if not self.dialect.has_table(self.session.query, self.table.name):
            yield from self.table.create()
        for old, new in self.position().renamed:
            yield self.table.rename(old, new)
        if task.move.direction == "backward":
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


def _is_only_sql(operations: Sequence[Operation]) -> bool:
    return all(isinstance(operation, RunSQL) for operation in operations)


def _refuse_unused(names: set[str], tasks: Sequence[Task]) -> None:
    if not names:
        return
    asked = {answered_by(operation) for task in tasks for operation in task.operations} - {""}
    raise UsageError(
        f"--fill {', '.join(sorted(names))}: no pending migration needs such a value",
        hint=f"those that take one: {', '.join(sorted(asked)) or 'none'}",
    )


def _where(task: Task, operation: int) -> str:
    return f"{task.move.name}: {describe(task.operations[operation])}"


def _way_out(guard: Guard, task: Task) -> str:
    command = "rollback" if task.move.direction == "backward" else "migrate"
    answer = answered_by(task.operations[guard.operation])
    if answer and guard.kind in ("rows", "nulls") and not guard.limit:
        return f"peewee-mig {command} --fill {answer}=VALUE"
    return f"change or delete these rows, then: peewee-mig {command}"


def _at_operation(error: MigError, step: Step, task: Task) -> MigError:
    if error.where or not step.operations:
        return error
    return _with(error, where=_where(task, step.operations[0]))


def _placed(error: MigError, task: Task | None, finished: Sequence[str]) -> MigError:
    """Say which migration failed and what is committed."""
    where = error.where or (task.move.name if task else "")
    committed = error.committed or (
        f"{finished[0]} to {finished[-1]}" if len(finished) > 1 else "".join(finished)
    )
    if finished and committed == "nothing was changed":
        committed = f"{', '.join(finished)}; nothing of this migration"
    elif not error.committed:
        committed = f"{committed}; nothing of this migration" if finished else "nothing"
    hint = error.hint or "mend the cause, then run the same command again: it goes on from there"
    return _with(error, where=where, committed=committed, hint=hint)


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
