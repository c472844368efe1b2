"""What a run meets: locks, a full disk, files that cannot be written or are no database."""

import json
import sqlite3
import sys
import time

import pytest
from runner_world import PEOPLE, PETS, WIDEN

from peewee_mig.errors import RefusedError

BIG = 'op.run_sql("INSERT INTO people (name) SELECT hex(zeroblob(500000))", [])'


@pytest.fixture
def two(world):
    world.write(PEOPLE, PETS)
    return world


@pytest.fixture
def holder(world):
    """Another connection, to hold locks with."""
    connection = sqlite3.connect(world.file, isolation_level=None)
    yield connection
    connection.close()


def failure(world, capsys, *args):
    """Run the program with --json; return the exit code and the error."""
    code = world.cli(*args, "--json")
    output = capsys.readouterr()
    assert "Traceback" not in output.err
    return code, json.loads(output.out)


def test_a_long_writer_is_waited_for_and_then_named(two, holder, capsys):
    holder.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    code, error = failure(two, capsys, "migrate", "--wait-lock", "1")
    assert 1 <= time.monotonic() - started < 3
    assert code == 4
    assert "another process is writing to" in error["error"]
    assert "did not finish within 1 second" in error["error"]
    assert "--wait-lock" in error["hint"]
    assert error["committed"] == "nothing was changed"
    holder.execute("ROLLBACK")
    assert two.cli("migrate") == 0


def test_an_exclusive_writer_is_waited_for_as_well(two, holder, capsys):
    holder.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    code, error = failure(two, capsys, "migrate", "--wait-lock", "0.3")
    assert code == 4
    assert time.monotonic() - started < 3
    assert "is locked by another process" in error["error"]


def test_a_short_writer_is_only_waited_for(two, holder):
    holder.execute("BEGIN EXCLUSIVE")
    runner = two.process("migrate", "--wait-lock", "30")
    time.sleep(0.5)
    assert runner.poll() is None
    holder.execute("ROLLBACK")
    _, errors = runner.communicate(timeout=20)
    assert runner.returncode == 0, errors


def test_a_long_reader_in_wal_mode_is_no_hindrance(two, holder):
    holder.execute("PRAGMA journal_mode = wal")
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM t").fetchall()
    assert two.cli("migrate", "--wait-lock", "0") == 0


def test_a_run_without_work_takes_no_lock_and_writes_nothing(two, holder):
    two.migrate()
    before = two.file.stat().st_mtime_ns, two.file.read_bytes()
    holder.execute("BEGIN IMMEDIATE")
    assert two.cli("migrate", "--wait-lock", "0") == 0
    assert two.cli("status", "--check") == 0
    holder.execute("ROLLBACK")
    assert (two.file.stat().st_mtime_ns, two.file.read_bytes()) == before


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["migrate", "--dry-run"],
        ["rollback"],
        ["rollback", "--dry-run"],
        ["sql"],
        ["check"],
    ],
)
def test_what_only_looks_creates_no_file(two, command):
    two.cli(*command)
    assert not two.file.exists()
    assert not list(two.folder.glob("*.db*"))


def test_a_folder_that_does_not_exist_is_not_nothing_to_do(world, capsys):
    assert world.cli("migrate") == 2
    error = capsys.readouterr().err
    assert "error: the folder migrations does not exist\n" in error
    assert "ship it with the code; or name it with --directory" in error
    assert world.cli("rollback") == 2
    assert not (world.folder / "app.db").exists()


def test_nothing_to_apply_creates_no_file(world):
    world.migrations.mkdir()
    assert world.cli("migrate") == 0
    assert not world.file.exists()


def peewee_database(world, pragmas):
    (world.folder / "app_database.py").write_text(
        f"import peewee\ndb = peewee.SqliteDatabase({str(world.file)!r}, pragmas={pragmas!r})\n"
    )
    sys.modules.pop("app_database", None)
    world.url = "app_database:db"


def test_a_full_disk_rolls_back(world, capsys):
    names = world.write(PEOPLE, (PETS, BIG))
    peewee_database(world, {"max_page_count": 60})
    code, error = failure(world, capsys, "migrate")
    assert code == 3
    assert "is full" in error["error"]
    assert names[1] in error["where"]
    assert error["committed"] == names[0]
    assert world.applied() == names[:1]
    assert world.sql("SELECT count(*) FROM sqlite_master WHERE name = 'pets'") == [(0,)]


