"""The runner, or the server, dies while the server is inside a statement."""

import os
import signal
import threading
import time
from contextlib import closing

import pytest
from live_world import BASE, BUMP, ROWS, LiveWorld, querying, wait_until
from servers import keeper, launch
from servers.binaries import MissingError
from servers.databases import MySQL, Postgres
from servers.run import OVERRIDES, Run

WIDEN = """op.alter_column(
        "people", old=op.column("age", "INT", null=True), new=op.column("age", "BIGINT", null=True)
    )"""
#: A statement that takes as long as the rows of a table say; what it leaves shows whether it ran.
SLOW = {
    "postgres": "INSERT INTO trace SELECT 1 FROM (SELECT pg_sleep(seconds) FROM pace) AS slept",
    "mysql": "CREATE TABLE trace AS SELECT SLEEP(seconds) AS x FROM pace",
}
#: What MariaDB holds in a transaction.
SLOW_ROWS = "UPDATE people SET age = age + 1 + (SELECT sum(SLEEP(seconds)) FROM pace)"
DURABLE = {
    "postgres": ["-c", "synchronous_commit=on"],
    "mysql": ["--innodb-flush-log-at-trx-commit=1"],
}


def filled(folder, database):
    """Return a world with rows, in which slow statements take three seconds."""
    world = LiveWorld(folder, database)
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS, "CREATE TABLE pace (seconds FLOAT)", "INSERT INTO pace VALUES (3)")
    if world.is_postgres:
        world.sql("CREATE TABLE trace (x INT)")
    return world


@pytest.fixture(params=["postgres", "psycopg", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return filled(tmp_path, databases(request.param))


def inside(world):
    """Whether the server is inside a slow statement."""
    if world.is_postgres:
        return world.sql(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(seconds)%'"
            " AND datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'"
        )
    return world.sql(
        "SELECT 1 FROM information_schema.processlist"
        " WHERE state = 'User sleep' AND db = database()"
    )


def hurry(world):
    world.sql("UPDATE pace SET seconds = 0")


def ages(world):
    return world.sql("SELECT age FROM people ORDER BY age")


def killed_inside(world):
    """Kill a runner while the server is inside a statement of its."""
    with world.process("migrate") as runner:
        wait_until(lambda: inside(world) or runner.poll() is not None)
        runner.kill()
    hurry(world)


@pytest.mark.parametrize("atomic", [None, False])
def test_a_runner_is_killed_while_the_server_is_inside_a_statement(world, atomic):
    world.write(
        (WIDEN, BUMP, f'op.run_sql("{SLOW[world.database.engine]}", [])', BUMP), atomic=atomic
    )
    killed_inside(world)
    started = time.monotonic()
    world.migrate()
    assert time.monotonic() - started < 10
    assert not inside(world)
    assert ages(world) == [(3,), (4,), (5,)]
    assert len(world.sql("SELECT * FROM trace")) == 1
    assert world.state()["peewee_mig_journal"] == world.state()["peewee_mig_lock"] == []


def test_a_runner_is_killed_while_the_server_changes_rows(world):
    if world.is_postgres:
        pytest.skip("the same as any statement")
    world.sql("UPDATE pace SET seconds = 0.5")  # for each row
    world.write((WIDEN, f'op.run_sql("{SLOW_ROWS}", [])', BUMP))
    killed_inside(world)
    world.migrate()
    assert ages(world) == [(3,), (4,), (5,)]


def test_a_runner_is_killed_while_an_index_is_made_that_no_transaction_holds(world):
    if not world.is_postgres:
        pytest.skip("of PostgreSQL's")
    index = "CREATE INDEX CONCURRENTLY by_age ON people (age)"
    world.write((f'op.run_sql("{index}", [])', BUMP), atomic=False)
    waiting = (
        f"SELECT 1 FROM pg_stat_activity WHERE query = '{index}' AND wait_event = 'virtualxid'"
        " AND datname = current_database()"
    )
    with closing(world.database.connect()) as connection:
        query = querying(connection)
        query("BEGIN")
        query("UPDATE people SET age = age")
        with world.process("migrate") as runner:
            wait_until(lambda: world.sql(waiting))
            runner.kill()
        second = threading.Thread(target=world.migrate)
        second.start()
        assert "another runner is at work" in wait_until(lambda: world.told("waiting"))[0]
        query("COMMIT")
        second.join()
    assert ages(world) == [(2,), (3,), (4,)]
    assert world.sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_age'::regclass") == [
        (True,)
    ]


class Server:
    """A server of the test's own, that can be killed and started again."""

    def __init__(self, engine, monkeypatch):
        self.engine = engine
        self.run = Run.begin()
        self._start = launch.start
        monkeypatch.setattr(launch, "start", self._started)
        try:
            self.admin = self.run.admin(engine)
        except MissingError:
            self.run.end()
            raise

    def _started(self, command, folder, account, **options):
        """Start it as one that loses nothing when it is killed."""
        self._again = (([*command, *DURABLE[self.engine]], folder, account), options)
        self.folder = folder
        self.start()

    def start(self):
        self._start(*self._again[0], **self._again[1])

    def kill(self):
        """Kill it at once, and wait until it is gone."""
        (file,) = (self.folder / "data").glob("*.pid")
        how = signal.SIGQUIT if self.engine == "postgres" else signal.SIGKILL
        os.kill(int(file.read_text().split()[0]), how)
        ended = self.folder / keeper.ENDED
        wait_until(ended.exists)
        ended.unlink()


@pytest.fixture(params=["postgres", "mysql"])
def server(request, monkeypatch):
    if OVERRIDES[request.param] in os.environ:
        pytest.skip("a server that others use is not killed")
    made = None
    try:
        made = Server(request.param, monkeypatch)
        yield made
    except MissingError as error:
        pytest.skip(str(error))
    finally:
        if made is not None:
            made.run.end()


def test_the_server_is_killed_inside_a_statement_and_started_again(
    server, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    make = Postgres if server.engine == "postgres" else MySQL
    driver = "psycopg2" if server.engine == "postgres" else "pymysql"
    world = filled(tmp_path, make(server.admin, iter(["restarted"]), driver))
    world.sql("UPDATE pace SET seconds = 60")
    names = world.write(BUMP, (WIDEN, f'op.run_sql("{SLOW[server.engine]}", [])', BUMP))
    with world.process("migrate") as runner:
        wait_until(lambda: inside(world) or runner.poll() is not None)
        server.kill()
        _, errors = runner.communicate(timeout=60)
    assert runner.returncode == 3
    assert "the connection to" in errors
    assert f"committed: {names[0]}" in errors
    assert "Traceback" not in errors
    assert world.cli("migrate") == 3
    assert "does not answer" in capsys.readouterr().err
    server.start()
    wait_until(lambda: answers(world))
    hurry(world)
    world.migrate(wait_lock=5)
    assert ages(world) == [(3,), (4,), (5,)]
    assert len(world.sql("SELECT * FROM trace")) == 1
    assert world.applied() == ["0001_step", *names]


def answers(world):
    try:
        return world.sql("SELECT 1")
    except Exception:  # noqa: BLE001 (of either driver)
        return []
