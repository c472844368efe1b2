"""baseline on SQLite: what it decides, refuses and says. tests/live has the other engines."""

import importlib
import json
import sqlite3
from contextlib import closing

import peewee
import pytest
from compare_world import AGE, DATA, INDEX, NO_AGE, PEOPLE, World

from peewee_mig.commands.baseline import baseline
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import DriftError, HistoryError, RefusedError, UsageError
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.recording import push_row

DEFERRED = """from peewee import *

class Team(Model):
    lead = DeferredForeignKey("Member", null=True)

class Member(Model):
    team = ForeignKeyField(Team)
"""


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)


def at(world, number):
    """Apply migrations, then lose all memory of them."""
    world.cli("migrate", str(number), "-q")
    world.forget()


def test_the_newest_equal_migration_is_recorded(world, capsys):
    names = world.write(PEOPLE, AGE, INDEX)
    at(world, 2)
    assert world.cli("baseline") == 0
    assert capsys.readouterr().out == (
        "Recorded, running nothing:\n"
        "  0001_step\n"
        "  0002_step\n"
        "app.db is now at 0002_step.\n"
        "1 pending. next: peewee-mig migrate\n"
    )
    assert world.states() == dict.fromkeys(names[:2], "baselined")


def test_a_second_time_there_is_nothing_to_do(world, capsys):
    world.write(PEOPLE)
    at(world, 1)
    world.cli("baseline", "-q")
    before = world.sql("SELECT * FROM peewee_mig_history")
    assert world.cli("baseline") == 0
    assert capsys.readouterr().out == "app.db is at 0001_step.\n"
    assert world.sql("SELECT * FROM peewee_mig_history") == before


def test_an_empty_database_has_none_and_is_not_made(world, capsys):
    world.write(PEOPLE)
    assert world.cli("baseline") == 0
    assert "app.db has none of the migrations." in capsys.readouterr().out
    assert not world.file.exists()


def test_a_missing_file_is_made_only_if_something_is_recorded(world):
    world.write(DATA.replace("UPDATE people SET age = 1", "SELECT 1"))
    assert world.cli("baseline") == 5
    assert not world.file.exists()
    assert world.cli("baseline", "head") == 0
    assert list(world.states()) == ["0001_step"]


def test_a_data_migration_between_needs_a_target(world):
    world.write(PEOPLE, AGE, DATA, INDEX)
    at(world, 3)
    with pytest.raises(RefusedError, match="the data migration 0003_step has run") as refused:
        baseline(world.project)
    hint = refused.value.hint
    assert "baseline 0002_step, or peewee-mig baseline 0003_step" in hint
    assert baseline(world.project, target="3").target == "0003_step"
    assert baseline(world.project).changed is False


def test_a_data_migration_between_equal_schemas_counts_even_if_its_own_differs(world):
    world.write(PEOPLE, AGE, DATA, NO_AGE)
    at(world, 1)
    with pytest.raises(RefusedError, match="0003_step") as refused:
        baseline(world.project)
    assert "baseline 0001_step, or peewee-mig baseline 0004_step" in refused.value.hint


def test_a_data_migration_before_all_of_them_does_not_matter(world):
    world.write(PEOPLE, DATA.replace("age = 1", "name = ''"), AGE)
    at(world, 3)
    assert baseline(world.project).target == "0003_step"


def test_a_data_migration_behind_what_is_recorded_was_not_run(world):
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    world.write("op.run_sql(\"INSERT INTO people (name) VALUES ('first')\", '')", AGE)
    world.sql("ALTER TABLE people ADD age INTEGER")
    for command in (("baseline",), ("migrate",), ("migrate", "--yes")):
        assert world.cli(*command) == 5
    with pytest.raises(RefusedError, match="the data migration 0002_step has run") as refused:
        baseline(world.project)
    assert refused.value.hint == (
        "run it: peewee-mig migrate 0002_step; or say which one the database has:"
        " peewee-mig baseline 0003_step"
    )
    assert world.cli("migrate", "0002_step") == 0
    assert world.cli("baseline") == 0
    assert world.sql("SELECT name FROM people") == [("first",)]
    assert list(world.states().values()) == ["applied", "applied", "baselined"]


def test_a_data_migration_that_is_recorded_does_not_matter(world):
    world.write(PEOPLE, AGE, DATA)
    world.cli("migrate", "-q")
    assert baseline(world.project).target == "0003_step"


