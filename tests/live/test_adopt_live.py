"""adopt, and migrate on what is there already, on servers."""

import json

import pytest
from live_world import LiveWorld

MODELS = """from peewee import *

class Author(Model):
    name = CharField(max_length=80, unique=True)

class Book(Model):
    author = ForeignKeyField(Author, on_delete="CASCADE")
    title = CharField(index=True)
"""
HISTORY = "CREATE TABLE {} (id INT PRIMARY KEY, name VARCHAR(255), migrated_at TIMESTAMP)"
FILE = "from peewee_migrate import Migrator\n\n\ndef migrate(migrator, database, *, fake=False):\n"
PETS = """op.create_table(
    "pets",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(20)", default="'it'"),
    op.column("age", "INT", null=True),
    op.primary_key("id"),
    op.index("pets_age", "age"),
)"""


@pytest.fixture(params=["postgres", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return LiveWorld(tmp_path, databases(request.param))


def made_by_another_tool(world, table):
    """Make what the models say, and the records of peewee_migrate in a table."""
    models = f"shelf_{world.folder.name}_{world.database.engine}"
    (world.folder / f"{models}.py").write_text(MODELS)
    old = world.folder / "old"
    old.mkdir()
    (old / "001_initial.py").write_text(f"{FILE}    pass\n")
    (old / "conf.py").write_text(f"DATABASE = 'x'\nMIGRATE_TABLE = '{table}'\n")
    world.cli("push", "--models", models, "-q")
    world.sql("DROP TABLE peewee_mig_history")
    name = world.dialect.quote(table)
    world.sql(
        HISTORY.format(name), f"INSERT INTO {name} VALUES (1, '001_initial', '2026-05-01 09:30:05')"
    )
    return models


def test_a_server_is_taken_over(world, capsys):
    models = made_by_another_tool(world, "Old History")
    capsys.readouterr()
    assert world.cli("adopt", "--models", models, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["applied"] == [{"name": "001_initial", "at": "2026-05-01 09:30:05"}]
    assert (found["tool"], found["recorded"]) == ("peewee_migrate", ["0001_initial"])
    assert world.dialect.quote("Old History") in found["leave"][-1]
    assert world.cli("diff") == 0
    assert world.cli("generate", "--check", "--models", models) == 0
    assert world.sql(f"SELECT count(*) FROM {world.dialect.quote('Old History')}") == [(1,)]


def test_records_may_be_told_with_the_schema_of_the_connection(world, capsys):
    models = made_by_another_tool(world, "records")
    function = {"postgres": "current_schema()::text", "mysql": "DATABASE()"}[world.dialect.name]
    ((schema,),) = world.sql(f"SELECT {function}")
    with (world.folder / "old/conf.py").open("a") as file:
        file.write(f"SCHEMA = '{schema}'\n")
    capsys.readouterr()
    assert world.cli("adopt", "--models", models, "--json") == 0
    assert json.loads(capsys.readouterr().out)["applied"] == [
        {"name": "001_initial", "at": "2026-05-01 09:30:05"}
    ]


def test_the_version_of_alembic_may_be_in_another_schema(databases, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    world = LiveWorld(tmp_path, databases("postgres"))
    models = made_by_another_tool(world, "records")
    world.sql(
        'CREATE SCHEMA "Old"',
        'CREATE TABLE "Old".versions (version_num VARCHAR(32))',
        "INSERT INTO \"Old\".versions VALUES ('a')",
        "DROP TABLE records",
    )
    for path in (tmp_path / "old").iterdir():
        path.unlink()
    (tmp_path / "old/versions").mkdir()
    (tmp_path / "old/versions/a.py").write_text("revision = 'a'\ndown_revision = None\n")
    (tmp_path / "old/env.py").write_text(
        "context.configure(version_table='versions', version_table_schema='Old')\n"
    )
    capsys.readouterr()
    assert world.cli("adopt", "--models", models, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found["applied"]] == ["a"]
    assert found["leave"][-1].endswith('DROP TABLE "Old"."versions";')


def test_what_is_there_already_on_a_server(world, capsys):
    world.write(PETS)
    world.cli("migrate", "-q")
    world.sql("DROP TABLE peewee_mig_history")
    assert world.cli("migrate") == 5
    assert "0001_step would make what this database has already: table pets" in (
        capsys.readouterr().err
    )
    world.sql("ALTER TABLE pets DROP age")
    assert world.cli("migrate") == 5
    assert "column pets.age is missing" in capsys.readouterr().err
    world.sql("ALTER TABLE pets ADD age INT", "CREATE INDEX pets_age ON pets (age)")
    assert world.cli("migrate", "--yes") == 0
    assert world.sql("SELECT name, state FROM peewee_mig_history") == [("0001_step", "baselined")]
