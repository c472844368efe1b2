"""Makes one move under the lock, and records it: in one transaction, or step by step."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from peewee_mig.dialects.sessions import EmbeddedSession
from peewee_mig.errors import ExistsError, FailedError, MigError
from peewee_mig.history.folder import History
from peewee_mig.history.journal import Entry, Journal
from peewee_mig.history.records import RecordTable
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.plan.drift import drift
from peewee_mig.runner.catalog import Speller, read_catalog, schemas_of
from peewee_mig.runner.events import Event
from peewee_mig.runner.execution import Execution, with_fields
from peewee_mig.runner.guarding import ask
from peewee_mig.runner.journaled import Journaled, holds_rows_only
from peewee_mig.runner.lock import NOTHING
from peewee_mig.runner.position import locate
from peewee_mig.runner.recording import (
    Recorder,
    applied_row,
    as_it_was,
    on_its_way_back,
    utc_now,
)
from peewee_mig.runner.tasks import Task
from peewee_mig.runner.verifying import is_known, unmade


@dataclass(frozen=True)
class Maker:
    """Where a task runs and is recorded; ``table`` carries the token of the lock."""

    execution: Execution
    history: History
    table: HistoryTable
    task: Task

    @property
    def is_stepwise(self) -> bool:
        """Whether no transaction can hold the whole of it."""
        if isinstance(self.execution.session, EmbeddedSession):
            return False
        if self.execution.dialect.transactional or self.task.is_journaled:
            return self.task.is_journaled
        return not all(map(holds_rows_only, self.task.plan.steps))

    def make(self) -> None:
        """Run the task and record it, inside a transaction that is open already."""
        self._tell()
        started, clock = utc_now(), time.monotonic()
        self.execution.run(self.task)
        self._recorder.prepare()
        self._rename()
        row = self._row(started, time.monotonic() - clock)
        if self.task.is_backward:
            self._recorder.delete(self.task.title)
        else:
            self._recorder.insert(row)

    def make_in_steps(self, *, begun: bool) -> None:
        """Run the task, each step committed with its record; go on where it was ``begun``.

        :exc:`MigError`: the steps before the failing one stay, and the next run goes on.
        """
        self._tell()
        started, clock = utc_now(), time.monotonic()
        self.prepare()
        try:
            if begun:
                self.execution.together(self._rename)
            else:
                self._begin(self._row(started, 0.0, state="running"))
            Journaled(self.execution, self._recorder, self._journal, self.task).run()
            if begun:
                self._verify()
        except MigError as error:
            raise self._stopped(error) from error
        row = self._row(started, time.monotonic() - clock)
        self.execution.together(lambda: self._record_end(row))

    def _stopped(self, error: MigError) -> MigError:
        """Say what stays; where nothing has happened, nothing stays."""
        where, hint, committed = error.where or self.task.title, error.hint, ""
        try:
            entries = self._journal.read(self.execution.session.query)
            if all(entry.state == "planned" for entry in entries):
                self.execution.together(self._unbegin)
            else:
                committed = _count(entries, self.task)
        except MigError:  # no connection is left
            committed = f"a part of {self.task.title}"
        if committed and isinstance(error, ExistsError):
            hint = (
                "remove what is there already, or take what makes it out of the migration,"
                f" then: peewee-mig {self.task.command}"
            )
        told = "" if error.committed == NOTHING else error.committed
        committed = ", ".join(filter(None, [committed, told]))
        return with_fields(error, where=where, committed=committed, hint=hint)

    def _unbegin(self) -> None:
        """Take back the record that the migration runs."""
        rows = self.table.read(self.execution.session.query)
        for row in rows:
            if row.name == self.task.title and row.is_unfinished:
                self.execution.statement(self._journal.clear(), self.task, ours=True)
                if self.task.is_backward:
                    self._recorder.replace(as_it_was(row))
                else:
                    self._recorder.delete(row.name)

    def prepare(self) -> None:
        """Create our tables; where DDL commits by itself, before any transaction."""
        self._recorder.prepare()
        query = self.execution.session.query
        if not self.execution.dialect.has_table(query, self.table.own.journal):
            for sql in self._journal.create():
                self.execution.statement(sql, self.task, ours=True)

    def _begin(self, row: Row) -> None:
        """Ask the guards, then record that the migration runs."""
        ask(self.task, self.execution.dialect, self.execution.session.query)
        self.execution.together(lambda: self._record_begin(row))

    def _record_begin(self, row: Row) -> None:
        self.execution.statement(self._journal.clear(), self.task, ours=True)
        self._rename()
        if not self.task.is_backward:
            self._recorder.insert(row)
            return
        rows = self.table.read(self.execution.session.query)
        applied = next(each for each in rows if each.name == self.task.title)
        self._recorder.replace(on_its_way_back(applied, self.task.fills))

    def _record_end(self, row: Row) -> None:
        if self.task.is_backward:
            self._recorder.delete(self.task.title)
        else:
            self._recorder.replace(row)
        self.execution.statement(self._journal.clear(), self.task, ours=True)

    def _verify(self) -> None:
        """Prove that what was resumed made what it should: others had time to interfere."""
        if not is_known(self.task.plan.steps):
            return
        dialect, query = self.execution.dialect, self.execution.session.query
        after = self.task.plan.after
        catalog = read_catalog(dialect, query, self.table.own, schemas=schemas_of(after.names))
        catalog = Speller(dialect, query).respelled(catalog, after)
        found = drift(catalog, after, dialect).differences
        for each in unmade(found, self.task.before, self.task.plan.after):
            raise FailedError(
                f"it was interrupted and resumed, but its result is wrong: {each.words}",
                hint="print the SQL that mends it: peewee-mig diff --plan",
            )

    @property
    def _journal(self) -> Journal:
        own = self.table.own
        records = RecordTable(self.execution.dialect, own.journal, own.lock, self.table.owner)
        return Journal(records, self.task.title, self.task.direction)

    @property
    def _recorder(self) -> Recorder:
        def run(sql: str) -> int:
            return self.execution.statement(sql, self.task, ours=True)

        return Recorder(self.execution.session, self.table, run)

    def _rename(self) -> None:
        """Give the rows of migrations that a rebase renamed their new names."""
        if any(migration.was for migration in self.history.migrations):
            rows = self.table.read(self.execution.session.query)
            for old, new in locate(self.history, rows).renamed:
                self._recorder.rename(old, new)
                if self.is_stepwise:
                    self.execution.statement(self._journal.rename(old, new), self.task, ours=True)

    def _row(self, started: str, seconds: float, state: str = "applied") -> Row:
        return applied_row(
            self.task.migration,
            self.history,
            self.task.operations,
            started=started,
            seconds=seconds,
            meta={"fills": dict(self.task.fills)} if self.task.fills else {},
            state=state,
            direction=self.task.direction,
        )

    def _tell(self) -> None:
        self.execution.listener(Event("migration", self.task.title, self.task.direction))


def _count(entries: Sequence[Entry], task: Task) -> str:
    done = sum(each.state == "done" and not each.is_place for each in entries)
    rows = sum(json.loads(each.statement)["rows"] for each in entries if each.is_place)
    parts = [f"{done} statement{'' if done == 1 else 's'}"] if done else []
    parts += [f"{rows:,} row{'' if rows == 1 else 's'} in batches"] if rows else []
    return f"{' and '.join(parts)} of {task.title}" if parts else ""
