"""The contract of a connection: what the runner runs on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from peewee_mig.dialects.base import Capabilities, Row
from peewee_mig.errors import MigError


class Session(ABC):
    """One connection: literal SQL on a raw cursor, errors in our own form."""

    #: Where it leads, without a password: for messages.
    label: str

    #: Seconds that a statement waits for other processes, outside of a transaction of ours.
    patience: float = 5.0

    @abstractmethod
    def query(self, sql: str) -> list[Row]:
        """Read rows."""

    @abstractmethod
    def execute(self, sql: str) -> int:
        """Run a statement; return how many rows it changed (0 or -1 for one that is no DML)."""

    @abstractmethod
    def transaction(self, *, wait: float, structural: bool = True) -> AbstractContextManager[None]:
        """Hold a transaction; commit, or roll back on an exception.

        On SQLite it is the migration lock too: ``wait`` seconds for it, then
        :exc:`LockedError`. On a server a statement that meets a lock of somebody else gives
        up within half a second, whatever ``wait`` says, with a :exc:`BusyError`; so does one
        that the server chose to end a deadlock. The caller runs the whole transaction again.
        ``structural``: the steps change tables; false where all of them are a user's own
        SQL, which must see foreign keys act as usual.
        """

    @contextmanager
    def lend(self, *, wait: float) -> Iterator[None]:
        """Hold a transaction in which a user's own code runs on :attr:`raw`.

        It reads and writes rows, foreign keys act, and each of its statements waits up to
        ``wait`` seconds for locks of others: nobody can run it again.
        """
        with self.transaction(wait=wait, structural=False):
            yield

    @abstractmethod
    def understood(self, error: Exception, sql: str) -> MigError:
        """Return an error of the driver, of a statement of a user's own code, in our form."""

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:  # noqa: ARG002 (the contract)
        """Let statements wait that long for locks of others, inside of a transaction."""
        yield

    @abstractmethod
    def capabilities(self) -> Capabilities:
        """Read the facts about the server."""

    @property
    @abstractmethod
    def raw(self) -> Any:  # noqa: ANN401 (the driver's)
        """The connection of the driver, in autocommit mode, for Peewee to run on."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""


class EmbeddedSession(Session):
    """A session on a file: its schema can be copied, its transaction is the lock."""

    @abstractmethod
    def rehearsal(self, *, rows_of: Iterable[str]) -> AbstractContextManager[Session]:
        """Open a session on the same schema whose statements leave no trace.

        ``rows_of``: the only tables whose rows it has too, as far as they are there.
        """


class ServerSession(Session):
    """A session on a server, where the migration lock is a row (``runner.lock`` keeps it).

    Beside the row, a session on a direct connection holds an advisory lock: it ends with the
    session, also when the process is killed, and so proves that a row was abandoned.
    """

    @property
    @abstractmethod
    def backend(self) -> str:
        """What the server calls this session, never again given to another one.

        Empty where a pooler lends sessions to many clients: then nothing can be proved.
        """

    @abstractmethod
    def hold(self, name: str) -> bool:
        """Take the advisory lock of that name if it is free; never wait.

        Behind a pooler nothing is taken and the answer is True.
        """

    @abstractmethod
    def let_go(self, name: str) -> None:
        """Free the advisory lock of that name."""

    @abstractmethod
    def is_gone(self, backend: str) -> bool:
        """Whether the session called so is proved to be gone; asked while ``hold`` holds."""

    @abstractmethod
    def living(self, backend: str) -> str:
        """Return the statement that ends the session called so, if it is there for certain.

        Empty: it is gone, or nobody knows.
        """

    @abstractmethod
    def blocker(self) -> str:
        """Say who holds a lock on tables that others wait for; empty if nobody or unknown."""

    @abstractmethod
    def twin(self) -> ServerSession:
        """Open another connection to the same database."""
