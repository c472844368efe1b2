"""Many runners at once on a server: each migration is applied exactly once, and nobody fails."""

import pytest
from live_world import BASE, BUMP, ROWS, STEPS, LiveWorld, forks, wait_until

from peewee_mig.dialects.sessions import Session
from peewee_mig.runner import run

RUNNERS = 16
#: Those of this database: other tests use the server too.
SESSIONS = "(SELECT * FROM pg_stat_activity WHERE datname = current_database()) AS sessions"
TABLE = 'op.create_table("later", op.column("x", "INT"))'
CIRCLE = 'op.create_index("people", op.index("people_age", "age"))'
HISTORY = (BUMP, TABLE, BUMP, (CIRCLE, BUMP), BUMP)
#: Their ages at first are 1, 2 and 3.
BUMPED = [(5,), (6,), (7,)]


@pytest.fixture(params=["postgres", "psycopg", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return LiveWorld(tmp_path, databases(request.param))


@pytest.fixture
def filled(world):
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    return world


def race(world, *commands, times=1):
    """Run commands at once; return their exit codes and what they printed."""
    return forks(world, "race", [world.args(*command) for command in commands] * times)


def left_over(world):
    """Return the rows of the lock and of the journal."""
    state = world.state()
    return state["peewee_mig_lock"], state["peewee_mig_journal"]


def ages(world):
    return world.sql("SELECT age FROM people ORDER BY age")


def test_sixteen_runners_apply_each_migration_once(filled):
    names = filled.write(*HISTORY)
    codes, texts = race(filled, ["migrate"], times=RUNNERS)
    assert codes == [0] * RUNNERS, texts
    assert filled.applied() == ["0001_step", *names]
    assert ages(filled) == BUMPED
    assert left_over(filled) == ([], [])
    assert [sum(text.count(name) for text in texts) for name in names] == [1] * len(names)


def test_sixteen_runners_on_a_database_without_our_tables(world):
    rows = ", ".join(f"'{statement}'" for statement in ROWS).replace("'INSERT", '"INSERT')
    rows = rows.replace(")'", ')"')
    names = world.write(BASE, f"op.run_sql([{rows}], [])", *HISTORY)
    codes, texts = race(world, ["migrate"], times=RUNNERS)
    assert codes == [0] * RUNNERS, texts
    assert world.applied() == names
    assert ages(world) == BUMPED
    assert left_over(world) == ([], [])


def test_some_migrate_while_others_roll_back(filled):
    names = ["0001_step", *filled.write(*HISTORY)]
    back = ["rollback", "0001_step", "--allow-data-loss", "all"]
    codes, texts = race(filled, ["migrate"], back, times=4)
    assert set(codes) <= {0, 5}, texts
    assert not any("Traceback" in text or "bug" in text for text in texts)
    applied = filled.applied()
    assert applied == names[: len(applied)]
    filled.migrate("head")
    assert filled.applied() == names
    assert ages(filled) == BUMPED
    assert left_over(filled) == ([], [])


def test_runners_with_nothing_to_do_take_no_lock_and_write_nothing(filled):
    filled.write(*STEPS)
    filled.migrate()
    reader = filled.database.role("reader")
    for table in ["peewee_mig_history", "peewee_mig_lock"] if filled.is_postgres else ["*"]:
        filled.sql(f"GRANT SELECT ON {table} TO {reader}")
    filled.sql(
        "INSERT INTO peewee_mig_lock (id, owner, host, pid, backend, since, heartbeat, step)"
        " VALUES (1, 'x', 'elsewhere', 1, '', now(), now(), '')"
    )
    before = filled.state()
    filled.url = filled.database.url_as(reader)
    codes, texts = race(filled, ["migrate"], ["status"], times=RUNNERS // 2)
    assert codes == [0] * RUNNERS, texts
    assert filled.state() == before


NOT_NULL = (
    'op.alter_column("people", old=op.column("age", "INT", null=True), new=op.column("age", "INT"))'
)
RENAME = 'op.rename_column("people", "age", "years")'


def test_a_plan_that_another_runner_overtook_is_made_again(filled, monkeypatch):
    names = filled.write(NOT_NULL, RENAME)
    other = LiveWorld(filled.folder, filled.database)
    ask, overtaking = run.ask_early, [other]

    def ask_late(*args):
        if overtaking:
            overtaking.pop().migrate()
        return ask(*args)

    monkeypatch.setattr(run, "ask_early", ask_late)
    assert filled.migrate().applied == ()
    assert [event.migration for event in other.events if event.kind == "done"] == names
    assert filled.applied() == ["0001_step", *names]


def test_a_plan_waits_for_a_runner_that_holds_a_table(filled, monkeypatch):
    if not filled.is_postgres:
        pytest.skip("reading never waits for a statement that defines a table")
    monkeypatch.setattr(Session, "patience", 0.3)
    slow = 'op.run_sql("SELECT pg_sleep(2)", [])'
    wide = NOT_NULL.replace('age", "INT")', 'age", "BIGINT", null=True)')
    filled.write((wide, slow))
    sleeping = f"SELECT 1 FROM {SESSIONS} WHERE query LIKE '%pg_sleep(2)'"
    with filled.process("migrate") as first:
        wait_until(lambda: filled.sql(sleeping))
        filled.write(NOT_NULL.replace("INT", "BIGINT"))
        assert [done.name for done in filled.migrate().applied] == ["0003_step"]
        assert first.wait() == 0, first.communicate()
