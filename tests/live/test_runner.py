"""What a run on a server meets: tables that others hold, limits of time, statements that commit."""

import json
import threading
import time
from contextlib import closing, contextmanager

import pytest
from live_world import BASE, BUMP, ROWS, STEPS, LiveWorld, querying, wait_until

from peewee_mig.errors import FailedError, RefusedError
from peewee_mig.runner.connect import connected

WIDEN = """op.alter_column(
        "people", old=op.column("age", "INT", null=True), new=op.column("age", "BIGINT", null=True)
    )"""
CONCURRENTLY = (
    'op.run_sql("CREATE INDEX CONCURRENTLY by_age ON people (age)",'
    ' "DROP INDEX CONCURRENTLY by_age")'
)


#: Sessions of this database that wait for a lock.
WAITING = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def make(databases, tmp_path, monkeypatch):
    """Make a world of an engine, with tables and rows."""
    monkeypatch.chdir(tmp_path)

    def make(engine):
        made = LiveWorld(tmp_path, databases(engine))
        made.write(BASE)
        made.migrate()
        made.sql(*ROWS)
        return made

    return make


@pytest.fixture(params=["postgres", "psycopg", "mysql"])
def world(request, make):
    return make(request.param)


@pytest.fixture(params=["postgres", "psycopg"])
def postgres_world(request, make):
    return make(request.param)


@contextmanager
def reading(world):
    """Hold a table in a transaction that has read it."""
    with closing(world.database.connect()) as connection:
        query = querying(connection)
        query("BEGIN")
        query("SELECT age FROM people")
        yield query


def ages(world):
    return world.sql("SELECT age FROM people ORDER BY age")


def failing(world, capsys, *args):
    """Run the program; return its exit code and the error."""
    code = world.cli(*args, "--json")
    output = capsys.readouterr()
    assert "Traceback" not in output.err
    return code, json.loads(output.out)


# Tables that others hold.


def test_a_table_that_somebody_reads_is_waited_for(world):
    world.write(WIDEN)
    with reading(world) as query:
        thread = threading.Thread(target=world.migrate)
        thread.start()
        said = wait_until(lambda: world.told("waiting"))
        assert world.applied() in (["0001_step"], ["0001_step", "0002_step"])  # begun, on MySQL
        time.sleep(1)  # it waits on, and says no more
        query("COMMIT")
        thread.join()
    assert world.told("waiting") == said
    assert "another session holds what a statement on" in said[0]
    assert said[0].endswith("trying again")
    number = "process" if world.is_postgres else "connection"
    assert f"({number} " in said[0]
    assert world.schema().table("people").column("age").type.name == "BIGINT"


def test_waiting_for_a_table_has_an_end_and_names_who_holds_it(world, capsys):
    (world.folder / "peewee_mig.toml").write_text("lock_timeout = 1\n")
    world.write(WIDEN)
    before = world.state()
    with reading(world):
        started = time.monotonic()
        code, error = failing(world, capsys, "migrate")
        assert 0.4 < time.monotonic() - started < 5
    assert code == 4
    assert "another session holds what a statement on" in error["error"]
    assert "in a transaction for" in error["original"] or "idle in" in error["original"]
    assert error["statement"].startswith("ALTER TABLE")
    if world.is_postgres:
        assert "SELECT age FROM people" in error["original"]
        assert error["committed"] == "nothing was changed"
        assert world.state() == before
    assert world.state()["schema"] == before["schema"]
    assert world.cli("migrate") == 0
    assert world.schema().table("people").column("age").type.name == "BIGINT"


def test_nobody_waits_behind_a_migration_for_long(world):
    longest = 0.0
    world.write(WIDEN)
    with reading(world) as query, closing(world.database.connect()) as other:
        thread = threading.Thread(target=world.migrate)
        thread.start()
        until = time.monotonic() + 2.5
        while time.monotonic() < until:
            started = time.monotonic()
            querying(other)("SELECT count(*) FROM people")
            longest = max(longest, time.monotonic() - started)
        query("COMMIT")
        thread.join()
    assert longest < (1 if world.is_postgres else 2)


# Limits of time.


def test_a_statement_that_takes_longer_than_allowed_is_cancelled(world):
    world.settings = {"statement_timeout": 0.3}
    slow = "SELECT pg_sleep(30)" if world.is_postgres else "CREATE TABLE slow AS SELECT SLEEP(30)"
    (name,) = world.write((WIDEN, f'op.run_sql("{slow}", [])', BUMP))
    before = world.state()
    started = time.monotonic()
    with pytest.raises(FailedError, match="was cancelled: it took longer than allowed") as caught:
        world.migrate()
    assert time.monotonic() - started < 10
    assert caught.value.statement == slow
    if world.is_postgres:
        assert caught.value.committed == "nothing was changed"
        assert world.state() == before
    else:
        assert caught.value.committed == f"1 statement of {name}"
    world.edit(name, "30)", "0)")
    world.migrate()
    assert ages(world) == [(2,), (3,), (4,)]


# What no transaction can hold.


def test_statements_that_no_transaction_can_hold_run_step_by_step(postgres_world):
    world = postgres_world
    world.write((WIDEN, CONCURRENTLY, BUMP), atomic=False)
    world.migrate()
    assert ages(world) == [(2,), (3,), (4,)]
    assert valid(world) == [("by_age", True)]
    assert world.state()["peewee_mig_journal"] == []
    world.rollback()
    assert ages(world) == [(1,), (2,), (3,)]
    assert valid(world) == []


def valid(world):
    return world.sql(
        "SELECT indexrelid::regclass::text, indisvalid FROM pg_index"
        " WHERE indrelid = 'people'::regclass AND NOT indisprimary"
    )


