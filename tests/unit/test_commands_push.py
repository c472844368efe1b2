"""Where push may run, what it says, and what it refuses; on SQLite."""

import itertools
import json
import re
import sqlite3
from pathlib import Path

import pytest

from peewee_mig.cli import prompts
from peewee_mig.cli.main import call
from peewee_mig.commands.project import Project
from peewee_mig.commands.push_rules import in_ci, is_here, refuse_place
from peewee_mig.errors import RefusedError

MODELS = """
from peewee import *
class Person(Model):
    name = CharField(max_length=50)
    {field}
"""

NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "setup.cfg").write_text(
        "[peewee_mig]\nmodels = models\ndatabase = app.db\n"
        "[peewee_mig:prod]\nproduction = true\n"
        "[peewee_mig:play]\ndevelopment = true\n"
        "[peewee_mig:both]\ndevelopment = true\nproduction = true\n"
    )
    write()
    return tmp_path


def write(field=""):
    write_text(MODELS.format(field=field))


def write_text(text):
    """Write models under a name of their own: a module is imported once in a process."""
    name = f"models_{next(NUMBERS)}"
    Path(f"{name}.py").write_text(text, encoding="utf-8")
    settings = Path("setup.cfg").read_text(encoding="utf-8")
    Path("setup.cfg").write_text(re.sub(r"models = \w+", f"models = {name}", settings))


def add(text):
    """Add models to those that are written."""
    newest = max(Path().glob("models_*.py"), key=lambda path: path.stat().st_mtime_ns)
    write_text(f"{newest.read_text(encoding='utf-8')}\n{text}")


def sql(statement):
    connection = sqlite3.connect("app.db", isolation_level=None)
    rows = connection.execute(statement).fetchall()
    connection.close()
    return rows


