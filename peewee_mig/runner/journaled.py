"""Runs a migration step by step where no transaction can hold all of it.

Each statement is recorded before and after it runs. A run that finds a migration begun goes
on: what is done is passed over, what was started is looked up in the catalog. A statement
that a transaction can hold is committed together with its record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeGuard

from peewee_mig.dialects.base import Statement, Step
from peewee_mig.dialects.calls import Call
from peewee_mig.errors import AloneError, HistoryError, MigError, RefusedError, same_command
from peewee_mig.history.journal import Entry, Journal, State, step_key
from peewee_mig.runner.committing import Commits
from peewee_mig.runner.execution import Execution, placed
from peewee_mig.runner.recording import Recorder
from peewee_mig.runner.tasks import Task

_COMMENTS = r"(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|/\*.*?\*/)*"
#: A user's SQL that sets what later statements see: it is run again by each run.
_SETTING = re.compile(rf"{_COMMENTS}SET\s+(?!STATEMENT\b)", re.IGNORECASE | re.DOTALL)
#: A user's SQL that has run if and only if what it names is defined otherwise than before.
_DEFINING = re.compile(rf"{_COMMENTS}(CREATE|ALTER|DROP|TRUNCATE)\b", re.IGNORECASE | re.DOTALL)


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
        steps = with_keys(self.task.plan.steps)
        self._refuse_edited(known, [key for key, step in steps if not is_setting(step)])
        begun = {entry.step for entry in known if entry.state != "planned"}
        for number, (key, step) in enumerate(steps):
            with placed(step, self.task):
                if is_setting(step):
                    self.execution.statement(step.sql, self.task)
                elif isinstance(step, Call):
                    self._call(key, step, known)
                else:
                    self._step(step, self._entries(key, step, known))
            if begun.isdisjoint(later for later, _ in steps[number + 1 :]):
                self.execution.ask_behind(number, self.task)

    def _refuse_edited(self, known: Sequence[Entry], keys: Sequence[str]) -> None:
        """Refuse a migration that was edited in, or before, what has run."""
        wrong = edited_entry(known, keys)
        if wrong is not None:
            raise HistoryError(
                f"{self.task.title} was edited after a part of it had run",
                where=str(self.task.migration.path),
                statement=wrong.words,
                hint="put back what made this statement and what is before it;"
                " what follows may differ",
            )

    def _entries(self, key: str, step: Step, known: Sequence[Entry]) -> list[Entry]:
        """Return what a step runs; recorded first, so that a resumed run does not look it up anew.

        A single statement is recorded when it starts.
        """
        found = [entry for entry in known if entry.step == key]
        if isinstance(step, Statement):
            return found or [Entry(key, 0, step.sql)]
        if any(entry.state != "planned" for entry in found):
            return found
        statements = step.resolve(self.execution.session.query)
        entries = [Entry(key, number, sql) for number, sql in enumerate(statements)]

        def record() -> None:
            if found:
                self._record(self.journal.forget(key))
            self._record(*map(self.journal.insert, entries))

        self.execution.together(record)
        return [replace(entry, recorded=True) for entry in entries]

    def _call(self, key: str, step: Call, known: Sequence[Entry]) -> None:
        """Call a function, unless it is done; see :class:`Commits` where batches are committed."""
        if any(entry.step == key and not entry.is_place for entry in known):
            return
        if self.task.is_journaled:
            self.execution.patiently(partial(self._call_in_batches, key, step))
        else:
            self.execution.together(partial(self._call_and_finish, key, step))

    def _call_in_batches(self, key: str, step: Call) -> None:
        with Commits(self.execution, self.recorder, self.journal, key, step.name) as commits:
            self.execution.call(step, self.task, commits)
            commits.prove()
            self._record(self.journal.insert(Entry(key, 0, step.statement, "done")))

    def _call_and_finish(self, key: str, step: Call) -> None:
        self.execution.call(step, self.task)
        self._record(self.journal.insert(Entry(key, 0, step.statement, "done")))

    def _step(self, step: Step, entries: Sequence[Entry]) -> None:
        fits = self.execution.dialect.transactional or holds_rows_only(step)
        for entry in entries:
            if entry.state == "done":
                continue
            if not (fits and entry.state == "planned" and self._in_transaction(entry)):
                self._alone(entry, step.tables)

    def _in_transaction(self, entry: Entry) -> bool:
        """Run a statement and record it together; tell whether a transaction can hold it."""
        try:
            self.execution.together(partial(self._run_and_finish, entry))
        except AloneError:
            return False
        return True

    def _run_and_finish(self, entry: Entry) -> None:
        self.execution.statement(entry.statement, self.task)
        done = replace(entry, state="done")
        self._record(self.journal.update(done) if entry.recorded else self.journal.insert(done))

    def _alone(self, entry: Entry, tables: Sequence[str]) -> None:
        """Run a statement that commits by itself, unless the catalog shows that it has run."""
        now = self._fingerprint(entry, tables)
        self._refuse_unproved(entry, tables)
        if entry.state != "started" or entry.fingerprint == now:
            started = self._start(entry, now)
            try:
                self.execution.patiently(
                    lambda: self.execution.statement(entry.statement, self.task)
                )
            except MigError as error:
                if self._take_back(started, tables) == "failed":
                    error.hint = _ask_a_person()
                raise
        self._record(self.journal.update(replace(entry, state="done", fingerprint=now)))

    def _refuse_unproved(self, entry: Entry, tables: Sequence[str]) -> None:
        """Refuse to guess whether a statement has run of which the catalog shows nothing."""
        if is_doubtful(entry, tables):
            what = "failed half-way" if entry.state == "failed" else "was interrupted"
            raise RefusedError(
                f"this statement {what}, and nothing proves what it did",
                statement=entry.statement,
                hint=_ask_a_person(),
            )

    def _start(self, entry: Entry, fingerprint: str) -> Entry:
        """Record that a statement is about to run, if that is not recorded already."""
        started = replace(entry, state="started", fingerprint=fingerprint, recorded=True)
        if not entry.recorded:
            self._record(self.journal.insert(started))
        elif entry != started:
            self._record(self.journal.update(started))
        return started

    def _take_back(self, entry: Entry, tables: Sequence[str]) -> State:
        """Record that a statement failed, and whether without effect: it may be edited then."""
        try:
            had_none = self._fingerprint(entry, tables) == entry.fingerprint
            had_none = had_none and bool(tables or _DEFINING.match(entry.statement))
            state: State = "planned" if had_none else "failed"
            self._record(self.journal.update(replace(entry, state=state)))
        except MigError:  # no connection is left: the next run asks the catalog
            return entry.state
        return state

    def _fingerprint(self, entry: Entry, tables: Sequence[str]) -> str:
        query = self.execution.session.query
        return self.execution.dialect.fingerprint(query, tables, entry.statement)

    def _record(self, *statements: str) -> None:
        for sql in statements:
            self.recorder.write(sql)


def _ask_a_person() -> str:
    return (
        "look at the data, and at the numbers of the steps: peewee-mig repair; if it"
        f" did all: peewee-mig repair --done NUMBER, then: {same_command()}; if nothing:"
        f" peewee-mig repair --not-done NUMBER, then: {same_command()}"
    )


def edited_entry(known: Sequence[Entry], keys: Sequence[str]) -> Entry | None:
    """Return what has run and is not among the first steps any more; ``None``: all is.

    ``keys``: of the steps as they are now, without those that each run runs again.
    """
    begun = [entry for entry in known if entry.state != "planned"]
    order = list(dict.fromkeys(entry.step for entry in begun))
    if order == list(keys[: len(order)]):
        return None
    wrong = [entry for entry in begun if entry.step not in keys[: len(order)]]
    return (wrong or begun)[0]


def is_doubtful(entry: Entry, tables: Sequence[str]) -> bool:
    """Whether nothing but a person can tell what a statement did: ``tables``: of its step."""
    unproved = entry.state == "started" and not tables and not _DEFINING.match(entry.statement)
    return unproved or entry.state == "failed"


def holds_rows_only(step: Step) -> bool:
    """Whether a step changes rows only, so that a transaction holds it on every engine."""
    return isinstance(step, Call) or (isinstance(step, Statement) and step.rows)


def is_setting(step: Step) -> TypeGuard[Statement]:
    """Whether a step is run again by each run, since it sets what later ones see."""
    return isinstance(step, Statement) and not step.tables and bool(_SETTING.match(step.sql))


def with_keys(steps: Sequence[Step]) -> list[tuple[str, Step]]:
    """Give each step a key that says what it is, not where it stands."""
    found: list[tuple[str, Step]] = []
    for step in steps:
        found.append((step_key(_spelled(step), [key for key, _ in found]), step))
    return found


def _spelled(step: Step) -> str:
    if isinstance(step, Statement):
        return step.sql
    return "\n".join((type(step).__name__, step.note, *step.preview()))
