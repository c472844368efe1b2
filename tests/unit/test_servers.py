"""The servers of the tests: whose they are, what a test gets of them, and that they go."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pymysql
import pytest
from servers import binaries
from servers.account import Account

TESTS = Path(__file__).parents[1]
_PATIENCE = 30

_SETTINGS = ("PEEWEE_MIG_REQUIRE", "PEEWEE_MIG_TEST_", "PYTEST_")


@pytest.fixture
def inner(tmp_path, monkeypatch):
    """Return what makes the command of a run of the given tests, in a clean environment."""
    for name in [name for name in os.environ if name.startswith(_SETTINGS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["servers.plugin"]\n')
    (tmp_path / "setup.cfg").write_text("[tool:pytest]\n")

    def command(source, *options):
        (tmp_path / "test_inner.py").write_text(source)
        return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", *options, tmp_path]

    return command


def outcome(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


# --- what a test gets ------------------------------------------------------------------


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_database_is_empty_each_time(live, time):
    assert live.sql("CREATE TABLE a (b integer)", "INSERT INTO a VALUES (1)") == []
    assert live.sql("SELECT b, '100%s' FROM a") == [(1, "100%s")]


def test_another_database_is_another(live):
    other = live.another()
    live.sql("CREATE TABLE a (b integer)")
    other.sql("CREATE TABLE a (b integer)")
    assert len({live.url, other.url, live.another().url}) == 3


def test_a_database_is_emptied_under_whoever_uses_it(live):
    connection = live.connect()
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE a (b integer)")
    cursor.execute("BEGIN")
    cursor.execute("SELECT * FROM a")
    live.empty()
    live.sql("CREATE TABLE a (b integer)")


def test_connections_commit_by_themselves(live):
    live.connect().cursor().execute("CREATE TABLE a (b integer)")
    live.connect().cursor().execute("INSERT INTO a VALUES (1)")
    assert live.sql("SELECT b FROM a") == [(1,)]


def test_peewee_and_the_urls_lead_to_the_same_database(live):
    from peewee_mig.dialects.url import parse_url

    live.sql("CREATE TABLE a (b integer)")
    with live.peewee() as database:
        assert database.get_tables() == ["a"]
    parsed = {driver: parse_url(url) for driver, url in live.urls.items()}
    assert {driver: url.driver for driver, url in parsed.items()} == {name: name for name in parsed}
    assert len({url.database for url in (*parsed.values(), parse_url(live.url))}) == 1
    assert parse_url(live.url).driver == live.driver


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_a_role_may_do_nothing_and_goes(databases, engine):
    database = databases(engine)
    role = database.role("reader")
    database.sql("CREATE TABLE a (b integer)")
    with pytest.raises((psycopg2.Error, pymysql.Error), match="denied"):
        read(database, role)
    database.sql(f"GRANT SELECT ON a TO {role}")
    assert list(read(database, role)) == []
    database.close()
    table = {"postgres": "pg_user WHERE usename", "mysql": "mysql.user WHERE user"}[engine]
    assert databases(engine).sql(f"SELECT 1 FROM {table} = '{role}'") == []


def read(database, role):
    with closing(database._connect_to(database.url_as(role))) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT * FROM a")
        return cursor.fetchall()


# --- whose servers they are ------------------------------------------------------------


def test_servers_are_of_the_run(postgres, mysql, request):
    """Their data is in the run's folder, and nobody finds them where servers usually are."""
    if os.environ.get("PEEWEE_MIG_TEST_POSTGRES") or os.environ.get("PEEWEE_MIG_TEST_MYSQL"):
        pytest.skip("these servers are somebody's")
    [(data, port)] = postgres.sql("SELECT current_setting('data_directory'), inet_server_port()")
    [(datadir, own_port)] = mysql.sql("SELECT @@datadir, @@port")
    assert Path(data).parents[1] == Path(datadir).parents[1]
    assert Path(data).parents[1].name.startswith("peewee_mig_")
    assert {port, own_port} & {5432, 5433, 3306, 33060} == set()
    assert {urlsplit(postgres.url).port, urlsplit(mysql.url).port} == {port, own_port}


PLACES = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_where(postgres, number):
    with open(r"{file}", "a") as file:
        print(postgres.sql("SELECT pg_postmaster_start_time()"), postgres.url, file=file)
