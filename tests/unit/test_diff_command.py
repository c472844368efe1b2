"""diff on SQLite: what it compares with, how it says it, what it leaves alone."""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from compare_world import AGE, INDEX, PEOPLE, World

from peewee_mig.commands.baseline import baseline
from peewee_mig.commands.drift import find_drift
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import UsageError
from peewee_mig.history.table import HistoryTable
from peewee_mig.operations import describe
from peewee_mig.runner.recording import push_row

MODELS = """from peewee import *

class People(Model):
    name = TextField()
    nick = TextField()
"""
TRIGGER = "CREATE TRIGGER older AFTER INSERT ON people BEGIN SELECT 1; END"


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)


@pytest.fixture
def migrated(world):
    world.write(PEOPLE, AGE, INDEX)
    world.cli("migrate", "0002", "-q")
    return world


def test_without_drift_it_says_so(migrated, capsys):
    assert migrated.cli("diff") == 0
    assert capsys.readouterr().out == "No drift: app.db is as 0002_step says.\n"


def test_a_gap_in_the_files_is_said_instead_of_what_follows_from_it(migrated, capsys):
    migrated.cli("migrate", "-q")
    (migrated.migrations / "0002_step.py").unlink()
    for words in (("diff",), ("diff", "0001")):
        assert migrated.cli(*words) == 5
        assert "0003_step depends on 0002_step, which is not there" in capsys.readouterr().err


def test_drift_is_told_in_three_parts(migrated, capsys):
    migrated.sql("ALTER TABLE people DROP age", TRIGGER, "CREATE TABLE elsewhere (x)")
    assert migrated.cli("diff") == 1
    assert capsys.readouterr().out == (
        "app.db differs from 0002_step:\n"
        "  column people.age is missing\n"
        "On managed tables, but beyond what migrations describe:\n"
        f"  trigger older on people: {TRIGGER}\n"
        "Not managed, left alone:\n"
        "  table elsewhere\n"
        "next: print the SQL that reconciles it: peewee-mig diff --no-input --plan\n"
    )


def test_drift_beyond_migrations_has_a_headline_and_a_way_out(migrated, capsys):
    migrated.sql(TRIGGER)
    assert migrated.cli("diff") == 1
    assert capsys.readouterr().out == (
        "app.db differs from 0002_step, but in nothing that migrations describe.\n"
        "On managed tables, but beyond what migrations describe:\n"
        f"  trigger older on people: {TRIGGER}\n"
        "This is drift. next: undo it by hand, or accept it:"
        " peewee-mig baseline 0002_step --force\n"
    )
    assert migrated.cli("baseline", "0002_step", "--force") == 0
    assert migrated.cli("diff") == 0


def test_a_view_of_one_of_two_databases_hangs_on_no_table(migrated, capsys):
    (migrated.folder / "other.db").write_bytes(migrated.file.read_bytes())
    migrated.sql("CREATE VIEW heavy AS SELECT 1")
    assert migrated.cli("diff", "other.db") == 1
    assert capsys.readouterr().out == (
        "app.db differs from other.db, but in nothing that migrations describe.\n"
        "Of no table, and beyond what migrations describe:\n"
        "  view heavy: CREATE VIEW heavy AS SELECT 1\n"
        "next: undo it by hand\n"
    )


def test_models_say(world, capsys):
    (world.folder / f"{world.models}.py").write_text(MODELS.replace("    nick = TextField()\n", ""))
    (world.folder / "peewee_mig.toml").write_text(f"models = ['{world.models}']\n")
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    assert world.cli("diff", "--models") == 0
    assert capsys.readouterr().out == "No drift: app.db is as the models say.\n"


def test_a_long_line_is_cut_for_people(migrated, capsys):
    migrated.sql(TRIGGER.replace("1;", f"'{'x' * 200}';"))
    assert migrated.cli("diff") == 1
    line = capsys.readouterr().out.splitlines()[2]
    assert (len(line), line[-3:]) == (162, "...")


def test_unmanaged_objects_alone_are_no_drift_unless_strict(migrated):
    migrated.sql("CREATE TABLE elsewhere (x)")
    assert (migrated.cli("diff"), migrated.cli("diff", "--strict")) == (0, 1)


