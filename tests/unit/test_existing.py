"""migrate on a database that has already what pending migrations make, and nobody recorded it."""

import json
from dataclasses import replace

import pytest
from compare_world import AGE, INDEX, NO_AGE, PEOPLE, World

from peewee_mig.commands import landing
from peewee_mig.commands.migrate import migrate
from peewee_mig.errors import BusyError, DeclinedError, DriftError, RefusedError

PETS = """op.create_table(
    "pets", op.column("id", "AUTO"), op.column("name", "TEXT"), op.primary_key("id")
)"""
SQL_PEOPLE = "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)"
SQL_PETS = "CREATE TABLE pets (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)"


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)


def catalog(world):
    return world.sql("SELECT name, sql FROM sqlite_master ORDER BY name")


def test_what_is_identical_is_named_and_baseline_offered(world, capsys):
    world.write(PEOPLE, AGE)
    world.sql(SQL_PEOPLE)
    before = catalog(world)
    assert world.cli("migrate") == 5
    assert capsys.readouterr().err == (
        "error: 0001_step would make what this database has already: table people\n"
        f"  where:     {world.file}\n"
        "  committed: nothing was changed\n"
        "next: record those: peewee-mig baseline, then: peewee-mig migrate\n"
    )
    assert catalog(world) == before
    assert world.cli("baseline") == 0
    assert world.cli("migrate") == 0
    assert world.states() == {"0001_step": "baselined", "0002_step": "applied"}


def test_the_way_out_keeps_target_and_fills_where_they_are_needed(world, capsys):
    world.write(PEOPLE, PETS)
    world.sql(SQL_PEOPLE)
    world.cli("migrate", "0002", "--fill", "pets.name=x")
    assert capsys.readouterr().err.endswith("then: peewee-mig migrate 0002\n")
    world.sql(SQL_PETS.replace("name TEXT", "nickname TEXT"))
    world.cli("migrate", "0002", "--fill", "pets.name=x y")
    said = capsys.readouterr().err
    assert said.endswith("in the way, then: peewee-mig migrate 0002 --fill 'pets.name=x y'\n")


