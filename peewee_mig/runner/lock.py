"""The migration lock: on a server a row, with a heartbeat; on SQLite the transaction itself.

Who wants the lock first takes the advisory lock beside the row, which only the session of a
living owner can hold. Whoever has that and still finds a row, finds one that was abandoned,
if the server says that the session named in it is gone. A row is never taken over by age.
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.sessions import ServerSession, Session
from peewee_mig.errors import LockedError, MigError, RowsError, same_command
from peewee_mig.history.lock_table import LockRow, LockTable
from peewee_mig.history.records import OwnTables, RecordTable
from peewee_mig.runner.events import Event, Listener

#: Seconds between two signs of life.
BEAT = 5.0

#: Seconds that the last sign of life may take.
GRACE = 2.0

#: Seconds between two attempts: at least, at most.
PAUSE = (0.03, 0.1)

#: Seconds after which whoever waits says so.
QUIET = 1.0


#: What is committed when the lock was not taken.
NOTHING = "nothing was changed"


@dataclass
class Lock:
    """The lock while it is held: ``owner`` is its token, empty where none is needed."""

    owner: str = ""
    #: What the runner is at, for whoever waits.
    step: str = ""


@contextmanager
def held(
    session: Session, dialect: Dialect, own: OwnTables, *, wait: float, listener: Listener
) -> Iterator[Lock]:
    """Hold the lock; :exc:`LockedError` if it is not free within ``wait`` seconds.

    Needs the right to create tables where ours are not there yet.
    """
    if not isinstance(session, ServerSession):
        yield Lock()
        return
    keeper = _Keeper(session, LockTable(RecordTable(dialect, own.lock)), secrets.token_hex(16))
    try:
        keeper.acquire(wait, listener)
    except MigError as error:
        error.committed = NOTHING
        raise
    lock = Lock(keeper.owner)
    heart = _Heart(keeper, lock)
    heart.start()
    try:
        yield lock
    finally:
        heart.stop()
        keeper.release()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the lock. ``life``: what the server knows about the session.

    ``ending``: the statement that ends a living one, where it is known.
    """

    row: LockRow
    life: Literal["alive", "gone", "unknown"]
    ending: str = ""

    def __str__(self) -> str:
        """Say who it is, and whether it lives."""
        words = {
            "alive": "its session is alive",
            "gone": "its session is gone",
            "unknown": "nothing tells whether its session is gone",
        }
        return f"{self.row}; {words[self.life]}"


def find_holder(session: Session, dialect: Dialect, own: OwnTables) -> Holder | None:
    """Say who has the lock, without taking it; needs only the right to select."""
    if not isinstance(session, ServerSession):
        return None
    table = LockTable(RecordTable(dialect, own.lock))
    row = table.read(session.query)
    if row is None:
        return None
    if not _holds(session, own.lock):
        found = table.read(session.query)
        return Holder(found, "alive", session.living(found.backend)) if found else None
    try:
        if session.is_gone(row.backend):
            return Holder(row, "gone")
        ending = session.living(row.backend)
        return Holder(row, "alive" if ending else "unknown", ending)
    finally:
        session.let_go(own.lock)


def unlock_sql(dialect: Dialect, own: OwnTables, holder: Holder) -> str:
    """Spell what removes the lock of a holder, and of nobody who came after it."""
    return LockTable(RecordTable(dialect, own.lock)).delete(holder.row.owner)


def _holds(session: ServerSession, name: str) -> bool:
    """Take the advisory lock; whoever waits for the lock has it for moments only."""
    until = time.monotonic() + QUIET
    while not session.hold(name):
        if time.monotonic() >= until:
            return False
        time.sleep(random.uniform(*PAUSE))  # noqa: S311 (no secret)
    return True


@dataclass(frozen=True)
class _Keeper:
    session: ServerSession
    table: LockTable
    owner: str

    @property
    def name(self) -> str:
        return self.table.table.name

    def acquire(self, wait: float, listener: Listener) -> None:
        started = time.monotonic()
        told = False
        while not self._try():
            waited = time.monotonic() - started
            if waited >= wait:
                raise self._not_free(wait)
            if not told and waited >= QUIET:
                listener(Event("waiting", text=f"{self._holder()}; waiting for it"))
                told = True
            time.sleep(random.uniform(*PAUSE))  # noqa: S311 (no secret)
        listener(Event("locked", seconds=time.monotonic() - started))

    def release(self) -> None:
        """Give the lock back; where no connection is left, the next runner takes it over."""
        try:
            self._delete(self.session)
            self.session.let_go(self.name)
        except MigError:
            with suppress(MigError), closing(self.session.twin()) as twin:
                self._delete(twin)

    def _delete(self, session: ServerSession) -> None:
        session.execute(self.table.delete(self.owner))

    def _try(self) -> bool:
        if not self.session.hold(self.name):
            return False
        taken = False
        try:
            self._create()
            taken = self._take()
        finally:
            if not taken:
                self.session.let_go(self.name)
        return taken

    def _create(self) -> None:
        """Create the table; behind a pooler another runner may do so at the same time."""
        try:
            if not self._is_there():
                for sql in self.table.create():
                    self.session.execute(sql)
        except MigError:
            if not self._is_there():
                raise

    def _is_there(self) -> bool:
        return self.table.table.dialect.has_table(self.session.query, self.name)

    def _take(self) -> bool:
        row = self.table.read(self.session.query)
        if row is None:
            return self._insert()
        if self.session.is_gone(row.backend):
            return self.session.execute(self.table.take_over(self._mine(), row.owner)) == 1
        return False

    def _insert(self) -> bool:
        """Take what is free; behind a pooler another runner may be faster, and done already."""
        try:
            return self.session.execute(self.table.insert(self._mine())) == 1
        except RowsError:
            return False

    def _mine(self) -> dict[str, str | int]:
        return {
            "owner": self.owner,
            "host": socket.gethostname()[:255],
            "pid": os.getpid(),
            "backend": self.session.backend,
            "step": "",
        }

    def _holder(self) -> str:
        row: LockRow | None = self.table.read(self.session.query)
        return f"another runner is at work: {row}" if row else "another runner is at work"

    def _not_free(self, wait: float) -> LockedError:
        return LockedError(
            f"{self._holder()}; it did not finish within {wait:g} second{'' if wait == 1 else 's'}",
            where=self.session.label,
            hint=f"wait for it longer: {same_command('--wait-lock', '600')};"
            f" or if it is gone for certain: peewee-mig repair --unlock, then: {same_command()}",
        )


class _Heart:
    """Gives signs of life on a connection of its own, which it opens with the first one."""

    def __init__(self, keeper: _Keeper, lock: Lock) -> None:
        self._keeper = keeper
        self._lock = lock
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="peewee_mig lock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it; a connection that does not answer is left behind."""
        self._stopped.set()
        self._thread.join(GRACE)

    def _beat(self) -> None:
        twin: ServerSession | None = None
        while not self._stopped.wait(BEAT):
            try:
                twin = twin or self._keeper.session.twin()
                twin.execute(self._keeper.table.beat(self._lock.owner, self._lock.step))
            except MigError:  # no connection is left: the lock holds all the same
                twin = None
        if twin is not None:
            twin.close()
