"""Runs migrations: plan all, ask all guards, then one after the other under the lock.

A transaction holds a migration with its history row where the engine can; elsewhere the
journal does. The rows are read again under the lock, so runners started at once share the
work: who gets the lock next goes on where the other stopped.
"""

from __future__ import annotations

import time
from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property

from peewee_mig.dialects.base import Dialect, Session, Statement
from peewee_mig.errors import MigError, RefusedError
from peewee_mig.history.folder import History
from peewee_mig.history.journal import Journal
from peewee_mig.history.records import RecordTable
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.execution import Execution, with_fields
from peewee_mig.runner.guarding import ask, ask_early
from peewee_mig.runner.journaled import Journaled
from peewee_mig.runner.lock import Lock, held
from peewee_mig.runner.position import Move, Position, absolute, goal_of, locate, moves
from peewee_mig.runner.recording import Recorder, applied_row, utc_now
from peewee_mig.runner.tasks import Planner, Task


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
    """A database and the history that it follows.

    ``wait_lock``: seconds to wait for another runner; ``patience``: for locks on tables.
    """

    session: Session
    dialect: Dialect
    history: History
    table: HistoryTable
    listener: Listener = silent
    wait_lock: float = 600.0
    patience: float = 60.0

    def rows(self) -> tuple[Row, ...]:
        """Read what the database remembers."""
        return self.table.read(self.session.query)

    def position(self) -> Position:
        """Read where the database stands."""
        return locate(self.history, self.rows())

    def plan_run(self, target: str | None, fills: Mapping[str, str]) -> tuple[Task, ...]:
        """Plan every move and ask what can be asked; changes nothing, takes no lock."""
        rows = self.rows()
        position = locate(self.history, rows)
        position.ensure_sound()
        try:
            planner = self.planner(rows, fills)
            tasks = planner.tasks(moves(self.history, position, target))
            if position.unfinished is None:  # else the guards have no schema that they fit
                ask_early(tasks, self.dialect, self.session.query)
        except MigError as error:
            raise _placed(error, finished=()) from error
        return tasks

    def planner(self, rows: Sequence[Row], fills: Mapping[str, str]) -> Planner:
        """Return what plans moves, with the answers that an unfinished migration got."""
        given = [row.meta.get("fills", {}) for row in rows if row.is_unfinished]
        answers = dict(ChainMap(dict(fills), *given))
        return Planner(self.history, self.dialect, self.session.capabilities(), answers)

    def run(
        self, target: str | None, fills: Mapping[str, str], consent: Consent | None = None
    ) -> tuple[Done, ...]:
        """Go to a target; return what this run did (another runner may have done the rest).

        ``consent`` is called with all tasks before the first one runs, and raises to stop.
        :exc:`GuardError`, :exc:`RefusedError`: nothing was changed by the migration it names.
        """
        position = self.position()
        position.ensure_sound()
        goal = absolute(self.history, position, target)
        if position.unfinished is None:
            return self._go(goal, fills, consent)
        first = self._finish(position.unfinished, position, fills)
        left = {key: value for key, value in fills.items() if key not in first.fills}
        return (*first.done, *self._go(goal, left, consent))

    def _go(
        self, goal: str, fills: Mapping[str, str], consent: Consent | None
    ) -> tuple[Done, ...]:
        tasks = self.plan_run(goal, fills)
        if consent is not None:
            consent(tasks)
        if not tasks:
            return ()
        with self._held() as lock:
            return tuple(_Run(self, lock, goal, fills).each(tasks))

    def _finish(self, move: Move, position: Position, fills: Mapping[str, str]) -> _Finished:
        """Finish what an earlier run began; whoever began it had consented."""
        task = self.planner(self.rows(), fills).task(move)
        with self._held() as lock:
            run = _Run(self, lock, goal_of(move, position), fills)
            return _Finished(tuple(run.each([task])), task.fills)

    def _held(self) -> AbstractContextManager[Lock]:
        return held(
            self.session,
            self.dialect,
            self.table.own,
            wait=self.wait_lock,
            listener=self.listener,
        )


