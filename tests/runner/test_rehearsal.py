"""``--dry-run`` prints exactly what the run then does, and leaves no trace; nor does a look."""

import re
from dataclasses import replace

import pytest
from runner_world import PEOPLE, PETS, WIDEN

from peewee_mig.commands.migrate import migrate

ADD_RANK = 'op.add_column("people", op.column("rank", "INT"), fill=7)'
RENAME = 'op.rename_table("pets", "animals")'
BUMP = 'op.run_sql("UPDATE people SET age = age + 1", "UPDATE people SET age = age - 1")'
DROP = 'op.drop_column("people", op.column("age", "INT", null=True))'
TIMES = re.compile(r"'\d{4}-\d\d-\d\dT[^']*'|\b\d+\.\d+(?:e-\d+)?\b")


@pytest.fixture
def rich(world):
    """A database with all that makes a rebuild depend on the live catalog, and more to do."""
    world.write(PEOPLE, PETS)
    world.migrate()
    text = world.sql("SELECT sql FROM sqlite_master WHERE name = 'people'")[0][0]
    world.sql(
        "DROP TABLE people",
        text.replace("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT").replace(
            '"age" INTEGER', '"age" INTEGER DEFAULT 3 CHECK (age < 200)'
        ),
        "CREATE TABLE log (x)",
        "CREATE INDEX by_hand ON people (lower(name)) WHERE name > ''",
        "CREATE TRIGGER tr AFTER DELETE ON people BEGIN INSERT INTO log VALUES (old.name); END",
        "CREATE VIEW names AS SELECT name FROM people",
        "CREATE VIRTUAL TABLE found USING fts5(name, content='people', content_rowid='id')",
        "INSERT INTO people (name) VALUES ('Ann'), ('Bob')",
        "INSERT INTO pets VALUES (1, 1)",
    )
    world.write((WIDEN, ADD_RANK), BUMP, RENAME)
    world.events.clear()
    return world


def without_times(statements):
    return [TIMES.sub("?", each) for each in statements if not each.startswith("--")]


def files(world):
    return {path.name: path.read_bytes() for path in world.folder.glob("app.db*")}


def test_the_rehearsal_of_migrate_is_the_run(rich):
    before = files(rich)
    shown = rich.migrate(dry_run=True)
    assert shown.applied == ()
    assert rich.statements() == []
    assert files(rich) == before
    rich.migrate()
    assert without_times(shown.statements) == without_times(rich.statements())
    assert any("CREATE TRIGGER tr" in each for each in shown.statements)
    assert any("AUTOINCREMENT" in each for each in shown.statements)
    assert [each for each in shown.statements if each.startswith("--")] == [
        "-- 0003_step", "-- 0004_step", "-- 0005_step"
    ]  # fmt: skip


def test_the_rehearsal_of_rollback_is_the_run(rich):
    rich.migrate()
    rich.events.clear()
    before = files(rich)
    shown = rich.rollback("4", dry_run=True)
    assert files(rich) == before
    assert any("loses people.rank: 2 rows" in each for each in shown.statements)
    rich.rollback("4", allow_data_loss=["all"])
    assert without_times(shown.statements) == without_times(rich.statements())


def test_the_rehearsal_on_a_file_that_is_not_there(world):
    world.write(PEOPLE, PETS)
    shown = world.migrate(dry_run=True)
    assert list(world.folder.glob("*.db*")) == []
    world.migrate()
    assert without_times(shown.statements) == without_times(world.statements())


def test_a_rehearsal_is_refused_as_the_run_would_be(rich):
    rich.sql("CREATE VIEW ages AS SELECT age FROM people")
    rich.write(DROP)
    before = files(rich)
    assert rich.cli("migrate", "--dry-run") == rich.cli("migrate") != 0
    assert rich.applied()[-1] == "0005_step"
    assert before != files(rich)


def test_a_rehearsal_needs_no_lock(rich):
    holder = rich.connect()
    holder.execute("BEGIN IMMEDIATE")
    assert rich.cli("migrate", "--dry-run", "--wait-lock", "0") == 0
    assert rich.cli("status") == 0
    assert rich.cli("sql") == 0
    holder.close()


def test_what_the_program_prints_is_sql_that_a_shell_runs(rich, capsys):
    """The printed statements, run by hand, give the database that the run gives."""
    assert rich.cli("migrate", "--dry-run") == 0
    script = capsys.readouterr().out
    copy = rich.folder / "copy.db"
    copy.write_bytes(rich.file.read_bytes())
    rich.migrate()
    expected = rich.dump()
    rich.file.write_bytes(copy.read_bytes())
    connection = rich.connect()
    connection.executescript(f"BEGIN; {script}; COMMIT;")
    connection.close()
    assert rich.dump() == expected


def test_a_run_without_work_and_a_look_change_no_byte(rich):
    rich.migrate()
    before = files(rich)
    for command in (["migrate"], ["status"], ["migrate", "--dry-run"], ["sql"], ["check"]):
        rich.cli(*command)
    assert files(rich) == before


def test_the_rows_of_a_history_table_with_another_name_are_known(world):
    world.write(PEOPLE, PETS)
    project = replace(world.project, history_table="my_history")
    migrate(project)
    world.write(WIDEN)
    shown = migrate(project, dry_run=True).statements
    assert shown[0] == "-- 0003_step"
    assert not any("CREATE TABLE" in each and "pets" in each for each in shown)


def test_full_text_tables_are_rehearsed_as_well(world):
    world.write(PEOPLE)
    world.migrate()
    world.sql(
        "CREATE VIRTUAL TABLE found USING fts5(name)",
        "CREATE TRIGGER t AFTER UPDATE ON people BEGIN INSERT INTO found VALUES (new.name); END",
    )
    world.write('op.run_sql("UPDATE people SET age = 1", [])')
    assert "UPDATE people SET age = 1;" in world.migrate(dry_run=True).statements


def test_functions_and_collations_of_the_application_are_there(world):
    (world.folder / "app_functions.py").write_text(
        f"import peewee\n\ndb = peewee.SqliteDatabase({str(world.file)!r})\n"
        "@db.func('twice')\ndef twice(x): return 2 * x\n"
        "@db.collation('backwards')\ndef backwards(a, b): return (b > a) - (b < a)\n"
    )
    world.url = "app_functions:db"
    world.write(PEOPLE, 'op.run_sql("CREATE INDEX i ON people (name COLLATE backwards)", [])')
    world.migrate()
    world.write('op.run_sql("UPDATE people SET age = twice(age)", [])')
    assert "UPDATE people SET age = twice(age);" in world.migrate(dry_run=True).statements


def test_an_index_that_only_the_application_can_read_does_not_stop_a_rehearsal(world):
    world.write(PEOPLE)
    world.migrate()
    connection = world.connect()
    connection.create_collation("backwards", lambda a, b: (b > a) - (b < a))
    connection.execute("CREATE INDEX i ON people (name COLLATE backwards)")
    connection.close()
    world.write(PETS)
    assert world.migrate(dry_run=True).statements
