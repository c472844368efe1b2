"""What is appended to a failure of our own commands, on each engine: from the catalog."""

import json
import re

import pytest
from live_world import LiveWorld

from peewee_mig.cli.main import call

MODELS = """
from peewee import *


class Author(Model):
    name = CharField(max_length=10, unique=True)
    age = IntegerField(null=True, constraints=[Check("age >= 0")])


class Book(Model):
    author = ForeignKeyField(Author, on_delete="CASCADE")
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Return what makes a project on a database, with its models in it."""
    monkeypatch.chdir(tmp_path)

    def make(database):
        world = LiveWorld(tmp_path, database)
        (tmp_path / "models.py").write_text(MODELS)
        first = ["generate", "--models", "models", "--name", "initial", "--apply", "-q"]
        assert world.cli(*first) == 0
        return world

    return make


def fail(world, capsys, *operations, code=3):
    """Run a migration that fails; return the error, and take the migration away."""
    (name,) = world.write(operations)
    capsys.readouterr()
    assert world.cli("migrate", "--models", "models", "--json") == code
    error = json.loads(capsys.readouterr().out)
    world.remove(name)
    assert error["original"]
    return error


def run(sql):
    return f"op.run_sql({sql!r}, '')"


def names_constraint_and_model_line(world, capsys):
    """What is the same on every engine."""
    world.sql("INSERT INTO author (name) VALUES ('Ann')")
    error = fail(world, capsys, run("INSERT INTO author (name) VALUES ('Ann')"))
    assert error["diagnosis"][0] == "constraint: unique index author_name on author (name)"
    assert "model: models.py:6 Author.name" in error["diagnosis"]
    error = fail(world, capsys, run("INSERT INTO author (name, age) VALUES ('Bob', -1)"))
    assert re.match(r"constraint: check .*on author \(.?age.? >= 0\)", error["diagnosis"][0])
    assert "model: models.py:7 Author.age" in error["diagnosis"]
    error = fail(world, capsys, run("CREATE TABLE author (id INT)"))
    same = "possible: the table author that is there has the columns that are meant"
    assert same in error["diagnosis"]


def names_foreign_key(world, capsys, name):
    error = fail(world, capsys, run("INSERT INTO book (author_id) VALUES (7)"))
    key = f"constraint: foreign key {name} of book (author_id) to author (id) ON DELETE CASCADE"
    assert error["diagnosis"][0] == key
    assert "model: models.py:11 Book.author" in error["diagnosis"]


def test_on_postgres(postgres, made, capsys):
    world = made(postgres)
    names_constraint_and_model_line(world, capsys)
    names_foreign_key(world, capsys, "book_author_id_fkey")
    world.sql("CREATE VIEW names AS SELECT name FROM author")
    error = fail(world, capsys, run("ALTER TABLE author DROP COLUMN name"))
    assert "needed by: view names" in error["diagnosis"]
    assert any("pg_get_viewdef('names'::regclass)" in each for each in error["diagnosis"])


def test_on_mariadb(mysql, made, capsys):
    world = made(mysql)
    names_constraint_and_model_line(world, capsys)
    names_foreign_key(world, capsys, "book_ibfk_1")
    statement = "ALTER TABLE book ADD FOREIGN KEY (author_id) REFERENCES author (age)"
    error = fail(world, capsys, run(statement))
    assert "errno: 150" in error["original"]
    assert "model: models.py:10 Book" in error["diagnosis"]


def test_on_sqlite(databases, made, capsys):
    world = made(databases("sqlite"))
    names_constraint_and_model_line(world, capsys)
    world.write(run("INSERT INTO author (name) VALUES ('Ann')"))
    assert world.cli("migrate", "--models", "models") == 3
    lines = capsys.readouterr().err.splitlines()
    place = lines.index("  database:  UNIQUE constraint failed: author.name")
    assert lines[place + 1].startswith("  diagnosis: constraint: unique index author_name")
    assert lines[place + 2] == f"{' ' * 13}model: models.py:6 Author.name"


def test_a_database_that_is_down_is_not_asked_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("peewee_mig.commands.explaining.knowledge._looked", pytest.fail)
    assert call(["status", "--database", "postgresql://nobody@127.0.0.1:1/app"]) == 3
    printed = capsys.readouterr().err
    assert "does not answer" in printed
    assert "diagnosis" not in printed
