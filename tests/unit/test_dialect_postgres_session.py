"""What can be said of sessions on PostgreSQL without a server: addresses, errors, poolers."""

from types import SimpleNamespace

import psycopg2
import pytest

from peewee_mig.dialects import failures
from peewee_mig.dialects.failures import redacted
from peewee_mig.dialects.postgres import session as sessions
from peewee_mig.dialects.postgres.errors import translated
from peewee_mig.dialects.url import parse_url
from peewee_mig.errors import FailedError, UnreachableError, UsageError

LABEL = "postgres://app:***@db/shop"


class FakeConnection:
    """A connection that knows its version and process, and notes what it is sent."""

    def __init__(self, *, version=150_002, pid=7, told=7, watches=True, strings="on"):
        self.version, self.pid, self.watches = version, pid, watches
        self.sent = []
        self.info = SimpleNamespace(
            backend_pid=told, transaction_status=2, parameter_status=lambda _: strings
        )

    def cursor(self):
        cursor = SimpleNamespace(rowcount=-1, description=None, close=lambda: None)
        cursor.execute = lambda sql: self._execute(cursor, sql)
        return cursor

    def close(self):
        self.sent.append("close")

    def _execute(self, cursor, sql):
        self.sent.append(sql)
        if "client_connection_check_interval" in sql and not self.watches:
            raise psycopg2.DataError("must be set to 0 on this platform")
        if "server_version_num" in sql:
            cursor.description = ("int", "int", "text")
            cursor.fetchall = lambda: [(self.version, self.pid, "2026-01-01T00:00:00.000000")]


def opened(**facts):
    return sessions.open_database(lambda: FakeConnection(**facts), LABEL)


def test_the_keywords_of_libpq():
    url = parse_url("postgresql://a%40b:p%40w@h:6543/shop?sslmode=require&stale_timeout=3")
    words = sessions._words(url)
    place = {"host": "h", "port": "6543", "user": "a@b", "password": "p@w", "dbname": "shop"}
    assert words.items() >= {**place, "sslmode": "require"}.items()
    assert words["connect_timeout"] == "10"
    assert words["fallback_application_name"] == "peewee_mig"
    assert "stale_timeout" not in words


def test_without_a_host_libpq_looks_for_the_local_server(monkeypatch):
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "3")
    words = sessions._words(parse_url("postgresql:///shop"))
    assert not words.keys() & {"host", "port", "user", "password", "connect_timeout"}


def test_options_go_before_the_other_parts():
    words = sessions._words(parse_url("postgresql://h/shop?host=/run/pg&application_name=x"))
    assert words["host"] == "/run/pg"
    assert words["application_name"] == "x"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_driver_that_is_missing_is_named(scheme, monkeypatch):
    import importlib

    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(UsageError, match="is not installed") as caught:
        sessions.open_url(parse_url(f"{scheme}://h/shop"))
    assert caught.value.hint.startswith("pip install")


def test_a_direct_session_names_itself():
    session = opened()
    assert session.backend == "7/2026-01-01T00:00:00.000000"
    assert session.capabilities().version == (15, 2)


def test_behind_a_pooler_a_session_has_no_name_and_nothing_is_taken():
    session = opened(told=-955938321)
    assert session.backend == ""
    before = list(session._connection.sent)
    assert session.hold("a")
    session.let_go("a")
    assert session._connection.sent == before


@pytest.mark.parametrize(
    ("facts", "watch", "limit"),
    [
        ({"version": 130_004}, False, False),
        ({"version": 140_001}, True, False),
        ({"version": 150_001, "watches": False}, False, False),
        ({"version": 170_000}, True, True),
    ],
)
def test_settings_are_those_that_the_server_has(facts, watch, limit):
    session = opened(**facts)
    settings = session._settings()
    assert ("client_connection_check_interval = '500ms'" in settings) == watch
    assert ("transaction_timeout = 0" in settings) == limit
    assert all(part.startswith("SET LOCAL ") for part in settings.split("; "))


