"""Sessions on servers: transactions, locks, Ctrl-C, and every kind of error for real."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from peewee_mig.dialects.url import parse_url
from peewee_mig.errors import (
    AloneError,
    BusyError,
    FailedError,
    MigError,
    UnreachableError,
    UsageError,
)
from peewee_mig.runner.connect import connected
from peewee_mig.sources.database import load_database

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["postgres", "psycopg", "mysql"])
def server(request, databases):
    return databases(request.param)


@pytest.fixture
def opened():
    """Open sessions on URLs and dotted paths; they are closed after the test."""
    with ExitStack() as stack:

        def opened(spec, root=ROOT, **options):
            opening = connected(spec, root=root, create=False, **options)
            return stack.enter_context(opening).session

        yield opened


def is_postgres(server):
    return server.engine == "postgres"


def until(condition):
    """Wait for a condition; fail if it does not come."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def number_of(session):
    """Return what the server calls a session."""
    place, _, last = session.backend.rpartition("/")
    return int(last) if last.isdecimal() else int(place)


def end(server, session):
    number = number_of(session)
    kill = f"SELECT pg_terminate_backend({number})" if is_postgres(server) else f"KILL {number}"
    server.sql(kill)


# Statements and transactions.


def test_what_drivers_take_for_their_own_is_literal(server, opened):
    session = opened(server.url)
    quoted = """'100% of %s, it''s "q" `b` ? :name ü'"""
    assert session.query(f"SELECT {quoted}") == [("""100% of %s, it's "q" `b` ? :name ü""",)]
    session.execute("CREATE TABLE t (x VARCHAR(50))")
    assert session.execute(f"INSERT INTO t VALUES ({quoted}), ('%%')") == 2
    with session.transaction(wait=0):
        assert session.query("SELECT count(*) FROM t WHERE x LIKE '%ü' OR x = '%%'") == [(2,)]
        assert session.execute("UPDATE t SET x = '%'") == 2


def test_an_exception_rolls_back_and_the_session_goes_on(server, opened):
    session = opened(server.url)
    session.execute("CREATE TABLE t (x INT)")
    for failure in ("SELECT nothing", "INSERT INTO nowhere VALUES (1)"):
        with pytest.raises(FailedError), session.transaction(wait=0):  # noqa: PT012 (a failing run)
            session.execute("INSERT INTO t VALUES (1)")
            session.query(failure)
    with session.transaction(wait=0):
        session.execute("INSERT INTO t VALUES (2)")
    assert server.sql("SELECT x FROM t") == [(2,)]


def test_an_error_that_is_caught_inside_is_not_committed_silently(postgres, opened):
    session = opened(postgres.url)
    session.execute("CREATE TABLE t (x INT)")
    rolled_back = pytest.raises(FailedError, match="rolled back")
    with rolled_back, session.transaction(wait=0):
        session.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(FailedError):
            session.query("SELECT nothing")
    assert postgres.sql("SELECT x FROM t") == []


def test_a_key_that_is_checked_at_commit_fails_in_our_form(postgres, opened):
    session = opened(postgres.url)
    session.execute("CREATE TABLE t (x INT PRIMARY KEY, y INT REFERENCES t DEFERRABLE)")
    failing = pytest.raises(FailedError, match="rows of")
    with failing as caught, session.transaction(wait=0):
        session.execute("SET CONSTRAINTS ALL DEFERRED")
        session.execute("INSERT INTO t VALUES (1, 2)")
    assert "t_y_fkey" in caught.value.original
    assert postgres.sql("SELECT x FROM t") == []


@pytest.mark.parametrize("driver", ["postgres", "psycopg"])
def test_settings_hold_for_a_transaction_only(databases, driver, opened):
    server = databases(driver)
    session = opened(server.url)
    names = ("statement_timeout", "lock_timeout", "client_min_messages")
    with session.transaction(wait=0):
        inside = [session.query(f"SHOW {name}")[0][0] for name in names]
    assert inside[0] == "0"
    assert 100 <= int(inside[1].removesuffix("ms")) <= 400
    assert inside[2] == "warning"
    connection = session._connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("0",)


