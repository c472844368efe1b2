"""Makes one move under the lock, and records it: in one transaction, or step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from peewee_mig.dialects.base import Statement
from peewee_mig.errors import FailedError, MigError
from peewee_mig.history.folder import History
from peewee_mig.history.journal import Journal
from peewee_mig.history.records import RecordTable
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.plan.drift import drift
from peewee_mig.runner.catalog import read_catalog
from peewee_mig.runner.events import Event
from peewee_mig.runner.execution import Execution, with_fields
from peewee_mig.runner.guarding import ask
from peewee_mig.runner.journaled import Journaled
from peewee_mig.runner.position import locate
from peewee_mig.runner.recording import Recorder, applied_row, utc_now
from peewee_mig.runner.tasks import Task
from peewee_mig.schema.objects import Schema


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
        if self.execution.dialect.transactional:
            return self.task.is_journaled
        return not all(isinstance(s, Statement) and s.rows for s in self.task.plan.steps)

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
                self._recorded(self._rename)
            else:
                self._begin(self._row(started, 0.0, state="running"))
            Journaled(self.execution, self._recorder, self._journal, self.task).run()
            if begun:
                self._verify()
        except MigError as error:
            where, committed = error.where or self.task.title, self._done_so_far()
            raise with_fields(error, where=where, committed=committed) from error
        row = self._row(started, time.monotonic() - clock)
        self._recorded(lambda: self._record_end(row))

    def prepare(self) -> None:
        """Create our tables; where DDL commits by itself, before any transaction."""
        self._recorder.prepare()
        query = self.execution.session.query
        if not self.execution.dialect.has_table(query, self.table.own.journal):
            for sql in self._journal.create():
                self.execution.statement(sql, self.task)

    def _begin(self, row: Row) -> None:
        """Ask the guards, then record that the migration runs."""
        ask(self.task, self.execution.dialect, self.execution.session.query)
        self._recorded(lambda: self._record_begin(row))

    def _record_begin(self, row: Row) -> None:
        self.execution.statement(self._journal.clear(), self.task)
        self._rename()
        if self.task.is_backward:
            self._recorder.replace(row)
        else:
            self._recorder.insert(row)

    def _record_end(self, row: Row) -> None:
        if self.task.is_backward:
            self._recorder.delete(self.task.title)
        else:
            self._recorder.replace(row)
        self.execution.statement(self._journal.clear(), self.task)

    def _recorded(self, write: Callable[[], None]) -> None:
        """Write records in one transaction."""

        def attempt() -> None:
            with self.execution.session.transaction(wait=0, structural=False):
                write()

        self.execution.patiently(attempt)

    def _verify(self) -> None:
        """Prove that what was resumed made what it should: others had time to interfere."""
        after = self.task.plan.after
        named = {getattr(operation, "table", "") for operation in self.task.operations}
        expected = Schema.of(table for table in after if table.name in named)
        dialect, query = self.execution.dialect, self.execution.session.query
        lines = drift(read_catalog(dialect, query, self.table.own), expected, dialect).lines
        if lines:
            raise FailedError(
                f"it was interrupted and resumed, but its result is wrong: {lines[0]}",
                hint="mend that by hand, then run the same command again",
            )

    def _done_so_far(self) -> str:
        """Say what of a migration that failed is committed."""
        try:
            entries = self._journal.read(self.execution.session.query)
        except MigError:
            return f"a part of {self.task.title}"
        count = sum(entry.state == "done" for entry in entries)
        return f"{count} statement{'' if count == 1 else 's'} of {self.task.title}" * bool(count)

    @property
    def _journal(self) -> Journal:
        own = self.table.own
        records = RecordTable(self.execution.dialect, own.journal, own.lock, self.table.owner)
        return Journal(records, self.task.title, self.task.direction)

    @property
    def _recorder(self) -> Recorder:
        def say(sql: str) -> None:
            event = Event("statement", self.task.title, self.task.direction, text=f"{sql};")
            self.execution.listener(event)

        return Recorder(self.execution.session, self.table, say)

    def _rename(self) -> None:
        """Give the rows of migrations that a rebase renamed their new names."""
        if any(migration.was for migration in self.history.migrations):
            rows = self.table.read(self.execution.session.query)
            for old, new in locate(self.history, rows).renamed:
                self._recorder.rename(old, new)
                if self.is_stepwise:
                    self.execution.statement(self._journal.rename(old, new), self.task)

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
