"""include and exclude on live databases: what is left out stays as it is, and keys to it work."""

import itertools
import json
from pathlib import Path

import pytest

from peewee_mig.cli.main import call

NUMBERS = itertools.count()
MODELS = """
from peewee import CharField, ForeignKeyField, IntegerField, Model, TextField


class Account(Model):
    login = CharField(max_length=50, unique=True)
    secret = TextField()

    class Meta:
        table_name = "auth_account"


class Entry(Model):
    text = TextField()
    account = ForeignKeyField(Account)

    class Meta:
        table_name = "audit_entry"


class Purchase(Model):
    account = ForeignKeyField(Account)
    total = IntegerField()
"""
THEIRS = (
    (
        "CREATE TABLE auth_account (id INTEGER NOT NULL PRIMARY KEY, login VARCHAR(50) UNIQUE,"
        " secret TEXT, theirs INTEGER)"
    ),
    "CREATE TABLE audit_entry (id INTEGER NOT NULL PRIMARY KEY, words VARCHAR(9))",
    "CREATE VIEW audit_words AS SELECT words FROM audit_entry",
    "INSERT INTO auth_account VALUES (1, 'ann', 's', 7)",
)


@pytest.fixture
def world(tmp_path, monkeypatch, live):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    live.sql(*THEIRS, "SELECT 1")
    return World(live)


class World:
    """A project whose configuration leaves out the tables of somebody else."""

    def __init__(self, live):
        self.live = live
        self.write(MODELS)

    def write(self, models, exclude="auth_*, audit_*"):
        module = f"left_out_models_{next(NUMBERS)}"
        Path(f"{module}.py").write_text(models)
        lines = ["[peewee_mig]", f"models = {module}", f"exclude = {exclude}", "development = true"]
        url = self.live.url.replace("%", "%%")
        Path("setup.cfg").write_text("\n".join([*lines, f"database = {url}", ""]))

    def cli(self, *args):
        return call([*args, "--no-input"])

    def theirs(self):
        tables = ("auth_account", "audit_entry")
        return [self.live.sql(f"SELECT * FROM {each}") for each in tables]

    def refuses(self, sql):
        """Whether the database refuses a row that refers to nothing."""
        with self.live.connect() as connection:
            cursor = connection.cursor()
            if self.live.url.startswith("sqlite"):
                cursor.execute("PRAGMA foreign_keys = ON")
            try:
                cursor.execute(sql)
            except Exception:  # noqa: BLE001 (that of any driver)
                return True
            return False


def the(capsys, world, *args):
    capsys.readouterr()
    code = world.cli(*args, "--json")
    return code, json.loads(capsys.readouterr().out)


def test_a_history_beside_tables_of_others(world, capsys):
    """Every command leaves them alone, and the key to one of them is a key."""
    before = world.theirs()
    assert world.cli("generate", "--name", "purchases") == 0
    text = Path("migrations/0001_purchases.py").read_text()
    assert "op.state_only(" in text
    assert "audit" not in text
    assert "secret" not in text  # only what the key needs is known of it
    assert world.cli("migrate") == 0
    code, drifted = the(capsys, world, "diff")
    assert (code, drifted["drift"], drifted["attached"], drifted["unmanaged"]) == (0, [], [], [])
    assert world.cli("check") == 0
    assert world.cli("generate", "--check") == 0
    world.live.sql("INSERT INTO purchase (account_id, total) VALUES (1, 5)", "SELECT 1")
    assert world.refuses("INSERT INTO purchase (account_id, total) VALUES (2, 5)")
    _, pulled = the(capsys, world, "pull")
    assert pulled["tables"] == 1
    assert not any("audit" in each["name"] for each in pulled["left"])
    world.live.sql("DROP TABLE peewee_mig_history", "SELECT 1")
    assert world.cli("migrate") == 5  # it is there; and only that counts
    assert world.cli("baseline") == 0
    assert world.cli("repair") == 0
    assert world.cli("migrate") == 0
    assert world.cli("rollback", "--allow-data-loss", "purchase") == 0
    assert world.theirs() == before


def test_changes_beside_tables_of_others(world):
    """The column with the key goes, and comes back by the way back."""
    before = world.theirs()
    assert world.cli("generate") == 0
    assert world.cli("migrate") == 0
    changed = MODELS.replace("    account = ForeignKeyField(Account)\n    total", "    total")
    world.write(changed + "    note = TextField(null=True)\n")
    assert world.cli("generate", "--no-renames", "--name", "no_account") == 0
    text = Path("migrations/0002_no_account.py").read_text()
    assert "drop_foreign_key" in text
    assert "auth_account" in text
    assert "state_only" not in text
    assert world.cli("migrate") == 0
    assert world.cli("diff") == 0
    assert world.cli("check") == 1  # the column is not acknowledged: nothing else is found
    assert world.cli("rollback", "--allow-data-loss", "all") == 0
    world.write(MODELS)
    assert world.cli("diff") == 0
    assert world.theirs() == before


def test_a_push_beside_tables_of_others(world, capsys):
    """It makes the key, drops nothing of others, and sees when it is done."""
    before = world.theirs()
    assert world.cli("push") == 0
    assert world.refuses("INSERT INTO purchase (account_id, total) VALUES (2, 5)")
    code, again = the(capsys, world, "push")
    assert (code, again["operations"]) == (0, [])
    assert again["left_alone"] == {"objects": [], "tables": []}
    assert world.cli("generate", "--name", "purchases") == 0
    assert world.cli("baseline") == 0
    code, drifted = the(capsys, world, "diff")
    assert (code, drifted["drift"]) == (0, [])
    assert world.cli("reset", "--allow-data-loss", "all") == 0
    assert world.theirs() == before


def test_tables_of_others_that_are_not_there(world, capsys):
    """A key to nothing is refused before anything is changed."""
    assert world.cli("generate", "--name", "purchases") == 0
    world.live.sql("DROP TABLE auth_account", "SELECT 1")
    for command in ("migrate", "push"):
        assert world.cli(command) == 5
        assert "auth_account, which the configuration leaves out" in capsys.readouterr().err
    assert world.cli("status", "--check") == 1


def test_a_table_of_the_history_is_left_out_later(world, capsys):
    """It is neither dropped nor compared from then on, and can be taken out of the history."""
    extra = "\n\nclass Draft(Model):\n    text = TextField()\n"
    world.write(MODELS + extra)
    assert world.cli("generate") == 0
    assert world.cli("migrate") == 0
    world.write(MODELS, exclude="auth_*, audit_*, draft")
    assert world.cli("generate", "--check") == 0
    world.live.sql("ALTER TABLE draft ADD COLUMN theirs INTEGER", "SELECT 1")
    code, drifted = the(capsys, world, "diff")
    assert (code, drifted["drift"]) == (0, [])
    assert world.cli("generate", "--empty", "--name", "hand_over_draft") == 0
    path = Path("migrations/0002_hand_over_draft.py")
    text = path.read_text()
    start = text.rindex("operations: ")
    gone = (
        'operations = [\n    op.state_only(\n        op.drop_table(\n            "draft",\n'
        '            op.column("id", "AUTO"),\n            op.column("text", "TEXT"),\n'
        '            op.primary_key("id"),\n        ),\n    ),\n]\n'
    )
    path.write_text(text[:start] + gone)
    assert world.cli("snapshot", "0002_hand_over_draft") == 0
    assert world.cli("migrate") == 0
    assert world.live.sql("SELECT * FROM draft") == []
    assert world.cli("check") == 0
    assert world.cli("diff") == 0