def tables():
    return {name for (name,) in sql("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.fixture
def said(capsys):
    def said(*args, code=0):
        assert call([*args, "--no-input"]) == code, capsys.readouterr()
        out, err = capsys.readouterr()
        return err if code else out

    return said


# Where it may run.


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("/var/run/postgresql", True),
        ("@abstract", True),
        ("db", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - no server listens here
        ("localhost.example.com", False),
        ("::2", False),
    ],
)
def test_this_machine_is_told_from_others(host, here):
    assert is_here(host) is here


@pytest.mark.parametrize(
    ("value", "ci"), [("", False), ("0", False), ("False", False), ("1", True), ("true", True)]
)
def test_a_job_of_ci_is_known_by_its_variable(value, ci):
    assert in_ci({"CI": value}) is ci
    assert not in_ci({})


HERE = (
    "app.db",
    "sqlite:////tmp/app.db",
    "postgresql://localhost/app",
    "postgresql:///app",
    "postgresql://[::1]:5433/app",
    "postgresql:///app?host=/run/postgresql",
    "mysql://root@127.0.0.1/app",
    "mysql://localhost/app?unix_socket=/run/mysqld.sock",
)
ELSEWHERE = (
    "postgresql://db.internal/app",
    "postgresql://localhost,db.internal/app",
    "postgresql:///app?host=db.internal",
    "postgresql://localhost/app?hostaddr=10.0.0.1",
    "postgresql:///app?service=prod",
    "mysql://10.0.0.1/app",
    "mysql:///app?read_default_file=/etc/prod.cnf",
)


def refused(database, environ=None, **marks):
    folder = marks.pop("folder", None)
    project = Project(folder, folder, database=database, database_root=folder, **marks)
    try:
        refuse_place(project, environ or {})
    except RefusedError as error:
        return error.message
    return ""


@pytest.mark.parametrize("database", HERE)
def test_a_file_and_a_server_of_this_machine_are_for_play(database):
    assert refused(database) == ""
    assert "CI job" in refused(database, {"CI": "true"})
    assert refused(database, {"CI": "true"}, development=True) == ""
    assert "production" in refused(database, production=True)


@pytest.mark.parametrize("database", ELSEWHERE)
def test_other_machines_are_not_for_play_unless_they_are_marked(database):
    assert "may be another machine" in refused(database)
    assert refused(database, development=True) == ""
    assert "production" in refused(database, production=True, development=True)


def test_where_the_url_names_no_host_the_variables_of_libpq_do():
    assert "db.internal may be" in refused("postgresql:///app", {"PGHOST": "db.internal"})
    assert "PGSERVICE=prod may be" in refused("postgresql:///app", {"PGSERVICE": "prod"})
    assert refused("postgresql:///app", {"PGHOST": "/run/postgresql"}) == ""
    assert refused("postgresql://localhost/app", {"PGHOST": "db.internal"}) == ""
    assert refused("mysql:///app", {"PGHOST": "db.internal"}) == ""


@pytest.mark.parametrize(
    ("made", "there"),
    [
        ("SqliteDatabase('app.db')", ""),
        ("PostgresqlDatabase('app')", ""),
        ("PostgresqlDatabase('app', host='localhost')", ""),
        ("PostgresqlDatabase('app', host='::1')", ""),
        ("PostgresqlDatabase('app', host='db.internal')", "db.internal"),
        ("PostgresqlDatabase('postgresql://ada:se:cr@t@db.internal:5432/app')", "db.internal"),
        ("PostgresqlDatabase('postgresql://[::1]:5432/app')", ""),
        ("PostgresqlDatabase('postgresql://localhost/app?host=db.internal')", "db.internal"),
        ("PostgresqlDatabase('host=db.internal dbname=app')", "db.internal"),
        ("MySQLDatabase('app', host='10.0.0.1')", "10.0.0.1"),
        ("MySQLDatabase('app')", ""),
        ("MySQLDatabase('app', read_default_file='/prod.cnf')", "read_default_file=/prod.cnf"),
    ],
)
def test_the_host_of_a_database_object(project, made, there):
    (project / "objects.py").write_text(f"from peewee import *\n\ndatabase = {made}\n")
    message = refused("objects:database", folder=project)
    assert message == (
        f"push is for prototypes, and {there} may be another machine" if there else ""
    )


def test_production_and_ci_are_refused_before_anything_is_read(said, monkeypatch):
    write_text("import nothing_of_that_name")
    assert "marked production" in said("push", "--env", "prod", code=5)
    text = said("push", "--env", "prod", code=5)
    assert "environment prod" in text
    assert "peewee-mig generate --env prod, then: peewee-mig migrate --env prod" in text
    assert "nothing was changed" in text
    monkeypatch.setenv("CI", "1")
    assert "CI job" in said("push", code=5)
    write()
    assert "Pushed: app.db" in said("push", "--env", "play")


def test_a_place_that_is_both_is_a_mistake(said):
    assert "production and development are both true" in said("push", "--env", "both", code=2)
    assert "setup.cfg [peewee_mig:both]" in said("config", "show", "--env", "both", code=2)


def test_of_two_places_production_counts(said, project):
    file = project / "setup.cfg"
    file.write_text(
        file.read_text().replace("database = app.db", "database = app.db\ndevelopment = 1")
    )
    assert said("push") != ""
    assert "marked production" in said("push", "--env", "prod", code=5)


def test_a_dry_run_is_allowed_everywhere(said, monkeypatch):
    monkeypatch.setenv("CI", "1")
    assert 'CREATE TABLE "person"' in said("push", "--dry-run", "--env", "prod")
    assert tables() == set()


def test_a_dry_run_over_history_says_that_a_push_is_refused(said, capsys):
    said("generate", "--name", "first", "--apply")
    write("age = IntegerField(null=True)")
    assert call(["push", "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert "warning: this database follows migrations; it is at 0001_first, so a push" in err
    assert 'ALTER TABLE "person" ADD COLUMN "age"' in out
    assert call(["push", "--dry-run", "--over-history"]) == 0
    assert capsys.readouterr().err == ""
    assert "follows migrations" in said("push", code=5)
    assert [row[1] for row in sql("PRAGMA table_info (person)")] == ["id", "name"]


# What it says.


def test_a_push_and_the_next_one(said):
    assert said("push") == (
        "Changes to app.db:\n  create table person (id, name)\nPushed: app.db matches the models.\n"
    )
    assert said("push") == "Nothing to push: app.db matches the models.\n"


def test_the_plan_is_shown_before_rows_stop_it(said, capsys):
    said("push")
    sql("INSERT INTO person (name) VALUES ('Ada')")
    write("age = IntegerField()")
    assert call(["push", "--no-input"]) == 5
    out, err = capsys.readouterr()
    assert "add column person.age INT NOT NULL: 1 row" in out
    assert "next: peewee-mig push --fill person.age=VALUE" in err


def test_rows_are_counted_in_the_plan(said):
    write("age = IntegerField(null=True)")
    said("push")
    sql("INSERT INTO person (name, age) VALUES ('Ada', 36), ('Grace', NULL)")
    write("age = TextField()\n    born = IntegerField()")
    lines = said("push", "--fill", "person.age=0", "--fill", "person.born=1815").splitlines()
    assert lines[1:3] == [
        "  change column person.age from INT NULL to TEXT NOT NULL; rows with NULL get '0': 2 rows",
        "  add column person.born INT NOT NULL; existing rows get 1815: 2 rows",
    ]
    write()
    assert "drop column person.born INT NOT NULL: 2 rows have a value" in said(
        "push", "--allow-data-loss", "all"
    )


def test_the_sql_is_shown_with_verbose(capsys):
    assert call(["push", "-v"]) == 0
    assert 'CREATE TABLE "person"' in capsys.readouterr().err


def test_strangers_and_what_no_model_describes_are_named_in_a_line_each(said):
    said("push")
    sql("CREATE TABLE others (id INTEGER)")
    sql("CREATE TRIGGER noisy AFTER INSERT ON person BEGIN SELECT 1; END")
    assert said("push").splitlines() == [
        "left alone, objects of no model: trigger noisy",
        "left alone, tables of no model: others",
        "Nothing to push: app.db matches the models.",
    ]


def test_what_goes_with_its_table_is_not_left_alone(said):
    said("push")
    sql("CREATE TRIGGER noisy AFTER INSERT ON person BEGIN SELECT 1; END")
    write_text("from peewee import *\n\n\nclass Place(Model):\n    name = TextField()\n")
    lines = said("push", "--no-renames").splitlines()
    assert "  drop table person (id, name): no rows" in lines
    assert not any("left alone" in line for line in lines)


def test_json_has_one_object(said):
    write("age = IntegerField(null=True)")
    said("push")
    sql("INSERT INTO person (name, age) VALUES ('Ada', 36)")
    write()
    dry = json.loads(said("push", "--dry-run", "--json"))
    assert [(each["op"], each["table"], each["column"]) for each in dry["operations"]] == [
        ("drop_column", "person", "age")
    ]
    assert dry["losses"] == [{"name": "person.age", "rows": 1}]
    assert not dry["pushed"]
    assert dry["statements"]
    done = json.loads(said("push", "--json", "--allow-data-loss", "person.age"))
    assert done["pushed"]
    again = json.loads(said("push", "--json"))
    assert (again["up_to_date"], again["pushed"], again["operations"]) == (True, False, [])


def test_values_that_make_way_for_computed_ones_are_lost_by_consent_only(said):
    write("age = IntegerField(null=True)")
    said("push")
    sql("INSERT INTO person (name, age) VALUES ('Ada', 36), ('Bob', NULL)")
    write("age = IntegerField(null=True, constraints=[SQL('GENERATED ALWAYS AS (id * 2) STORED')])")
    assert "STORED: 1 row has a value" in said("push", "--dry-run")
    assert "this would lose data: person.age (1 row)" in said("push", code=5)
    assert sql("SELECT age FROM person") == [(36,), (None,)]
    said("push", "--allow-data-loss", "person.age")
    assert sql("SELECT age FROM person") == [(2,), (4,)]
    write("age = IntegerField(null=True)")
    said("push")
    assert sql("SELECT age FROM person") == [(2,), (4,)]


def test_the_way_out_keeps_the_answers_that_were_given(said):
    write("age = IntegerField(null=True)")
    said("push")
    sql("INSERT INTO person (name, age) VALUES ('Ada', 36)")
    write("born = IntegerField()")
    given = ("push", "--no-renames", "--fill", "person.born=1 8")
    assert "column of type INT" in said(*given, code=2)
    text = said("push", "--no-renames", "--prune", "--fill", "person.born=18", code=5)
    assert text.endswith(
        "next: peewee-mig push --no-renames --fill person.born=18 --prune"
        " --allow-data-loss person.age\n"
    )


def test_a_rename_of_what_the_database_lacks_says_so(said):
    said("push")
    text = said("push", "--rename", "person.nick:person.name", code=0)
    assert "Nothing to push" in text
    assert "the database has no table nobody" in said("push", "--rename", "nobody:else", code=2)


# What it refuses.


def history(said):
    said("generate", "--name", "initial")
    said("migrate")


def test_a_database_that_follows_migrations_is_refused(said):
    history(said)
    write("age = IntegerField(null=True)")
    text = said("push", code=5)
    assert "this database follows migrations; it is at 0001_initial" in text
    assert "peewee-mig generate" in text
    assert "--over-history" in text
    said("push", code=5)
    assert "add column person.age" in said("push", "--over-history")
    assert said("push", "--over-history").startswith("Nothing to push")


def test_over_a_history_its_tables_are_ours(said):
    add("class Pet(Model):\n    name = CharField()\n")
    history(said)
    write()
    assert "drop table pet" in said("push", "--over-history")
    assert "pet" not in tables()


def test_a_migration_that_did_not_finish_is_refused_in_any_case(said):
    history(said)
    sql("UPDATE peewee_mig_history SET state = 'running'")
    text = said("push", "--over-history", code=5)
    assert "0001_initial was begun here and not finished" in text
    assert "next: finish it first: peewee-mig migrate 0001_initial" in text


def test_a_table_of_a_reserved_name_is_refused(said):
    add("class Mine(Model):\n    class Meta:\n        table_name = 'peewee_mig_mine'\n")
    assert "reserved" in said("push", code=2)


def test_tables_of_other_histories_are_not_pruned(said):
    said("push")
    sql("CREATE TABLE peewee_mig_other (id INTEGER)")
    said("push", "--prune")
    assert "peewee_mig_other" in tables()


def test_yes_does_not_say_that_rows_may_be_lost(said):
    write("age = IntegerField(null=True)")
    said("push")
    sql("INSERT INTO person (name, age) VALUES ('Ada', 36)")
    write()
    assert "this would lose data: person.age (1 row)" in said("push", "--yes", code=5)


# On a terminal.


@pytest.fixture
def typed(monkeypatch):
    monkeypatch.setattr(prompts, "interactive", lambda: True)

    def typed(*answers):
        left = list(answers)
        monkeypatch.setattr(prompts, "_input", lambda _: left.pop(0))

    return typed


def test_a_loss_is_asked_about(typed, said):
    write("age = IntegerField(null=True)")
    said("push")
    sql("INSERT INTO person (name, age) VALUES ('Ada', 36)")
    write()
    typed("n")
    assert call(["push"]) == 1
    assert sql("SELECT age FROM person") == [(36,)]
    typed("y")
    assert call(["push"]) == 0
    assert "Nothing to push" in said("push")
    assert sql("SELECT count(*) FROM pragma_table_info('person')") == [(2,)]


def test_a_rename_and_a_value_are_asked_about(typed, said, capsys):
    said("push")
    sql("INSERT INTO person (name) VALUES ('Ada')")
    write_text(MODELS.format(field="age = IntegerField()").replace("name =", "full_name ="))
    typed("y", "")
    assert call(["push"]) == 5
    assert "Leave it empty to stop here." in capsys.readouterr().err
    typed("y", "36")
    assert call(["push"]) == 0
    assert sql("SELECT full_name, age FROM person") == [("Ada", 36)]


def test_values_that_no_row_takes_are_lost_only_by_name(capsys):
    text = """from peewee import *
class Owner(Model):
    {owner}
class Item(Model):
    owner = ForeignKeyField(Owner, unique=True)
    {item}
"""
    note = "note = TextField(null=True)"
    write_text(text.format(owner=note, item=""))
    assert call(["push", "--no-input"]) == 0
    sql("INSERT INTO owner (note) VALUES ('a')")
    write_text(text.format(owner="pass", item=note))
    words = ["push", "--no-input", "--rename", "owner.note:item.note"]
    assert call(words) == 5
    assert "or lose the values (--allow-data-loss owner.note)" in capsys.readouterr().err
    assert call([*words, "--allow-data-loss", "owner.note"]) == 0
    assert sql("SELECT note FROM item") == []
