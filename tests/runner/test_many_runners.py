"""Many runners at once on one file: each migration is applied exactly once."""

import pytest
from runner_world import PEOPLE, PETS, WIDEN, forks

from peewee_mig.errors import RefusedError

RUNNERS = 16
COUNTER = 'op.create_table("counter", op.column("value", "INT"))'
START = 'op.run_sql("INSERT INTO counter VALUES (0)", "DELETE FROM counter")'
BUMP = 'op.run_sql("UPDATE counter SET value = value + 1", "UPDATE counter SET value = value - 1")'
HISTORY = (PEOPLE, COUNTER, START, BUMP, PETS, WIDEN, BUMP)


def args(world, *words):
    return [*words, "--database", world.url, "--directory", "migrations", "--no-input"]


@pytest.fixture(params=["delete", "wal"])
def started(world, request):
    world.sql(f"PRAGMA journal_mode = {request.param}", "CREATE TABLE by_hand (x)")
    return world


def test_sixteen_runners_apply_each_migration_once(started):
    names = started.write(*HISTORY)
    codes, texts = forks(started, "race", [args(started, "migrate")] * RUNNERS)
    assert codes == [0] * RUNNERS, texts
    assert started.applied() == names
    assert started.sql("SELECT value FROM counter") == [(2,)]
    assert sum(text.count("_step") for text in texts) == len(names)


def test_sixteen_runners_on_a_file_that_is_not_there(world):
    names = world.write(*HISTORY)
    codes, texts = forks(world, "race", [args(world, "migrate")] * RUNNERS)
    assert codes == [0] * RUNNERS, texts
    assert world.applied() == names
    assert world.sql("SELECT value FROM counter") == [(2,)]


def test_sixteen_processes(world):
    names = world.write(*HISTORY)
    runners = [world.process("migrate") for _ in range(RUNNERS)]
    results = [(runner.communicate(timeout=60), runner.returncode) for runner in runners]
    assert [code for _, code in results] == [0] * RUNNERS, results
    assert world.applied() == names
    assert world.sql("SELECT value FROM counter") == [(2,)]


def test_some_migrate_while_others_roll_back(started):
    names = started.write(*HISTORY)
    commands = [args(started, "migrate"), args(started, "rollback", "--allow-data-loss", "all")]
    codes, texts = forks(started, "race", commands * 4)
    assert set(codes) <= {0, 5}, texts
    assert not any("Traceback" in text or "bug" in text for text in texts)
    applied = started.applied() if started.sql("PRAGMA table_info(peewee_mig_history)") else []
    assert applied == names[: len(applied)]
    assert started.sql("PRAGMA integrity_check") == [("ok",)]
    started.migrate()
    assert started.applied() == names
    assert started.sql("SELECT value FROM counter") == [(2,)]


def test_only_what_consent_was_asked_for_is_undone(world):
    names = world.write(PEOPLE, PETS, COUNTER)
    world.migrate("0002")

    def meanwhile(_losses):
        world.migrate()
        world.sql("INSERT INTO counter VALUES (7)")
        return True

    world.sql("INSERT INTO pets VALUES (1, NULL)")
    with pytest.raises(RefusedError, match="0003_step was applied by another runner") as caught:
        world.rollback(confirm=meanwhile)
    assert "again" in caught.value.hint
    assert world.applied() == names
    assert world.sql("SELECT value FROM counter") == [(7,)]
