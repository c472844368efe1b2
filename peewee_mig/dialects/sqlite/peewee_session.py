"""A session over a Peewee database object: its functions, collations and PRAGMAs apply."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee_mig.dialects.sqlite.session import SqliteSession, open_file
from peewee_mig.errors import FailedError, MigError
from peewee_mig.sources.paths import is_in_memory


def open_database(database: Any, label: str, *, create: bool) -> SqliteSession:  # noqa: ANN401 (Peewee has no types)
    """Open a connection of a Peewee SQLite database; a missing file as in ``open_file``."""
    path = str(database.database)
    if path != ":memory:" and not path.startswith("file:") and not Path(path).exists():
        open_file(path, create=create).close()
        if not create:
            return blank(database, label)
    try:
        ours = database.connect(reuse_if_open=True)
        return _PeeweeSession(database, label, ours=ours)
    except MigError:
        raise
    except Exception as error:
        raise _not_opened(label, error) from error


def open_beside(
    database: Any,  # noqa: ANN401 (Peewee has no types)
    connect: Callable[[], Any],
    label: str,
    *,
    create: bool,
) -> SqliteSession:
    """Open one more connection, beside those that the application may have.

    To a database in memory there is no other than that of the calling thread: it is opened if
    need be, and stays open. A missing file as in ``open_file``.
    """
    if is_in_memory(str(database.database)):
        database.connect(reuse_if_open=True)
        return _PeeweeSession(database, label, ours=False)
    path = str(database.database)
    if not path.startswith("file:") and not Path(path).exists():
        open_file(path, create=create).close()
        if not create:
            return blank(database, label)
    try:
        return _OwnSession(connect(), database, label)
    except Exception as error:
        raise _not_opened(label, error) from error


def _not_opened(label: str, error: Exception) -> FailedError:
    return FailedError(
        f"the database {label} cannot be opened",
        original=str(error),
        hint="check its path and its settings",
    )


class _OwnSession(SqliteSession):
    """A connection of our own, with what the application hangs on each of its own."""

    def __init__(self, connection: Any, database: Any, label: str) -> None:  # noqa: ANN401 (Peewee's)
        super().__init__(connection, label)
        self._database = database

    def blank(self) -> SqliteSession:
        return blank(self._database, self.label)

    def _enforce_keys(self) -> None:
        """Leave it to the pragmas of the application."""


class _PeeweeSession(SqliteSession):
    """Closes through Peewee, and only what was not open before."""

    def __init__(self, database: Any, label: str, *, ours: bool) -> None:  # noqa: ANN401 (Peewee's)
        super().__init__(database.connection(), label)
        self._database = database
        self._ours = ours

    def blank(self) -> SqliteSession:
        return blank(self._database, self.label)

    def _enforce_keys(self) -> None:
        """Leave it to the pragmas of the application."""

    def close(self) -> None:
        if self._ours:
            self._database.close()


def blank(database: Any, label: str) -> SqliteSession:  # noqa: ANN401 (Peewee's)
    """Open an empty database in memory, with the functions and collations of another one."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for kind in ("aggregates", "collations", "functions", "window_functions"):
        getattr(database, f"_load_{kind}")(connection)
    return SqliteSession(connection, label)
