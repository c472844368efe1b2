"""rollback --unknown: what has no file is undone from what the database recorded of it."""

import itertools
import json
import sqlite3
from pathlib import Path

import pytest

from peewee_mig.cli.main import call

NUMBERS = itertools.count()
FIRST = """
from peewee import *


class Person(Model):
    name = TextField()

    class Meta:
        table_name = "person"
"""
SECOND = FIRST.replace(
    "    name = TextField()\n", "    name = TextField()\n    age = IntegerField(null=True)\n"
)
THIRD = (
    SECOND
    + """

class Pet(Model):
    owner = ForeignKeyField(Person)

    class Meta:
        table_name = "pet"
"""
)


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number, text in enumerate((FIRST, SECOND, THIRD), 1):
        declare(text)
        assert call(["generate", "--name", f"step {number}", "-q"]) == 0
    assert call(["migrate", "-q"]) == 0
    return tmp_path


def declare(text):
    """Write models under a name of their own: a module is imported once in a process."""
    name = f"unknown_models_{next(NUMBERS)}"
    Path(f"{name}.py").write_text(text)
    Path("setup.cfg").write_text(f"[peewee_mig]\nmodels = {name}\ndatabase = sqlite:///app.db\n")


def rows(sql):
    with sqlite3.connect("app.db") as connection:
        return connection.execute(sql).fetchall()


def recorded():
    return [name for (name,) in rows("SELECT name FROM peewee_mig_history ORDER BY id")]


def lose(project, *names):
    for name in names:
        (project / "migrations" / f"{name}.py").unlink()
        (project / "migrations/snapshots" / f"{name}.json").unlink()


def test_all_without_a_file_go_newest_first(project, capsys):
    lose(project, "0002_step_2", "0003_step_3")
    capsys.readouterr()
    assert call(["rollback", "--unknown", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)["applied"]
    assert [(each["name"], each["direction"]) for each in done] == [
        ("0003_step_3", "backward"),
        ("0002_step_2", "backward"),
    ]
    assert recorded() == ["0001_step_1"]
    assert rows("SELECT count(*) FROM pragma_table_info('person')") == [(2,)]
    assert rows("SELECT count(*) FROM sqlite_master WHERE name = 'pet'") == [(0,)]


def test_a_target_among_them(project):
    lose(project, "0002_step_2", "0003_step_3")
    assert call(["rollback", "--unknown", "0002_step_2"]) == 0
    assert recorded() == ["0001_step_1", "0002_step_2"]
    assert call(["rollback", "--unknown", "zero"]) == 0
    assert recorded() == []


def test_another_branch_that_was_applied_makes_way(project, capsys):
    lose(project, "0003_step_3")
    declare(THIRD.replace("Pet", "Car").replace('"pet"', '"car"'))
    assert call(["generate", "--name", "cars"]) == 0
    capsys.readouterr()
    assert call(["migrate"]) == 5
    assert "undo it: peewee-mig rollback --unknown" in capsys.readouterr().err
    assert call(["rollback", "--unknown"]) == 0
    assert call(["migrate"]) == 0
    assert recorded() == ["0001_step_1", "0002_step_2", "0003_cars"]


def test_rows_that_would_be_lost_need_consent(project, capsys):
    lose(project, "0002_step_2", "0003_step_3")
    with sqlite3.connect("app.db") as connection:
        connection.execute("INSERT INTO person (name, age) VALUES ('Ada', 36)")
    capsys.readouterr()
    assert call(["rollback", "--unknown"]) == 5
    said = capsys.readouterr().err
    assert "person.age" in said
    assert "peewee-mig rollback --unknown --allow-data-loss person.age" in said
    assert call(["rollback", "--unknown", "--dry-run"]) == 0
    assert "-- loses person.age: 1 row" in capsys.readouterr().out
    assert len(recorded()) == 3
    assert call(["rollback", "--unknown", "--allow-data-loss", "person.age"]) == 0
    assert rows("SELECT name FROM person") == [("Ada",)]


def test_nothing_unknown_is_nothing_to_do(capsys):
    capsys.readouterr()
    assert call(["rollback", "--unknown"]) == 0
    assert "Nothing to roll back" in capsys.readouterr().out
    assert len(recorded()) == 3


def test_what_does_not_follow_these_files_is_refused(project, capsys):
    lose(project, "0003_step_3")
    with sqlite3.connect("app.db") as connection:
        connection.execute("UPDATE peewee_mig_history SET schema_hash = 'x' WHERE id = 3")
    assert refused(capsys) == (
        "the recorded operations of 0003_step_3 do not follow these files: they lead to another"
        " schema than it recorded"
    )
    with sqlite3.connect("app.db") as connection:
        (first,) = connection.execute(
            "SELECT operations FROM peewee_mig_history WHERE id = 1"
        ).fetchone()
        connection.execute("UPDATE peewee_mig_history SET operations = ? WHERE id = 3", (first,))
    assert "there is a table person already" in refused(capsys)
    assert len(recorded()) == 3


def test_what_a_file_was_applied_after_is_refused(project, capsys):
    lose(project, "0002_step_2", "0003_step_3")
    with sqlite3.connect("app.db") as connection:
        connection.execute("UPDATE peewee_mig_history SET id = 9 WHERE id = 1")
    assert refused(capsys) == ("0001_step_1 was applied after 0003_step_3, whose file is gone")


def test_what_was_begun_only_is_refused(project, capsys):
    lose(project, "0003_step_3")
    with sqlite3.connect("app.db") as connection:
        connection.execute("UPDATE peewee_mig_history SET state = 'running' WHERE id = 3")
    assert refused(capsys) == "0003_step_3 was begun here and not finished, and its file is gone"


def refused(capsys):
    """Return the refusal of ``rollback --unknown``."""
    capsys.readouterr()
    assert call(["rollback", "--unknown"]) == 5
    return capsys.readouterr().err.partition("\n")[0].removeprefix("error: ")
