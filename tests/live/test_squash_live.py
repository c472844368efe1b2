"""Squashes on servers: every place of a database, rows, and runs that were killed."""

import shutil

import pytest

from peewee_mig import op
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.rollback import rollback
from peewee_mig.commands.squash import squash
from peewee_mig.commands.squash_remove import remove
from peewee_mig.commands.status import status
from peewee_mig.errors import FailedError, HistoryError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.writing import write_migration

PEOPLE = op.create_table(
    "people", op.column("id", "AUTO"), op.column("name", "VARCHAR(50)"), op.primary_key("id")
)
AGE = op.column("age", "INT", null=True)
TEAMS = op.create_table("teams", op.column("id", "AUTO"), op.primary_key("id"))
TEAM = op.column("team_id", "INT", null=True)
CODE = """
def ages(models):
    models.Person.update(age=models.Person.id + 20).execute()
"""
#: Operations of four migrations; the second one fills by a function of its own.
STORY = (
    [PEOPLE],
    None,
    [TEAMS, op.add_column("people", TEAM)],
    [
        op.add_foreign_key("people", op.foreign_key("team_id", "teams", "id")),
        op.rename_column("people", "name", "title"),
    ],
)
NAMES = tuple(f"000{number}_step" for number in range(1, 5))


class World:
    def __init__(self, root, database):
        self.root, self.database = root, database

    def project(self, folder="migrations"):
        return Project(self.root, self.root / folder, database=self.database.url)

    def write(self):
        folder = self.root / "migrations"
        for number, name in enumerate(NAMES):
            on = list(NAMES[number - 1 : number])
            text = render_module(STORY[number] or [op.add_column("people", AGE)], depends_on=on)
            if STORY[number] is None:
                text = text.replace("\noperations = [", f"\n{CODE}\n\noperations = [")
                text = text.replace("\n]\n", "\n    op.run_python(ages, []),\n]\n")
            write_migration(read_history(folder), name, text)

    def reach(self, target):
        migrate(self.project(), target=target)
        self.database.sql("INSERT INTO people (name) VALUES ('Ann')")

    def recorded(self):
        rows = self.database.sql("SELECT name FROM peewee_mig_history ORDER BY id")
        return [name for (name,) in rows]

    def people(self):
        return [tuple(row) for row in self.database.sql("SELECT title, age FROM people")]


@pytest.fixture(params=["postgres", "mysql"])
def world(request, databases, tmp_path):
    made = World(tmp_path, databases(request.param))
    made.write()
    return made


def test_a_database_goes_on_from_anywhere(world):
    for reached in (0, 1, 2, 3, 4):
        shutil.rmtree(world.root / "migrations")
        world.write()
        world.database.empty()
        if reached in (1, 2):
            world.reach(NAMES[reached - 1])
        elif reached:
            world.reach("0002")
            migrate(world.project(), target=NAMES[reached - 1])
        made = squash(world.project(), first="2", last="4")
        done = migrate(world.project())
        assert world.recorded() == ["0001_step", made.name], reached
        assert done.recorded == ((made.name,) if reached > 1 else ()), reached
        assert world.people() == {0: [], 1: [("Ann", 21)]}.get(reached, [("Ann", None)])
        assert status(world.project()).ok
    remove(world.project(), name=made.name)
    rollback(world.project(), target="zero", allow_data_loss=["all"])
    assert world.recorded() == []
    migrate(world.project())
    assert world.recorded() == ["0001_step", made.name]


def test_all_in_one_on_a_new_database(world):
    made = squash(world.project(), all_=True)
    remove(world.project(), name=made.name)
    migrate(world.project())
    assert world.recorded() == [made.name]
    assert world.people() == []


def test_a_part_that_was_begun_is_finished_by_its_file(mysql, tmp_path):
    world = World(tmp_path, mysql)
    world.write()
    path = tmp_path / "migrations" / "0003_step.py"
    text = path.read_text()
    path.write_text(
        text.replace("\n]\n", '\n    op.run_sql("INSERT INTO nowhere VALUES (1)", []),\n]\n')
    )
    world.reach("0002")
    with pytest.raises(FailedError):
        migrate(world.project())
    made = squash(world.project(), first="2", last="4")
    with pytest.raises(FailedError):
        migrate(world.project())
    mysql.sql("CREATE TABLE nowhere (id INT)")
    migrate(world.project())
    assert world.recorded() == ["0001_step", made.name]
    assert mysql.sql("SELECT count(*) FROM nowhere")[0][0] == 1


def test_a_part_that_was_begun_needs_its_file(mysql, tmp_path):
    world = World(tmp_path, mysql)
    world.write()
    migrate(world.project())
    mysql.sql("UPDATE peewee_mig_history SET state = 'running' WHERE name = '0004_step'")
    made = squash(world.project(), first="2", last="4")
    for path in (tmp_path / "migrations").glob("**/000[234]_step.*"):
        path.unlink()
    with pytest.raises(HistoryError, match=f"the migrations that {made.name} replaces"):
        migrate(world.project())