def test_equal_to_none_names_the_nearest_and_the_ways_out(world, capsys):
    world.write(PEOPLE, AGE, INDEX)
    at(world, 2)
    world.sql("ALTER TABLE people ADD town TEXT")
    assert world.cli("baseline") == 5
    assert capsys.readouterr().err == (
        "error: the database equals no migration; the nearest is 0002_step\n"
        f"  where:     {world.file}\n"
        "  database:  column people.town is not expected\n"
        "  committed: nothing was changed\n"
        "next: print the SQL that reconciles it: peewee-mig diff 0002_step --plan; or accept the"
        " difference: peewee-mig baseline 0002_step --force; or let the models follow the"
        " database, then: peewee-mig generate\n"
    )
    assert world.sql("SELECT count(*) FROM sqlite_master WHERE name LIKE 'peewee%'") == [(0,)]


def test_a_long_difference_is_cut_for_people_and_whole_in_json(world, capsys):
    world.write(PEOPLE)
    at(world, 1)
    world.sql(*(f"ALTER TABLE people ADD c{number} TEXT" for number in range(12)))
    with pytest.raises(DriftError, match="differs from 0001_step in 12 places") as refused:
        baseline(world.project, target="0001")
    assert refused.value.original.splitlines()[9:] == [
        "column people.c9 is not expected",
        "and 2 more",
    ]
    world.cli("baseline", "0001", "--json")
    assert len(json.loads(capsys.readouterr().out)["difference"]) == 12


def test_force_stores_what_differs_on_the_row_of_the_target(world):
    world.write(PEOPLE, AGE)
    at(world, 1)
    world.sql("ALTER TABLE people ADD town TEXT")
    assert world.cli("baseline", "0001", "--force", "-q") == 0
    metas = [json.loads(meta) for (meta,) in world.sql("SELECT meta FROM peewee_mig_history")]
    assert metas == [{"accepted": ["column people.town is not expected: TEXT NULL"]}]
    world.sql("ALTER TABLE people DROP town")
    baseline(world.project, target="0001")
    assert world.sql("SELECT meta FROM peewee_mig_history") == [("{}",)]


def test_what_rows_keep_besides_stays(world):
    world.write(PEOPLE, AGE)
    world.cli("migrate", "-q")
    world.sql("""UPDATE peewee_mig_history SET meta = '{"fills": {"a": "b"}, "accepted": ["x"]}'""")
    baseline(world.project)
    metas = world.sql("SELECT DISTINCT meta FROM peewee_mig_history")
    assert metas == [('{"fills": {"a": "b"}}',)]


def test_force_needs_a_target_and_names_the_nearest(world):
    world.write(PEOPLE, AGE)
    at(world, 1)
    with pytest.raises(UsageError, match="--force needs a TARGET") as refused:
        baseline(world.project, force=True)
    assert "peewee-mig baseline 0001_step --force" in refused.value.hint


def test_zero_forgets_everything(world, capsys):
    world.write(PEOPLE, AGE)
    world.cli("migrate", "-q")
    assert world.cli("baseline", "zero") == 5
    assert "table people is not expected" in capsys.readouterr().err
    assert world.cli("baseline", "zero", "--force") == 0
    assert capsys.readouterr().out.startswith("Forgotten:\n  0002_step\n  0001_step\n")
    assert world.states() == {}


def test_rows_of_what_is_applied_stay_as_they_are(world):
    world.write(PEOPLE, AGE, INDEX)
    world.cli("migrate", "0001", "-q")
    before = world.sql("SELECT * FROM peewee_mig_history")
    world.sql("ALTER TABLE people ADD age INTEGER", "CREATE INDEX by_hand ON people (age)")
    assert baseline(world.project).recorded == ("0002_step", "0003_step")
    assert world.sql("SELECT * FROM peewee_mig_history WHERE id = 1") == before


def test_a_table_of_a_push_that_no_migration_makes_counts(world):
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    world.sql(
        "CREATE TABLE pets (id INTEGER PRIMARY KEY)", "CREATE TABLE elsewhere (x)", pushed("pets")
    )
    with pytest.raises(DriftError) as refused:
        baseline(world.project)
    assert refused.value.lines == ("table pets is not expected",)


def pushed(*tables):
    return HistoryTable(get_dialect("sqlite")).insert(push_row("", tables))


