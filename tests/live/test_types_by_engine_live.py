"""A field that says its type by engine, on each of them: only what the documentation names."""

import itertools
import json
from pathlib import Path

import pytest

from peewee_mig.cli.main import call

NUMBERS = itertools.count()
MODELS = """
from peewee import Field, ForeignKeyField, Model


class AddressField(Field):
    field_type = "VARCHAR"
    peewee_mig_type = {"postgres": "inet", "": "VARCHAR(45)"}

    def db_value(self, value):
        return None if value is None else str(value)


class Host(Model):
    address = AddressField(unique=True)


class Visit(Model):
    host = ForeignKeyField(Host, field="address")
"""
FUNCTION = """
def renumber(models):
    models["host"].update(address="10.0.0.9").execute()


"""


@pytest.fixture
def world(tmp_path, monkeypatch, live):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    configure(live, MODELS)
    return live


def configure(live, models):
    module = f"typed_models_{next(NUMBERS)}"
    Path(f"{module}.py").write_text(models)
    lines = ["[peewee_mig]", f"models = {module}", "engines = sqlite, postgres, mysql"]
    lines += ["development = true", f"database = {live.url.replace('%', '%%')}", ""]
    Path("setup.cfg").write_text("\n".join(lines))


def run(*args):
    return call([*args, "--no-input"])


def test_the_whole_way(world, capsys):
    assert run("generate", "--name", "initial") == 0
    assert run("migrate") == 0
    assert run("diff") == 0
    assert run("check") == 0
    world.sql("INSERT INTO host (address) VALUES ('10.0.0.1')", "SELECT 1")
    capsys.readouterr()
    assert run("push", "--over-history", "--json") == 0
    assert json.loads(capsys.readouterr().out)["operations"] == []
    world.sql("DELETE FROM peewee_mig_history", "SELECT 1")
    assert run("baseline") == 0
    assert run("pull", "--update") == 0
    longer = MODELS.replace("VARCHAR(45)", "VARCHAR(60)")
    configure(world, longer)
    assert run("generate", "--name", "longer") == 0
    path = Path("migrations/0002_longer.py")
    text = path.read_text().replace("\noperations = [", FUNCTION + "operations = [")
    path.write_text(text[: text.rindex("]")] + "    op.run_python(renumber, renumber),\n]\n")
    assert run("migrate") == 0
    assert run("diff") == 0
    (row,) = world.sql("SELECT address FROM host")
    assert "10.0.0.9" in str(row[0])
    assert run("rollback") == 0
    assert run("diff") == 0
    assert run("rollback", "--allow-data-loss", "all") == 0
