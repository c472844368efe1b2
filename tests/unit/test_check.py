"""check: what it says about models that are ahead."""

import json
from pathlib import Path

import pytest

from peewee_mig.cli.main import call


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = f"models_{tmp_path.name}"
    (tmp_path / "setup.cfg").write_text(f"[peewee_mig]\nmodels = {name}\n")
    (tmp_path / f"{name}.py").write_text(
        "from peewee import *\n\nclass Person(Model):\n    name = TextField()\n\n"
        "class Pet(Model):\n    name = TextField()\n"
    )


def test_models_that_are_ahead_are_one_finding(capsys):
    assert call(["check"]) == 1
    assert capsys.readouterr().out == (
        "migrations: error: the models are ahead of the migrations:\n"
        "    create table person (id, name)\n"
        "    create table pet (id, name)\n"
        "  next: peewee-mig generate\n"
        "1 finding.\n"
    )
    assert call(["check", "--format", "github"]) == 1
    assert capsys.readouterr().out == (
        "::error file=migrations::the models are ahead of the migrations:"
        "%0A    create table person (id, name)%0A    create table pet (id, name)"
        "%0Apeewee-mig generate\n"
    )
    assert call(["check", "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["findings"]) == 1


def test_a_folder_that_does_not_exist_is_told_where_no_models_are_ahead_of_it(capsys):
    Path("setup.cfg").unlink()
    assert call(["check"]) == 2
    assert "the folder migrations does not exist" in capsys.readouterr().err


def test_a_misspelled_name_of_touches_is_told(capsys):
    """What is believed of it decides whether branches commute."""
    assert call(["generate", "-q"]) == 0
    assert call(["generate", "-q", "--empty", "--name", "own"]) == 0
    path = Path("migrations/0002_own.py")
    path.write_text(
        "from peewee_mig import op\n\nformat = 1\n\ndepends_on = ['0001_initial']\n\n"
        "operations = [op.run_sql('UPDATE person SET name = 1', [],"
        " touches=['persn.name', 'Person', 'person.name', 'elsewhere'])]\n"
    )
    capsys.readouterr()
    assert call(["check"]) == 0
    assert capsys.readouterr().out == (
        "migrations/0002_own.py: warning: touches names 'persn.name', which is not in the schema\n"
        "  next: did you mean 'person.name'?\n"
        "1 finding.\n"
    )
