"""engines: a database and the version that generate, check and sql assume of it offline."""

import json

import pytest

from peewee_mig.cli.main import call
from peewee_mig.commands.config import Options, load_settings
from peewee_mig.commands.engines import assumed_of, engines_of
from peewee_mig.commands.project import Project
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities
from peewee_mig.errors import UsageError

MODELS = """\
from peewee import SQL, IntegerField, Model

class Item(Model):
    price = IntegerField()
    gross = IntegerField(constraints=[SQL("GENERATED ALWAYS AS (price * 2) VIRTUAL")], null=True)
"""
OLD, NEW = Capabilities((15,)), Capabilities((18,))


def words(tmp_path, text):
    (tmp_path / "setup.cfg").write_text(f"[peewee_mig]\nengines = {text}\n")
    return load_settings(Options(), {}, tmp_path).engines.value


def project(tmp_path, *engines):
    return Project(tmp_path, tmp_path / "migrations", engines=engines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres:18", ("postgres:18",)),
        ("postgresql : 18.1, mysql", ("postgres:18.1", "mysql")),
        ("mysql:8.0\n  mariadb:11.4\n  sqlite:3.45", ("mysql:8.0", "mariadb:11.4", "sqlite:3.45")),
        ("mariadb, sqlite, mariadb", ("mariadb", "sqlite")),
        ("postgres:15, postgres:18", ("postgres:15", "postgres:18")),
    ],
)
def test_an_engine_may_say_its_version(tmp_path, text, expected):
    assert words(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("oracle:23", "one of sqlite, postgres, mysql, mariadb"),
        (":18", "one of sqlite, postgres, mysql, mariadb"),
        ("postgres:", "such as postgres:18"),
        ("postgres:new", "such as postgres:18"),
        ("postgres:18.", "such as postgres:18"),
        ("postgres:180001", "such as postgres:18"),
        ("sqlite:18", "such as postgres:18 or mariadb:18"),
        ("mysql:11.4", "such as postgres:11.4 or mariadb:11.4"),
        ("mariadb:8.0", "such as mysql:8.0"),
    ],
)
def test_what_is_none_is_refused_with_the_way_out(tmp_path, text, hint):
    with pytest.raises(UsageError) as caught:
        words(tmp_path, text)
    assert repr(text) in caught.value.message
    assert hint in caught.value.hint


def test_each_engine_is_planned_once_with_its_version(tmp_path):
    found = engines_of(project(tmp_path, "postgres:18", "postgres", "mysql", "mariadb", "mysql:8"))
    assert [(each.dialect.name, each.capabilities) for each in found] == [
        ("postgres", NEW),
        ("postgres", OLD),
        ("mysql", Capabilities((10, 11))),
        ("mysql", Capabilities((8,))),
    ]


@pytest.mark.parametrize(
    ("engines", "called", "expected"),
    [
        (("postgres:18",), "postgres", NEW),
        (("postgres:18",), "pg", NEW),
        (("sqlite:3.45", "postgres"), "postgres", OLD),
        (("sqlite:3.45",), "postgres", OLD),
        (("mariadb:11.4", "mysql:8.0"), "mysql", Capabilities((8, 0))),
        (("mysql:8.0", "mariadb:11.4"), "mariadb", Capabilities((11, 4), "MariaDB")),
        (("mariadb:11.4",), "mysql", Capabilities((11, 4), "MariaDB")),
        (("mysql:8.0",), "mariadb", Capabilities((10, 11))),
    ],
)
def test_sql_assumes_what_the_project_says_of_its_dialect(tmp_path, engines, called, expected):
    assert assumed_of(project(tmp_path, *engines), get_dialect(called), called) == expected


@pytest.fixture
def configured(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = f"models_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(MODELS)

    def write(engines):
        (tmp_path / "setup.cfg").write_text(f"[peewee_mig]\nmodels = {name}\nengines = {engines}\n")

    return write


def test_a_virtual_column_needs_the_version_that_has_it(configured, capsys):
    configured("postgres")
    assert call(["generate", "--name", "one"]) == 5
    said = capsys.readouterr().err
    assert "PostgreSQL 15 has no virtual generated columns" in said
    assert "name its version there (engines = postgres:VERSION)" in said
    configured("postgres:18")
    assert call(["generate", "--name", "one"]) == 0
    assert call(["check"]) == 0
    capsys.readouterr()
    configured("postgres:18, postgres:17.2")
    assert call(["check", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert "PostgreSQL 17.2 has no virtual generated columns" in found["message"]


def test_sql_says_the_version_that_it_assumes_and_an_option_wins(configured, capsys):
    configured("postgres:18")
    assert call(["generate", "--name", "one"]) == 0
    capsys.readouterr()
    assert call(["sql"]) == 0
    said = capsys.readouterr().out
    assert "for PostgreSQL 18, on a database without drift" in said
    assert "VIRTUAL" in said
    assert call(["sql", "--server-version", "17"]) == 5
    assert "PostgreSQL 17 has no virtual" in capsys.readouterr().err
    assert call(["sql", "--server-version", "x"]) == 2
    assert call(["sql", "--dialect", "mariadb"]) == 0
    assert "for MariaDB 10.11" in capsys.readouterr().out


def test_a_wrong_engine_ends_with_2_and_the_right_one_is_shown(configured, capsys):
    configured("postgres:abc")
    assert call(["check"]) == 2
    assert "postgres has no such version" in capsys.readouterr().err
    configured("mariadb:11.4, sqlite")
    assert call(["config", "show"]) == 0
    assert "mariadb:11.4, sqlite" in capsys.readouterr().out
