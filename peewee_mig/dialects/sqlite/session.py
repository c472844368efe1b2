"""A connection to SQLite: explicit transactions, the lock, errors in our own form.

Python's sqlite3 opens no transaction for DDL, so it is left in autocommit mode and every
BEGIN is ours. The lock is that of SQLite itself: BEGIN IMMEDIATE.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from peewee_mig.dialects.base import (
    Capabilities,
    Row,
)
from peewee_mig.dialects.failures import EXISTS, MISSING
from peewee_mig.dialects.preflight import WAY_OUT
from peewee_mig.dialects.sessions import EmbeddedSession, Session
from peewee_mig.dialects.sqlite.render import quote
from peewee_mig.errors import FailedError, LockedError, MigError, RefusedError, same_command

#: Seconds between two attempts to get the lock.
PAUSE = 0.05

#: Instructions of SQLite after which Python looks for a Ctrl-C: a few milliseconds.
INSTRUCTIONS = 100_000


class Cursor(Protocol):
    """What we need of a cursor."""

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed; -1 for one that is no DML."""

    def fetchall(self) -> list[Row]:
        """Return all rows."""


class Connection(Protocol):
    """What we need of a DB-API connection in autocommit mode."""

    def execute(self, sql: str, /) -> Cursor:
        """Run a statement."""

    def close(self) -> None:
        """Close the connection."""

    def set_progress_handler(self, handler: Callable[[], int] | None, n: int, /) -> None:
        """Call back after every ``n`` instructions of a statement."""


def open_file(path: str, *, create: bool) -> SqliteSession:
    """Open a database file; without ``create``, a missing file is an empty database."""
    opened = path
    if path != ":memory:" and not path.startswith("file:"):
        missing = not Path(path).exists()
        if missing and not create:
            opened = ":memory:"
        elif missing and not Path(path).absolute().parent.is_dir():
            raise FailedError(
                f"the folder of the database {path} does not exist",
                hint=f"mkdir -p {Path(path).parent}",
            )
    try:
        connection = sqlite3.connect(
            opened, isolation_level=None, timeout=0, uri=path.startswith("file:")
        )
    except sqlite3.Error as error:
        raise translated(error, path, "") from error
    return SqliteSession(connection, path)