def test_a_read_only_file(two, capsys):
    two.migrate()
    two.write(WIDEN)
    two.url = f"file:{two.file}?mode=ro"
    before = two.file.read_bytes()
    code, error = failure(two, capsys, "migrate")
    assert code == 3
    assert "cannot be written to" in error["error"]
    assert error["hint"].startswith("leave mode=ro out: peewee-mig migrate ")
    assert two.cli("status") == 0
    assert two.cli("migrate", "--dry-run") == 0
    assert two.file.read_bytes() == before


def test_a_connection_that_only_queries(two, capsys):
    peewee_database(two, {"query_only": 1})
    two.sql("CREATE TABLE by_hand (x)")
    code, error = failure(two, capsys, "migrate")
    assert code == 3
    assert "cannot be written to" in error["error"]


@pytest.mark.parametrize("command", ["migrate", "status", "rollback"])
def test_a_file_that_is_no_database(two, capsys, command):
    two.file.write_bytes(b"no database " * 100)
    code, error = failure(two, capsys, command)
    assert code == 3
    assert "is not a SQLite database" in error["error"]
    assert two.file.read_bytes() == b"no database " * 100


def test_a_folder_that_is_missing(two, capsys):
    two.url = "sqlite:///nowhere/app.db"
    code, error = failure(two, capsys, "migrate")
    assert code == 3
    assert "does not exist" in error["error"]
    assert error["hint"].startswith("mkdir -p ")
    assert not (two.folder / "nowhere").exists()


def test_a_folder_in_place_of_the_file(two, capsys):
    two.file.mkdir()
    code, error = failure(two, capsys, "migrate")
    assert code == 3
    assert "cannot be opened" in error["error"]


def test_a_table_that_was_dropped_by_hand(two, capsys):
    two.migrate()
    two.sql("DROP TABLE people")
    before = two.dump()
    name = two.write(WIDEN)[0]
    code, error = failure(two, capsys, "migrate")
    assert code == 5
    assert "the database has no table people" in error["error"]
    assert name in error["where"]
    assert error["committed"] == "nothing was changed"
    assert two.dump() == before


def test_a_statement_that_fails_says_which_and_what_is_committed(world, capsys):
    names = world.write(PEOPLE, (PETS, 'op.run_sql("INSERT INTO nowhere VALUES (1)", [])'), WIDEN)
    code, error = failure(world, capsys, "migrate")
    assert code == 3
    assert error["statement"] == "INSERT INTO nowhere VALUES (1)"
    assert error["original"] == "no such table: nowhere"
    assert error["where"].startswith(f"{names[1]}: ")
    assert error["committed"] == names[0]
    assert "if the statement is wrong, correct it, then: peewee-mig migrate" in error["hint"]
    assert world.applied() == names[:1]
    assert world.sql("SELECT count(*) FROM sqlite_master WHERE name = 'pets'") == [(0,)]


@pytest.mark.parametrize(
    "sql", ["COMMIT", "-- done\\nend", "/* */ rollback", "Begin immediate", "SELECT 1; COMMIT"]
)
def test_sql_of_the_user_cannot_end_the_transaction(world, sql):
    world.write(PEOPLE)
    text = f'[op.run_sql("{sql}", [])]'
    path = world.migrations / "0001_step.py"
    path.write_text(path.read_text() + f"\noperations += {text}\n")
    with pytest.raises(RefusedError, match="a migration runs in a transaction") as caught:
        world.migrate()
    assert caught.value.where == "0001_step"
    assert world.sql("SELECT * FROM sqlite_master") == []


@pytest.mark.parametrize("sql", ["VACUUM", "SELECT 1; SELECT 2"])
def test_sql_of_the_user_that_fails_by_itself(world, capsys, sql):
    names = world.write(PEOPLE, (PETS, f'op.run_sql("{sql}", [])', WIDEN))
    code, error = failure(world, capsys, "migrate")
    assert code == 3
    assert names[1] in error["where"]
    assert error["committed"] == names[0]
    assert world.applied() == names[:1]
    assert world.sql("SELECT count(*) FROM sqlite_master WHERE name = 'pets'") == [(0,)]
