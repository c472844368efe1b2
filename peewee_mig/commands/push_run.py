"""Runs a push under the lock: in one transaction with its mark, or step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from peewee_mig.commands.push_plan import Proposal
from peewee_mig.commands.standing import Standing
from peewee_mig.commands.under_lock import UnderLock, placed_in
from peewee_mig.dialects.sessions import Session
from peewee_mig.errors import MigError, RefusedError
from peewee_mig.history.table import HistoryTable
from peewee_mig.operations.verbs import Add, Drop, Rename
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Listener
from peewee_mig.runner.guarding import ask
from peewee_mig.runner.lock import Lock, held
from peewee_mig.runner.losses import losses
from peewee_mig.runner.recording import push_row
from peewee_mig.schema.codec import schema_hash
from peewee_mig.schema.objects import Table
from peewee_mig.schema.standalone import VirtualTable


@dataclass(frozen=True)
class Pusher:
    """A database and where it stood when the push was shown.

    ``read``: reads where it stands now; ``wait_lock``: seconds to wait for another runner,
    ``patience``: for locks on tables.
    """

    connection: Connection
    table: HistoryTable
    shown: Standing
    read: Callable[[], Standing]
    listener: Listener
    wait_lock: float
    patience: float

    def run(self, proposal: Proposal) -> None:
        """Do what was shown, and mark it; refuse if the database is not as it was shown.

        :exc:`MigError` says what is committed. Where the engine commits each statement, the
        mark comes first, and the next push goes on from what is there.
        """
        session, dialect = self.connection.session, self.connection.dialect
        wait, listener = self.wait_lock, self.listener
        with held(session, dialect, self.table.own, wait=wait, listener=listener) as lock:
            push = _Push(self, session, lock, proposal)
            try:
                if dialect.transactional:
                    push.in_one_transaction()
                else:
                    push.in_steps()
            except MigError as error:
                raise placed_in(error, "push") from error

    def check(self, proposal: Proposal) -> None:
        """Ask the guards; :exc:`GuardError` if rows are in the way."""
        try:
            ask(proposal.work, self.connection.dialect, self.connection.session.query)
        except MigError as error:
            raise placed_in(error, "push") from error

    def rehearse(self, proposal: Proposal, copy: Session) -> None:
        """Do on a copy of the schema what :meth:`run` would do."""
        with copy.transaction(wait=self.wait_lock):
            _Push(self, copy, Lock(), proposal).make()


@dataclass(frozen=True)
class _Push(UnderLock):
    """One push, under the lock."""

    title = "push"
    direction = "forward"

    worker: Pusher
    proposal: Proposal

    def in_one_transaction(self) -> None:
        def push() -> None:
            self._refuse_changes()
            self.make()

        self.execution.together(push, wait=self.worker.wait_lock, structural=True)

    def make(self) -> None:
        """Run the steps and mark the push, inside a transaction."""
        self.execution.run(self.proposal.work)
        self.recorder.prepare()
        self._mark(self._after)

    def in_steps(self) -> None:
        """Mark the push, then run the statements, each of which is committed by itself."""
        self._refuse_changes()
        ask(self.proposal.work, self.worker.connection.dialect, self.session.query)
        self.recorder.prepare()
        self.execution.together(lambda: self._mark(self._on_the_way, begun=True))
        done: list[str] = []
        try:
            self.run_steps(self.proposal.work, done)
            self.execution.together(lambda: self._mark(self._after))
        except MigError as error:
            raise self.stopped(error, done) from error

    def _refuse_changes(self) -> None:
        """Do only what was shown, to a database that is as it was then."""
        now, shown = self.worker.read(), self.worker.shown
        lost = losses([self.proposal.operations], now.dialect, self.session.query)
        same = (now.catalog, now.rows, lost) == (shown.catalog, shown.rows, self.proposal.losses)
        if not same:
            raise RefusedError(
                "the database changed while the push was being looked at",
                where=self.session.label,
                hint="run peewee-mig push again",
            )

    def _mark(self, tables: set[str], *, begun: bool = False) -> None:
        names = sorted(map(self.worker.connection.dialect.stored_name, tables))
        beside = [Add(each.name, each) for each in self.proposal.schema.objects]
        made = schema_hash(self.proposal.schema)
        row = push_row(made, names, begun=begun, operations=beside)
        if any(known.is_push for known in self.recorder.table.read(self.session.query)):
            self.recorder.replace(row)
        else:
            self.recorder.insert(row)

    @property
    def _after(self) -> set[str]:
        schema = self.proposal.schema
        return {*schema.names, *(each.name for each in schema.virtual_tables)}

    @property
    def _on_the_way(self) -> set[str]:
        """The tables that are ours wherever the push stops, also under a name in between."""
        push = self.worker.shown.position.push
        names = self._after.union(push.meta["tables"] if push else ())
        for operation in self.proposal.operations:
            match operation:
                case Rename(kind="table" | "virtual_table"):
                    names |= {operation.old, operation.new}
                case Drop(object=Table() | VirtualTable()):
                    names.add(operation.table)
                case _:
                    pass
        return names
