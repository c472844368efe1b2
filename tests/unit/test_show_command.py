"""show: all about one migration."""

import json

import pytest
from compare_world import AGE, DATA, PEOPLE, World

DROP = 'op.drop_column("people", op.column("name", "TEXT"))'


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path)
    world.write(PEOPLE, AGE, DROP)
    return world


def told(world, capsys, *args, code=0):
    assert world.cli("show", *args) == code
    streams = capsys.readouterr()
    return streams.out + streams.err


def test_all_of_a_migration_is_told(world, capsys):
    world.cli("migrate", "0002", "-q")
    row = world.sql("SELECT finished, applied_by FROM peewee_mig_history")[1]
    text = told(world, capsys, "2")
    head, _, rest = text.partition("\noperations:\n")
    assert head.startswith("0002_step\n  Step.\n\nfile:        migrations/0002_step.py\n")
    assert "depends on:  0001_step\nfollowed by: 0003_step\nschema:      ~ people\n" in head
    assert f"applied:     {row[0]}, 0." in head
    assert f"by {row[1]}, with peewee-mig " in head
    assert rest == (
        "  add column people.age INT NULL\n\n"
        "SQL for SQLite 3.40, on a database without drift:\n"
        'ALTER TABLE "people" ADD COLUMN "age" INTEGER;\n'
    )


def test_dangers_are_told_below_their_operation(world, capsys):
    text = told(world, capsys, "3", "--offline")
    assert (
        "  drop column people.name TEXT NOT NULL\n    data-loss: the values of people.name" in text
    )
    path = world.migrations / "0003_step.py"
    path.write_text(path.read_text() + '\nallow = ["data-loss"]\n')
    assert "brings it back empty (allowed)\n" in told(world, capsys, "3", "--offline")


def test_the_way_back_and_another_engine(world, capsys):
    text = told(world, capsys, "2", "--backward", "--dialect", "mysql", "--server-version", "10.6")
    assert "SQL of the way back for MariaDB 10.6, on a database without drift:\n" in text
    assert "ALTER TABLE `people` DROP COLUMN `age`;" in text


def test_what_cannot_be_rolled_back_is_a_note(world, capsys):
    world.write('op.run_sql("UPDATE people SET age = 1", None)')
    text = told(world, capsys, "4", "--backward")
    assert "SQL of the way back" not in text
    assert "warning: it cannot be rolled back on SQLite: " in text
    assert "no-way-back: it cannot be rolled back" in text


def test_a_migration_that_is_pending_and_one_in_no_database(world, capsys):
    assert "\napplied:     no\n" in told(world, capsys, "2")
    assert not world.file.exists()
    assert "applied:" not in told(world, capsys, "2", "--offline")


def test_a_database_that_does_not_answer_is_a_warning(world, capsys):
    text = told(world, capsys, "2", "--database", "postgresql://127.0.0.1:1/app")
    assert "warning: what is applied is not known: the database" in text
    assert 'ALTER TABLE "people" ADD COLUMN "age" INTEGER;' in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("state = 'baselined'", "applied:     recorded by comparison "),
        ("state = 'running'", "applied:     half applied, begun "),
        ("state = 'running', direction = 'backward'", "next: peewee-mig rollback"),
        ("sha256 = 'x', checksum = 'x'", "; the file was edited since\n"),
        ("""meta = '{"fills": {"people.age": "0"}}'""", "fills:       people.age=0\n"),
    ],
)
def test_what_the_database_remembers_is_told(world, capsys, change, words):
    world.cli("migrate", "0002", "-q")
    world.sql(f"UPDATE peewee_mig_history SET {change} WHERE name = '0002_step'")
    assert words in told(world, capsys, "2")


def test_a_row_under_the_former_name_is_found(world, capsys):
    world.cli("migrate", "0002", "-q")
    world.sql("UPDATE peewee_mig_history SET name = '0002_old' WHERE name = '0002_step'")
    path = world.migrations / "0002_step.py"
    path.write_text(path.read_text() + '\nwas = ["0002_old"]\n')
    text = told(world, capsys, "2")
    assert "was called:  0002_old\n" in text
    assert "applied:     no" not in text
    answer = json.loads(told(world, capsys, "2", "--json"))
    assert (answer["record"]["name"], answer["was"]) == ("0002_old", ["0002_old"])


@pytest.mark.parametrize("name", ["0003_step", "3", "0003", "0003_"])
def test_a_migration_without_a_file_is_told_from_the_database(world, capsys, name):
    world.cli("migrate", "-q")
    for path in world.migrations.rglob("0003_step*"):
        path.unlink()
    text = told(world, capsys, name)
    assert text.startswith("0003_step\n\napplied:     ")
    assert "operations:\n  drop column people.name TEXT NOT NULL\n" in text
    assert "warning: its file is not here: this is what the database remembers\n" in text
    answer = json.loads(told(world, capsys, name, "--json", "-q").partition("warning")[0])
    assert (answer["path"], answer["sql"], answer["record"]["state"]) == (None, None, "applied")


@pytest.mark.parametrize("name", ["9", "0009_none", "x", "(push)"])
def test_what_neither_has_is_refused(world, capsys, name):
    world.cli("migrate", "-q")
    text = told(world, capsys, name, code=2)
    assert f"there is no migration '{name}'" in text


def test_values_leave_the_schema_unchanged(world, capsys):
    world.write(DATA, 'op.create_object(op.view("all_of", "SELECT 1"))')
    assert "schema:      unchanged\n" in told(world, capsys, "4")
    assert "schema:      + view all_of\n" in told(world, capsys, "5")


def test_json_has_all_of_it(world, capsys):
    world.cli("migrate", "-q")
    answer = json.loads(told(world, capsys, "3", "--json"))
    assert answer["operations"][0]["op"] == "drop_column"
    assert answer["lines"] == ["drop column people.name TEXT NOT NULL"]
    assert answer["hazards"][0] | {"message": ""} == {
        "operation": 0,
        "id": "data-loss",
        "message": "",
        "stops": True,
        "allowed": False,
    }
    assert answer["changes"] == ["~ people"]
    assert answer["sql"] == 'ALTER TABLE "people" DROP COLUMN "name";'
    assert answer["record"]["seconds"] >= 0
    assert answer["asked"] is True


def test_several_heads_are_no_obstacle(world, capsys):
    path = world.migrations / "0003_step.py"
    other = world.migrations / "0003_other.py"
    other.write_text(path.read_text())
    snapshots = world.migrations / "snapshots"
    (snapshots / "0003_other.json").write_text((snapshots / "0003_step.json").read_text())
    assert "followed by: 0003_other, 0003_step\n" in told(world, capsys, "2")
