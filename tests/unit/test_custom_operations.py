"""Operations of a third party: a class of one's own in a migration file."""

import importlib
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from peewee_mig import op
from peewee_mig.cli.main import call
from peewee_mig.errors import SchemaError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.operations import invert_all, operations_from_json, operations_to_json, replay
from peewee_mig.operations.custom import resolved
from peewee_mig.operations.describe import describe
from peewee_mig.plan.hazards import hazards
from peewee_mig.schema import Schema

PACKAGE = '''
from dataclasses import dataclass

from peewee_mig import op


@dataclass(frozen=True)
class WatchRows(op.Custom):
    """Write down which rows of a table are deleted."""

    table: str
    key: str = "id"

    def sql(self, engine):
        if engine != "sqlite":
            return []
        log, table = f"{self.table}_gone", self.table
        return [
            f"CREATE TRIGGER {table}_watch AFTER DELETE ON {table} BEGIN"
            f" INSERT INTO {log} (number) VALUES (old.{self.key}); END",
        ]

    def invert(self):
        return UnwatchRows(self.table, self.key)

    def touches(self):
        return [self.table]

    def hazards(self):
        return [f"each deletion from {self.table} writes a row"]


@dataclass(frozen=True)
class UnwatchRows(op.Custom):
    table: str
    key: str = "id"

    def sql(self, engine):
        return [f"DROP TRIGGER {self.table}_watch"] if engine == "sqlite" else []

    def invert(self):
        return WatchRows(self.table, self.key)


@dataclass(frozen=True)
class AddStamp(op.Custom):
    """Add a column in a way of its own; the tables that are tracked know it."""

    table: str
    column: str

    def sql(self, engine):
        return [f"ALTER TABLE {self.table} ADD COLUMN {self.column} TEXT"]

    def effect(self):
        return [op.add_column(self.table, op.column(self.column, "TEXT", null=True))]
'''
PERSON = replay([op.create_table("person", op.column("name", "TEXT"))], Schema())
TABLES = """    op.create_table(
        "person", op.column("id", "AUTO"), op.column("name", "TEXT"), op.primary_key("id")
    ),
    op.create_table("person_gone", op.column("number", "INT"), op.primary_key("number")),
"""


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").write_text("[peewee_mig]\ndatabase = app.db\n")
    Path("lib").mkdir()
    Path("lib/acme_ops.py").write_text(PACKAGE)
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    sys.modules.pop("acme_ops", None)


def write(number, operations, depends_on="", imports="", allow=""):
    name = f"{number:04}_step"
    Path("migrations/snapshots").mkdir(parents=True, exist_ok=True)
    Path(f"migrations/{name}.py").write_text(
        f'"""Step."""\n\n{imports}from peewee_mig import op\n\nformat = 1\n\n'
        f"depends_on = [{depends_on}]\n\n{allow}operations = [\n{operations}]\n"
    )
    assert call(["snapshot", name, "-q"]) == 0
    return name


@pytest.fixture
def watched(project):
    write(1, TABLES)
    return write(
        2,
        '    WatchRows("person"),\n    AddStamp("person", "stamp"),\n',
        '"0001_step"',
        "from acme_ops import AddStamp, WatchRows\n",
        'allow = ["custom", "no-way-back"]\n\n',
    )


def rows(sql):
    with sqlite3.connect("app.db") as connection:
        return connection.execute(sql).fetchall()


def test_it_runs_and_the_tables_that_are_tracked_know_it(watched, capsys):
    assert call(["check"]) == 0
    assert call(["migrate", "-q"]) == 0
    rows("INSERT INTO person (id, name, stamp) VALUES (7, 'Ada', 'x')")
    rows("DELETE FROM person")
    assert rows("SELECT number FROM person_gone") == [(7,)]
    assert read_history(Path("migrations")).last_schema.table("person").find_column("stamp")
    capsys.readouterr()
    assert call(["sql", "2", "--dialect", "postgres"]) == 0
    lines = capsys.readouterr().out.splitlines()
    run = [line for line in lines if not line.startswith("--")]
    assert "ADD COLUMN stamp" in run[-1]
    assert not any("TRIGGER" in line for line in run)


def test_its_way_back_runs_and_one_without_is_refused(project, capsys):
    write(1, TABLES)
    write(2, '    WatchRows("person"),\n', '"0001_step"', "from acme_ops import WatchRows\n")
    write(3, '    AddStamp("person", "a"),\n', '"0002_step"', "from acme_ops import AddStamp\n")
    assert call(["migrate", "2", "-q"]) == 0
    assert call(["rollback", "-q"]) == 0
    assert rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") == []
    assert call(["migrate", "-q"]) == 0
    capsys.readouterr()
    assert call(["rollback"]) == 5
    assert "cannot be rolled back" in capsys.readouterr().err


def test_what_the_author_warns_of_has_to_be_acknowledged(project, capsys):
    write(1, TABLES)
    write(2, '    WatchRows("person"),\n', '"0001_step"', "from acme_ops import WatchRows\n")
    capsys.readouterr()
    assert call(["check"]) == 1
    assert "each deletion from person writes a row" in capsys.readouterr().out