@dataclass(frozen=True)
class _Finished:
    """What was finished before the run proper, and which answers that took."""

    done: tuple[Done, ...]
    fills: Mapping[str, str]


@dataclass(frozen=True)
class _Run:
    """One run, under the lock."""

    runner: Runner
    lock: Lock
    goal: str
    fills: Mapping[str, str]

    def each(self, tasks: Sequence[Task]) -> Iterator[Done]:
        finished: list[str] = []
        shown = {task.move for task in tasks}
        for task in tasks:
            try:
                done = self._next(task, shown)
            except MigError as error:
                raise _placed(error, finished) from error
            if done is None:
                return
            finished.append(done.name)
            yield done

    def _next(self, expected: Task, shown: Collection[Move]) -> Done | None:
        """Make one move, or none if other runners have made them all.

        A run never turns round: what another runner did beyond the goal is left alone.
        """
        started = time.monotonic()
        if not self.runner.dialect.transactional or expected.is_journaled:
            self._prepare(expected)
        if self._is_journaled(expected):
            made = self._in_steps(expected, shown)
        else:
            made = self._execution.patiently(lambda: self._in_one_transaction(expected, shown))
        return None if made is None else self._done(made.move, time.monotonic() - started)

    def _is_journaled(self, task: Task) -> bool:
        """Whether no transaction can hold the whole of it."""
        if self.runner.dialect.transactional:
            return task.is_journaled
        return not all(isinstance(s, Statement) and s.rows for s in task.plan.steps)

    def _in_one_transaction(self, expected: Task, shown: Collection[Move]) -> Task | None:
        """Make a move and record it, together; on SQLite this is where the lock is taken."""
        found: Task | None = expected
        while found is not None:
            structural = found.is_structural
            with self.runner.session.transaction(
                wait=self.runner.wait_lock, structural=structural
            ):
                found = self._find_task(expected.direction, shown)
                fits = found is not None and found.is_structural == structural
                if found is not None and fits:
                    self._make(found)
            if found is not None and fits:
                return found
        return None

    def _find_task(self, direction: str, shown: Collection[Move]) -> Task | None:
        """Return what to do next, as the database stands now."""
        rows = self.runner.rows()
        position = locate(self.runner.history, rows)
        position.ensure_sound()
        todo = moves(self.runner.history, position, self.goal)
        if not todo or todo[0].direction != direction:
            return None
        task = self.runner.planner(rows, self.fills).task(todo[0])
        _refuse_unshown(task, shown)
        return task

    def _make(self, task: Task) -> None:
        """Make one move inside the transaction: guards, steps, checks, history row."""
        self._listen(Event("migration", task.title, task.direction))
        started, clock = utc_now(), time.monotonic()
        self._execution.run(task)
        recorder = self._recorder(task)
        recorder.prepare()
        self._rename(recorder)
        if task.is_backward:
            recorder.delete(task.title)
        else:
            recorder.insert(self._row(task, started, time.monotonic() - clock))

    # Where each statement is committed by itself.

    def _in_steps(self, expected: Task, shown: Collection[Move]) -> Task | None:
        """Make a move in steps, each recorded, or go on with one that was begun."""
        task = self._find_task(expected.direction, shown)
        if task is None:
            return None
        self._listen(Event("migration", task.title, task.direction))
        started, clock = utc_now(), time.monotonic()
        recorder = self._recorder(task)
        journal = Journal(self._journal_table, task.title, task.direction)
        try:
            if self.runner.position().unfinished is None:
                self._begin(task, recorder, started)
            Journaled(self._execution, recorder, journal, task).run()
        except MigError as error:
            where = error.where or task.title
            raise with_fields(error, where=where, committed=self._done_so_far(journal)) from error
        self._finish(task, recorder, journal, self._row(task, started, time.monotonic() - clock))
        return task

    def _prepare(self, task: Task) -> None:
        """Create our tables first: no transaction could hold that."""
        self._recorder(task).prepare()
        name, query = self.runner.table.own.journal, self.runner.session.query
        if not self.runner.dialect.has_table(query, name):
            for sql in Journal(self._journal_table, task.title, task.direction).create():
                self._execution.statement(sql, task)

    def _begin(self, task: Task, recorder: Recorder, started: str) -> None:
        """Ask the guards, then record that the migration runs."""
        ask(task, self.runner.dialect, self.runner.session.query)
        row = self._row(task, started, 0.0, state="running")
        self._recorded(recorder, lambda: self._record_begin(task, recorder, row))

    def _done_so_far(self, journal: Journal) -> str:
        """Say what of a migration that failed is committed."""
        try:
            entries = journal.read(self.runner.session.query)
        except MigError:
            return f"a part of {journal.migration}"
        count = sum(entry.state == "done" for entry in entries)
        return f"{count} statement{'' if count == 1 else 's'} of {journal.migration}" * bool(count)

    def _record_begin(self, task: Task, recorder: Recorder, row: Row) -> None:
        self._rename(recorder)
        if task.is_backward:
            recorder.replace(row)
        else:
            recorder.insert(row)

    def _finish(self, task: Task, recorder: Recorder, journal: Journal, row: Row) -> None:
        """Record that the migration is applied, or undone, and forget its steps."""

        def record() -> None:
            if task.is_backward:
                recorder.delete(task.title)
            else:
                recorder.replace(row)
            self._execution.statement(journal.clear(), task)

        self._recorded(recorder, record)

    def _recorded(self, recorder: Recorder, write: Callable[[], None]) -> None:
        """Write records in one transaction."""

        def attempt() -> None:
            with recorder.session.transaction(wait=self.runner.wait_lock, structural=False):
                write()

        self._execution.patiently(attempt)

    # What both ways need.

    @cached_property
    def _execution(self) -> Execution:
        runner = self.runner
        return Execution(runner.session, runner.dialect, self._listen, runner.patience)

    @cached_property
    def _table(self) -> HistoryTable:
        return replace(self.runner.table, owner=self.lock.owner)

    @property
    def _journal_table(self) -> RecordTable:
        own = self.runner.table.own
        return RecordTable(self.runner.dialect, own.journal, own.lock, self.lock.owner)

    def _recorder(self, task: Task) -> Recorder:
        def say(sql: str) -> None:
            self._listen(Event("statement", task.title, task.direction, text=f"{sql};"))

        return Recorder(self.runner.session, self._table, say)

    def _rename(self, recorder: Recorder) -> None:
        """Give the rows of migrations that a rebase renamed their new names."""
        if any(migration.was for migration in self.runner.history.migrations):
            for old, new in self.runner.position().renamed:
                recorder.rename(old, new)

    def _row(self, task: Task, started: str, seconds: float, state: str = "applied") -> Row:
        return applied_row(
            task.migration,
            self.runner.history,
            task.operations,
            started=started,
            seconds=seconds,
            meta={"fills": dict(task.fills)} if task.fills else {},
            state=state,
            direction=task.direction,
        )

    def _listen(self, event: Event) -> None:
        """Tell listeners, and whoever waits for the lock."""
        self.lock.step = f"{event.migration} {event.text}".strip()
        self.runner.listener(event)

    def _done(self, move: Move, seconds: float) -> Done:
        self.runner.listener(Event("done", move.name, move.direction, seconds=seconds))
        return Done(move.name, move.direction, seconds)


def _refuse_unshown(task: Task, shown: Collection[Move]) -> None:
    """Undo only what consent was asked for."""
    if task.is_backward and task.move not in shown:
        raise RefusedError(
            f"{task.title} was applied by another runner in the meantime",
            hint="run the command again: it then counts what undoing that one would lose",
        )


def _placed(error: MigError, finished: Sequence[str]) -> MigError:
    """Say what is committed and how to go on."""
    committed = ", ".join(filter(None, [*finished, error.committed])) or "nothing was changed"
    hint = error.hint or "mend the cause, then run the same command again: it goes on from there"
    return with_fields(error, committed=committed, hint=hint)
