"""Migrator on each engine and driver: threads that share the work, and what events measure."""

import threading
import time

import pytest
from live_world import BASE, BUMP, ROWS, LiveWorld, wait_until

from peewee_mig import Migrator
from peewee_mig.errors import FailedError, LockedError, NotCurrentError
from peewee_mig.history.records import OwnTables
from peewee_mig.runner.connect import connected
from peewee_mig.runner.events import silent
from peewee_mig.runner.lock import held

GROW = 'op.add_column("people", op.column("town", "VARCHAR(50)", null=True))'


@pytest.fixture
def world(live, tmp_path):
    made = LiveWorld(tmp_path, live)
    made.write(BASE)
    made.write(BUMP)
    made.write(GROW)
    return made


@pytest.fixture(params=["postgres", "psycopg", "mysql"])
def on_server(request, databases, tmp_path):
    made = LiveWorld(tmp_path, databases(request.param))
    made.write(BASE)
    made.migrate()
    made.sql(*ROWS)
    made.write(GROW)
    return made


def migrator_of(world, **options):
    return Migrator(world.database.peewee(), directory=world.folder / "migrations", **options)


def in_thread(act):
    """Begin at once; return what waits for the end, and raises what was raised."""
    errors = []

    def run():
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (raised below)
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def join():
        thread.join()
        if errors:
            raise errors[0]

    return join


def test_many_threads_share_the_work_of_a_database(world):
    told = []
    migrator = migrator_of(world, on_event=told.append)
    with pytest.raises(NotCurrentError):
        migrator.ensure_current()
    joins = [in_thread(lambda: migrator.ensure_current("migrate")) for _ in range(5)]
    for join in joins:
        join()
    done = [event.migration for event in told if event.kind == "done"]
    assert done == [each.name for each in migrator.status().rows]
    assert len(done) == 3
    assert migrator.plan("-1").migrations[0].direction == "backward"
    assert migrator.rollback("zero", allow_data_loss=["all"]).applied
    assert migrator.status().pending == 3


def test_each_statement_is_told_before_and_after_it(world):
    told = []
    migrator_of(world, on_event=told.append).migrate()
    kinds = [event.kind for event in told]
    assert kinds.count("statement") == kinds.count("executed")
    before = [event.text for event in told if event.kind == "statement"]
    assert before == [event.text for event in told if event.kind == "executed"]
    (bumped,) = [e for e in told if e.kind == "executed" and e.text.startswith("UPDATE people")]
    assert (bumped.rows, bumped.waited) == (0, 0.0)
    assert kinds[0] == "locked"
    assert all(event.seconds >= 0 for event in told)


def test_a_failing_statement_is_not_executed(world):
    told = []
    world.write('op.run_sql("UPDATE nothing SET a = 1", [])')
    with pytest.raises(FailedError) as caught:
        migrator_of(world, on_event=told.append).migrate()
    assert "nothing" in "\n".join(caught.value.__notes__)
    assert [e.kind for e in told if "UPDATE nothing" in e.text] == ["statement"]
    assert migrator_of(world).status().pending == 1


def test_the_wait_for_a_table_is_measured(on_server):
    told = []
    other = on_server.database.connect()
    cursor = other.cursor()
    cursor.execute("BEGIN")
    cursor.execute("SELECT count(*) FROM people")
    cursor.fetchall()
    join = in_thread(migrator_of(on_server, on_event=told.append).migrate)
    wait_until(lambda: any(event.kind == "waiting" for event in told))
    time.sleep(0.5)
    cursor.execute("ROLLBACK")
    join()
    (grown,) = [e for e in told if e.kind == "executed" and e.text.startswith("ALTER TABLE")]
    assert 0.1 < grown.waited < 30
    assert {e.waited for e in told if e is not grown} == {0.0}


def test_the_wait_for_another_runner_is_measured(on_server):
    told = []
    migrator = migrator_of(on_server, on_event=told.append)
    with connected(on_server.url, root=on_server.folder, create=False) as it:
        with held(it.session, it.dialect, OwnTables(), wait=0, listener=silent):
            impatient = migrator_of(on_server, wait_lock=0)
            with pytest.raises(LockedError, match="another runner is at work"):
                impatient.migrate()
            join = in_thread(migrator.migrate)
            wait_until(lambda: any(event.kind == "waiting" for event in told))
        join()
    waiting, locked = told[:2]
    assert (waiting.kind, locked.kind) == ("waiting", "locked")
    assert locked.seconds > 0