"""


@pytest.mark.usefixtures("postgres")  # skips where there is none
def test_workers_share_one_server_and_no_database(inner, tmp_path):
    seen = tmp_path / "seen"
    code, text = outcome(inner(PLACES.format(file=seen), "-n", "2"))
    assert (code, "engines run: postgres; skipped: sqlite, mysql" in text) == (0, True), text
    lines = [line.rpartition(" ") for line in seen.read_text().splitlines()]
    assert len({started for started, _, _ in lines}) == 1
    assert len({url for _, _, url in lines}) == 6
    assert {"gw0", "gw1"} == {url.split("_")[-2] for _, _, url in lines}


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_an_administrators_url_takes_the_place_of_a_server(inner, databases, engine, monkeypatch):
    database = databases(engine)
    monkeypatch.setenv(f"PEEWEE_MIG_TEST_{engine.upper()}", database._admin)
    address = urlsplit(database._admin).netloc
    code, text = outcome(inner(f"def test_url({engine}): assert '{address}' in {engine}.url\n"))
    assert (code, f"engines run: {engine};" in text) == (0, True), text
    # Of this run's there may be others; the inner run's own databases are gone.
    names = {"postgres": "datname FROM pg_database", "mysql": "schema_name FROM schemata"}[engine]
    names = names.replace(" schemata", " information_schema.schemata")
    run = database.name.rsplit("_", 2)[0]
    ours = [name for (name,) in database.sql(f"SELECT {names}") if name.startswith("peewee_mig_")]
    assert [name for name in ours if not name.startswith(run)] == []


# --- engines that are missing ----------------------------------------------------------

ONE_EACH = "def test_postgres(postgres): pass\ndef test_mysql(mysql): pass\n"


@pytest.fixture
def without(inner, monkeypatch, tmp_path):
    """Hide the programs of both servers; servers that happen to run stay as they are."""
    monkeypatch.setenv(binaries.POSTGRES_FOLDER, str(tmp_path / "nowhere"))
    monkeypatch.setenv(binaries.MARIADB_FOLDER, str(tmp_path / "nowhere"))


@pytest.mark.usefixtures("without")
def test_a_missing_engine_is_skipped(inner):
    code, text = outcome(inner(ONE_EACH))
    assert code == 0
    assert "2 skipped" in text
    assert "postgres: no PostgreSQL programs" in text
    assert "mysql: no MariaDB programs" in text
    assert "engines run: none; skipped: sqlite, postgres, mysql" in text


@pytest.mark.usefixtures("without")
def test_a_missing_engine_that_is_required_fails(inner, monkeypatch):
    monkeypatch.setenv("PEEWEE_MIG_REQUIRE", "sqlite,postgres")
    code, text = outcome(inner(ONE_EACH))
    assert code == 1
    assert "1 skipped, 1 error" in text
    assert "PEEWEE_MIG_REQUIRE names postgres, but: no PostgreSQL programs" in text


def test_a_server_that_does_not_start_is_missing(inner, monkeypatch, tmp_path):
    programs = tmp_path / "broken" / "bin"
    programs.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (programs / name).write_text(
            "#!/bin/sh\n[ $1 = --version ] || { echo of no use; exit 3; }\n"
        )
        (programs / name).chmod(0o755)
    monkeypatch.setenv(binaries.POSTGRES_FOLDER, str(programs))
    code, text = outcome(inner(ONE_EACH, "-k", "postgres"))
    assert (code, "postgres: initdb failed: of no use" in text) == (0, True), text


def test_an_unknown_engine_cannot_be_required(inner, monkeypatch):
    monkeypatch.setenv("PEEWEE_MIG_REQUIRE", "postgresql")
    code, text = outcome(inner(ONE_EACH))
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "PEEWEE_MIG_REQUIRE names postgresql, which is none of sqlite, postgres, mysql" in text


def test_sqlite_counts_when_a_test_opens_it(inner):
    source = "import sqlite3\ndef test_it(): sqlite3.connect(':memory:').close()\n"
    assert "engines run: sqlite; skipped: postgres, mysql" in outcome(inner(source))[1]


def test_the_wheel_serves_where_only_the_caller_may_read_it(inner, monkeypatch, tmp_path):
    """``tmp_path`` is the caller's alone: a server of another user runs on a copy."""
    found = binaries._wheel()
    if not found:
        pytest.skip("no wheel for this system")
    package = found[0].parents[1]
    hidden = tmp_path / "environment"
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, hidden / folder.name, symlinks=True)
    for path in (hidden, *hidden.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.setenv(binaries.POSTGRES_FOLDER, str(hidden / found[0].relative_to(package.parent)))
    code, text = outcome(inner("def test_it(postgres): assert postgres.sql('SELECT 1') == [(1,)]"))
    assert (code, "engines run: postgres" in text) == (0, True), text


def test_the_wheel_is_found(monkeypatch):
    if not binaries._wheel():
        pytest.skip("no wheel for this system")
    monkeypatch.setenv(binaries.POSTGRES_FOLDER, "wheel")
    assert Account().can_run(binaries.postgres_programs() / "postgres")


# --- the end ---------------------------------------------------------------------------

WAITS = """
import os, time

def test_it({engine}):
    with open(r"{file}.new", "w") as file:
        print({engine}.sql("SELECT {variable}")[0][0], {engine}.url, file=file)
    os.rename(r"{file}.new", r"{file}")
    time.sleep(600)
"""
DATA = {"postgres": "current_setting('data_directory')", "mysql": "@@datadir"}


@pytest.mark.parametrize(
    ("engine", "how"),
    [("postgres", signal.SIGKILL), ("mysql", signal.SIGKILL), ("postgres", signal.SIGINT)],
)
def test_a_server_goes_with_the_run_however_it_ends(databases, inner, tmp_path, engine, how):
    databases(engine)  # skips where there is none
    file = tmp_path / "where"
    command = inner(WAITS.format(file=file, engine=engine, variable=DATA[engine]), "-n", "1")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as run:
        wait_for(file.exists)
        data, url = file.read_text().split()
        os.killpg(run.pid, how)
    wait_for(lambda: not Path(data).parents[1].exists())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port))


def wait_for(condition):
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