class SqliteSession(EmbeddedSession):
    """One connection, of our own or of a Peewee database."""

    def __init__(self, connection: Connection, label: str) -> None:
        """Take over an open connection in autocommit mode."""
        self._connection = connection
        self.label = label

    @property
    def raw(self) -> Any:  # noqa: ANN401 (the driver's)
        """The connection of the driver."""
        return self._connection

    def query(self, sql: str) -> list[Row]:
        """Read rows; wait for a writer that lets nobody read."""
        return self._run(sql)[0]

    def execute(self, sql: str) -> int:
        """Run a statement; wait as ``query`` does."""
        return self._run(sql)[1]

    def _run(self, sql: str) -> tuple[list[Row], int]:
        until = time.monotonic() + self.patience
        while True:
            try:
                return self._fetch(sql)
            except LockedError:
                if time.monotonic() >= until:
                    raise
            time.sleep(PAUSE)

    def _fetch(self, sql: str) -> tuple[list[Row], int]:
        try:
            cursor = self._connection.execute(sql)
            return cursor.fetchall(), cursor.rowcount
        except sqlite3.Warning as error:  # Python 3.11: more than one statement
            raise FailedError(str(error), statement=sql) from error
        except sqlite3.Error as error:
            if _code(error) == sqlite3.SQLITE_INTERRUPT:
                raise KeyboardInterrupt from error
            raise translated(error, self.label, sql) from error

    def understood(self, error: Exception, sql: str) -> MigError:
        """Return an error of the driver in our form; a Ctrl-C is raised."""
        if not isinstance(error, sqlite3.Error):
            return FailedError(str(error), statement=sql)
        if _code(error) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        return translated(error, self.label, sql)

    def capabilities(self) -> Capabilities:
        """Read the version of the library, without the file: somebody may have locked it."""
        with closing(self.blank()) as other:
            version = str(other.query("SELECT sqlite_version()")[0][0])
        return Capabilities(tuple(int(part) for part in version.split(".")))

    @contextmanager
    def rehearsal(self, *, rows_of: Iterable[str]) -> Iterator[Session]:
        """Open a copy of the schema in memory, with the rows of some tables."""
        copy = self.blank()
        try:
            for kind, sql in _schema(self):
                try:
                    copy.execute(sql)
                except FailedError:  # a module or collation that only the application has
                    if kind == "table":
                        raise
            copy.execute("PRAGMA foreign_keys = OFF")
            for sql in (sql for table in rows_of for sql in _rows(self, table)):
                copy.execute(sql)
            yield copy
        finally:
            copy.close()

    def blank(self) -> SqliteSession:
        """Open an empty database in memory, with the same functions and collations."""
        copy = open_file(":memory:", create=True)
        copy.label = self.label
        return copy

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def transaction(self, *, wait: float, structural: bool = True) -> Iterator[None]:
        """Hold SQLite's write lock; foreign keys are off for structural changes.

        They must be switched off before BEGIN: inside a transaction the PRAGMA does nothing.
        """
        with self._settings():
            if structural:
                self.execute("PRAGMA foreign_keys = OFF")
                self._require_off()
            self.execute("PRAGMA legacy_alter_table = OFF")
            self._begin(wait)
            try:
                yield
            except BaseException:
                self._roll_back()
                raise
            self._commit(wait)

    @contextmanager
    def lend(self, *, wait: float) -> Iterator[None]:
        """Hold the write lock for a user's own code."""
        self._enforce_keys()
        with self.transaction(wait=wait, structural=False):
            yield

    def _enforce_keys(self) -> None:
        """Let foreign keys act, which they do not by default."""
        self.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def _settings(self) -> Iterator[None]:
        """Restore the PRAGMAs that a transaction changes; let Ctrl-C stop a long statement."""
        names = ("foreign_keys", "legacy_alter_table", "busy_timeout")
        before = {name: self._pragma(name) for name in names}
        self._connection.set_progress_handler(lambda: 0, INSTRUCTIONS)
        try:
            yield
        finally:
            self._connection.set_progress_handler(None, 0)
            for name, value in before.items():
                self.execute(f"PRAGMA {name} = {value}")

    def _pragma(self, name: str) -> int:
        return int(self.query(f"PRAGMA {name}")[0][0])

    def _require_off(self) -> None:
        if self._pragma("foreign_keys"):
            raise FailedError(
                "foreign keys cannot be switched off on this connection: a transaction is open",
                hint="close the transaction that the application holds, then migrate again",
            )

    def _begin(self, wait: float) -> None:
        self.execute("PRAGMA busy_timeout = 0")
        until = time.monotonic() + wait
        while not self._try("BEGIN IMMEDIATE"):
            if time.monotonic() >= until:
                raise LockedError(
                    f"another process is writing to {self.label}"
                    f" and did not finish within {wait:g} second{'' if wait == 1 else 's'}",
                    hint=f"wait for it longer: {same_command('--wait-lock', '600')}",
                )
            time.sleep(PAUSE)

    def _try(self, sql: str) -> bool:
        try:
            self._fetch(sql)
        except LockedError:
            return False
        return True

    def _commit(self, wait: float) -> None:
        """Commit; readers of a database without WAL may hold it up."""
        until = time.monotonic() + wait
        while not self._try("COMMIT"):
            if time.monotonic() >= until:
                self._roll_back()
                raise LockedError(
                    f"other processes keep reading {self.label}; nothing was changed",
                    hint=f"wait for them longer: {same_command('--wait-lock', '600')}",
                )
            time.sleep(PAUSE)

    def _roll_back(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except sqlite3.Error:  # the engine has rolled back itself, as after a full disk
            return


def _schema(session: Session) -> Iterator[Row]:
    """Yield kind and statement of all that makes the schema; shadow tables come by themselves."""
    return iter(
        session.query(
            "SELECT coalesce(nullif(l.type, 'view'), m.type), m.sql FROM sqlite_master AS m"
            " LEFT JOIN pragma_table_list AS l ON l.name = m.name AND l.schema = 'main'"
            " WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!'"
            " AND coalesce(l.type, '') <> 'shadow'"
            " ORDER BY CASE m.type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, m.rowid"
        )
    )


def _rows(session: Session, table: str) -> Iterator[str]:
    """Yield the statements that copy the rows of a table, if it is there."""
    columns = [row[1] for row in session.query(f"PRAGMA table_info({quote(table)})")]
    if columns:
        values = " || ', ' || ".join(f"quote({quote(column)})" for column in columns)
        for (row,) in session.query(f"SELECT {values} FROM {quote(table)}"):
            yield f"INSERT INTO {quote(table)} VALUES ({row})"


def translated(error: sqlite3.Error, label: str, sql: str) -> MigError:
    """Return an error of the driver in our own form."""
    details = {"statement": sql, "original": str(error)}
    if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LockedError(
            f"the database {label} is locked by another process",
            hint=f"once what is writing to it has ended: {same_command()}",
            **details,
        )
    if _code(error) in _KNOWN:
        message, hint = _KNOWN[_code(error)]
        if "?mode=ro" in label:
            better = ["--database", f"sqlite:///{label.replace('?mode=ro', '')}"]
            hint = f"leave mode=ro out: {same_command(*better)}"
        return FailedError(message.format(label), hint=hint, **details)
    if _EXISTS.search(str(error)):
        return EXISTS.error(label, statement=sql, original=str(error))
    if _MISSING.match(str(error)):
        return MISSING.error(label, statement=sql, original=str(error))
    needing = _NEEDING.match(str(error))
    if needing:
        message = f"{needing[1]} needs what is dropped: {needing[2]}"
        return RefusedError(message, hint=WAY_OUT, **details)
    broken = _BROKEN.match(str(error))
    hint = _mending(*broken.groups()) if broken else ""
    return FailedError(f"a statement failed on {label}", hint=hint, **details)


def _mending(kind: str, name: str) -> str:
    drop = f"DROP {kind.upper()} {quote(name)}"
    return f"mend the {kind} {name}; or drop it: {drop}, then: {same_command()}"


def _code(error: sqlite3.Error) -> int:
    """Return the primary result code; 0 for an error of Python's module."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_EXISTS = re.compile(r"(?:table|index) .+ already exists$")

_MISSING = re.compile(r"no such (?:table|column|index|view|trigger): ")

#: DROP COLUMN has done nothing then, and the transaction is undone.
_NEEDING = re.compile(r"error in ((?:index|trigger|view) .+?) after drop column: (.+)", re.DOTALL)

#: ALTER TABLE compiles every view and trigger of the database.
_BROKEN = re.compile(r"error in (view|trigger) (.+?)(?: after [a-z ]+)?:")

_KNOWN = {
    sqlite3.SQLITE_READONLY: (
        "the database {} cannot be written to",
        "give this user the right to write to the file and its folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the database {} cannot be opened",
        "check the path, and the rights on the file and its folder",
    ),
    sqlite3.SQLITE_NOTADB: ("the file {} is not a SQLite database", "check the path"),
    sqlite3.SQLITE_CORRUPT: ("the database {} is damaged", "restore it from a backup"),
    sqlite3.SQLITE_FULL: (
        "the disk of {} is full",
        f"free some space, then: {same_command()}",
    ),
    sqlite3.SQLITE_IOERR: ("the file {} cannot be read or written", "check the disk"),
}
