"""What reset finds in records and in SQL, where it may run, and what it says; on SQLite."""

import itertools
import json
import re
import sqlite3
from pathlib import Path

import pytest

from peewee_mig.cli import prompts
from peewee_mig.cli.main import call
from peewee_mig.commands.reset_made import made_by
from peewee_mig.commands.reset_sql import if_exists, sql_objects
from peewee_mig.dialects.base import Unmanaged
from peewee_mig.history.folder import History
from peewee_mig.operations.verbs import Add, Drop, Rename, RunSQL
from peewee_mig.runner.recording import push_row, reset_row
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.standalone import RawObject, View
from peewee_mig.schema.types import parse_type

MODELS = """
from peewee import *
from peewee_mig.declare import View
class Person(Model):
    name = CharField(max_length=50)
names = View("names", "SELECT name FROM person")
"""

NUMBERS = itertools.count(1)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    name = f"reset_models_{next(NUMBERS)}"
    Path(f"{name}.py").write_text(MODELS, encoding="utf-8")
    (tmp_path / "setup.cfg").write_text(
        f"[peewee_mig]\nmodels = {name}\ndatabase = app.db\n"
        "[peewee_mig:prod]\nproduction = true\ndatabase = app.db\n"
        "[peewee_mig:play]\ndevelopment = true\ndatabase = app.db\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def said(project, capsys):
    def said(*args, code=0):
        assert call([*args, "--no-input"]) == code, capsys.readouterr()
        out, err = capsys.readouterr()
        return err if code else out

    return said


@pytest.fixture
def full(said):
    """A database with a row, made by a history."""
    said("generate", "--name", "initial")
    said("migrate")
    sql("INSERT INTO person (name) VALUES ('Ann')")


def sql(statement):
    connection = sqlite3.connect("app.db", isolation_level=None)
    rows = connection.execute(statement).fetchall()
    connection.close()
    return rows


# What SQL makes.


@pytest.mark.parametrize(
    ("statement", "kind", "name", "drop"),
    [
        ("CREATE TABLE a (x INT)", "table", "a", "DROP TABLE IF EXISTS a"),
        ('create table "A b" (x INT)', "table", "A b", 'DROP TABLE IF EXISTS "A b"'),
        (
            "CREATE TABLE Mixed.Case (x INT)",
            "table",
            "mixed.case",
            "DROP TABLE IF EXISTS Mixed.Case",
        ),
        (
            "-- a\n/* b */ CREATE OR REPLACE VIEW v AS SELECT 1",
            "view",
            "v",
            "DROP VIEW IF EXISTS v",
        ),
        (
            "CREATE MATERIALIZED  VIEW v AS SELECT 1",
            "materialized view",
            "v",
            "DROP MATERIALIZED VIEW IF EXISTS v",
        ),
        (
            "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON s.p EXECUTE FUNCTION f()",
            "trigger",
            "t",
            "DROP TRIGGER IF EXISTS t ON s.p",
        ),
        (
            "CREATE RULE r AS ON INSERT TO p DO INSTEAD NOTHING",
            "rule",
            "r",
            "DROP RULE IF EXISTS r ON p",
        ),
        (
            "CREATE FUNCTION f(x int) RETURNS int",
            "function",
            "f",
            "DROP FUNCTION IF EXISTS f(x int)",
        ),
        (
            "CREATE FUNCTION f (a numeric(9, 2) DEFAULT 3, -- (x\n b text[] = 'x,)') RETURNS int",
            "function",
            "f",
            "DROP FUNCTION IF EXISTS f(a numeric(9, 2), b text[])",
        ),
        ("CREATE PROCEDURE p() AS $$ $$", "procedure", "p", "DROP PROCEDURE IF EXISTS p()"),
        ("CREATE DOMAIN d AS int", "domain", "d", "DROP DOMAIN IF EXISTS d"),
    ],
)
def test_what_a_statement_creates_is_told_from_its_words(statement, kind, name, drop):
    (found,) = sql_objects([RunSQL((statement,))], "postgres")
    assert (found.kind, found.name, found.drop) == (kind, name, drop)


def test_mysql_has_one_function_of_a_name():
    (found,) = sql_objects([RunSQL(("CREATE FUNCTION f(x int) RETURNS int RETURN 1",))], "mysql")
    assert found.drop == "DROP FUNCTION IF EXISTS f"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t VALUES ('CREATE TABLE a (x)')",
        "CREATE TEMP TABLE a (x INT)",
        "CREATE INDEX i ON t (x)",
        "CREATE TABLE IF NOT EXISTS a (x INT)",
        "DROP TABLE a",
        "CREATE EXTENSION hstore",
        "",
    ],
)
def test_what_makes_nothing_of_ours_is_left_alone(statement):
    assert not list(sql_objects([RunSQL((statement,))], "postgres"))


