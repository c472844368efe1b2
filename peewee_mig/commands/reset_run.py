"""Runs the drops of a reset under the lock: in one transaction, or step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from peewee_mig.commands.reset_plan import TITLE, Doomed
from peewee_mig.commands.under_lock import UnderLock, placed_in
from peewee_mig.dialects.base import Inspection
from peewee_mig.dialects.sessions import ServerSession, Session
from peewee_mig.errors import MigError, RefusedError
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Listener
from peewee_mig.runner.guarding import ask
from peewee_mig.runner.lock import Lock, held
from peewee_mig.runner.recording import reset_row


@dataclass(frozen=True, slots=True)
class Seen:
    """A database at one moment. ``rows``: ``None`` if its records cannot be read."""

    rows: tuple[Row, ...] | None
    catalog: Inspection
    doomed: Doomed

    def is_as(self, other: Seen) -> bool:
        """Whether a reset does the same to both."""
        mine = self.rows, self.catalog, self.doomed.losses
        return mine == (other.rows, other.catalog, other.doomed.losses)


@dataclass(frozen=True)
class Dropper:
    """A database as it was shown. ``see``: looks at it again; ``kept``: a table of ours to leave.

    ``wait_lock``: seconds to wait for another runner, ``patience``: for locks on tables.
    """

    connection: Connection
    table: HistoryTable
    shown: Seen
    see: Callable[[], Seen]
    listener: Listener
    wait_lock: float
    patience: float

    def run(self) -> None:
        """Drop what was shown, then our own tables; :exc:`MigError` says what is committed."""
        session, dialect = self.connection.session, self.connection.dialect
        wait, listener = self.wait_lock, self.listener
        with held(session, dialect, self.table.own, wait=wait, listener=listener) as lock:
            run = _Run(self, session, lock)
            try:
                if dialect.transactional:
                    run.in_one_transaction()
                else:
                    run.in_steps()
            except MigError as error:
                raise placed_in(error, "reset") from error

    def check(self) -> None:
        """Refuse what would be in the way half-way through."""
        try:
            ask(self.shown.doomed.work, self.connection.dialect, self.connection.session.query)
        except MigError as error:
            raise placed_in(error, "reset") from error

    def rehearse(self, copy: Session) -> None:
        """Do on a copy of the schema what :meth:`run` would do."""
        with copy.transaction(wait=self.wait_lock):
            _Run(self, copy, Lock()).make()


@dataclass(frozen=True)
class _Run(UnderLock):
    """One reset, under the lock."""

    title = TITLE
    direction = "backward"

    worker: Dropper

    def in_one_transaction(self) -> None:
        def drop() -> None:
            self._refuse_changes()
            self.make()

        self.execution.together(drop, wait=self.worker.wait_lock, structural=True)

    def make(self) -> None:
        """Drop all, inside a transaction."""
        self.execution.run(self.worker.shown.doomed.work)
        for sql in self._own():
            self.run_own(sql)

    def in_steps(self) -> None:
        """Mark the reset, then drop: whoever comes between knows that it did not finish."""
        self._refuse_changes()
        work = self.worker.shown.doomed.work
        ask(work, self.worker.connection.dialect, self.session.query)
        if self.worker.shown.rows is not None:
            self.recorder.prepare()
            self.execution.together(self._mark)
        done: list[str] = []
        try:
            self.run_steps(work, done)
        except MigError as error:
            raise self.stopped(error, done) from error
        for sql in self._own():
            self.execution.patiently(partial(self.run_own, sql))

    def _own(self) -> list[str]:
        """Spell what drops our own tables, the history last; the lock is held by its row."""
        own, dialect = self.worker.table.own, self.worker.connection.dialect
        lock = () if isinstance(self.session, ServerSession) else (own.lock,)
        names = (own.seeds, own.journal, *lock, own.history)
        there = (name for name in names if dialect.has_table(self.session.query, name))
        return [f"DROP TABLE {dialect.quote(name)}" for name in there]

    def _refuse_changes(self) -> None:
        """Drop only what was shown, from a database that is as it was then."""
        if not self.worker.see().is_as(self.worker.shown):
            raise RefusedError(
                "the database changed while the reset was being looked at",
                where=self.session.label,
                hint="run peewee-mig reset again",
            )

    def _mark(self) -> None:
        there = self.recorder.table.read(self.session.query)
        pushed = next((row for row in there if row.is_push), None)
        if pushed is None:
            self.recorder.insert(reset_row(None))
        elif not pushed.is_reset_begun:
            self.recorder.replace(reset_row(pushed))