def test_backslashes_mean_themselves():
    assert not [sql for sql in opened()._connection.sent if sql.startswith("SET standard")]
    assert "SET standard_conforming_strings = on" in opened(strings="off")._connection.sent


def test_locks_of_all_names_differ():
    keys = {sessions.lock_key(name) for name in ("a", "b", "peewee_mig_lock")}
    keys |= {sessions.lock_key("peewee_mig_lock", schema) for schema in ("acme", "globex")}
    assert len(keys) == 5
    assert all(-(2**63) <= key < 2**63 for key in keys)


@pytest.mark.parametrize(
    ("text", "known", "hint"),
    [
        (
            'FATAL:  database "shop" does not exist',
            failures.NO_DATABASE,
            "createdb -h db -U app shop",
        ),
        ('FATAL:  password authentication failed for user "app"', failures.NOT_LET_IN, "password"),
        ('FATAL:  role "app" does not exist', failures.NOT_LET_IN, "user"),
        ("FATAL:  no pg_hba.conf entry for host", failures.NOT_LET_IN, "hosts"),
        ('FATAL:  permission denied for database "shop"', failures.DENIED, "GRANT CONNECT"),
        ("FATAL:  the database system is starting up", failures.STARTING, "in a moment"),
        ("FATAL:  sorry, too many clients already", failures.CROWDED, "connections"),
        ("failed: Connection refused", failures.DOWN, "start the server"),
        ('could not translate host name "h" to address', failures.DOWN, "host"),
        ("timeout expired", failures.DOWN, "host"),
        ("server does not support SSL, but SSL was required", failures.NO_TLS, "ssl"),
        ('root certificate file "x" does not exist', failures.NO_TLS, "certificates"),
        ('invalid dsn: invalid connection option "x"', failures.NO_SENSE, "spelling"),
        ('invalid sslmode value: "x"', failures.NO_SENSE, "spelling"),
        ("FATAL:  el papel no existe", failures.NOT_CONNECTED, "options"),
    ],
)
def test_words_about_connecting(text, known, hint):
    error = translated(psycopg2.OperationalError(text), LABEL, "")
    assert error.message == known.message.format(LABEL)
    assert type(error) is known.kind
    assert hint in error.hint
    assert error.original == text


def test_the_first_words_that_count_are_those_of_the_server():
    text = (
        'connection to server at "::1" failed: Connection refused\n'
        'connection to server at "127.0.0.1" failed: FATAL:  database "x" does not exist'
    )
    error = psycopg2.OperationalError(text)
    assert translated(error, LABEL, "").hint == "create it: createdb -h db -U app x"
    label = "postgresql://o%27neil@[::1]:5433/x"
    assert "createdb -h ::1 -p 5433 -U 'o'\"'\"'neil' x" in translated(error, label, "").hint
    assert translated(error, "app.db:database (x)", "").hint == "create it: createdb x"


class Diagnosed(psycopg2.Error):
    """An error that a server gave; it is read only in the driver's own class."""

    def __init__(self, state, message, **fields):
        super().__init__(message)
        self.sqlstate = state
        names = ("message_detail", "message_hint", "table_name", "constraint_name")
        self.fields = SimpleNamespace(message_primary=message, **dict.fromkeys(names))
        self.fields.__dict__.update(fields)

    @property
    def diag(self):
        return self.fields


@pytest.mark.parametrize(
    ("state", "known"),
    [
        ("08006", failures.LOST),
        ("22001", failures.ROWS),
        ("23514", failures.ROWS),
        ("25006", failures.READ_ONLY),
        ("40001", failures.DEADLOCK),
        ("42P07", failures.EXISTS),
        ("53100", failures.FULL),
        ("57014", failures.CANCELLED),
        ("57P01", failures.LOST),
        ("0A000", failures.OTHER),
        ("42601", failures.OTHER),
    ],
)
def test_states(state, known):
    error = translated(Diagnosed(state, "so"), LABEL, "SELECT 1")
    assert error.message == known.message.format(LABEL)
    assert error.statement == "SELECT 1"


