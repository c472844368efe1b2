"""A connection to PostgreSQL, through psycopg2 or psycopg 3.

Nothing is set for the session, only for each transaction (SET LOCAL): behind PgBouncer the
session is lent to others as well.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from peewee_mig.dialects.base import Capabilities, Row
from peewee_mig.dialects.postgres.errors import translated
from peewee_mig.dialects.postgres.types import text_literal
from peewee_mig.dialects.server import (
    CONNECT_TIMEOUT,
    GRACE,
    PEEWEE_OPTIONS,
    Connect,
    DriverSession,
    digest,
    driver,
    interruptible,
    shortened,
)
from peewee_mig.dialects.url import DatabaseUrl
from peewee_mig.errors import AloneError, BusyError, FailedError, MigError, RefusedError

#: Milliseconds that a statement waits for a lock: at least, at most. While it waits, all
#: others wait behind it; two runners that differ do not meet again and again.
LOCK_TIMEOUT = (100, 400)

#: A role may have short timeouts of its own, meant for the pages of a web site.
_SETTINGS = (
    "client_min_messages = warning",
    "idle_in_transaction_session_timeout = 0",
    "standard_conforming_strings = on",
    # Where a database has many schemas, the server would compile each question to its catalog,
    # which takes seconds.
    "jit = off",
    # A policy that hides rows is an error: a guard must not miss them silently.
    "row_security = off",
)

#: The server looks while a statement runs whether we are still there (14 and newer): without
#: it, a statement whose client was killed runs on and commits.
_WATCH = "client_connection_check_interval = '500ms'"

#: Of the server's side; libpq sets those of ours.
_KEEPALIVES = (
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)

#: As text, so that the time zone of a session does not matter.
_START = "to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"


def open_url(
    url: DatabaseUrl, *, statement_timeout: float = 0.0, role: str = ""
) -> PostgresSession:
    """Connect to a URL; ``statement_timeout``: seconds, 0 for none; ``role``: see the session.

    :exc:`UsageError` for a driver that is missing or an option that libpq does not know.
    """
    return PostgresSession(
        _connector(url),
        url.redacted,
        statement_timeout=statement_timeout,
        role=role,
        secrets=(url.password, *(text for key, text in url.options if "password" in key)),
    )


def open_database(connect: Connect, label: str, **options: Any) -> PostgresSession:  # noqa: ANN401 (of the session)
    """Connect as a Peewee database does: ``connect`` makes one more raw connection."""
    return PostgresSession(connect, label, **options)


class PostgresSession(DriverSession):
    """One connection to PostgreSQL."""

    def __init__(self, connect: Connect, label: str, **options: Any) -> None:  # noqa: ANN401 (of the base)
        """Connect; see :class:`DriverSession`."""
        self._backend = ""
        self._version: tuple[int, ...] = ()
        self._watches = False
        self._waited = ""
        self._keys: dict[str, int] = {}
        super().__init__(connect, label, **options)

    def execute(self, sql: str) -> int:
        """Run a statement; outside of a transaction also one that no transaction can hold."""
        try:
            return super().execute(sql)
        except AloneError:
            if self._inside:
                raise
        return self._by_itself(sql)

    def capabilities(self) -> Capabilities:
        """Return the version, as major and minor."""
        return Capabilities(self._version)

    @contextlib.contextmanager
    def lend(self, *, wait: float) -> Iterator[None]:
        """Hold a transaction for a user's own code."""
        with self.transaction(wait=wait, structural=False):
            self.execute(f"SET LOCAL lock_timeout = {max(round(wait * 1000), 1)}")
            yield

    @contextlib.contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Wait longer than statements of ours do, until the end of the context."""
        self.execute(f"SET LOCAL lock_timeout = {max(round(seconds * 1000), 1)}")
        try:
            yield
        finally:
            with contextlib.suppress(MigError):  # a statement has failed: all is rolled back
                self.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT[1]}")

    @property
    def backend(self) -> str:
        """The process of the session and when it began; empty behind a pooler."""
        return self._backend

    def hold(self, name: str) -> bool:
        """Take the advisory lock, which is one of this schema; never wait."""
        if not self._backend:
            return True
        held = self.query(f"SELECT pg_try_advisory_lock({self._key(name)})") == [(True,)]
        if held:  # the lock of a client whose host is gone is free soon
            self._send(_KEEPALIVES)
        return held

    def let_go(self, name: str) -> None:
        """Free the advisory lock."""
        if self._backend:
            self.query(f"SELECT pg_advisory_unlock({self._key(name)})")

    def _key(self, name: str) -> int:
        if name not in self._keys:
            schema = self.query("SELECT current_schema()::text")[0][0]
            self._keys[name] = lock_key(name, schema or "public")
        return self._keys[name]

    def is_gone(self, backend: str) -> bool:
        """Whether no session has that process number, or it began at another time.

        The time of a session of another role may be hidden; then it may be the one.
        """
        found = re.fullmatch(r"(\d+)/(\S+)", backend)
        if not found:
            return False
        same = f"coalesce({_START}, {text_literal(found[2])}) = {text_literal(found[2])}"
        return not self._as_user(
            f"SELECT 1 FROM pg_stat_activity WHERE pid = {found[1]} AND {same}"
        )

    def living(self, backend: str) -> str:
        """Return what ends a session of that process number that began at that time."""
        found = re.fullmatch(r"(\d+)/(\S+)", backend)
        if not found:
            return ""
        same = f"pid = {found[1]} AND {_START} = {text_literal(found[2])}"
        there = self.query(f"SELECT 1 FROM pg_stat_activity WHERE {same}")
        return f"SELECT pg_terminate_backend({found[1]})" if there else ""

    def blocker(self) -> str:
        """Say who holds a table that the last statement waited for, else the oldest transaction."""
        try:
            rows = self._as_user(_BLOCKER.format(text_literal(self._waited)))
        except MigError:
            return ""
        for pid, application, state, seconds, statement in rows:
            name = f"{application}, " if application else ""
            return f"process {pid} ({name}{state} for {seconds} s): {shortened(statement)}"
        return ""

    def _prepare(self) -> None:
        connection = self._connection
        connection.autocommit = True
        self._is_psycopg3 = hasattr(connection, "pgconn")
        if self._is_psycopg3:
            connection.prepare_threshold = None  # poolers lose prepared statements
        self._set_strings()
        ((number, pid, start),) = self._as_user(
            f"SELECT current_setting('server_version_num')::int, pid, {_START}"
            " FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        )
        self._version = divmod(number, 10_000)
        # A pooler tells its clients a process number of its own.
        self._backend = f"{pid}/{start}" if connection.info.backend_pid == pid else ""
        self._watches = self._can_watch()
        if self._role:  # that it can be taken
            self._send(self._takes_role, f"{self._takes_role}; SELECT 1")

    def _set_strings(self) -> None:
        """Make backslashes mean themselves.

        The server reads a whole message before it runs the SET in it. PgBouncer knows this
        setting and keeps it apart for each client.
        """
        if self._connection.info.parameter_status("standard_conforming_strings") != "on":
            self._send("SET standard_conforming_strings = on")

    def _can_watch(self) -> bool:
        """Whether the server can see that a client is gone: not on every platform."""
        if self._version < (14,):
            return False
        try:
            self._send(f"SET LOCAL {_WATCH}", f"SET LOCAL {_WATCH}; SELECT 1")
        except FailedError:
            return False
        return True

    def _begin(self) -> None:
        """Begin; what another runner has just committed must be seen, whatever the role says."""
        self._send("BEGIN", f"BEGIN ISOLATION LEVEL READ COMMITTED; {self._settings()}")

    def _commit(self) -> None:
        """Commit; the server answers to a COMMIT after an error with a ROLLBACK, silently."""
        if int(self._connection.info.transaction_status) == _FAILED:
            raise FailedError(
                f"a statement of the transaction on {self.label} failed; it was rolled back"
            )
        super()._commit()

    def _alone(self, sql: str) -> str:
        """Several statements in one message are one transaction, with one way to the server."""
        return f"{self._settings()}; {sql}"

    def _by_itself(self, sql: str) -> int:
        """Run what settings in the same message would make a transaction of.

        Such statements let others pass while they wait, so there is no limit for that. Behind
        a pooler they run with the settings that the role has.
        """
        if not self._backend:
            self._refuse_role(sql)
            return self._send(sql)[1]
        role = f"; SET ROLE {_quoted(self._role)}" if self._role else ""
        self._send(f"SET statement_timeout = {self._milliseconds}; SET lock_timeout = 0{role}")
        try:
            return self._send(sql)[1]
        finally:
            with contextlib.suppress(MigError):  # a lost connection has no settings
                self._send("RESET statement_timeout; RESET lock_timeout; RESET ROLE")

    def _refuse_role(self, sql: str) -> None:
        """Refuse a role that would stay with a session which is lent to others as well."""
        if self._role:
            raise RefusedError(
                f"behind a pooler this statement cannot run as the role {self._role}:"
                " no transaction can hold it, nor the role",
                statement=sql,
                hint="give the address of the server itself: --database URL",
            )

    def _as_user(self, sql: str) -> list[Row]:
        """Read as the user that connects: a role may not see its own session."""
        sent = "" if self._inside else f"{self._settings(role='')}; {sql}"
        return self._send(sql, sent)[0]

    @property
    def _takes_role(self) -> str:
        return f"SET LOCAL ROLE {_quoted(self._role)}"

    @property
    def _milliseconds(self) -> int:
        return round(self._statement_timeout * 1000)

    def _settings(self, role: str | None = None) -> str:
        """Spell what holds for a transaction; ``role``: another one than that of the session."""
        lock_timeout = random.randint(*LOCK_TIMEOUT)  # noqa: S311 (no secret)
        settings = [
            f"lock_timeout = {lock_timeout}",
            f"statement_timeout = {self._milliseconds}",
            *_SETTINGS,
        ]
        if self._watches:
            settings.append(_WATCH)
        if self._version >= (17,):
            settings.append("transaction_timeout = 0")
        role = self._role if role is None else role
        settings += [f"ROLE {_quoted(role)}"] if role else []
        return "; ".join(f"SET LOCAL {setting}" for setting in settings)

    def _finish(self, cursor: Any) -> None:  # noqa: ANN401 (the driver's)
        """Go to the last result; psycopg2 is there already."""
        while self._is_psycopg3 and cursor.nextset():
            pass

    def _translated(self, error: Exception, sql: str) -> MigError:
        failure = translated(error, self.label, sql, role=self._role)
        if isinstance(failure, BusyError):
            self._waited = sql
        return failure

    def _cancel(self) -> None:
        if hasattr(self._connection, "cancel_safe"):  # psycopg 3.2
            self._connection.cancel_safe(timeout=GRACE)
        else:
            self._connection.cancel()


#: libpq's number for a transaction in which a statement has failed.
_FAILED = 3

#: The oldest transaction that holds a lock on a table, first of all one that a text names.
_BLOCKER = """
SELECT a.pid, a.application_name, a.state, round(extract(epoch FROM now() - a.xact_start)), a.query
FROM pg_locks AS l
JOIN pg_class AS c ON c.oid = l.relation
JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE l.granted AND l.locktype = 'relation' AND a.datname = current_database()
AND c.relkind IN ('r', 'p') AND c.relnamespace <> 'pg_catalog'::regnamespace
AND a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL
ORDER BY strpos({}, c.relname) = 0, a.xact_start LIMIT 1
"""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def lock_key(name: str, schema: str = "public") -> int:
    """Return the number of the advisory lock that goes with a table: 64 bits with a sign.

    The server keeps them for each database, of which the schemas may have a history each.
    """
    names = (name,) if schema == "public" else (schema, name)
    return int.from_bytes(digest("peewee_mig", *names)[:8], "big", signed=True)


def _connector(url: DatabaseUrl) -> Connect:
    words = _words(url)
    if url.driver == "psycopg":
        psycopg = driver("psycopg", "peewee_mig[psycopg]")
        make = driver("psycopg.conninfo", "peewee_mig[psycopg]").make_conninfo
        return lambda: psycopg.connect(make(**words), autocommit=True)
    psycopg2 = driver("psycopg2", "psycopg2-binary")
    make = driver("psycopg2.extensions", "psycopg2-binary").make_dsn
    return lambda: interruptible(partial(_connect2, psycopg2.connect, make, words))


def _connect2(connect: Any, make: Any, words: dict[str, str]) -> Any:  # noqa: ANN401 (the driver's)
    return connect(make(**words))


def _words(url: DatabaseUrl) -> dict[str, str]:
    """Return the keywords of libpq; those of the URL's options go before its other parts."""
    place = {
        "host": url.host,
        "port": "" if url.port is None else str(url.port),
        "user": url.user,
        "password": url.password,
        "dbname": url.database,
    }
    options = {key: text for key, text in url.options if key not in PEEWEE_OPTIONS}
    return _defaults() | {key: text for key, text in place.items() if text} | options


def _defaults() -> dict[str, str]:
    defaults = {
        "client_encoding": "utf8",
        "fallback_application_name": "peewee_mig",
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
    }
    if "PGCONNECT_TIMEOUT" not in os.environ:
        defaults["connect_timeout"] = str(CONNECT_TIMEOUT)
    return defaults