def test_the_timeouts_of_a_web_site_do_not_count(postgres, opened):
    postgres.sql(f"ALTER DATABASE {postgres.name} SET statement_timeout = 50")
    session = opened(postgres.url)
    assert len(session.query("SELECT pg_sleep(0.2)")) == 1
    with session.transaction(wait=0):
        session.query("SELECT pg_sleep(0.2)")


def test_mysql_is_strict_whatever_the_server_says(mysql, opened):
    session = opened(f"{mysql.url}?sql_mode=ANSI_QUOTES")
    mode, keys, engine = session.query(
        "SELECT @@sql_mode, @@foreign_key_checks, @@default_storage_engine"
    )[0]
    assert "STRICT_ALL_TABLES" in mode
    assert "ANSI_QUOTES" not in mode
    assert (keys, engine) == (1, "InnoDB")
    session.execute("CREATE TABLE t (x VARCHAR(2))")
    with pytest.raises(FailedError, match="rows of"):
        session.execute("INSERT INTO t VALUES ('abc')")


def test_a_statement_timeout_of_ours(server, opened):
    session = opened(server.url, statement_timeout=0.2)
    slow = "pg_sleep(20)" if is_postgres(server) else "sleep(20) FROM information_schema.tables"
    for inside in (False, True):
        with ExitStack() as stack:
            stack.enter_context(pytest.raises(FailedError, match="was cancelled"))
            if inside:
                stack.enter_context(session.transaction(wait=0))
            session.query(f"SELECT {slow}")


def test_capabilities(server, opened):
    facts = opened(server.url).capabilities()
    assert facts.version >= (10,)
    assert facts.product in ({""} if is_postgres(server) else {"MariaDB", "MySQL"})


# Locks on tables.


def test_a_lock_of_somebody_else_ends_a_transaction_soon(server, opened):
    session, other = opened(server.url), opened(server.url)
    session.execute("CREATE TABLE t (x INT)")
    session.execute("CREATE TABLE u (x INT)")
    with other.transaction(wait=0):
        other.query("SELECT x FROM t")
        started = time.monotonic()
        with pytest.raises(BusyError) as caught, session.transaction(wait=60):  # noqa: PT012
            session.execute("INSERT INTO u VALUES (1)")
            session.execute("ALTER TABLE t ADD y INT")
        assert time.monotonic() - started < (1 if is_postgres(server) else 2)
        assert caught.value.statement == "ALTER TABLE t ADD y INT"
        assert str(number_of(other)) in session.blocker()
    with session.transaction(wait=0):
        session.execute("ALTER TABLE t ADD y INT")
    # DDL commits what was before it on MySQL, whether it succeeds or not.
    assert server.sql("SELECT x FROM u") == ([] if is_postgres(server) else [(1,)])


def test_outside_of_a_transaction_it_waits_with_patience(server, opened):
    session, other = opened(server.url), opened(server.url)
    session.execute("CREATE TABLE t (x INT)")
    session.patience = 0.5
    with other.transaction(wait=0):
        other.execute("INSERT INTO t VALUES (1)")
        started = time.monotonic()
        with pytest.raises(BusyError):
            session.execute("ALTER TABLE t ADD y INT")
        assert time.monotonic() - started >= 0.5