def test_all_that_the_server_said_is_kept():
    error = translated(
        Diagnosed("23503", "no", message_detail="Key (x)=(1)", constraint_name="k"), LABEL, "x"
    )
    assert error.original == "no\ndetail: Key (x)=(1)\nconstraint: k"


def test_a_view_in_the_way():
    said = "cannot alter type of a column used by a view or rule"
    assert "drop or change" in translated(Diagnosed("0A000", said), LABEL, "x").hint


@pytest.mark.parametrize(
    ("said", "sql", "grant"),
    [
        ("denied for schema public", "CREATE TABLE t ()", "GRANT USAGE, CREATE ON SCHEMA public"),
        ("denied for schema odd", "SELECT 1", "GRANT USAGE ON SCHEMA odd TO app"),
        ("denied for table t", "select 1", "GRANT SELECT ON TABLE t TO app"),
        ("denied for table Odd", "\nUPDATE t", 'GRANT SELECT, UPDATE ON TABLE "Odd" TO app'),
        ("denied for table t", "INSERT INTO t", "GRANT INSERT ON TABLE t TO app"),
        ("denied for table t", "ALTER TABLE x", "GRANT REFERENCES ON TABLE t TO app"),
        ("denied for table t", "WITH a AS ()", "GRANT ALL ON TABLE t TO app"),
        ("denied for sequence s", "INSERT INTO t", "GRANT USAGE ON SEQUENCE s TO app"),
        ("denied for sequence s", "SELECT 1", "GRANT SELECT ON SEQUENCE s TO app"),
        ("denied for database shop", "CREATE SCHEMA x", "GRANT CREATE ON DATABASE shop TO app"),
    ],
)
def test_the_grant_that_is_missing(said, sql, grant):
    hint = translated(Diagnosed("42501", f"permission {said}"), LABEL, sql).hint
    assert hint.startswith(f"as the owner: {grant}")
    assert hint.endswith(" TO app")


def test_what_only_an_owner_can_do():
    hint = translated(Diagnosed("42501", "must be owner of table t"), LABEL, "ALTER TABLE t").hint
    assert hint == (
        "migrate as the owner of t; or make this role a member of the owner's: GRANT OWNER TO app"
    )
    assert "grant it" in translated(Diagnosed("42501", "denegado"), LABEL, "x").hint


def test_a_connection_without_a_state_is_lost():
    for kind in (psycopg2.OperationalError, psycopg2.InterfaceError):
        error = translated(kind("server closed the connection unexpectedly"), LABEL, "SELECT 1")
        assert error.message == f"the connection to {LABEL} was lost"


def test_what_is_no_error_of_the_driver_is_told_too():
    error = translated(ValueError("a NUL"), LABEL, "x")
    assert isinstance(error, FailedError)
    assert error.original == "a NUL"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('invalid integer value "s3c" for "port"', 'invalid integer value "***" for "port"'),
        ("bad: s3c/r3t!", "bad: ***!"),
        ("postgresql://u:other@h/x", "postgresql://u:***@h/x"),
        ("host=h password = 'a b' x", "host=h password = *** x"),
        ('role "app" failed', 'role "app" failed'),
    ],
)
def test_passwords_and_their_pieces_are_hidden(text, shown):
    assert redacted(text, ["s3c/r3t", "app", ""], shown=LABEL) == shown


def test_an_application_that_cannot_connect_is_told():
    def connect():
        raise LookupError("the vault is closed")

    with pytest.raises(FailedError, match="no connection to") as caught:
        sessions.open_database(connect, LABEL)
    assert caught.value.original == "the vault is closed"
    assert not isinstance(caught.value, UnreachableError)


def test_a_session_that_cannot_be_prepared_is_closed():
    connection = FakeConnection(version="x")
    with pytest.raises(TypeError):
        sessions.open_database(lambda: connection, LABEL)
    assert connection.sent[-1] == "close"