def test_such_a_statement_in_a_transaction_says_what_to_do(postgres_world, capsys):
    world = postgres_world
    world.write((BUMP, CONCURRENTLY))
    before = world.state()
    code, error = failing(world, capsys, "migrate")
    assert code == 3
    assert "cannot run inside a transaction" in error["error"]
    assert "atomic = False" in error["hint"]
    assert error["committed"] == "nothing was changed"
    assert world.state() == before


def test_an_index_that_was_made_half_is_refused_until_it_is_dropped(postgres_world):
    world = postgres_world
    unique = CONCURRENTLY.replace("CREATE INDEX", "CREATE UNIQUE INDEX").replace("age)", "name)")
    world.sql("INSERT INTO people (name, age) VALUES ('Ann', 1)")
    world.write((WIDEN, unique, BUMP), atomic=False)
    with pytest.raises(FailedError, match=r"rows of .* are in the way") as caught:
        world.migrate()
    assert caught.value.committed == "1 statement of 0002_step"
    assert valid(world) == [("by_age", False)]
    world.sql("DELETE FROM people WHERE id > 3")
    with pytest.raises(RefusedError, match="by_age is there, but it is not valid") as refused:
        world.migrate()
    drop, _, then = refused.value.hint.partition(", ")
    assert then == "then: the same command again"
    world.sql(drop)
    world.migrate()
    assert ages(world) == [(2,), (3,), (4,)]
    assert valid(world) == [("by_age", True)]


def test_a_role_that_is_hurried_or_cut_short_makes_its_index_all_the_same(postgres_world):
    world = postgres_world
    world.sql(
        f"ALTER DATABASE {world.database.name} SET lock_timeout = '50ms'",
        f"ALTER DATABASE {world.database.name} SET statement_timeout = '100ms'",
    )
    world.write((CONCURRENTLY,), atomic=False)
    with closing(world.database.connect()) as connection:
        query = querying(connection)
        query("BEGIN; UPDATE people SET age = age")
        thread = threading.Thread(target=world.migrate)
        thread.start()
        wait_until(lambda: world.sql(WAITING))
        time.sleep(0.3)  # longer than either limit
        query("COMMIT")
        thread.join()
    assert valid(world) == [("by_age", True)]


def test_one_transaction_is_refused_where_there_is_none(make):
    world = make("mysql")
    world.write((WIDEN, BUMP), atomic=True)
    before = world.state()
    with pytest.raises(RefusedError, match="MySQL commits each statement that changes a table"):
        world.migrate()
    assert world.state() == before


def test_each_step_can_have_a_transaction_of_its_own(world):
    world.write((WIDEN, BUMP, 'op.run_sql("SELECT nothing_such()", [])'), atomic=False)
    with pytest.raises(FailedError) as caught:
        world.migrate()
    assert caught.value.committed == "2 statements of 0002_step"
    assert ages(world) == [(2,), (3,), (4,)]
    world.edit("0002_step", "nothing_such()", "1")
    world.migrate()
    assert ages(world) == [(2,), (3,), (4,)]


# Looking without touching.


def test_a_dry_run_prints_what_would_run_and_changes_nothing(world, capsys):
    key = tuple(text.replace("remarks", "notes") for text in STEPS[3])
    world.write(STEPS[0], BUMP, key, STEPS[2])
    before = world.state()
    with connected(world.url, root=world.folder, create=False) as it:
        it.session.hold("peewee_mig_lock")  # a dry run takes no lock
        assert world.cli("migrate", "--dry-run") == 0
        it.session.let_go("peewee_mig_lock")
    shown = capsys.readouterr().out
    assert world.state() == before
    world.events.clear()
    world.migrate()
    own = ("INSERT INTO", "UPDATE", "DELETE FROM", "CREATE TABLE")
    ours = tuple(f"{verb} {world.dialect.quote('peewee_mig')[:-1]}" for verb in own)
    run = [text for text in world.told("statement") if not text.startswith(ours)]
    assert len(run) > 9
    assert [text for text in run if text.removesuffix(";") not in shown] == []
    assert run == [
        event.text for event in world.events if event.kind == "statement" and not event.ours
    ]


# What the records must hold.


def test_names_and_texts_of_any_script_are_recorded_on_a_latin_server(make):
    world = make("mysql")
    world.sql(
        "DROP TABLE peewee_mig_history, peewee_mig_lock, peewee_mig_journal, notes, people",
        f"ALTER DATABASE {world.database.name} CHARACTER SET latin1",
    )
    world.remove("0001_step")
    path = world.migrations / "0001_größe_日本.py"
    world.write(BASE)
    (world.migrations / "0001_step.py").rename(path)
    snapshots = world.migrations / "snapshots"
    (snapshots / "0001_step.json").rename(snapshots / f"{path.stem}.json")
    world.write(
        "op.run_sql(\"INSERT INTO people (name) VALUES ('x'), ('z')\", \"SELECT '日本 🎉'\")"
    )
    world.migrate()
    assert world.applied()[0] == path.stem
    assert "日本 🎉" in world.sql("SELECT operations FROM peewee_mig_history ORDER BY id")[1][0]
    assert world.cli("status", "--check") == 0


def test_operations_longer_than_a_text_of_mysqls_are_recorded(world):
    long = ", ".join(["1"] * 40_000)
    world.write(f'op.run_sql("UPDATE people SET age = 7 WHERE id IN ({long})", [])')
    world.migrate()
    ((operations,),) = world.sql(
        "SELECT operations FROM peewee_mig_history WHERE name = '0002_step'"
    )
    assert len(operations) > 100_000
    json.loads(operations)
    assert ages(world) == [(2,), (3,), (7,)]
    assert world.cli("status", "--check") == 0
