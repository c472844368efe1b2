"""A connection to MySQL or MariaDB, through PyMySQL; a Peewee database may bring its own driver."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Self

from peewee_mig.dialects.base import Capabilities
from peewee_mig.dialects.mysql.catalog import quoted
from peewee_mig.dialects.mysql.errors import translated
from peewee_mig.dialects.mysql.types import text_literal
from peewee_mig.dialects.server import (
    CONNECT_TIMEOUT,
    PEEWEE_OPTIONS,
    Connect,
    DriverSession,
    digest,
    driver,
    shortened,
)
from peewee_mig.dialects.url import DatabaseUrl
from peewee_mig.errors import MigError, UsageError

#: Strict, or values that do not fit are cut silently. Neither ANSI_QUOTES nor
#: NO_BACKSLASH_ESCAPES: a text means the same on every server.
_SQL_MODE = (
    "STRICT_ALL_TABLES,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO"
)

#: A second is the least that both servers take. While a statement waits for a table, all
#: others wait behind it. ``wait_timeout``: a short one, meant for web sites, would end the
#: session while a person thinks about a question.
_SETTINGS = {
    "autocommit": "1",
    "default_storage_engine": "InnoDB",
    "foreign_key_checks": "1",
    "innodb_lock_wait_timeout": "1",
    "lock_wait_timeout": "1",
    "sql_mode": f"'{_SQL_MODE}'",
    "wait_timeout": "28800",
}

#: Seconds after which the server gives up a client that holds the lock and says nothing.
_VANISHED = 300

_SOCKETS = (
    "/run/mysqld/mysqld.sock",
    "/var/run/mysqld/mysqld.sock",
    "/var/lib/mysql/mysql.sock",
    "/tmp/mysql.sock",  # noqa: S108 (where servers put it)
)


def open_url(url: DatabaseUrl, *, statement_timeout: float = 0.0, role: str = "") -> MysqlSession:
    """Connect to a URL; ``statement_timeout``: seconds, 0 for none; ``role``: see the session.

    :exc:`UsageError` for a driver that is missing or an option that it does not know.
    """
    pymysql = driver("pymysql", "peewee_mig[mysql]")
    arguments = _arguments(url)
    # Without the role, the user may have no right to enter the database.
    database = str(arguments.pop("database")) if role else ""
    return MysqlSession(
        partial(pymysql.connect, **arguments),
        url.redacted,
        database=database,
        statement_timeout=statement_timeout,
        role=role,
        secrets=(url.password, *(text for key, text in url.options if "password" in key)),
    )


def open_database(connect: Connect, label: str, **options: Any) -> MysqlSession:  # noqa: ANN401 (of the session)
    """Connect as a Peewee database does: ``connect`` makes one more raw connection."""
    return MysqlSession(connect, label, **options)


class MysqlSession(DriverSession):
    """One connection to MySQL or MariaDB. DDL commits by itself, also in a transaction."""

    _holds = False
    #: The account that the server checks the rights of; empty until it is known.
    _user = ""

    def __init__(self, connect: Connect, label: str, *, database: str = "", **options: Any) -> None:  # noqa: ANN401 (of the base)
        """Connect; see :class:`DriverSession`. ``database``: to enter once the role is taken."""
        self._enters = database
        super().__init__(connect, label, **options)

    def twin(self) -> Self:
        """Open another connection to the same database."""
        return type(self)(
            self._connect,
            self.label,
            database=self._enters,
            statement_timeout=self._statement_timeout,
            role=self._role,
            secrets=self._secrets,
        )

    def capabilities(self) -> Capabilities:
        """Return the version and whose server it is."""
        return self._capabilities

    @contextlib.contextmanager
    def lend(self, *, wait: float) -> Iterator[None]:
        """Hold a transaction for a user's own code."""
        with self.waiting(wait), self.transaction(wait=wait, structural=False):
            yield

    @contextlib.contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Wait longer than statements of ours do, until the end of the context."""
        self._wait_for_locks(str(max(round(seconds), 1)))
        try:
            yield
        finally:
            with contextlib.suppress(MigError):  # a lost connection has no settings
                self._wait_for_locks(_SETTINGS["lock_wait_timeout"])

    def _wait_for_locks(self, seconds: str) -> None:
        names = ("innodb_lock_wait_timeout", "lock_wait_timeout")
        self._send(f"SET SESSION {', '.join(f'{name} = {seconds}' for name in names)}")

    @property
    def backend(self) -> str:
        """The server, the user and the number of the session; empty behind a pooler."""
        return f"{self._server}/{self._user}/{self._number}" if self._is_direct else ""

    def hold(self, name: str) -> bool:
        """Take the advisory lock, which is one of the server; never wait."""
        if not self._is_direct:
            return True
        self._holds = self.query(f"SELECT GET_LOCK({self._lock(name)}, 0)") == [(1,)]
        if self._holds:  # the lock of a client whose host is gone is free after this time
            self._send(f"SET SESSION wait_timeout = {_VANISHED}")
        return self._holds

    def let_go(self, name: str) -> None:
        """Free the advisory lock."""
        if self._is_direct:
            self._holds = False
            self.query(f"SELECT RELEASE_LOCK({self._lock(name)})")
            self._send(f"SET SESSION wait_timeout = {_SETTINGS['wait_timeout']}")

    def is_gone(self, backend: str) -> bool:
        """Whether it was on this server, and we hold its lock or the server lists no such session.

        Of another server nothing is known, and of another user the list may not tell. Numbers
        are given again after a restart of MariaDB; the lock tells even then.
        """
        place, _, number = backend.rpartition("/")
        server, _, user = place.rpartition("/")
        if server != self._server or not number.isdecimal():
            return False
        if self._holds:
            return True
        rows = self.query(f"SELECT 1 FROM information_schema.processlist WHERE id = {number}")
        return user == self._user and not rows

    def living(self, backend: str) -> str:
        """Return what ends a session of this server that the list shows.

        While we hold its lock it is none: numbers are given again after a restart of MariaDB.
        """
        place, _, number = backend.rpartition("/")
        if self._holds or place.rpartition("/")[0] != self._server or not number.isdecimal():
            return ""
        there = self.query(f"SELECT 1 FROM information_schema.processlist WHERE id = {number}")
        return f"KILL {number}" if there else ""

    def blocker(self) -> str:
        """Say who has the oldest open transaction; needs the right PROCESS to see others."""
        try:
            rows = self.query(_BLOCKER)
        except MigError:
            return ""
        for number, user, command, seconds, statement in rows:
            text = f"connection {number} ({user}, {command.lower()}, in a transaction for"
            return f"{text} {seconds} s){f': {shortened(statement)}' if statement else ''}"
        return ""

    def _prepare(self) -> None:
        self._set_charset()
        self._take_role()
        ((number, place, self._user, self._database, version),) = self._send(
            "SELECT connection_id(), concat(@@hostname, ':', @@port), current_user(),"
            " coalesce(database(), ''), version()"
        )[0]
        self._number = int(number)
        self._capabilities = _capabilities(version)
        self._is_direct = _greeted_as(self._connection) in (None, self._number)
        self._server = place + self._identity()
        settings = _SETTINGS | self._timeout() | self._isolation()
        self._send(f"SET SESSION {', '.join(f'{name} = {v}' for name, v in settings.items())}")

    def _take_role(self) -> None:
        """Become the role, for as long as the session lasts, then enter the database."""
        if self._role:
            self._send(f"SET ROLE {text_literal(self._role)}")
        if self._enters:
            self._send(f"USE {quoted(self._enters)}")

    def _set_charset(self) -> None:
        """Talk utf8mb4, on both sides: a driver encodes by what it believes to be set."""
        change = getattr(self._connection, "set_character_set", None)
        if change is not None:
            change("utf8mb4")
        else:
            self._send("SET NAMES utf8mb4")

    def _identity(self) -> str:
        """Return what MySQL calls this server; MariaDB has no such name."""
        if self._is_mariadb:
            return ""
        return f"/{self._send('SELECT @@server_uuid')[0][0][0]}"

    @property
    def _is_mariadb(self) -> bool:
        return self._capabilities.product == "MariaDB"

    def _timeout(self) -> dict[str, str]:
        """Return the setting that limits a statement: on MySQL one that reads only."""
        if self._is_mariadb:
            return {"max_statement_time": f"{self._statement_timeout:g}"}
        return {"max_execution_time": str(round(self._statement_timeout * 1000))}

    def _isolation(self) -> dict[str, str]:
        """Let a transaction write what another session has changed since it began to read.

        MariaDB 11.6 and newer refuse that by default, and the heartbeat changes the lock.
        """
        there = self._send("SHOW VARIABLES LIKE 'innodb_snapshot_isolation'")[0]
        return {"innodb_snapshot_isolation": "0"} if there else {}

    def _lock(self, name: str) -> str:
        """Return the literal name of a lock: 64 characters at most, shared by all databases."""
        return f"'peewee_mig:{digest(self._database, name).hex()[:40]}'"

    def _begin(self) -> None:
        self._send("START TRANSACTION")

    def _translated(self, error: Exception, sql: str) -> MigError:
        return translated(error, self.label, sql, role=self._role, account=self._user)

    def _cancel(self) -> None:
        """Kill the statement from another connection: this one waits for its answer."""
        with contextlib.closing(self._connect()) as other:
            other.cursor().execute(f"KILL QUERY {self._number}")


_BLOCKER = """
SELECT p.id, p.user, p.command, timestampdiff(second, t.trx_started, now()), p.info
FROM information_schema.innodb_trx AS t
JOIN information_schema.processlist AS p ON p.id = t.trx_mysql_thread_id
WHERE p.id <> connection_id() ORDER BY t.trx_started LIMIT 1
"""


def _capabilities(version: str) -> Capabilities:
    product = "MariaDB" if "mariadb" in version.lower() else "MySQL"
    numbers = re.match(r"(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)", version)  # MariaDB's old disguise
    return Capabilities(tuple(map(int, numbers.groups())) if numbers else (), product)


def _greeted_as(connection: Any) -> int | None:  # noqa: ANN401 (the driver's)
    """Return the number of the session that the driver was told when it connected.

    A pooler tells one of its own.
    """
    told = getattr(connection, "thread_id", None)
    return told() if callable(told) else getattr(connection, "connection_id", None)


def _arguments(url: DatabaseUrl) -> dict[str, Any]:
    """Return the arguments of ``pymysql.connect``."""
    options = {key: _option(key, text) for key, text in url.options if key not in PEEWEE_OPTIONS}
    place = {"user": url.user, "password": url.password, "host": url.host, "port": url.port}
    return {
        "charset": "utf8mb4",
        "connect_timeout": CONNECT_TIMEOUT,
        "program_name": "peewee_mig",
        "database": url.database,
        **_socket(url),
        **{key: value for key, value in place.items() if value},
        **options,
    }


def _socket(url: DatabaseUrl) -> dict[str, str]:
    """Return where the local server listens, if the URL names no place."""
    if url.host or url.port is not None:
        return {}
    found = [path for path in _SOCKETS if Path(path).exists()]
    return {"unix_socket": found[0]} if found else {}


def _option(key: str, text: str) -> str | int | bool:
    if key not in _OPTIONS:
        raise UsageError(
            f"unknown option {key} of a MySQL URL", hint=f"write one of {', '.join(_OPTIONS)}"
        )
    try:
        return _OPTIONS[key](text)
    except (KeyError, ValueError):
        raise UsageError(
            f"the option {key} of the URL cannot be {text!r}",
            hint="write a number" if _OPTIONS[key] is int else "write true or false",
        ) from None


def _truth(text: str) -> bool:
    return _TRUTHS[text.lower()]


_TRUTHS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(
    ("0", "false", "no", "off"), False
)

#: What a URL may say, and its type. Source: ``pymysql.connect`` (PyMySQL 1.2).
_OPTIONS: dict[str, Callable[[str], str | int | bool]] = {
    "bind_address": str,
    "charset": str,
    "collation": str,
    "connect_timeout": int,
    "init_command": str,
    "local_infile": _truth,
    "max_allowed_packet": int,
    "program_name": str,
    "read_default_file": str,
    "read_default_group": str,
    "read_timeout": int,
    "sql_mode": str,
    "ssl_ca": str,
    "ssl_cert": str,
    "ssl_disabled": _truth,
    "ssl_key": str,
    "ssl_key_password": str,
    "ssl_verify_cert": _truth,
    "ssl_verify_identity": _truth,
    "unix_socket": str,
    "write_timeout": int,
}