def test_json_has_it_all(migrated, capsys):
    migrated.sql("ALTER TABLE people DROP age", TRIGGER, "CREATE VIEW heavy AS SELECT 1")
    assert migrated.cli("diff", "--json") == 1
    assert json.loads(capsys.readouterr().out) == {
        "format": 1,
        "database": str(migrated.file),
        "against": "0002_step",
        "drift": ["column people.age is missing"],
        "attached": [
            {"kind": "trigger", "name": "older", "detail": TRIGGER, "table": "people"},
        ],
        "unmanaged": [
            {
                "kind": "view",
                "name": "heavy",
                "detail": "CREATE VIEW heavy AS SELECT 1",
                "table": "",
            },
        ],
        "accepted": [],
        "operations": [
            {
                "op": "add_column",
                "table": "people",
                "column": "age",
                "definition": {"name": "age", "type": "INT", "null": True},
            },
        ],
        "statements": [],
        "notes": [],
        "push": None,
        "ok": False,
    }


@pytest.mark.parametrize(
    ("against", "label", "lines"),
    [
        ("head", "0003_step", ["index people_age of people is missing"]),
        ("3", "0003_step", ["index people_age of people is missing"]),
        ("0001", "0001_step", ["column people.age is not expected"]),
        ("migrations/snapshots/0001_step.json", "0001_step", ["column people.age is not expected"]),
        ("zero", "zero", ["table people is not expected"]),
        (
            "models",
            "the models",
            ["column people.nick is missing", "column people.age is not expected"],
        ),
    ],
)
def test_it_compares_with_what_is_named(migrated, against, label, lines):
    (migrated.folder / f"{migrated.models}.py").write_text(MODELS)
    found = find_drift(migrated.project, against=against)
    assert (found.against, list(found.drift.lines)) == (label, lines)


def test_what_is_nothing_is_a_usage_error(migrated):
    with pytest.raises(UsageError, match="no migration 'nothing'"):
        find_drift(migrated.project, against="nothing")


@pytest.mark.parametrize("args", [["--models"], ["--models", "{}"], ["--models={}"]])
def test_models_behind_the_command_are_what_it_compares_with(migrated, args, capsys):
    (migrated.folder / f"{migrated.models}.py").write_text(MODELS)
    (migrated.folder / "peewee_mig.toml").write_text(f"models = ['{migrated.models}']\n")
    assert migrated.cli("diff", *(arg.format(migrated.models) for arg in args)) == 1
    assert capsys.readouterr().out.startswith("app.db differs from the models:\n")


def test_models_before_the_command_only_say_where_they_are(migrated, capsys):
    (migrated.folder / f"{migrated.models}.py").write_text(MODELS)
    assert migrated.cli("--models", migrated.models, "diff") == 0
    assert "as 0002_step says" in capsys.readouterr().out


@pytest.mark.parametrize("args", [["0001", "--models"], ["--plan", "--reverse"]])
def test_options_that_exclude_each_other_are_refused(migrated, args, capsys):
    assert migrated.cli("diff", *args) == 2
    assert "exclude each other" in capsys.readouterr().err


def test_another_file_is_found_from_the_current_folder(migrated, capsys):
    with closing(sqlite3.connect("other.db")) as other:
        other.execute("CREATE TABLE toys (x)")
    assert migrated.cli("diff", "other.db") == 1
    assert capsys.readouterr().out.startswith(
        "app.db differs from other.db:\n"
        "  table people is not expected\n"
        "  table toys is missing\n"
    )  # fmt: skip


def test_a_plan_is_sql_that_runs_and_the_reverse_undoes_it(migrated, capsys):
    migrated.sql("ALTER TABLE people DROP age", "ALTER TABLE people ADD town TEXT", TRIGGER)
    before = find_drift(migrated.project).drift.words
    plan, reverse = (script(migrated, capsys, way) for way in ("--plan", "--reverse"))
    assert "-- data-loss: the values of people.town are lost" in plan
    assert f"-- not planned: trigger older on people: {TRIGGER}" in plan
    execute(migrated, plan)
    assert find_drift(migrated.project).drift.lines == ()
    assert find_drift(migrated.project).drift.words == before[-1:]
    execute(migrated, reverse)
    assert find_drift(migrated.project).drift.words == before