def test_what_is_made_if_it_is_not_there_is_ours_if_the_way_back_drops_it():
    made = RunSQL(("CREATE TABLE IF NOT EXISTS a (x INT)",), ("DROP TABLE a",))
    assert [each.name for each in sql_objects([made], "sqlite")] == ["a"]


@pytest.mark.parametrize(
    ("drop", "gentle"),
    [
        ("DROP DOMAIN d", "DROP DOMAIN IF EXISTS d"),
        ("DROP TABLE IF EXISTS d CASCADE", "DROP TABLE IF EXISTS d CASCADE"),
        ("DROP FUNCTION s.f(int)", "DROP FUNCTION IF EXISTS s.f(int)"),
        ("DROP SCHEMA s CASCADE;", "DROP SCHEMA IF EXISTS s"),
        ("ALTER TABLE a DROP CONSTRAINT b", ""),
        ("SELECT drop_all()", ""),
    ],
)
def test_a_drop_is_made_one_of_what_may_not_be_there(drop, gentle):
    assert if_exists(drop, "postgres") == gentle


def test_a_schema_of_mysql_is_a_database_and_stays():
    assert if_exists("DROP SCHEMA s", "mysql") == ""
    assert if_exists("DROP VIEW s", "mysql") == "DROP VIEW IF EXISTS s"


def test_a_catalog_tells_whether_a_view_is_there_and_not_whether_a_type_is():
    view, kind = sql_objects(
        [RunSQL(("CREATE VIEW V AS SELECT 1", "CREATE TYPE t AS (x int)"))], ""
    )
    assert not view.is_there([Unmanaged("trigger", "v")])
    assert view.is_there([Unmanaged("view", "v")])
    assert kind.is_there([])


# What the records tell.


def person(name):
    return Table(name, (Column("id", parse_type("INT")),))


def row(*operations):
    return push_row("", (), operations=operations)


def test_every_name_that_a_table_ever_had_is_known(tmp_path):
    rows = [row(Add("a", person("a")), Rename("table", "a", "a", "b")), row(Drop("b", person("b")))]
    rows.append(push_row("", ["pushed"]))
    assert made_by(History(tmp_path), rows, "sqlite").tables == {"a", "b", "pushed"}


def test_what_was_defined_last_counts_and_extensions_are_kept(tmp_path):
    old, new = (View("v", Expression(text)) for text in ("SELECT 1", "SELECT 2"))
    hstore = RawObject("extension", "hstore", (("", "x"),), (("", "y"),))
    rows = [row(Add("v", old), Add("hstore", hstore)), row(Drop("v", old), Add("v", new))]
    made = made_by(History(tmp_path), rows, "sqlite")
    assert (made.objects, made.kept) == ((new,), ("extension hstore",))


def raw(drop):
    return RawObject("object", "o", (("", "CREATE …"),), (("", drop),))


