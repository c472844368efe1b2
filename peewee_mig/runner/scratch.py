"""Databases to try things in: made for it, and dropped after it, whatever happens.

What is there already is never connected to, but where a server has nothing else to make a
database from. A killed process (SIGKILL) leaves its databases: their names tell them.
"""

from __future__ import annotations

import importlib
import secrets
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.sessions import ServerSession
from peewee_mig.dialects.url import DatabaseUrl, parse_url
from peewee_mig.errors import FailedError, MigError, RefusedError, UnreachableError, UsageError
from peewee_mig.runner.connect import Connection
from peewee_mig.sources.paths import is_dotted_path

#: What the name of every scratch database begins with.
PREFIX = "peewee_mig_verify_"

#: Databases that a server has from the beginning, to administer it from.
_HOMES = {"postgres": "postgres", "mysql": "information_schema"}

#: Seconds that a session of ours may take to end before its database is dropped.
PATIENCE = 15.0

#: From this version on PostgreSQL ends the sessions of a database that it drops.
_FORCE = (13,)


class Scratch(ABC):
    """A place where scratch databases of one engine can be made."""

    engine: str
    #: The place for people, without a password.
    label: str
    #: Whether nothing else is there that SQL could reach.
    private: bool = False

    @abstractmethod
    def new(
        self, *, skips: bool, schemas: Sequence[str] = ()
    ) -> AbstractContextManager[Connection]:
        """Make an empty database, that is gone when the context ends.

        ``skips``: what the engine cannot have is left out; ``schemas``: those to make in it.
        """

    @abstractmethod
    def databases(self) -> tuple[str, ...]:
        """Return the names of the databases that SQL could reach by their names."""


class Embedded(Scratch):
    """SQLite, in memory. ``spec``: a Peewee database whose functions and collations it has."""

    engine = "sqlite"
    label = "SQLite in memory"

    def __init__(self, spec: str = "", root: Path = Path()) -> None:
        self._spec = spec
        self._root = root

    @contextmanager
    def new(self, *, skips: bool, schemas: Sequence[str] = ()) -> Iterator[Connection]:
        """Open an empty database in memory; ``schemas`` are none of SQLite's."""
        del schemas
        from peewee_mig.dialects.sqlite.session import open_file

        session = open_file(":memory:", create=True)
        if self._spec:
            from peewee_mig.dialects.sqlite.peewee_session import blank
            from peewee_mig.sources.database import load_database

            session.close()
            session = blank(load_database(self._spec, root=self._root).database, ":memory:")
        try:
            yield Connection(get_dialect("sqlite", skips=skips), session)
        finally:
            session.close()

    def databases(self) -> tuple[str, ...]:
        """Return none: other files are out of reach."""
        return ()


@dataclass(frozen=True)
class Server(Scratch):
    """A server. ``opened``: connects to a database; ``like``: the one that is configured."""

    engine: str
    label: str
    opened: Callable[[str], ServerSession]
    like: str = ""
    private: bool = False

    @contextmanager
    def new(self, *, skips: bool, schemas: Sequence[str] = ()) -> Iterator[Connection]:
        """Make a database of a name of its own, connect to it, and drop it."""
        name, dialect = f"{PREFIX}{secrets.token_hex(6)}", get_dialect(self.engine, skips=skips)
        with _terminable(), self._made(name, dialect):
            session = self._connected(name)
            try:
                for schema in schemas:
                    session.execute(f"CREATE SCHEMA {dialect.quote(schema)}")
                yield Connection(dialect, session)
            finally:
                session.close()

    def databases(self) -> tuple[str, ...]:
        """Return those of MySQL; of PostgreSQL's, a session sees only its own."""
        if self.engine != "mysql":
            return ()
        with self._administering() as session:
            rows = session.query("SELECT schema_name FROM information_schema.schemata")
        return tuple(str(name) for (name,) in rows)

    @contextmanager
    def _made(self, name: str, dialect: Dialect) -> Iterator[None]:
        """Make a database, and drop it; where a signal comes between, it may be there or not."""
        refused = False
        try:
            try:
                self._make(name, dialect)
            except MigError:
                refused = True
                raise
            yield
        finally:
            if not refused:
                with _undisturbed():
                    self._drop(name, dialect)

    def _make(self, name: str, dialect: Dialect) -> None:
        with self._administering() as session:
            options = self._options(session, dialect)
            try:
                session.execute(f"CREATE DATABASE {dialect.quote(name)}{options}")
            except FailedError as error:
                said = error.original.partition("\n")[0]
                raise FailedError(
                    f"no scratch database can be made on {self.label}: {said}",
                    hint=f"{self._grant(session)}, or name a server where it has it:"
                    " peewee-mig check --verify --scratch URL",
                ) from error

    def _connected(self, name: str) -> ServerSession:
        """Connect to a new database, and prove that the session is there and nowhere else."""
        session = self.opened(name)
        asked = {"postgres": "current_database()", "mysql": "database()"}[self.engine]
        ((found,),) = session.query(f"SELECT {asked}")
        if found != name:
            session.close()
            raise RefusedError(
                f"a session for the scratch database {name} is in {found}",
                where=self.label,
                hint="leave the database out of the options of the URL, and go past a pooler"
                " that has a database of its own: peewee-mig check --verify --scratch URL",
            )
        return session

    def _drop(self, name: str, dialect: Dialect) -> None:
        statement = f"DROP DATABASE IF EXISTS {dialect.quote(name)}"
        try:
            with self._administering() as session:
                session.patience = PATIENCE
                if self.engine == "postgres":
                    statement += _end_sessions(session, name)
                session.execute(statement)
        except UnreachableError:
            raise
        except MigError as error:
            raise FailedError(
                f"the scratch database {name} could not be dropped: {error.message}",
                where=self.label,
                original=error.original,
                hint=f"drop it by hand: DROP DATABASE {dialect.quote(name)}",
            ) from error

    @contextmanager
    def _administering(self) -> Iterator[ServerSession]:
        """Connect to what every server has; where that is closed, to what is configured."""
        try:
            session = self.opened(_HOMES[self.engine])
        except UnreachableError:
            raise
        except FailedError:
            if not self.like:
                raise
            session = self.opened(self.like)
        try:
            yield session
        finally:
            session.close()

    def _options(self, session: ServerSession, dialect: Dialect) -> str:
        """Return the character set and collation of the configured database, on MySQL."""
        if self.engine != "mysql" or not self.like:
            return ""
        rows = session.query(
            "SELECT default_character_set_name, default_collation_name"
            f" FROM information_schema.schemata WHERE schema_name = {dialect.text_sql(self.like)}"
        )
        return "".join(f" CHARACTER SET {charset} COLLATE {name}" for charset, name in rows)

    def _grant(self, session: ServerSession) -> str:
        """Say how this user gets the right to make databases."""
        if self.engine == "postgres":
            ((user,),) = session.query("SELECT quote_ident(current_user)")
            return f"as a superuser: ALTER ROLE {user} CREATEDB"
        ((user,),) = session.query("SELECT current_user()")
        name, _, host = user.rpartition("@")
        pattern = PREFIX.replace("_", r"\_")
        return f"as root: GRANT ALL ON `{pattern}%`.* TO '{name}'@'{host}'"


