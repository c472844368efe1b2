"""A session over a Peewee database object: its functions, collations and PRAGMAs apply."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from peewee_mig.dialects.sqlite.session import SqliteSession, open_file
from peewee_mig.errors import FailedError, MigError


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
        raise FailedError(
            f"the database {label} cannot be opened",
            original=str(error),
            hint="check its path and its settings",
        ) from error


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