def test_one_of_two_that_wait_for_each_other_is_busy(server, opened):
    sessions = [opened(server.url), opened(server.url)]
    sessions[0].execute("CREATE TABLE t (x INT PRIMARY KEY, y INT)")
    sessions[0].execute("INSERT INTO t VALUES (0, 0), (1, 0)")
    both, busy = threading.Barrier(2), []

    def update(first):
        session = sessions[first]
        try:
            with session.transaction(wait=0):
                session.execute(f"UPDATE t SET y = y + 1 WHERE x = {first}")
                both.wait()
                session.execute(f"UPDATE t SET y = y + 1 WHERE x = {1 - first}")
        except BusyError:
            busy.append(first)

    threads = [threading.Thread(target=update, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert busy
    assert server.sql("SELECT sum(y) FROM t")[0][0] == 2 * (2 - len(busy))


# The advisory lock and the proof that its owner is gone.


def test_one_session_holds_a_lock(server, opened):
    first, second = opened(server.url), opened(server.url)
    assert first.hold("a")
    assert not second.hold("a")
    assert second.hold("b")
    first.let_go("a")
    assert second.hold("a")


def test_databases_of_one_server_have_locks_of_their_own(server, opened):
    assert opened(server.url).hold("a")
    assert opened(server.another().url).hold("a")


@pytest.mark.parametrize("how", ["closed", "killed"])
def test_the_lock_of_a_session_that_is_gone_is_free(server, opened, how):
    owner, other = opened(server.url), opened(server.url)
    backend = owner.backend
    assert owner.hold("a")
    assert not other.is_gone(backend)
    if how == "closed":
        owner.close()
    else:
        end(server, owner)
    until(lambda: other.hold("a"))
    until(lambda: other.is_gone(backend))


def test_what_cannot_be_proved_is_not(server, opened):
    session = opened(server.url)
    assert not session.is_gone("")
    assert not session.is_gone("another/thing")
    assert not session.is_gone(opened(server.url).backend)
    if is_postgres(server):
        pid, _, _ = session.backend.partition("/")
        assert session.is_gone(f"{pid}/2001-01-01T00:00:00.000000")
    else:
        place, _, number = session.backend.rpartition("/")
        assert session.is_gone(f"{place}/{int(number) + 1000}")
        assert not session.is_gone(f"elsewhere:3306/{int(number) + 1000}")


def test_behind_a_pooler_nothing_is_proved(server, opened, monkeypatch):
    session = opened(server.url)
    if is_postgres(server):
        monkeypatch.setattr(session, "_backend", "")
    else:
        monkeypatch.setattr(session, "_is_direct", False)
    assert session.backend == ""
    assert session.hold("a")
    assert opened(server.url).hold("a")


def test_twins_are_sessions_of_their_own(server, opened):
    session = opened(server.url)
    twin = session.twin()
    assert twin.backend != session.backend
    twin.close()
    assert session.query("SELECT 1") == [(1,)]


# Ctrl-C.

_RUN = """
import sys
from pathlib import Path
from peewee_mig.runner.connect import connected

with connected(sys.argv[1], root=Path(), create=False) as connection:
    with connection.session.transaction(wait=0):
        connection.session.execute("INSERT INTO t VALUES (1)")
        connection.session.query(sys.argv[2])
"""


def test_ctrl_c_stops_a_statement_soon(server):
    server.sql("CREATE TABLE t (x INT)")
    slow = "SELECT pg_sleep(30)" if is_postgres(server) else "SELECT sleep(30)"
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, server.url, slow], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    until(lambda: running(server, slow))
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert time.monotonic() - started < 2
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert not running(server, slow)
    assert server.sql("SELECT count(*) FROM t") == [(0,)]


def running(server, statement):
    if is_postgres(server):
        listed = (
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            f" AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%{statement}'"
        )
    else:
        listed = (
            "SELECT 1 FROM information_schema.processlist"
            f" WHERE db = database() AND id <> connection_id() AND info LIKE '%{statement}'"
        )
    return bool(server.sql(listed))


# Errors.

_TABLES = (
    "CREATE TABLE t (x INT PRIMARY KEY, y INT NOT NULL)",
    "CREATE TABLE u (x INT, tx INT, CONSTRAINT u_tx FOREIGN KEY (tx) REFERENCES t (x))",
    "INSERT INTO t VALUES (1, 1)",
    "INSERT INTO u VALUES (1, 1)",
)
_MADE = "has already what a statement makes"
_LACKS = "lacks what a statement needs"
_ROWS = "are in the way"
_NEED = "need what a statement drops or changes"
_BOTH = (
    ("CREATE TABLE t (x INT)", _MADE, "peewee-mig baseline"),
    ("ALTER TABLE t ADD y INT", _MADE, "peewee-mig diff"),
    ("SELECT x FROM nowhere", _LACKS, "peewee-mig diff"),
    ("SELECT z FROM t", _LACKS, "peewee-mig diff"),
    ("DROP TABLE nowhere", _LACKS, "peewee-mig diff"),
    ("INSERT INTO t VALUES (1, 2)", _ROWS, "mend the rows"),
    ("INSERT INTO t VALUES (2, NULL)", _ROWS, "mend the rows"),
    ("INSERT INTO u VALUES (1, 7)", _ROWS, "mend the rows"),
    ("ALTER TABLE t ADD CHECK (x > 1)", _ROWS, "mend the rows"),
    ("DROP TABLE t", _NEED, "drop or change"),
    ("SELEKT 1", "a statement failed on", ""),
)
_POSTGRES = (
    ("ALTER TABLE u ADD CONSTRAINT u_tx CHECK (x > 0)", _MADE, "diff"),
    ("CREATE SCHEMA public", _MADE, "diff"),
    ("ALTER TABLE t DROP CONSTRAINT nothing", _LACKS, "diff"),
    ("SELECT nothing(1)", _LACKS, "diff"),
    ("DELETE FROM t", _ROWS, "mend the rows"),
    ("ALTER TABLE t ALTER x TYPE SMALLINT USING 70000", _ROWS, "mend the rows"),
    ("SELECT 1; SELECT * FROM (SELECT 1) AS a FOR UPDATE OF b", _LACKS, "diff"),
)
_MYSQL = (
    ("CREATE INDEX u_tx ON u (x)", _MADE, "diff"),
    ("DROP INDEX nothing ON t", _LACKS, "diff"),
    ("DELETE FROM t", _NEED, "drop or change"),
    ("ALTER TABLE t MODIFY x BIGINT", _NEED, "drop or change"),
    ("ALTER TABLE u ADD FOREIGN KEY (x) REFERENCES t (y)", "foreign key of", "same type"),
    ("ALTER TABLE t ADD CONSTRAINT u_tx FOREIGN KEY (y) REFERENCES t (x)", _MADE, "diff"),
    ("INSERT INTO t VALUES (99999999999, 1)", _ROWS, "mend the rows"),
)


def test_errors_of_statements(server, opened):
    server.sql(*_TABLES)
    session = opened(server.url)
    cases = [*_BOTH, *(_POSTGRES if is_postgres(server) else _MYSQL)]
    wrong = [
        f"{sql}: {said}" for sql, *expected in cases if (said := fault(session, sql, *expected))
    ]
    assert wrong == []


def test_what_no_transaction_can_hold_runs_outside_of_one(postgres, opened):
    postgres.sql("CREATE TABLE t (y INT)")
    session = opened(postgres.url)
    sql = "CREATE INDEX CONCURRENTLY i ON t (y)"
    with (
        pytest.raises(AloneError, match="cannot run inside a transaction") as caught,
        session.transaction(wait=0),
    ):
        session.execute(sql)
    assert caught.value.statement == sql
    session.execute(sql)
    assert postgres.sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") == [
        (True,)
    ]


