"""Work on a live database that no migration describes (a push, a reset), under the lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import ClassVar, Protocol

from peewee_mig.dialects.base import Statement, Step
from peewee_mig.dialects.sessions import Session
from peewee_mig.errors import MigError
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Event, Listener
from peewee_mig.runner.execution import Execution, placed, with_fields
from peewee_mig.runner.lock import Lock
from peewee_mig.runner.position import Direction
from peewee_mig.runner.recording import Recorder
from peewee_mig.runner.tasks import Work


class Worker(Protocol):
    """What does the work. ``patience``: seconds to wait for locks on tables."""

    @property
    def connection(self) -> Connection: ...  # noqa: D102 (as its name says)
    @property
    def table(self) -> HistoryTable: ...  # noqa: D102 (as its name says)
    @property
    def listener(self) -> Listener: ...  # noqa: D102 (as its name says)
    @property
    def patience(self) -> float: ...  # noqa: D102 (as its name says)


@dataclass(frozen=True)
class UnderLock:
    """One work, while the lock is held. ``title``: what it is called in events and messages."""

    title: ClassVar[str]
    direction: ClassVar[Direction]

    worker: Worker
    session: Session
    lock: Lock

    def run_steps(self, work: Work, done: list[str]) -> None:
        """Run steps, each of which is committed by itself; ``done`` gets their statements."""
        for step in work.plan.steps:
            self.run_step(step, work, done)

    def run_step(self, step: Step, work: Work, done: list[str]) -> None:
        """Run one of the steps."""
        with placed(step, work):
            for sql in self._spelled(step):
                self.execution.patiently(partial(self.execution.statement, sql, work))
                done.append(sql)

    def stopped(self, error: MigError, done: Sequence[str]) -> MigError:
        """Say how far the work came."""
        count = f"{len(done)} statement{'' if len(done) == 1 else 's'} of the {self.title}"
        return with_fields(error, committed=count if done else "")

    def run_own(self, sql: str) -> int:
        """Run a statement on our own tables."""
        return self.execution.teller.run(sql, self.title, self.direction, ours=True)

    @cached_property
    def execution(self) -> Execution:
        """What runs statements."""
        dialect, patience = self.worker.connection.dialect, self.worker.patience
        return Execution(self.session, dialect, self._listen, patience)

    @cached_property
    def recorder(self) -> Recorder:
        """What writes the records, as long as the lock is ours."""
        table = replace(self.worker.table, owner=self.lock.owner)
        return Recorder(self.session, table, self.run_own)

    def _spelled(self, step: Step) -> tuple[str, ...]:
        return (step.sql,) if isinstance(step, Statement) else step.resolve(self.session.query)

    def _listen(self, event: Event) -> None:
        """Tell listeners, and whoever waits for the lock."""
        if not event.is_measure:
            self.lock.step = f"{self.title} {event.text}"
        self.worker.listener(event)


def placed_in(error: MigError, command: str) -> MigError:
    """Say what is committed, and how to go on."""
    hint = (
        error.hint or f"mend the cause, then: peewee-mig {command} (it goes on from what is there)"
    )
    return with_fields(error, committed=error.committed or "nothing was changed", hint=hint)
