"""What the sessions on servers share: one raw connection in autocommit mode, every BEGIN ours.

A statement runs in a thread of its own: a driver written in C does not see a Ctrl-C before
the server has answered, so the thread that waits is the one that cancels.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import random
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Generic, Self, TypeVar

from peewee_mig.dialects.base import Row
from peewee_mig.dialects.failures import redacted
from peewee_mig.dialects.sessions import ServerSession
from peewee_mig.errors import BusyError, MigError, UsageError

T = TypeVar("T")

#: Makes one more raw DB-API connection to the same database.
Connect = Callable[[], Any]

#: Rows of a statement, and how many it changed.
Result = tuple[list[Row], int]

#: Seconds until a server counts as not there, where nobody says otherwise.
CONNECT_TIMEOUT = 10

#: Seconds between two attempts to get past a lock of another session: at least, at most.
PAUSE = (0.05, 0.2)

#: Seconds that a cancelled statement may take to end.
GRACE = 1.0

#: Options of a URL that Peewee keeps for itself: they are about its pool and its objects.
#: Source: ``peewee.Database``, ``PostgresqlDatabase``, ``playhouse.pool`` (Peewee 4.5.3).
PEEWEE_OPTIONS = frozenset(
    {
        "autoconnect",
        "autorollback",
        "encoding",
        "isolation_level",
        "max_connections",
        "prefer_psycopg3",
        "register_hstore",
        "register_unicode",
        "server_side_cursors",
        "stale_timeout",
        "thread_safe",
        "timeout",
    }
)


class DriverSession(ServerSession):
    """One connection of a driver.

    A statement outside of :meth:`transaction` is a transaction of its own, with the same
    settings; it tries again for ``patience`` seconds while others hold what it needs.
    """

    def __init__(
        self,
        connect: Connect,
        label: str,
        *,
        statement_timeout: float = 0.0,
        role: str = "",
        secrets: Sequence[str] = (),
    ) -> None:
        """Connect. ``statement_timeout``: seconds, 0 for none; ``secrets``: never shown.

        ``role``: the one that statements run as; empty: the user that connects.
        """
        self.label = label
        self._connect = connect
        self._statement_timeout = statement_timeout
        self._role = role
        self._secrets = secrets
        self._inside = False
        self._call: _Call[Result] | None = None
        self._connection = self._connected()
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    @property
    def raw(self) -> Any:  # noqa: ANN401 (the driver's)
        """The connection of the driver."""
        return self._connection

    def query(self, sql: str) -> list[Row]:
        """Read rows."""
        return self._run(sql)[0]

    def execute(self, sql: str) -> int:
        """Run a statement; return how many rows it changed."""
        return self._run(sql)[1]

    def understood(self, error: Exception, sql: str) -> MigError:
        """Return an error of the driver in our form."""
        return self._translated(error, sql or "(none)")

    @contextmanager
    def transaction(
        self,
        *,
        wait: float,  # noqa: ARG002 (the lock is a row, see runner.lock)
        structural: bool = True,  # noqa: ARG002 (foreign keys always act on a server)
    ) -> Iterator[None]:
        """Hold a transaction; commit, or roll back on an exception, Ctrl-C among them."""
        self._inside = True
        try:
            self._begin()
            yield
            self._commit()
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._inside = False

    def twin(self) -> Self:
        """Open another connection to the same database."""
        return type(self)(
            self._connect,
            self.label,
            statement_timeout=self._statement_timeout,
            role=self._role,
            secrets=self._secrets,
        )

    def close(self) -> None:
        """Close the connection; one on which a statement cannot be stopped is left."""
        if not self._is_busy:
            with contextlib.suppress(Exception):  # the server is gone, and so is the session
                self._connection.close()

    # What the drivers differ in.

    @abstractmethod
    def _prepare(self) -> None:
        """Set what holds for the whole session, read what never changes."""

    @abstractmethod
    def _begin(self) -> None:
        """Begin a transaction."""

    @abstractmethod
    def _translated(self, error: Exception, sql: str) -> MigError:
        """Return an error of the driver in our own form; without ``sql``, of connecting."""

    @abstractmethod
    def _cancel(self) -> None:
        """Stop the statement that runs on this connection, from another one."""

    def _commit(self) -> None:
        self._send("COMMIT")

    def _alone(self, sql: str) -> str:
        """Return a statement as it is sent outside of a transaction."""
        return sql

    def _finish(self, cursor: Any) -> None:  # noqa: ANN401 (the driver's)
        """Go to the last result of a cursor."""

    # How a statement runs.

    def _run(self, sql: str) -> Result:
        if self._inside:
            return self._send(sql)
        until = time.monotonic() + self.patience
        while True:
            try:
                return self._send(sql, self._alone(sql))
            except BusyError:
                if time.monotonic() >= until:
                    raise
            time.sleep(random.uniform(*PAUSE))  # noqa: S311 (no secret)

    def _send(self, sql: str, sent: str = "") -> Result:
        """Run a statement; ``sent``: with what the server needs to hear before it."""
        try:
            return self._interruptibly(lambda: self._fetch(sent or sql))
        except Exception as error:
            raise self._translated(error, sql) from error

    def _fetch(self, sql: str) -> Result:
        """Run literal SQL: without parameters, a percent sign means nothing to a driver."""
        with contextlib.closing(self._connection.cursor()) as cursor:
            cursor.execute(sql)
            self._finish(cursor)
            rows = cursor.fetchall() if cursor.description else []
            return [tuple(row) for row in rows], cursor.rowcount

    def _interruptibly(self, action: Callable[[], Result]) -> Result:
        if threading.current_thread() is not threading.main_thread():
            return action()  # a Ctrl-C reaches the main thread only
        self._call = _Call(action)
        try:
            self._call.start()
            return self._call.result()
        except KeyboardInterrupt:
            stop = _Call(self._cancel)  # which may wait for a server that is out of reach
            stop.start()
            stop.ends_within(GRACE)
            self._call.ends_within(GRACE)
            raise

    @property
    def _is_busy(self) -> bool:
        return self._call is not None and self._call.is_running

    def _roll_back(self) -> None:
        if not self._is_busy:
            with contextlib.suppress(MigError):  # a lost connection has rolled back by itself
                self._send("ROLLBACK")

    def _connected(self) -> Any:  # noqa: ANN401 (the driver's)
        try:
            return self._connect()
        except MigError:
            raise
        except Exception as error:
            failure = self._translated(error, "")
            failure.original = redacted(failure.original, self._secrets, shown=self.label)
            raise failure from error


class _Call(Generic[T]):
    """A call in a thread, whose result is waited for in a way that Ctrl-C ends."""

    def __init__(self, action: Callable[[], T]) -> None:
        self._action = action
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def result(self) -> T:
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._results[0]

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def ends_within(self, seconds: float) -> None:
        if self.is_running:
            self._thread.join(seconds)

    def _work(self) -> None:
        try:
            self._results.append(self._action())
        except BaseException as error:  # noqa: BLE001 (raised again where it is waited for)
            self._error = error


def interruptible(action: Callable[[], T]) -> T:
    """Return what a call returns; a Ctrl-C leaves it behind."""
    call = _Call(action)
    call.start()
    return call.result()


def driver(module: str, install: str) -> ModuleType:
    """Import a driver; ``install``: what to give to pip if it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UsageError(
            f"the driver {module} is not installed", hint=f"pip install '{install}'"
        ) from error


def digest(*names: str) -> bytes:
    """Return the hash of what names an advisory lock."""
    return hashlib.sha256("\0".join(names).encode()).digest()


def shortened(text: str, length: int = 100) -> str:
    """Return a text in one line of at most that many characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