def scratch_of(spec: str, *, root: Path, statement_timeout: float = 0.0) -> Scratch:
    """Return where scratch databases are made beside a configured database; connects to nothing."""
    if is_dotted_path(spec):
        return _of_object(spec, root, statement_timeout)
    url = parse_url(spec)
    if url.engine == "sqlite":
        return Embedded()
    return _of_url(url, statement_timeout)


def server_of(text: str, *, statement_timeout: float = 0.0) -> Server:
    """Return the server that a URL names; :exc:`UsageError` if it names none."""
    url = parse_url(text)
    if url.engine == "sqlite":
        raise UsageError(
            "SQLite needs no server: its scratch databases are in memory",
            hint="name a server: --scratch postgresql://user@host/postgres",
        )
    return _of_url(url, statement_timeout)


def _of_url(url: DatabaseUrl, statement_timeout: float) -> Server:
    if url.engine == "cockroach":
        raise UsageError("this version cannot connect to CockroachDB")
    open_url = importlib.import_module(f"peewee_mig.dialects.{url.engine}.session").open_url

    def opened(name: str) -> ServerSession:
        options = tuple((key, text) for key, text in url.options if key not in _NAMING)
        place = replace(url, database=name, options=options)
        session: ServerSession = open_url(place, statement_timeout=statement_timeout)
        return session

    return Server(url.engine, replace(url, database="").redacted, opened, url.database)


#: Options of a URL that name a database as well.
_NAMING = frozenset({"database", "db", "dbname"})


def _of_object(spec: str, root: Path, statement_timeout: float) -> Scratch:
    from peewee_mig.sources.database import load_database

    loaded = load_database(spec, root=root)
    if loaded.engine == "sqlite":
        return Embedded(spec, root)
    if loaded.name is None:
        raise UsageError(
            f"{spec} has a connection string in the place of its database's name",
            hint="name the server: peewee-mig check --verify --scratch URL",
        )
    module = importlib.import_module(f"peewee_mig.dialects.{loaded.engine}.session")

    def opened(name: str) -> ServerSession:
        session: ServerSession = module.open_database(
            lambda: loaded.connect_to(name),
            f"{spec} ({name})",
            statement_timeout=statement_timeout,
            secrets=loaded.secrets,
        )
        return session

    return Server(loaded.engine, spec, opened, loaded.name)


def _end_sessions(session: ServerSession, name: str) -> str:
    """Return the word that ends the sessions of a database, or end them."""
    if session.capabilities().version >= _FORCE:
        return " WITH (FORCE)"
    until = time.monotonic() + PATIENCE
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    while session.query(f"{ended} WHERE datname = '{name}'") and time.monotonic() < until:
        time.sleep(0.1)
    return ""


@contextmanager
def _terminable() -> Iterator[None]:
    """Let the signals that end a program raise, so that what was made is dropped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, _interrupt) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let nobody who is impatient stop what cleans up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, signal.SIG_IGN) for each in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