def fault(session, sql, words, hint):
    """Run a statement that fails; return the error if it is not as it should be."""
    with pytest.raises(FailedError) as caught:
        session.execute(sql)
    error = caught.value
    fits = words in error.message and hint in error.hint and error.statement == sql
    clean = error.original and "SET LOCAL" not in error.original
    return "" if fits and clean else str(error.to_json())


def test_a_right_that_is_missing_is_named_with_its_grant(server, opened):
    server.sql("CREATE TABLE t (x INT)")
    role = server.role("plain")
    if not is_postgres(server):
        server.sql(f"GRANT SELECT ON {server.name}.* TO {role}")
    session = opened(server.url_as(role))
    with pytest.raises(FailedError, match="lacks a right") as caught:
        session.execute("ALTER TABLE t ADD y INT")
    grant = f"GRANT OWNER TO {role}" if is_postgres(server) else "GRANT ALTER ON"
    assert grant in caught.value.hint
    assert role in caught.value.hint


def test_a_server_that_only_reads(server, opened):
    if is_postgres(server):
        server.sql(f"ALTER DATABASE {server.name} SET default_transaction_read_only = on")
        session = opened(server.url)
        with pytest.raises(FailedError, match="takes no changes"):
            session.execute("CREATE TABLE t (x INT)")
    else:
        session = opened(server.url)
        session.execute("SET SESSION TRANSACTION READ ONLY")
        with pytest.raises(FailedError, match="takes no changes"):
            session.execute("CREATE TABLE t (x INT)")


