"""Runs a migration step by step where no transaction can hold all of it.

Each statement is recorded before and after it runs. A run that finds a migration begun goes
on: what is done is passed over, what was started is looked up in the catalog. A statement
that a transaction can hold is committed together with its record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from peewee_mig.dialects.base import Statement, Step
from peewee_mig.errors import HistoryError, MigError
from peewee_mig.history.journal import Entry, Journal, step_key
from peewee_mig.runner.execution import Execution, placed
from peewee_mig.runner.recording import Recorder
from peewee_mig.runner.tasks import Task


@dataclass(frozen=True)
class Journaled:
    """The way of one task through a database that commits each statement."""

    execution: Execution
    recorder: Recorder
    journal: Journal
    task: Task

    def run(self) -> None:
        """Run the steps that are not done yet; :exc:`HistoryError` if others were done.

        The caller has recorded that the migration runs, and clears the journal afterwards.
        """
        known = self.journal.read(self.execution.session.query)
        steps = _with_keys(self.task.plan.steps)
        self._refuse_unmatched(known, [key for key, _ in steps])
        for key, step in steps:
            entries = [entry for entry in known if entry.step == key]
            with placed(step, self.task):
                self._step(step, entries or self._plan(key, step))

    def _refuse_unmatched(self, known: Sequence[Entry], keys: Sequence[str]) -> None:
        """Refuse a migration that was edited in what has run; forget what has not."""
        lost = [entry for entry in known if entry.step not in keys and entry.state != "planned"]
        if lost:
            raise HistoryError(
                f"{self.task.title} was edited after a part of it had run",
                where=str(self.task.migration.path),
                statement=lost[0].statement,
                hint="put back what made this statement; what follows it may differ",
            )

    def _plan(self, key: str, step: Step) -> list[Entry]:
        """Return what a step will run, recorded so that a resumed run does not look it up anew.

        A single statement is recorded when it starts.
        """
        if isinstance(step, Statement):
            return [Entry(key, 0, step.sql)]
        statements = step.resolve(self.execution.session.query)
        entries = [Entry(key, number, sql) for number, sql in enumerate(statements)]
        self._together(lambda: self._record(*map(self.journal.insert, entries)))
        return [replace(entry, recorded=True) for entry in entries]

    def _step(self, step: Step, entries: Sequence[Entry]) -> None:
        in_transaction = self.execution.dialect.transactional or (
            isinstance(step, Statement) and step.rows
        )
        for entry in entries:
            if entry.state == "done":
                continue
            if in_transaction:
                self._together(partial(self._run_and_finish, entry))
            else:
                self._alone(entry, step.tables)

    def _together(self, work: Callable[[], None]) -> None:
        def attempt() -> None:
            with self.execution.session.transaction(wait=0, structural=False):
                work()

        self.execution.patiently(attempt)

    def _run_and_finish(self, entry: Entry) -> None:
        self.execution.statement(entry.statement, self.task)
        done = replace(entry, state="done")
        self._record(self.journal.update(done) if entry.recorded else self.journal.insert(done))

    def _alone(self, entry: Entry, tables: Sequence[str]) -> None:
        """Run a statement that commits by itself, unless the catalog shows that it has run."""
        now = self.execution.dialect.fingerprint(self.execution.session.query, tables)
        if entry.state != "started" or entry.fingerprint == now:
            started = self._start(entry, now)
            try:
                self.execution.patiently(
                    lambda: self.execution.statement(entry.statement, self.task)
                )
            except MigError:
                self._take_back(started, tables)
                raise
        self._record(self.journal.update(replace(entry, state="done")))

    def _start(self, entry: Entry, fingerprint: str) -> Entry:
        """Record that a statement is about to run, if that is not recorded already."""
        started = replace(entry, state="started", fingerprint=fingerprint, recorded=True)
        if not entry.recorded:
            self._record(self.journal.insert(started))
        elif entry != started:
            self._record(self.journal.update(started))
        return started

    def _take_back(self, entry: Entry, tables: Sequence[str]) -> None:
        """Record that a statement failed without effect: it may be edited then."""
        try:
            now = self.execution.dialect.fingerprint(self.execution.session.query, tables)
            if now == entry.fingerprint:
                self._record(self.journal.update(replace(entry, state="planned")))
        except MigError:  # no connection is left: the next run asks the catalog
            return

    def _record(self, *statements: str) -> None:
        for sql in statements:
            self.recorder.write(sql)


def _with_keys(steps: Sequence[Step]) -> list[tuple[str, Step]]:
    """Give each step a key that says what it is, not where it stands."""
    found: list[tuple[str, Step]] = []
    for step in steps:
        found.append((step_key(_spelled(step), [key for key, _ in found]), step))
    return found


def _spelled(step: Step) -> str:
    if isinstance(step, Statement):
        return step.sql
    return "\n".join((type(step).__name__, step.note, *step.preview()))
