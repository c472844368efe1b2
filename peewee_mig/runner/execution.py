"""Runs the steps of a plan on a session: the same for migrations and for a push."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from peewee_mig.dialects.base import (
    Dialect,
    Statement,
    Step,
)
from peewee_mig.dialects.calls import Call
from peewee_mig.dialects.sessions import ServerSession, Session
from peewee_mig.errors import BusyError, FailedError, MigError, RefusedError
from peewee_mig.operations.names import Names
from peewee_mig.runner.calling import Caller, Intact
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.guarding import ask, ask_these
from peewee_mig.runner.tasks import Work
from peewee_mig.runner.telling import Teller

if TYPE_CHECKING:
    from peewee_mig.sources.batching import Keeper

T = TypeVar("T")

#: Seconds between two attempts to get past a lock of another session: at least, at most.
PAUSE = (0.1, 0.5)


@dataclass(frozen=True)
class Execution:
    """A session on which works run. ``patience``: seconds to wait for locks on tables."""

    session: Session
    dialect: Dialect
    listener: Listener = silent
    patience: float = 60.0
    #: Whether functions of the user's are told of, and not called: on a copy without rows.
    dry: bool = False

    def run(self, work: Work) -> None:
        """Ask the guards and run the steps, inside a transaction that is open already.

        :exc:`GuardError` and :exc:`RefusedError`: the caller must roll back, then nothing
        was changed.
        """
        try:
            ask(work, self.dialect, self.session.query)
            self._run_steps(work)
        except MigError as error:
            raise with_fields(error, where=error.where or work.title) from error

    def patiently(self, attempt: Callable[[], T]) -> T:
        """Run a transaction again and again while others hold what it needs."""
        until = time.monotonic() + self.patience
        told = False
        while True:
            try:
                return self._once(attempt)
            except BusyError as error:
                blocker = self._blocker()
                if not told:
                    text = f"{error.message}{f' ({blocker})' if blocker else ''}; trying again"
                    self.listener(Event("waiting", text=text))
                    told = True
                pause = random.uniform(*PAUSE)  # noqa: S311 (no secret)
                if time.monotonic() + pause >= until:
                    raise with_fields(error, original=_lines(error.original, blocker)) from error
            time.sleep(pause)

    def together(self, work: Callable[[], T], *, wait: float = 0.0, structural: bool = False) -> T:
        """Do all of a work in one transaction, :meth:`patiently`; ``wait`` as the session's."""

        def attempt() -> T:
            with self.transaction(wait=wait, structural=structural):
                return work()

        return self.patiently(attempt)

    @contextmanager
    def transaction(self, *, wait: float, structural: bool, lent: bool = False) -> Iterator[None]:
        """Hold a transaction of the session; where it is the lock, tell how long that took.

        ``lent``: for a user's own code (see :meth:`Session.lend`).
        """
        begun, session = time.monotonic(), self.session
        held = (
            session.lend(wait=wait)
            if lent
            else session.transaction(wait=wait, structural=structural)
        )
        with held:
            if not isinstance(self.session, ServerSession):
                self.listener(Event("locked", seconds=time.monotonic() - begun))
            yield

    def _once(self, attempt: Callable[[], T]) -> T:
        """Run a transaction; on a server its statements leave all waiting to the caller."""
        if not isinstance(self.session, ServerSession):
            return attempt()
        patience, self.session.patience = self.session.patience, 0.0
        try:
            return attempt()
        finally:
            self.session.patience = patience

    def statement(self, sql: str, work: Work, *, ours: bool = False) -> int:
        """Tell, then run a statement; return how many rows it changed.

        ``ours``: it is one of our own tables.
        """
        return self.teller.run(sql, work.title, work.direction, ours=ours)

    @cached_property
    def teller(self) -> Teller:
        """What runs statements and tells of them."""
        return Teller(self.session, self.listener)

    def _run_steps(self, work: Work) -> None:
        """Run the steps; refuse what leaves something broken that was not before."""
        if not work.plan.steps:
            return
        before = self.dialect.problems(self.session.query)
        for number, step in enumerate(work.plan.steps):
            self._run(step, work)
            self.ask_behind(number, work)
        names = Names()
        for operation in work.operations:
            names.follow(operation)
        new = sorted(self.dialect.problems(self.session.query, names.table) - before)
        if new:
            raise RefusedError(
                f"it would leave the database broken: {new[0]}",
                original="\n".join(new[1:]),
                hint="mend what is named (rows, or the view or trigger by hand),"
                f" then: peewee-mig {work.command}",
            )

    def _run(self, step: Step, work: Work) -> None:
        with placed(step, work):
            if isinstance(step, Statement):
                self.statement(step.sql, work)
                return
            if isinstance(step, Call):
                self.call(step, work)
                return
            statements = step.resolve(self.session.query)
            counts = self._count(step.counted)
            for sql in statements:
                self.statement(sql, work)
            if self._count(step.counted) != counts:
                raise FailedError(f"rows were lost on the way ({', '.join(step.counted)})")

    def ask_behind(self, number: int, work: Work) -> None:
        """Ask the guards that wait for the step of that index, which has run."""
        guards = work.plan.asked_behind(number)
        if guards:
            ask_these(guards, work, self.dialect, self.session.query)

    def call(self, step: Call, work: Work, keeper: Keeper | None = None) -> None:
        """Call a function of the user's, inside a transaction that is open."""
        if self.dry:
            self.listener(Event("statement", work.title, work.direction, text=f"-- {step.note}"))
            return
        engine = self.dialect.name
        caller = Caller(self.session, engine, self.listener, work, self.patience)
        if keeper is not None:
            caller.call(step, keeper)
            return
        intact = Intact(self.session, step.name)
        intact.begin()
        try:
            caller.call(step)
        except MigError as error:
            intact.judge(error)
            raise
        intact.end()
        if engine == "postgres" and work.is_structural and step.is_deferring:
            # No table can be altered while checks of its rows are still to come.
            self.session.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _count(self, tables: Sequence[str]) -> list[int]:
        names = [self.dialect.quote_table(table) for table in tables]
        return [self.session.query(f"SELECT count(*) FROM {name}")[0][0] for name in names]

    def _blocker(self) -> str:
        return self.session.blocker() if isinstance(self.session, ServerSession) else ""


@contextmanager
def placed(step: Step, work: Work) -> Iterator[None]:
    """Say in an error which operation of a work its statement serves."""
    try:
        yield
    except MigError as error:
        error.where = error.where or (work.where(step.operations[0]) if step.operations else "")
        raise


def with_fields(error: MigError, **fields: str) -> MigError:
    """Return the same error with some fields replaced; classes have fields of their own."""
    replaced = copy(error)
    for name, value in fields.items():
        setattr(replaced, name, value)
    return replaced


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))
