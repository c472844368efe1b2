"""The lock on a server: a row that only a living owner keeps, and that is never taken by age."""

import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from live_world import BASE, BUMP, ROOT, ROWS, LiveWorld, wait_until

from peewee_mig.errors import FailedError, LockedError
from peewee_mig.history.records import OwnTables
from peewee_mig.runner import lock
from peewee_mig.runner.connect import connected
from peewee_mig.runner.events import silent

#: Holds the lock until it is killed.
HOLDER = """
import sys, time
from pathlib import Path
from peewee_mig.history.records import OwnTables
from peewee_mig.runner.connect import connected
from peewee_mig.runner.events import silent
from peewee_mig.runner.lock import held

with connected(sys.argv[1], root=Path(), create=False) as it:
    with held(it.session, it.dialect, OwnTables(), wait=0, listener=silent):
        print("held", flush=True)
        time.sleep(600)
"""


@pytest.fixture(params=["postgres", "psycopg", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = LiveWorld(tmp_path, databases(request.param))
    made.write(BASE)
    made.migrate()
    made.sql(*ROWS)
    made.write(BUMP)
    return made


@contextmanager
def holding(world):
    """Hold the lock as another runner would; give its session and what it holds."""
    with connected(world.url, root=world.folder, create=False) as it:
        own = OwnTables()
        with lock.held(it.session, it.dialect, own, wait=0, listener=silent) as taken:
            yield it.session, taken


@contextmanager
def migrating(world):
    """Give what starts a migrate in a thread; its error shows at the end."""
    errors = []

    def run():
        try:
            world.migrate()
        except Exception as error:  # noqa: BLE001 (raised again)
            errors.append(error)

    thread = threading.Thread(target=run)
    yield thread.start
    thread.join()
    if errors:
        raise errors[0]


def rows(world):
    return world.sql("SELECT owner, backend, heartbeat FROM peewee_mig_lock")


def by_hand(world, backend):
    """Put a row into the lock that is as old as can be."""
    old = "'2001-01-01 00:00:00'"
    world.sql(
        "INSERT INTO peewee_mig_lock (id, owner, host, pid, backend, since, heartbeat, step)"
        f" VALUES (1, 'somebody', 'elsewhere', 77, '{backend}', {old}, {old}, '0007_step')"
    )


def test_a_second_runner_waits_says_so_and_goes_on(world):
    with migrating(world) as start:
        with holding(world):
            start()
            (said,) = wait_until(lambda: world.told("waiting"))
            assert said.startswith("another runner is at work: process ")
            assert said.endswith("; waiting for it")
            assert world.applied() == ["0001_step"]
        wait_until(lambda: world.told("done")[1:])
    assert world.applied() == ["0001_step", "0002_step"]


def test_waiting_has_an_end_that_says_who_holds_the_lock(world, capsys):
    before = world.state()
    with holding(world):
        code = world.cli("migrate", "--wait-lock", "0.5", "--json")
    error = json.loads(capsys.readouterr().out)
    assert code == 4
    assert error["error"].startswith("another runner is at work: process ")
    assert error["error"].endswith("it did not finish within 0.5 seconds")
    assert "--wait-lock" in error["hint"]
    assert error["committed"] == "nothing was changed"
    assert world.state() == before


def test_the_lock_of_a_killed_runner_is_taken_over_at_once(world):
    command = [sys.executable, "-c", HOLDER, world.url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        ((abandoned, *_),) = rows(world)
        holder.kill()
    started = time.monotonic()
    world.migrate(wait_lock=10)
    assert time.monotonic() - started < 5
    assert world.applied() == ["0001_step", "0002_step"]
    assert abandoned
    assert rows(world) == []


def test_the_lock_of_a_living_owner_is_never_taken_over_however_old(world):
    with holding(world):
        ((owner, *_),) = rows(world)
        world.sql("UPDATE peewee_mig_lock SET heartbeat = '2001-01-01', since = '2001-01-01'")
        with pytest.raises(LockedError, match="since 2001-01-01"):
            world.migrate(wait_lock=0.5)
        assert rows(world)[0][0] == owner


def test_the_lock_of_an_owner_behind_a_pooler_is_never_taken_over(world):
    by_hand(world, "")
    with pytest.raises(LockedError, match=r"process 77 on elsewhere .*, at 0007_step") as caught:
        world.migrate(wait_lock=0.3)
    assert "peewee-mig repair --unlock" in caught.value.hint
    assert rows(world)[0][0] == "somebody"
    world.sql("DELETE FROM peewee_mig_lock")
    world.migrate(wait_lock=0.3)


def test_the_lock_of_a_session_of_another_server_is_never_taken_over(world):
    by_hand(world, "nobody knows/what/1")
    with pytest.raises(LockedError):
        world.migrate(wait_lock=0.3)


def test_a_session_that_lives_keeps_the_row_without_an_advisory_lock(world):
    if not world.is_postgres:
        pytest.skip("on one server of MySQL's the advisory lock is the proof")
    with connected(world.url, root=world.folder, create=False) as it:
        by_hand(world, it.session.backend)
        with pytest.raises(LockedError):
            world.migrate(wait_lock=0.3)
        world.cut_off(it.session)
        world.migrate(wait_lock=0.3)
    assert rows(world) == []


def test_signs_of_life_come_on_a_second_connection_while_the_first_one_works(world, monkeypatch):
    monkeypatch.setattr(lock, "BEAT", 0.05)
    with holding(world) as (session, taken):
        first = rows(world)[0]
        taken.step = "0007_step: an ü and a 'quote'"
        with querying_slowly(session):
            wait_until(lambda: rows(world)[0][2] > first[2])
            told = world.sql("SELECT step FROM peewee_mig_lock")
    assert told == [(taken.step,)]
    assert rows(world) == []


@contextmanager
def querying_slowly(session):
    """Keep a session busy."""
    sleep = "pg_sleep(1)" if "PostgresSession" in type(session).__name__ else "SLEEP(1)"
    thread = threading.Thread(target=lambda: session.query(f"SELECT {sleep}"))
    thread.start()
    yield
    thread.join()


def test_a_heart_that_stops_disturbs_nobody(world, monkeypatch):
    monkeypatch.setattr(lock, "BEAT", 0.05)
    with holding(world) as (session, _):
        for _ in range(2):
            beaten = rows(world)[0][2]
            wait_until(lambda beaten=beaten: rows(world)[0][2] > beaten)
            for number in sessions(world) - {world.number(session)}:
                world.kill(number)
        assert session.query("SELECT 1") == [(1,)]
        assert len(rows(world)) == 1
    assert rows(world) == []
    world.migrate()


def sessions(world):
    """Return the numbers of the sessions on the database, without the one that asks."""
    if world.is_postgres:
        found = world.sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    else:
        found = world.sql(
            "SELECT id FROM information_schema.processlist"
            " WHERE db = database() AND id <> connection_id()"
        )
    return {number for (number,) in found}


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM peewee_mig_lock",
        "UPDATE peewee_mig_lock SET owner = 'somebody'",
    ],
)
def test_who_lost_the_lock_records_nothing_any_more(world, loss):
    def lose(event):
        if event.text.startswith("CREATE INDEX"):
            world.sql(loss)

    world.events = Listening(lose)
    world.write('op.create_index("people", op.index("people_age", "age"))', BUMP)
    with pytest.raises(FailedError, match="the migration lock was lost") as caught:
        world.migrate()
    assert caught.value.exit_code == 3
    assert "0002_step" in caught.value.committed
    assert world.sql("SELECT age FROM people ORDER BY age") == [(2,), (3,), (4,)]
    if world.is_postgres:
        assert world.applied() == ["0001_step", "0002_step"]
        assert world.schema().table("people").indexes == ()
    world.events = []
    world.sql("DELETE FROM peewee_mig_lock")
    world.migrate()
    assert world.sql("SELECT age FROM people ORDER BY age") == [(3,), (4,), (5,)]
    assert [index.name for index in world.schema().table("people").indexes] == ["people_age"]


class Listening(list):
    """Events, each told to somebody first."""

    def __init__(self, hear):
        super().__init__()
        self._hear = hear

    def append(self, event):
        self._hear(event)
        super().append(event)


def test_who_may_not_take_the_lock_is_told_which_right_is_missing(world, capsys):
    role = world.database.role("reader")
    for table in ("peewee_mig_history", "peewee_mig_lock", "people"):
        world.sql(f"GRANT SELECT ON {table} TO {role}")
    world.url = world.database.url_as(role)
    before = world.state()
    assert world.cli("migrate", "--json") == 3
    error = json.loads(capsys.readouterr().out)
    assert "lacks a right" in error["error"]
    assert "GRANT" in error["hint"]
    assert error["committed"] == "nothing was changed"
    assert world.state() == before


def test_who_may_not_make_the_table_of_the_lock_is_told_so(world, capsys):
    world.sql("DROP TABLE peewee_mig_lock")
    role = world.database.role("reader")
    for table in ("peewee_mig_history", "people"):
        world.sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
    world.url = world.database.url_as(role)
    if world.is_postgres:
        world.sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    assert world.cli("migrate", "--json") == 3
    error = json.loads(capsys.readouterr().out)
    assert "lacks a right" in error["error"]
    assert error["committed"] == "nothing was changed"