def script(world, capsys, *words):
    assert world.cli("diff", *words) == 1
    return capsys.readouterr().out


def execute(world, text):
    with closing(sqlite3.connect(world.file)) as connection:
        connection.executescript(text.replace("\n.bail on\n", "\n"))


def test_a_plan_keeps_what_hangs_on_a_table_that_is_rebuilt(migrated, capsys):
    migrated.sql(
        "ALTER TABLE people RENAME TO old",
        "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name INTEGER CHECK (name <> ''),"
        " age INTEGER)",
        "DROP TABLE old",
        TRIGGER,
    )
    execute(migrated, script(migrated, capsys, "--plan"))
    drift = find_drift(migrated.project).drift
    assert drift.lines == ()
    assert {each.kind for each in drift.attached} == {"trigger"}


def test_a_script_that_rebuilds_stops_the_shell_at_an_error(migrated, capsys):
    """Else it drops the table whose rows did not fit into the new one."""
    assert ".bail on" not in script(migrated, capsys, "--plan", "0001")
    migrated.sql(
        "INSERT INTO people (name) VALUES ('Ada')",
        "ALTER TABLE people DROP age",
        "ALTER TABLE people RENAME name TO title",
    )
    plan = script(migrated, capsys, "--plan", "0001")
    assert plan.index("\n.bail on\n") < plan.index("PRAGMA foreign_keys = OFF")
    if shell := shutil.which("sqlite3"):
        subprocess.run([shell, migrated.file], input=plan, text=True, check=False)
        assert migrated.sql("SELECT title FROM people") == [("Ada",)]
    migrated.cli("sql", "--dialect", "sqlite")
    assert ".bail on" not in capsys.readouterr().out


def test_a_plan_of_nothing_says_so(migrated, capsys):
    assert migrated.cli("diff", "--plan") == 0
    assert capsys.readouterr().out == "-- nothing to do: app.db is as 0002_step says\n"


def test_a_type_that_only_this_database_has_is_to_be_checked_by_hand(migrated, capsys):
    migrated.sql("ALTER TABLE people DROP age", "ALTER TABLE people ADD age MONEY")
    assert "-- check by hand: change column people.age from money NULL to INT NULL" in script(
        migrated, capsys, "--plan"
    )
    assert '"age" MONEY' in script(migrated, capsys, "--reverse")


def test_what_cannot_be_planned_is_said(migrated, capsys):
    migrated.sql("ALTER TABLE people ADD town TEXT", "CREATE VIEW v AS SELECT town FROM people")
    assert script(migrated, capsys, "--plan").startswith("-- cannot be planned: ")


def test_a_key_to_a_table_that_nobody_manages_is_told(migrated, capsys):
    migrated.sql(
        "CREATE TABLE elsewhere (id INTEGER PRIMARY KEY)",
        "ALTER TABLE people ADD place INTEGER REFERENCES elsewhere (id)",
    )
    found = find_drift(migrated.project, plan=True, way="backward")
    assert "the foreign key of people on (place) is not expected" in found.drift.lines
    assert found.operations == ()
    assert found.statements[0].startswith("-- cannot be planned: ")
    execute(migrated, script(migrated, capsys, "--plan"))
    assert find_drift(migrated.project).is_clean


def test_accepted_differences_are_left_out_until_they_change(migrated, capsys):
    migrated.sql("ALTER TABLE people ADD town TEXT", TRIGGER)
    baseline(migrated.project, target="0002", force=True)
    assert migrated.cli("diff") == 0
    assert capsys.readouterr().out == (
        "2 accepted differences left out; --all shows all.\n"
        "No drift: app.db is as 0002_step says.\n"
    )
    assert migrated.cli("diff", "--all") == 1
    assert "people.town" in capsys.readouterr().out
    migrated.cli("migrate", "-q")
    assert migrated.cli("diff", "-q") == 0
    migrated.sql("ALTER TABLE people DROP town", "ALTER TABLE people ADD town INTEGER")
    assert find_drift(migrated.project).drift.lines == ("column people.town is not expected",)
    migrated.sql("DROP TRIGGER older", TRIGGER.replace("1;", "2;"))
    assert [each.name for each in find_drift(migrated.project).drift.attached] == ["older"]