def test_a_push_is_landed_and_its_mark_goes(world, capsys):
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    world.sql(pushed("people"))
    assert world.cli("baseline") == 0
    assert capsys.readouterr().out == "The push is landed.\napp.db is now at 0001_step.\n"
    assert world.states() == {"0001_step": "applied"}


def test_rows_without_files_are_refused(world):
    world.write(PEOPLE, AGE)
    world.cli("migrate", "-q")
    for path in world.migrations.rglob("0002_step*"):
        path.unlink()
    with pytest.raises(HistoryError, match="0002_step is recorded in this database"):
        baseline(world.project)


def test_an_edited_migration_is_refused(world):
    world.write(PEOPLE, AGE)
    world.cli("migrate", "-q")
    world.sql("UPDATE peewee_mig_history SET sha256 = 'x', checksum = 'x' WHERE id = 1")
    with pytest.raises(HistoryError, match="0001_step was edited after it was applied"):
        baseline(world.project)


@pytest.mark.parametrize(
    ("direction", "command"), [("forward", "migrate"), ("backward", "rollback")]
)
def test_what_was_begun_has_to_be_finished_first(world, direction, command):
    world.write(PEOPLE, AGE)
    world.cli("migrate", "-q")
    world.sql(
        f"UPDATE peewee_mig_history SET state = 'running', direction = '{direction}' WHERE id = 2"
    )
    with pytest.raises(HistoryError, match="0002_step was begun") as refused:
        baseline(world.project)
    assert f"peewee-mig {command}" in refused.value.hint


def test_a_migration_that_a_rebase_renamed_keeps_its_row(world):
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    world.sql("UPDATE peewee_mig_history SET name = '0001_old'")
    module = world.migrations / "0001_step.py"
    module.write_text(module.read_text().replace("format = 1", 'format = 1\n\nwas = ["0001_old"]'))
    baseline(world.project)
    assert world.states() == {"0001_step": "applied"}


def test_without_migrations_there_is_nothing_to_record(world):
    with pytest.raises(UsageError, match="no migrations") as refused:
        baseline(world.project)
    assert "peewee-mig generate" in refused.value.hint


def test_a_damaged_history_is_refused(world):
    world.write(PEOPLE)
    (world.migrations / "snapshots/0001_step.json").unlink()
    with pytest.raises(HistoryError):
        baseline(world.project)


def test_json_says_what_was_recorded(world, capsys):
    world.write(PEOPLE, AGE)
    at(world, 1)
    world.cli("baseline", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "format": 1,
        "database": str(world.file),
        "target": "0001_step",
        "pending": ["0002_step"],
        "recorded": ["0001_step"],
        "forgotten": [],
        "accepted": [],
        "push_landed": False,
        "changed": True,
    }


def test_a_deferred_key_that_peewee_leaves_out_is_missing_until_the_plan_adds_it(
    world, capsys, monkeypatch
):
    """On SQLite Peewee cannot add it later either: what is said is true, and has a way out."""
    (world.folder / f"{world.models}.py").write_text(DEFERRED)
    monkeypatch.syspath_prepend(world.folder)
    models = importlib.import_module(world.models)
    database = peewee.SqliteDatabase(str(world.file))
    with database.bind_ctx([models.Team, models.Member]), database:
        database.create_tables([models.Team, models.Member])
        with pytest.raises(peewee.OperationalError, match="syntax error"):
            models.Team._schema.create_foreign_key(models.Team.lead)
    world.cli("generate", "--models", world.models, "--name", "initial", "-q")
    with pytest.raises(DriftError, match="the nearest is 0001_initial") as caught:
        baseline(world.project)
    assert caught.value.original == "the foreign key of team on (lead_id) is missing"
    assert world.cli("diff", "--plan", "head") == 1
    with closing(sqlite3.connect(world.file)) as connection:
        connection.executescript(capsys.readouterr().out.replace("\n.bail on\n", "\n"))
    assert baseline(world.project).target == "0001_initial"


def test_a_virtual_table_that_a_migration_drops_is_told_from_one_that_is_there(world):
    virtual = 'op.virtual_table("docs", "fts5", "title")'
    world.write(PEOPLE, f"op.create_object({virtual})", f"op.drop_object({virtual})")
    at(world, 2)
    assert baseline(world.project).target == "0002_step"
