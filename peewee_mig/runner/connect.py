"""From what names a database to a dialect and an open session."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.sessions import EmbeddedSession, Session
from peewee_mig.dialects.url import DatabaseUrl, parse_url
from peewee_mig.errors import FailedError, UnreachableError, UsageError, same_command
from peewee_mig.sources.paths import is_dotted_path

if TYPE_CHECKING:
    from peewee_mig.sources.database import LoadedDatabase

T = TypeVar("T")

#: Seconds between two attempts to reach a database.
PAUSE = 0.5

#: What begins the names of databases of SQLite that are no paths.
_UNNAMED = (":memory:", "file:")


@dataclass(frozen=True, slots=True)
class Connection:
    """A database that answers."""

    dialect: Dialect
    session: Session


@contextmanager
def connected(
    spec: str | LoadedDatabase,
    *,
    root: Path,
    create: bool,
    wait: float = 0.0,
    statement_timeout: float = 0.0,
    role: str = "",
    skips: bool = False,
) -> Iterator[Connection]:
    """Connect to a URL, a file, the dotted path of a Peewee database, or one that is given.

    ``root``: where relative files and the modules of dotted paths begin; ``create``: make a
    SQLite file that is missing (else it is an empty database); ``wait``: seconds to wait
    until the database answers; ``statement_timeout``: seconds that a server may take for
    one statement, 0 for no limit; ``role``: the one that a server runs statements as (a file
    has none); ``skips``: what the engine cannot have is left out.
    """
    until = time.monotonic() + wait
    options = {"statement_timeout": statement_timeout, "role": role}
    opener = _opener(spec, root, create=create, options=options)
    connection = _patiently(opener, until, UnreachableError)
    try:
        _patiently(connection.session.capabilities, until, FailedError)
        dialect = get_dialect(connection.dialect.name, skips=skips)
        yield replace(connection, dialect=dialect)
    finally:
        connection.session.close()


def engine_of(spec: str, *, root: Path) -> str:
    """Return the engine of a database without connecting."""
    if is_dotted_path(spec):
        from peewee_mig.sources.database import load_database

        return load_database(spec, root=root).engine
    return parse_url(spec).engine


def _patiently(attempt: Callable[[], T], until: float, passing: type[FailedError]) -> T:
    """Try again and again while a passing error is raised."""
    while True:
        try:
            return attempt()
        except passing:
            if time.monotonic() >= until:
                raise
        time.sleep(PAUSE)


def _opener(
    spec: str | LoadedDatabase, root: Path, *, create: bool, options: Mapping[str, Any]
) -> Callable[[], Connection]:
    """Return what connects; a database that nothing can connect to is refused at once."""
    if not isinstance(spec, str):
        return _opener_of_given(spec, create=create, options=options)
    if is_dotted_path(spec):
        return _opener_of_object(spec, root, create=create, options=options)
    url = parse_url(spec)
    dialect = _dialect(url.engine)
    if url.engine == "sqlite":
        return lambda: Connection(dialect, _open_file(url, root, create=create))
    open_url = _sessions(url.engine).open_url
    return lambda: Connection(dialect, open_url(url, **options))


def _opener_of_object(
    spec: str, root: Path, *, create: bool, options: Mapping[str, Any]
) -> Callable[[], Connection]:
    from peewee_mig.sources.database import load_database

    loaded = load_database(spec, root=root)
    dialect = _dialect(loaded.engine)
    if loaded.engine == "sqlite":
        from peewee_mig.dialects.sqlite.peewee_session import open_database

        return lambda: Connection(
            dialect, open_database(loaded.database, loaded.label, create=create)
        )
    return _opener_of_server(loaded, dialect, options)


def _opener_of_given(
    loaded: LoadedDatabase, *, create: bool, options: Mapping[str, Any]
) -> Callable[[], Connection]:
    """Return what connects beside the program that gave the database."""
    dialect = _dialect(loaded.engine)
    if loaded.engine != "sqlite":
        return _opener_of_server(loaded, dialect, options)
    from peewee_mig.dialects.sqlite.peewee_session import open_beside

    database, connect, label = loaded.database, loaded.connect, loaded.label
    return lambda: Connection(dialect, open_beside(database, connect, label, create=create))


def _opener_of_server(
    loaded: LoadedDatabase, dialect: Dialect, options: Mapping[str, Any]
) -> Callable[[], Connection]:
    open_server = _sessions(loaded.engine).open_database
    known = {**options, "secrets": loaded.secrets}
    return lambda: Connection(dialect, open_server(loaded.connect, loaded.label, **known))


def _dialect(engine: str) -> Dialect:
    if engine == "cockroach":
        raise UsageError(
            "this version cannot connect to CockroachDB",
            hint="give the URL of a database of PostgreSQL, MySQL, MariaDB or SQLite",
        )
    return get_dialect(engine)


def _sessions(engine: str) -> ModuleType:
    return importlib.import_module(f"peewee_mig.dialects.{engine}.session")


def _open_file(url: DatabaseUrl, root: Path, *, create: bool) -> Session:
    if create and url.database in ("", ":memory:"):
        raise UsageError(
            "a database in memory is gone when the command ends",
            hint=f"name a file: {same_command('--database', 'sqlite:///app.db')}",
        )
    from peewee_mig.dialects.sqlite.session import open_file

    return open_file(_path(url, root, create=create), create=create)


def _path(url: DatabaseUrl, root: Path, *, create: bool) -> str:
    if url.database.startswith("file:"):
        mode = {} if create else {"mode": "rw"}
        return f"{url.database}?{urlencode({**mode, **dict(url.options)})}"
    return url.database if url.database == ":memory:" else str(root / url.database)


def need_file(connection: Connection) -> None:
    """Raise :exc:`UsageError` for a file that is not there: it is no empty database."""
    label = connection.session.label
    is_named = isinstance(connection.session, EmbeddedSession) and not label.startswith(_UNNAMED)
    if is_named and not Path(label).exists():
        raise UsageError(
            f"the database file {label} does not exist",
            hint="correct --database, DATABASE_URL or the configuration (peewee-mig config show)",
        )