def test_a_connection_that_is_lost(server, opened):
    session = opened(server.url)
    end(server, session)
    with pytest.raises(FailedError, match=r"connection to .* was lost") as caught:
        until(lambda: not session.query("SELECT 1"))
    assert "the same command again" in caught.value.hint
    with pytest.raises(FailedError, match="was lost"), session.transaction(wait=0):
        session.execute("SELECT 1")


def test_a_database_that_does_not_exist(server, opened):
    with pytest.raises(FailedError, match="does not exist") as caught:
        opened(server.url.replace(server.name, "nowhere_at_all"))
    program = "createdb -h " if is_postgres(server) else "mariadb -h "
    assert program in caught.value.hint
    assert str(parse_url(server.url).port) in caught.value.hint
    assert "nowhere_at_all" in caught.value.hint


def test_a_user_who_is_not_let_in(server, opened):
    url = parse_url(server.url)
    place = server.url.rpartition("@")[2]
    scheme = server.url.partition("://")[0]
    assert url.engine == server.engine
    with pytest.raises(FailedError, match="does not let this user in") as caught:
        opened(f"{scheme}://nobody_at_all:s3cr3t@{place}")
    assert "s3cr3t" not in str(caught.value.to_json())


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "mysql"])
def test_nobody_listens(opened, scheme):
    with pytest.raises(UnreachableError, match="does not answer") as caught:
        opened(f"{scheme}://app:s3cr3t@127.0.0.1:1/app")
    assert "start the server" in caught.value.hint
    assert "s3cr3t" not in str(caught.value.to_json())


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "mysql"])
def test_a_host_that_nobody_knows(opened, scheme):
    with pytest.raises(UnreachableError, match="does not answer"):
        opened(f"{scheme}://app@host.invalid/app")


def test_an_encrypted_connection_that_the_server_cannot_make(server, opened):
    joint = "&" if "?" in server.url else "?"
    wish = "sslmode=require" if is_postgres(server) else "ssl_verify_cert=true"
    with pytest.raises(FailedError, match="no encrypted connection") as caught:
        opened(f"{server.url}{joint}{wish}")
    assert "ssl" in caught.value.hint


def test_unknown_options_are_refused(server, opened):
    joint = "&" if "?" in server.url else "?"
    with pytest.raises(UsageError):
        opened(f"{server.url}{joint}nonsense=1")


def test_options_of_peewees_pool_are_left_out(server, opened):
    joint = "&" if "?" in server.url else "?"
    session = opened(f"{server.url}{joint}max_connections=20&stale_timeout=300")
    assert session.query("SELECT 1") == [(1,)]


def test_waiting_does_not_help_against_a_wrong_name(server, opened):
    started = time.monotonic()
    with pytest.raises(FailedError, match="does not exist"):
        opened(server.url.replace(server.name, "nowhere_at_all"), wait=30)
    assert time.monotonic() - started < 10


