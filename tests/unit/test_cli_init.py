"""init: what it finds, what it writes, what it leaves alone; and the make targets."""

import json
import shutil
import subprocess
import tomllib
from configparser import ConfigParser

import pytest

from peewee_mig.cli.main import call
from peewee_mig.commands.detect import find_databases, find_models

MODELS = "import peewee as pw\n\ndb = pw.SqliteDatabase('x.db')\n\nclass A(pw.Model):\n    pass\n"


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def write(folder, path, text=MODELS):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("paths", "modules"),
    [
        (["models.py"], ("models",)),
        (["app/models.py", "app/views.py"], ("app.models",)),
        (["app/models/a.py", "app/models/b.py"], ("app.models",)),
        (["models/__init__.py", "models/a.py"], ("models",)),
        (["src/app/models.py"], ("app.models",)),
        (["one/models.py", "two/models.py"], ("one.models", "two.models")),
        (["tables.py"], ("tables",)),
        (["tests/models.py", ".venv/models.py", "migrations/models.py"], ()),
    ],
)
def test_models_are_found_by_name_then_by_content(project, paths, modules):
    for path in paths:
        write(project, path)
    assert find_models(project) == modules


def test_a_module_without_models_is_not_taken(project):
    write(project, "models.py", "class A:\n    pass\n")
    assert find_models(project) == ()


def test_a_database_is_found_only_beside_peewee(project):
    text = "from playhouse.db_url import connect\ndatabase: Database = connect('sqlite:///x')\n"
    write(project, "app/db.py", text)
    write(project, "other.py", "db = MyDatabase()\n")
    assert find_databases(project) == ("app.db:database",)


@pytest.mark.parametrize("value", ["SqliteDatabase(None)", "DatabaseProxy()", "pw.Proxy()"])
def test_a_database_that_is_initialised_later_is_not_taken(project, value):
    write(project, "app/db.py", f"import peewee as pw\ndb = {value}\n")
    assert find_databases(project) == ()


def test_a_new_project_gets_a_file_of_its_own(project, capsys):
    write(project, "app/models.py")
    assert call(["init"]) == 0
    assert tomllib.loads((project / "peewee_mig.toml").read_text()) == {
        "models": ["app.models"],
        "directory": "migrations",
        "database": "app.models:db",
    }
    text = capsys.readouterr().out
    assert "Found models in app.models." in text
    assert "include peewee_mig.mk" in text


@pytest.mark.parametrize(
    ("name", "before"), [("setup.cfg", "[flake8]\nignore = E"), ("pyproject.toml", "[a]\nb = 1\n")]
)
def test_a_file_that_is_there_is_extended(project, name, before):
    write(project, name, before)
    assert call(["init", "--models", "a.b", "--models", "c", "--database", "sqlite:///y.db"]) == 0
    text = (project / name).read_text()
    assert text.startswith(before)
    if name == "setup.cfg":
        parser = ConfigParser()
        parser.read_string(text)
        assert parser["peewee_mig"]["models"] == "a.b, c"
        assert parser["flake8"]["ignore"] == "E"
    else:
        assert tomllib.loads(text)["tool"]["peewee_mig"]["database"] == "sqlite:///y.db"
    assert not (project / "peewee_mig.toml").exists()


def test_a_second_init_changes_nothing(project, capsys):
    write(project, "models.py")
    call(["init"])
    before = {file: file.read_text() for file in project.iterdir() if file.is_file()}
    capsys.readouterr()
    assert call(["init", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == []
    assert {file: file.read_text() for file in project.iterdir() if file.is_file()} == before


def test_another_value_is_refused(project, capsys):
    write(project, "models.py")
    call(["init"])
    assert call(["init", "--database", "sqlite:///other.db"]) == 2
    assert "configured already" in capsys.readouterr().err


def test_a_password_is_not_shown_and_a_variable_advised(project, capsys):
    assert call(["init", "--database", "postgresql://u:s3cret@h/d"]) == 0
    text = capsys.readouterr().out
    assert "s3cret" not in text
    assert "${NAME}" in text


@pytest.fixture
def make(project):
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    write(project, "models.py")
    write(
        project, "Makefile", "all:\n\t@echo all\n\ncheck:\n\t@echo mine\n\ninclude peewee_mig.mk\n"
    )
    call(["init"])

    def run(*args, **environ):
        words = ["make", "--no-print-directory", "PEEWEE_MIG=printf '<%s>'", *args]
        path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
        return subprocess.run(
            words, capture_output=True, text=True, check=True, env={**path, **environ}
        )

    return run


@pytest.mark.parametrize(
    ("args", "called"),
    [
        (["generate", "NAME=it's a name"], "<generate><--name><it's a name>"),
        (["generate"], "<generate>"),
        (["migrate", "TARGET=0007", "ARGS=--dry-run -v"], "<migrate><0007><--dry-run><-v>"),
        (["db-rollback", "TARGET=2"], "<rollback><2>"),
        (["db-check"], "<check>"),
    ],
)
def test_make_targets_pass_their_variables_on(make, args, called):
    assert make(*args).stdout == called


def test_a_name_in_the_environment_does_not_count(make):
    assert make("generate", NAME="hostname").stdout == "<generate>"


def test_targets_of_the_makefile_stay_its_own(make):
    assert make("check").stdout == "mine\n"
    assert make().stdout == "all\n"
    assert make("check").stderr == ""