@pytest.mark.parametrize(
    ("drop", "is_dropped", "found"),
    [
        ("DROP DOMAIN d", False, "DROP DOMAIN IF EXISTS d"),
        ("DROP DOMAIN d", True, "DROP DOMAIN IF EXISTS d"),
        ("SELECT undo()", False, "SELECT undo()"),
        ("SELECT undo()", True, None),
    ],
)
def test_what_no_catalog_tells_of_is_dropped_if_the_rows_have_it(tmp_path, drop, is_dropped, found):
    rows = [row(Add("o", raw(drop)))] + ([row(Drop("o", raw(drop)))] if is_dropped else [])
    made = made_by(History(tmp_path), rows, "sqlite")
    assert [each.statement("drop", "sqlite") for each in made.objects] == ([found] if found else [])


def test_the_mark_of_a_reset_is_no_push_that_was_begun():
    begun = reset_row(push_row("", ["a"], begun=True))
    assert begun.is_reset_begun
    assert not begun.is_push_begun
    assert begun.meta["tables"] == ["a"]


# Where it may run, and what it says.


@pytest.mark.parametrize(
    ("environ", "args", "why"),
    [
        ({}, ["--env", "prod"], "this environment is marked production"),
        ({"CI": "1"}, [], "this is a CI job"),
        ({}, ["--database", "postgresql://db/app"], "db may be another machine"),
    ],
)
def test_it_runs_only_where_a_push_may(full, said, monkeypatch, environ, args, why):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    err = said("reset", "--allow-data-loss", "all", *args, code=5)
    assert f"reset is for development, and {why}" in err
    assert sql("SELECT name FROM person") == [("Ann",)]


def test_a_marked_environment_is_for_it_also_in_ci(full, said, monkeypatch):
    monkeypatch.setenv("CI", "1")
    said("reset", "--allow-data-loss", "person", "--env", "play")
    assert sql("SELECT name FROM person") == []


def test_without_consent_it_stops_and_names_the_option(full, said):
    err = said("reset", "--yes", code=5)
    assert "this would lose data: person (1 row)" in err
    assert "next: peewee-mig reset --allow-data-loss person" in err


def test_a_name_that_is_not_dropped_is_misspelled(full, said):
    assert "dropped are: person" in said("reset", "--allow-data-loss", "persons", code=2)


@pytest.mark.parametrize(("answer", "code", "rows"), [("y", 0, 0), ("n", 1, 1)])
def test_a_person_is_shown_what_goes_and_asked(full, capsys, monkeypatch, answer, code, rows):
    monkeypatch.setattr(prompts, "interactive", lambda: True)
    monkeypatch.setattr(prompts, "_input", lambda _: answer)
    assert call(["reset"]) == code
    out, err = capsys.readouterr()
    assert out.startswith("Drops from app.db:\n  view names\n  table person: 1 row\n")
    assert "This loses:\n  person: 1 row" in err
    assert len(sql("SELECT name FROM person")) == rows


def test_json_tells_all(full, said):
    found = json.loads(said("reset", "--allow-data-loss", "all", "--json"))
    assert found["dropped"] == ["view names", "table person"]
    assert found["losses"] == [{"name": "person", "rows": 1}]
    assert [each["name"] for each in found["applied"]] == ["0001_initial"]


def test_a_dry_run_is_allowed_everywhere_and_changes_nothing(full, said):
    out = said("reset", "--dry-run", "--env", "prod")
    assert re.search('DROP VIEW "names";\nDROP TABLE "person";\n', out)
    assert "-- then applies 0001_initial" in out
    assert sql("SELECT name FROM person") == [("Ann",)]


def test_what_was_pushed_goes_with_its_views(said):
    said("push")
    sql("INSERT INTO person (name) VALUES ('Ann')")
    Path("setup.cfg").write_text("[peewee_mig]\ndatabase = app.db\n", encoding="utf-8")
    assert "view names" in said("reset", "--allow-data-loss", "all")
    assert sql("SELECT name FROM sqlite_master") == []


def test_a_folder_of_migrations_that_is_not_there_is_no_empty_history(full, said):
    assert "does not exist" in said("reset", "--directory", "typo", "--allow-data-loss=all", code=2)
    assert sql("SELECT name FROM person") == [("Ann",)]


def test_on_nothing_it_migrates(said):
    said("generate", "--name", "initial")
    assert said("reset").endswith("Reset: app.db, 1 migration applied.\n")