def test_waiting_tries_again_while_nobody_listens(opened, monkeypatch, postgres):
    from peewee_mig.dialects.postgres import session

    attempts = []
    connect = session.open_url

    def open_url(url, **options):
        attempts.append(url)
        place = parse_url("postgresql://127.0.0.1:1/x") if len(attempts) < 3 else url
        return connect(place, **options)

    monkeypatch.setattr(session, "open_url", open_url)
    monkeypatch.setattr("peewee_mig.runner.connect.PAUSE", 0.01)
    assert opened(postgres.url, wait=30).query("SELECT 1") == [(1,)]
    assert len(attempts) == 3


# Peewee objects.

_OBJECT = """
from peewee import *
from playhouse.pool import *

db = {type}({arguments})
"""


def written(server, folder, name, more=""):
    """Write a module with a database object; return its dotted path."""
    plain = server.peewee()
    plain_type = type(plain).__name__
    arguments = {"database": plain.database, **plain.connect_params}
    if server.engine == "postgres" and server.driver == "psycopg":
        arguments["prefer_psycopg3"] = True
    if name == "pooled":
        plain_type, arguments["max_connections"] = f"Pooled{plain_type}", 1
    text = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    module = f"object_{server.name}_{name}"
    body = _OBJECT.format(type=plain_type, arguments=text) + more
    (folder / f"{module}.py").write_text(body)
    return f"{module}:db"


@pytest.mark.parametrize("name", ["plain", "pooled"])
def test_a_peewee_object_gives_connections_of_our_own(server, opened, tmp_path, name):
    path = written(server, tmp_path, name)
    database = load_database(path, root=tmp_path).database
    database.connect()
    database.begin()
    theirs = database.connection()
    session = opened(path, root=tmp_path)
    assert session.label.startswith(path)
    session.execute("CREATE TABLE t (x INT)")
    twin = session.twin()
    assert twin.hold("a")
    assert not session.hold("a")
    twin.close()
    session.close()
    assert database.connection() is theirs
    assert database.in_transaction() or database.transaction_depth() == 0
    assert database.execute_sql("SELECT count(*) FROM t").fetchone() == (0,)
    database.rollback()
    database.close()
    if name == "pooled":
        assert len(database._connections) == 1
        assert not database._in_use
        database.close_all()


def test_the_hook_of_an_application_that_connects_runs(postgres, opened, tmp_path):
    hook = """
class Hooked(PostgresqlDatabase):
    def _initialize_connection(self, conn):
        self.execute_sql("SET search_path TO elsewhere")

db = Hooked(db.database)
"""
    postgres.sql("CREATE SCHEMA elsewhere")
    session = opened(written(postgres, tmp_path, "hooked", hook), root=tmp_path)
    session.execute("CREATE TABLE t (x INT)")
    assert postgres.sql("SELECT schemaname FROM pg_tables WHERE tablename = 't'") == [
        ("elsewhere",)
    ]


def test_an_object_that_cannot_connect(opened, tmp_path):
    (tmp_path / "broken_objects.py").write_text(
        "from peewee import *\n"
        "class Broken(PostgresqlDatabase):\n"
        "    def _connect(self): raise LookupError('no secret store')\n"
        "broken = Broken('app')\n"
        "down = PostgresqlDatabase('postgresql://app:s3cr3t@127.0.0.1:1/app')\n"
        "port = PostgresqlDatabase('postgresql://app:s3c/r3t@127.0.0.1/app')\n"
        "down_mysql = MySQLDatabase('app', host='127.0.0.1', port=1, password='s3cr3t')\n"
    )
    for name, kind in (
        ("broken", FailedError),
        ("down", UnreachableError),
        ("port", MigError),
        ("down_mysql", UnreachableError),
    ):
        with pytest.raises(kind) as caught:
            opened(f"broken_objects:{name}", root=tmp_path)
        assert "s3c" not in str(caught.value.to_json())


def test_cockroach_is_refused(opened):
    with pytest.raises(UsageError, match="CockroachDB"):
        opened("cockroachdb://root@127.0.0.1:26257/app")