def test_a_plan_does_not_touch_what_was_accepted(migrated):
    migrated.sql("ALTER TABLE people ADD town TEXT", "CREATE INDEX odd ON people (town)")
    baseline(migrated.project, target="0002", force=True)
    migrated.sql("ALTER TABLE people DROP age")
    found = find_drift(migrated.project, plan=True)
    assert [sql for sql in found.statements if "ALTER" in sql or "DROP" in sql] == [
        'ALTER TABLE "people" ADD COLUMN "age" INTEGER;'
    ]


def test_nothing_recorded_is_compared_with_the_head(migrated, capsys):
    migrated.forget()
    assert migrated.cli("diff") == 1
    streams = capsys.readouterr()
    assert "app.db differs from 0003_step:\n  index people_age" in streams.out
    assert "nothing is recorded in this database; next: peewee-mig baseline" in streams.err


def test_a_push_that_was_not_landed_is_named(migrated, capsys):
    row = push_row("", ["people", "pets"])
    migrated.sql(HistoryTable(get_dialect("sqlite")).insert(row), "CREATE TABLE pets (id INTEGER)")
    assert migrated.cli("diff") == 1
    streams = capsys.readouterr()
    assert f"was pushed at {row.finished}; next: peewee-mig baseline" in streams.err
    assert "table pets is not expected" in streams.out
    assert find_drift(migrated.project).to_json()["push"] == row.finished


def test_a_database_ahead_of_the_files_is_compared_with_what_it_has(migrated, capsys):
    for path in migrated.migrations.rglob("000[23]_step*"):
        path.unlink()
    assert migrated.cli("diff") == 0
    assert "as 0002_step says" in capsys.readouterr().out


def test_what_was_begun_is_said(migrated, capsys):
    migrated.sql("UPDATE peewee_mig_history SET state = 'running' WHERE id = 2")
    migrated.cli("diff")
    assert "0002_step was begun and not finished" in capsys.readouterr().err


def test_what_is_wrong_with_the_records_is_said(migrated, capsys):
    migrated.sql("DELETE FROM peewee_mig_history WHERE id = 1")
    migrated.cli("diff")
    assert "0001_step, which it depends on, is not; next: " in capsys.readouterr().err


def test_without_migrations_everything_stands_apart(world, capsys):
    world.sql("CREATE TABLE elsewhere (x)")
    assert world.cli("diff") == 2
    assert "the folder migrations does not exist" in capsys.readouterr().err
    (world.folder / "migrations").mkdir()
    assert world.cli("diff") == 0
    assert capsys.readouterr().out == (
        "Not managed, left alone:\n  table elsewhere\nNo drift: app.db is as zero says.\n"
    )


def test_no_file_is_made(world):
    world.write(PEOPLE)
    assert world.cli("diff") == 1
    assert not world.file.exists()


def test_what_the_history_renames_is_recognized_by_its_former_name(world):
    """SQLite tells no BIGINT from INT: only the declaration of the table does."""
    size = 'op.add_column("people", op.column("size", "BIGINT", null=True))'
    virtual = 'op.create_object(op.virtual_table("docs", "fts5", "title"))'
    renames = (
        'op.rename_table("people", "persons")',
        'op.rename_column("persons", "size", "mass")',
    )
    world.write(PEOPLE, size, virtual, *renames, 'op.rename_virtual_table("docs", "papers")')
    world.cli("migrate", "3", "-q")
    assert [describe(each) for each in find_drift(world.project, against="head").operations] == [
        "rename virtual table docs to papers",
        "rename table people to persons",
        "rename column persons.size to mass",
    ]
    back = find_drift(world.project, against="head", way="backward").operations
    assert sorted(describe(each) for each in back) == [
        "rename column people.mass to size",
        "rename table persons to people",
        "rename virtual table papers to docs",
    ]