def test_a_yes_records_it_and_goes_on(world, capsys):
    world.write(PEOPLE, AGE, INDEX)
    world.sql(SQL_PEOPLE, "ALTER TABLE people ADD age INTEGER")
    assert world.cli("migrate", "--yes", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["landed"] == ["0001_step", "0002_step"]
    assert [each["name"] for each in answer["applied"]] == ["0003_step"]


@pytest.mark.parametrize("target", ["1", "0001_step", "+1"])
def test_what_is_there_beyond_a_target_is_recorded_and_not_undone(world, target):
    asked = []
    world.write(PEOPLE, PETS, AGE)
    world.sql(SQL_PEOPLE, SQL_PETS)
    done = migrate(world.project, target=target, confirm=lambda it: not asked.append(it))
    assert asked[0].names == done.landed == ("0001_step", "0002_step")
    assert done.applied == ()
    assert world.states() == {"0001_step": "baselined", "0002_step": "baselined"}
    assert world.sql("SELECT count(*) FROM pets") == [(0,)]


def test_a_target_beyond_what_is_there_is_reached(world):
    world.write(PEOPLE, PETS, AGE, INDEX)
    world.sql(SQL_PEOPLE)
    assert world.cli("migrate", "+3", "--yes") == 0
    assert [*world.states()] == ["0001_step", "0002_step", "0003_step"]


def test_the_question_names_what_would_be_recorded(world):
    asked = []
    world.write(PEOPLE, AGE)
    world.sql(SQL_PEOPLE)
    with pytest.raises(DeclinedError):
        migrate(world.project, confirm=lambda landing: asked.append(landing) or False)
    (asked,) = asked
    assert (asked.names, asked.is_exact) == (("0001_step",), True)
    assert "table people" in asked.reason


def test_what_differs_is_told_before_the_first_statement(world, capsys):
    world.write(PEOPLE, PETS)
    world.sql(SQL_PEOPLE, SQL_PETS.replace("name TEXT", "nickname TEXT"))
    before = catalog(world)
    assert world.cli("migrate", "--yes", "--json") == 5
    answer = json.loads(capsys.readouterr().out)
    assert "would make what this database has already: table people" in answer["error"]
    assert sorted(answer["difference"]) == [
        "column pets.name is missing",
        "column pets.nickname is not expected",
    ]
    assert "peewee-mig diff 0002_step --plan" in answer["hint"]
    assert catalog(world) == before


def test_the_hints_of_a_difference_work(world, capsys):
    world.write(PEOPLE)
    world.sql(SQL_PEOPLE, "ALTER TABLE people ADD town TEXT")
    assert world.cli("migrate") == 5
    assert world.cli("diff", "0001_step", "--plan") == 1
    plan = capsys.readouterr().out
    assert world.cli("baseline", "0001_step", "--force") == 0
    assert world.cli("migrate") == 0
    world.forget()
    world.sql(*(line for line in plan.split(";\n") if line.strip()))
    assert world.cli("baseline", "0001_step") == 0


@pytest.mark.parametrize(
    ("pending", "made", "said"),
    [
        (PETS, SQL_PETS, "table pets"),
        (AGE, "ALTER TABLE people ADD age INTEGER", "column people.age"),
        (PETS, "CREATE VIEW pets AS SELECT 1 AS x", "table pets"),
    ],
)
def test_after_recorded_migrations(world, pending, made, said):
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    world.write(pending)
    world.sql(made)
    with pytest.raises(RefusedError, match=f"0002_step would make .* already: {said}"):
        migrate(world.project)


def test_an_index_that_is_there(world):
    world.write(PEOPLE, AGE)
    world.cli("migrate", "-q")
    world.write(INDEX)
    world.sql("CREATE INDEX people_age ON people (age)")
    assert migrate(world.project, confirm=lambda _: True).landed == ("0003_step",)
    world.forget()
    world.sql("DROP INDEX people_age", "CREATE INDEX people_age ON people (name)")
    world.cli("baseline", "0002_step", "--force", "-q")
    with pytest.raises(DriftError, match="index people_age of people"):
        migrate(world.project)


def test_what_comes_back_or_gets_the_name_of_another_is_no_clash(world):
    back = PETS.replace("create_table", "drop_table")
    world.write(PEOPLE, PETS, AGE)
    world.cli("migrate", "-q")
    world.write(back, 'op.rename_table("people", "pets")', NO_AGE.replace("people", "pets"))
    assert world.cli("migrate") == 0
    assert set(world.states().values()) == {"applied"}


@pytest.mark.parametrize(
    "pending",
    [
        (
            'op.rename_table("people", "folk")',
            'op.create_object(op.view("people", "SELECT id FROM folk"))',
        ),
        ('op.drop_object(op.view("pets", "SELECT 1 AS x"))', PETS),
    ],
)
def test_a_table_takes_the_name_of_a_view_and_a_view_that_of_a_table(world, pending):
    world.write(PEOPLE, 'op.create_object(op.view("pets", "SELECT 1 AS x"))')
    world.cli("migrate", "-q")
    world.write(*pending)
    assert world.cli("migrate") == 0
    assert set(world.states().values()) == {"applied"}


@pytest.mark.parametrize(
    ("moved", "pending", "made"),
    [
        ('"ALTER TABLE Pets RENAME TO old", ""', PETS, "CREATE TABLE pets (x TEXT)"),
        (
            '"ALTER TABLE people RENAME COLUMN age TO old", ""',
            AGE,
            "ALTER TABLE people ADD age TEXT",
        ),
        ('"DROP INDEX people_age", ""', INDEX, "CREATE INDEX people_age ON people (name)"),
    ],
)
def test_sql_may_move_what_is_in_the_way(world, moved, pending, made):
    world.write(PEOPLE, *([AGE] if pending is INDEX else []))
    world.cli("migrate", "-q")
    world.write(f"op.run_sql({moved})", pending)
    world.sql(made)
    assert world.cli("migrate") == 0
    assert set(world.states().values()) == {"applied"}


def test_tables_of_somebody_else_do_not_matter(world):
    world.write(PEOPLE)
    world.sql(SQL_PETS)
    assert world.cli("migrate") == 0


def test_what_another_runner_makes_meanwhile_is_no_clash(world, monkeypatch):
    """It is recorded when the look is over: the run finds nothing left to do."""
    world.write(PEOPLE)
    looked = []

    def looking(project, runner):
        standing = read(project, runner)
        if not looked:
            looked.append(1)
            world.cli("migrate", "-q")
            standing = replace(standing, whole=read(project, runner).whole)
        return standing

    read = landing._read
    monkeypatch.setattr(landing, "_read", looking)
    assert migrate(world.project).applied == ()
    assert world.states() == {"0001_step": "applied"}


def test_a_catalog_that_somebody_holds_is_left_to_the_run(world, monkeypatch):
    def held(_project, _runner):
        raise BusyError("somebody holds it")

    world.write(PEOPLE)
    monkeypatch.setattr(landing, "_read", held)
    assert [each.name for each in migrate(world.project).applied] == ["0001_step"]


def test_a_dry_run_tells_it_too(world):
    world.write(PEOPLE)
    world.sql(SQL_PEOPLE)
    with pytest.raises(RefusedError, match="table people"):
        migrate(world.project, dry_run=True)
