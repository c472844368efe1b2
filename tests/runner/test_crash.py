"""``kill -9`` and Ctrl-C in the middle of a run: the next plain run ends as if nothing was."""

import signal
import sqlite3
import time

import pytest
from runner_world import PEOPLE, PETS, WIDEN, forks

NOTES = """op.create_table(
    "notes",
    op.column("id", "AUTO"),
    op.column("person_id", "INT"),
    op.column("text", "TEXT"),
    op.primary_key("id"),
    op.foreign_key("person_id", "people", "id", on_delete="CASCADE"),
)"""
ADD = 'op.add_column("people", op.column("rank", "INT"), fill=1)'
BUMP = 'op.run_sql("UPDATE people SET age = age + 1", "UPDATE people SET age = age - 1")'
DROP = 'op.drop_column("notes", op.column("body", "TEXT"))'
RENAME = 'op.rename_column("notes", "text", "body")'
ENDLESS = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)"
SLOW = f'op.run_sql("{ENDLESS} SELECT count(*) FROM n", [])'
FILL = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200)"


def people_and_notes(world, journal_mode):
    """Apply two migrations, then put rows and objects by hand on them."""
    world.write((PEOPLE, NOTES))
    world.migrate()
    sequence = world.sql("SELECT sql FROM sqlite_master WHERE name = 'people'")[0][0]
    numbered = sequence.replace("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT")
    world.sql(
        f"PRAGMA journal_mode = {journal_mode}",
        "DROP TABLE people",
        numbered,
        f"{FILL} INSERT INTO people SELECT i, 'name' || i, i % 90 FROM n",
        f"{FILL} INSERT INTO notes SELECT i, i, hex(zeroblob(200)) FROM n",
        "DELETE FROM people WHERE id > 190",
        "DELETE FROM notes WHERE person_id > 190",
        "CREATE INDEX by_hand ON people (lower(name)) WHERE age > 3",
        "CREATE TRIGGER tr AFTER DELETE ON people"
        " BEGIN DELETE FROM notes WHERE person_id = old.id; END",
        "CREATE VIEW names AS SELECT name FROM people",
    )


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
def test_a_run_killed_before_any_statement_is_finished_by_the_next(world, journal_mode):
    people_and_notes(world, journal_mode)
    world.write(BUMP, (ADD, WIDEN, RENAME), BUMP, PETS)
    world.file.rename(world.folder / "start.db")
    kills, bad = forks(world, "crash", [journal_mode, None])
    assert kills > 30
    assert bad == []


def test_a_way_back_killed_before_any_statement_is_finished_by_the_next(world):
    people_and_notes(world, "delete")
    world.write((ADD, WIDEN), BUMP, (RENAME, DROP))
    world.migrate()
    world.file.rename(world.folder / "start.db")
    kills, bad = forks(world, "crash", ["delete", "0001_step"])
    assert kills > 30
    assert bad == []


def test_ctrl_c_rolls_back_and_leaves_no_traceback(world):
    names = world.write(PEOPLE, (PETS, SLOW))
    runner = world.process("migrate", "-v")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not _is_in_second(world):
        time.sleep(0.05)
    runner.send_signal(signal.SIGINT)
    try:
        _, errors = runner.communicate(timeout=20)
    finally:
        runner.kill()  # an endless statement must not outlive its test
    assert runner.returncode == 130, errors
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert world.applied() == names[:1]
    assert world.sql("SELECT count(*) FROM sqlite_master WHERE name = 'pets'") == [(0,)]


def _is_in_second(world):
    """Whether the first migration is applied and the second one has begun to write."""
    try:
        return world.file.with_name("app.db-journal").exists() and len(world.applied()) == 1
    except sqlite3.OperationalError:  # the table is not there yet
        return False
