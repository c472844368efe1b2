"""A column that takes no NULL, added to a table that the history itself has given rows."""

import itertools
import sqlite3
from pathlib import Path

import pytest

from peewee_mig.cli.main import call

NUMBERS = itertools.count()
BEFORE = """
from peewee import BooleanField, CharField, Model


class Role(Model):
    name = CharField(max_length=20, unique=True)

    class Meta:
        peewee_mig = {"rows": [{"name": "admin"}, {"name": "guest"}], "key": "name"}
"""
AFTER = """
from peewee import BooleanField, CharField, Model


class Role(Model):
    name = CharField(max_length=20, unique=True)
    active = BooleanField()

    class Meta:
        peewee_mig = {
            "rows": [{"name": "admin", "active": True}, {"name": "guest", "active": False}],
            "key": "name",
        }
"""


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    declare(BEFORE)
    assert call(["generate", "-q"]) == 0


def declare(text):
    name = f"filled_models_{next(NUMBERS)}"
    Path(f"{name}.py").write_text(text)
    Path("setup.cfg").write_text(f"[peewee_mig]\nmodels = {name}\ndatabase = app.db\n")


def test_it_is_refused_and_the_printed_way_out_leads_there(capsys):
    declare(AFTER)
    capsys.readouterr()
    assert call(["generate"]) == 5
    said = capsys.readouterr().err
    assert "role.active takes no NULL, and role has reference rows by then" in said
    assert "next: peewee-mig generate --fill role.active=VALUE; " in said
    assert call(["generate", "--fill", "role.active=true", "--apply", "-q"]) == 0
    with sqlite3.connect("app.db") as connection:
        rows = connection.execute("SELECT name, active FROM role ORDER BY name").fetchall()
    assert rows == [("admin", 1), ("guest", 0)]
    assert call(["check", "-q"]) == 0


def test_a_default_is_a_value(capsys):
    declare(AFTER.replace("BooleanField()", "BooleanField(default=True)"))
    assert call(["generate", "--apply", "-q"]) == 0
    assert capsys.readouterr().err == ""