def test_a_newer_class_may_spell_its_sql_otherwise_but_not_do_another_thing(watched, capsys):
    assert call(["migrate", "-q"]) == 0
    renew(PACKAGE.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS"))
    assert call(["status", "--check"]) == 0
    renew(PACKAGE.replace('column(self.column, "TEXT"', 'column(self.column, "INT"'))
    assert call(["check"]) == 1
    path = Path(f"migrations/{watched}.py")
    renew(PACKAGE)
    path.write_text(path.read_text().replace('WatchRows("person")', 'WatchRows("person", "name")'))
    capsys.readouterr()
    assert call(["status", "--check"]) == 1
    assert "0002_step  edited" in capsys.readouterr().out


def renew(package):
    sys.modules.pop("acme_ops", None)
    Path("lib/acme_ops.py").write_text(package)
    importlib.invalidate_caches()


def test_the_database_undoes_it_without_the_class(project):
    write(1, TABLES)
    name = write(2, '    WatchRows("person"),\n', '"0001_step"', "from acme_ops import WatchRows\n")
    assert call(["migrate", "-q"]) == 0
    Path(f"migrations/{name}.py").unlink()
    Path(f"migrations/snapshots/{name}.json").unlink()
    renew("")
    assert call(["rollback", "--unknown", "-q"]) == 0
    assert rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") == []


def test_a_class_that_is_not_installed_is_said(watched, capsys):
    sys.modules.pop("acme_ops", None)
    Path("lib/acme_ops.py").unlink()
    importlib.invalidate_caches()
    capsys.readouterr()
    assert call(["migrate"]) == 5
    assert "0002_step.py raises ModuleNotFoundError: No module named 'acme_ops'" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(0)", "SystemExit: 0"),
    ],
)
def test_a_class_that_fails_is_said(project, capsys, line, reason):
    renew(PACKAGE.replace("def touches(self):\n", f"def touches(self):\n        {line}\n"))
    write(1, TABLES)
    capsys.readouterr()
    with pytest.raises(AssertionError):
        write(2, '    WatchRows("person"),\n', '"0001_step"', "from acme_ops import WatchRows\n")
    said = capsys.readouterr().err
    assert f"operation WatchRows that fails: {reason}" in said


def test_it_is_rendered_and_encoded(project):
    from acme_ops import AddStamp, WatchRows

    operations = (resolved(WatchRows('per"son')), resolved(AddStamp("person", "x" * 60)))
    assert (
        operations_from_json(json.loads(json.dumps(operations_to_json(operations)))) == operations
    )
    assert describe(operations[0]) == "WatchRows(table='per\"son', key='id')"
    text = render_module(operations, depends_on=[])
    assert "from acme_ops import AddStamp, WatchRows\nfrom peewee_mig import op\n" in text
    assert '    WatchRows(table=\'per"son\', key="id"),\n' in text
    assert f'    AddStamp(\n        table="person",\n        column="{"x" * 60}",\n    ),\n' in text
    (back,) = invert_all(operations[:1])
    assert describe(back).startswith("undo WatchRows(")
    assert invert_all([back]) == operations[:1]
    assert "op.run_sql(" in render_module([back], depends_on=[])
    assert [each.id for each in hazards(operations, PERSON)] == ["custom", "no-way-back"]


class Plain(op.Custom):
    def sql(self, engine):
        return [f"SELECT '{engine}'"]


class Written(Plain):
    def __init__(self, names):
        self.names = names

    def render(self):
        return f"Written({self.names!r}, [], (1, 2), *x, **y)"


def test_a_class_says_how_it_is_written():
    with pytest.raises(SchemaError, match="Plain does not say how it is written") as caught:
        resolved(Plain())
    assert "frozen dataclass" in caught.value.hint
    text = render_module([resolved(Written(["a"]))], depends_on=[])
    assert '    Written(["a"], [], (1, 2), *x, **y),\n' in text
    odd = type("Odd", (Plain,), {"render": lambda _: "odd", "__module__": "acme_ops"})
    assert "    odd,\n" in render_module([resolved(odd())], depends_on=[])


@pytest.mark.parametrize(
    ("method", "value", "message"),
    [
        ("sql", "DROP TABLE x", "Wrong.sql() gives 'DROP TABLE x', which is no list"),
        ("hazards", [1], "Wrong.hazards() gives [1], which is no list of texts"),
        ("touches", "person", "Wrong.touches() gives 'person', which is no list"),
        ("effect", ["x"], "Wrong.effect() gives 'x', which cannot stand here"),
        ("effect", [op.state_only()], "which cannot stand here"),
        ("invert", 1, "invert() gives 1, which is no op.Custom"),
    ],
)
def test_methods_that_give_something_else_are_refused(method, value, message):
    wrong = type("Wrong", (Written,), {method: lambda *_: value})
    with pytest.raises(SchemaError) as caught:
        resolved(wrong([]))
    assert message in caught.value.message
