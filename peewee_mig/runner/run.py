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
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.calls import Call
from peewee_mig.dialects.sessions import ServerSession, Session
from peewee_mig.errors import (
    BusyError,
    ConsentError,
    DeclinedError,
    ExistsError,
    MigError,
    RefusedError,
    same_command,
)
from peewee_mig.history.folder import History
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.execution import Execution, placed, with_fields
from peewee_mig.runner.guarding import ask_early
from peewee_mig.runner.lock import NOTHING, Lock, held
from peewee_mig.runner.making import Maker
from peewee_mig.runner.placing import Place, place
from peewee_mig.runner.position import (
    Move,
    Position,
    Target,
    absolute,
    goal_of,
    moves,
    reached,
)
from peewee_mig.runner.recording import Recorder, answers_of
from peewee_mig.runner.tasks import Planner, Plans, Task


@dataclass(frozen=True, slots=True)
class Done:
    """A migration that this run applied, undid or recorded: ``direction`` says which."""

    name: str
    direction: Literal["forward", "backward", "recorded"]
    seconds: float


#: Is shown the tasks of a run before it starts; raises to stop it.
Consent = Callable[[Sequence[Task]], None]


@dataclass(frozen=True)
class Runner:
    """A database and the history that it follows.

    ``wait_lock``: seconds to wait for another runner; ``patience``: for locks on tables;
    ``command``: the subcommand as it was given, for the way out of what stops it; ``allowed``:
    what somebody consented to lose; ``plans``: those made already, here or for other databases.
    """

    session: Session
    dialect: Dialect
    history: History
    table: HistoryTable
    listener: Listener = silent
    wait_lock: float = 600.0
    patience: float = 60.0
    command: str = ""
    allowed: Sequence[str] = ()
    #: Whether functions of migration files are told of, and not called.
    dry: bool = False
    plans: Plans = field(default_factory=Plans, compare=False)
    #: Whether other databases get the same answers: what this one does not need is for them.
    shares: bool = False

    def rows(self) -> tuple[Row, ...]:
        """Read what the database remembers."""
        return self.table.read(self.session.query)

    def place(self) -> Place:
        """Read which files count for the database, and where it stands in them."""
        return place(self.history, self.rows())

    @property
    def counting(self) -> History:
        """The files that count for the database."""
        return self.place().history if self.history.is_squashed else self.history

    @property
    def is_due(self) -> bool:
        """Whether a squash has to be recorded, of which the database has all that it replaces."""
        return self.history.is_squashed and bool(self.place().due)

    def position(self) -> Position:
        """Read where the database stands."""
        return self.place().position

    def plan_run(self, target: Target, fills: Mapping[str, str]) -> tuple[Task, ...]:
        """Plan every move and ask what can be asked; changes nothing, takes no lock."""
        found = self.place()
        position = found.position
        position.ensure_sound()
        try:
            planner = self.planner(found.rows, fills, found)
            planned = moves(found.history, position, target)
            tasks = planner.tasks(planned, shares=self.shares)
            self._refuse_uncallable(tasks)
            if position.unfinished is None:  # else the guards have no schema that they fit
                ask_early(tasks, self.dialect, self.session.query)
        except MigError as error:
            raise _placed(error, finished=()) from error
        return tasks

    def _refuse_uncallable(self, tasks: Sequence[Task]) -> None:
        """Refuse what will call a function that nobody has any more, before others are undone."""
        for task in tasks:
            for step in task.plan.steps:
                if isinstance(step, Call):
                    with placed(step, task):
                        step.check(self.session.query)

    def planner(
        self, rows: Sequence[Row], fills: Mapping[str, str], found: Place | None = None
    ) -> Planner:
        """Return what plans moves, with the answers that an unfinished migration got.

        ``found``: where a database with these rows stands, if that is known.
        """
        found = found or place(self.history, rows)
        there = reached(found.history, found.position)
        given = [dict(answers_of(row)) for row in found.rows if row.is_unfinished]
        answers = dict(ChainMap(dict(fills), *given))
        facts = self.session.capabilities()
        return Planner(there, self.dialect, facts, answers, self.command, self.allowed, self.plans)

    def run(
        self, target: str | None, fills: Mapping[str, str], consent: Consent | None = None
    ) -> tuple[Done, ...]:
        """Go to a target; return what this run did (another runner may have done the rest).

        ``consent`` is called with all tasks before the first one runs, and raises to stop.
        :exc:`GuardError`, :exc:`RefusedError`: nothing was changed by the migration it names.
        """
        found = self.place()
        position = found.position
        position.ensure_sound()
        goal = absolute(found.history, position, target)
        if position.unfinished is None:
            return self._go(goal, fills, consent)
        try:
            first = self._finish(position.unfinished, found, fills, consent)
        except ExistsError as error:
            raise with_fields(error, hint="see how far it came: peewee-mig repair") from error
        left = {key: value for key, value in fills.items() if key not in first.fills}
        try:
            return (*first.done, *self._go(goal, left, consent))
        except MigError as error:
            raise _placed(error, [each.name for each in first.done]) from error

    def _go(
        self, goal: Target, fills: Mapping[str, str], consent: Consent | None
    ) -> tuple[Done, ...]:
        tasks = self._planned(goal, fills, consent)
        if not tasks and not self.is_due:
            return ()
        with self._held() as lock:
            return tuple(_Run(self, lock, goal, fills).each(tasks))

    def _planned(
        self, goal: Target, fills: Mapping[str, str], consent: Consent | None
    ) -> tuple[Task, ...]:
        """Plan and get consent; if what another runner does is in the way, once it is done."""

        def attempt() -> tuple[Task, ...]:
            return self._settled(goal, fills, consent)

        try:
            return attempt()
        except BusyError:
            with self._held():
                return self._execution.patiently(attempt)

    def _settled(
        self, goal: Target, fills: Mapping[str, str], consent: Consent | None
    ) -> tuple[Task, ...]:
        """Plan and get consent, again as long as other runners have moved on meanwhile."""
        rows = self.rows()
        while True:
            try:
                tasks = self.plan_run(goal, fills)
                if consent is not None:
                    consent(tasks)
            except (ConsentError, DeclinedError):  # an answer stays what it is
                raise
            except MigError:
                earlier, rows = rows, self.rows()
                if rows == earlier:
                    raise
            else:
                return tasks

    @property
    def _execution(self) -> Execution:
        return Execution(self.session, self.dialect, self.listener, self.patience)

    def _finish(
        self, move: Move, found: Place, fills: Mapping[str, str], consent: Consent | None
    ) -> _Finished:
        """Finish what an earlier run began; rows may have come since, so consent is asked anew."""
        task = self.planner(found.rows, fills, found).task(move)
        if consent is not None:
            consent((task,))
        with self._held() as lock:
            run = _Run(self, lock, goal_of(found.history, move, found.position), fills)
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
    goal: Target
    fills: Mapping[str, str]

    def each(self, tasks: Sequence[Task]) -> Iterator[Done]:
        finished: list[str] = []
        shown = {task.move for task in tasks}
        yield from self._record_due()
        for task in tasks:
            try:
                done = self._next(task, shown)
            except MigError as error:
                raise _placed(error, finished) from error
            if done is None:
                break
            finished.append(done.name)
            yield done
            yield from self._record_due()

    def _record_due(self) -> tuple[Done, ...]:
        """Record each squash of which the database has all that it replaces."""
        if not self.runner.is_due:
            return ()
        started = time.monotonic()
        names = self._execution.together(self._take_over, wait=self.runner.wait_lock)
        seconds = time.monotonic() - started
        return tuple(Done(name, "recorded", seconds) for name in names)

    def _take_over(self) -> tuple[str, ...]:
        """Put rows of squashes in the place of others, inside an open transaction."""
        found = self.runner.place()
        found.position.ensure_sound()
        for each in found.due:
            self._listen(Event("migration", each.name, "recorded"))
            self._recorder(each.name).take_over(each.row, [row.name for row in each.rows])
        return tuple(each.name for each in found.due)

    def _recorder(self, name: str) -> Recorder:
        def run(sql: str) -> int:
            return self._execution.teller.run(sql, name, "recorded", ours=True)

        table = replace(self.runner.table, owner=self.lock.owner)
        return Recorder(self.runner.session, table, run)

    def _next(self, expected: Task, shown: Collection[Move]) -> Done | None:
        """Make one move, or none if other runners have made them all.

        A run never turns round: what another runner did beyond the goal is left alone.
        """
        started = time.monotonic()
        if isinstance(self.runner.session, ServerSession):
            made = self._on_server(expected, shown)
        else:
            made = self._on_file(expected, shown)
        return None if made is None else self._done(made.move, time.monotonic() - started)

    def _on_server(self, expected: Task, shown: Collection[Move]) -> Task | None:
        """Make a move; nobody else makes any while the lock is held."""
        found = self._find_task(expected.direction, shown)
        if found is None:
            return None
        task, begun = found
        maker = self._maker(task)
        if begun or maker.is_stepwise:
            maker.make_in_steps(begun=begun)
            return task
        if not self.runner.dialect.transactional:
            maker.prepare()
        self._execution.together(maker.make, structural=True)
        return task

    def _on_file(self, expected: Task, shown: Collection[Move]) -> Task | None:
        """Make a move in the transaction that is the lock: what to do is found inside it."""
        found: Task | None = expected
        while found is not None:
            structural, calls = found.is_structural, found.calls
            with self._file_held(structural=structural, calls=calls):
                found, _ = self._find_task(expected.direction, shown) or (None, False)
                fits = found is not None and (found.is_structural, found.calls) == (
                    structural,
                    calls,
                )
                if found is not None and fits:
                    self._maker(found).make()
            if found is not None and fits:
                return found
        return None

    def _file_held(self, *, structural: bool, calls: bool) -> AbstractContextManager[None]:
        """Hold a file; foreign keys act where functions of the user's change rows only."""
        wait, lent = self.runner.wait_lock, calls and not structural
        return self._execution.transaction(wait=wait, structural=structural, lent=lent)

    def _find_task(self, direction: str, shown: Collection[Move]) -> tuple[Task, bool] | None:
        """Return what to do next, as the database stands now, and whether it was begun."""
        found = self.runner.place()
        position = found.position
        position.ensure_sound()
        todo = moves(found.history, position, self.goal)
        begun = position.unfinished
        if begun is not None and (todo[:1] != (begun,) or begun.direction != direction):
            raise RefusedError(
                f"another runner began {begun.name} in the meantime and did not finish it",
                hint=f"it finishes that first: {same_command()}",
            )
        if not todo or todo[0].direction != direction:
            return None
        task = self.runner.planner(found.rows, self.fills, found).task(todo[0])
        _refuse_unshown(task, shown)
        return task, begun is not None

    def _maker(self, task: Task) -> Maker:
        table = replace(self.runner.table, owner=self.lock.owner)
        return Maker(self._execution, self.runner.counting, table, task)

    @cached_property
    def _execution(self) -> Execution:
        runner = self.runner
        return Execution(runner.session, runner.dialect, self._listen, runner.patience, runner.dry)

    def _listen(self, event: Event) -> None:
        """Tell listeners, and whoever waits for the lock."""
        if not event.is_measure:
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
            hint=f"it then counts what undoing that one would lose: {same_command()}",
        )


def _placed(error: MigError, finished: Sequence[str]) -> MigError:
    """Say what is committed and how to go on."""
    told = "" if error.committed == NOTHING else error.committed
    committed = ", ".join(filter(None, [*finished, told])) or NOTHING
    hint = error.hint or f"mend the cause, then: {same_command()}"
    return with_fields(error, committed=committed, hint=hint)
