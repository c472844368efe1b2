"""From what names a database to a dialect and an open session."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Dialect, Session
from peewee_mig.dialects.url import DatabaseUrl, parse_url
from peewee_mig.errors import FailedError, UsageError
from peewee_mig.sources.paths import is_dotted_path

#: Seconds between two attempts to reach a database.
PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Connection:
    """A database that answers."""

    dialect: Dialect
    session: Session


@contextmanager
def connected(
    spec: str, *, root: Path, create: bool, wait: float = 0.0, statement_timeout: float = 0.0
) -> Iterator[Connection]:
    """Connect to a URL, a file or the dotted path of a Peewee database.

    ``root``: where relative files and the modules of dotted paths begin; ``create``: make a
    SQLite file that is missing (else it is an empty database); ``wait``: seconds to wait
    until the database answers.
    """
    del statement_timeout
    until = time.monotonic() + wait
    connection = _connect(spec, root, create=create)
    try:
        while not _answers(connection.session, last=time.monotonic() >= until):
            time.sleep(PAUSE)
        yield connection
    finally:
        connection.session.close()


def engine_of(spec: str, *, root: Path) -> str:
    """Return the engine of a database without connecting."""
    if is_dotted_path(spec):
        from peewee_mig.sources.database import load_database

        return load_database(spec, root=root).engine
    return parse_url(spec).engine


def _connect(spec: str, root: Path, *, create: bool) -> Connection:
    if is_dotted_path(spec):
        return _connect_object(spec, root, create=create)
    url = parse_url(spec)
    _require_sqlite(url.engine)
    if create and url.database in ("", ":memory:"):
        raise UsageError(
            "a database in memory is gone when the command ends",
            hint="name a file: --database sqlite:///app.db",
        )
    from peewee_mig.dialects.sqlite.session import open_file

    return Connection(
        get_dialect("sqlite"), open_file(_path(url, root, create=create), create=create)
    )


def _connect_object(spec: str, root: Path, *, create: bool) -> Connection:
    from peewee_mig.sources.database import load_database

    loaded = load_database(spec, root=root)
    _require_sqlite(loaded.engine)
    from peewee_mig.dialects.sqlite.peewee_session import open_database

    session = open_database(loaded.database, loaded.label, create=create)
    return Connection(get_dialect("sqlite"), session)


def _require_sqlite(engine: str) -> None:
    if engine != "sqlite":
        raise UsageError(
            f"this version cannot connect to {engine} yet",
            hint=f"print the statements instead: peewee-mig sql --dialect {engine}",
        )


def _path(url: DatabaseUrl, root: Path, *, create: bool) -> str:
    if url.database.startswith("file:"):
        mode = {} if create else {"mode": "rw"}
        return f"{url.database}?{urlencode({**mode, **dict(url.options)})}"
    return url.database if url.database == ":memory:" else str(root / url.database)


def _answers(session: Session, *, last: bool) -> bool:
    try:
        session.capabilities()
    except FailedError:
        if last:
            raise
        return False
    return True
