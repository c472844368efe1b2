"""A project in a git repository with two branches, and databases that followed either."""

import gc
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from peewee_mig.cli.main import call
from peewee_mig.history.editing import with_list

IMPORTS = """from peewee import *  # noqa

from peewee_mig.declare import View


"""
BASE = """class Team(Model):
    name = CharField(max_length=50, unique=True)
    town = CharField(max_length=50, null=True)


class Person(Model):
    name = CharField(max_length=100)
    age = IntegerField(null=True)
    email = CharField(max_length=100, null=True, index=True)
    team = ForeignKeyField(Team, null=True)


class Note(Model):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    text = TextField()
    spare = IntegerField(null=True)


class Log(Model):
    line = TextField()
"""
CONFIG = 'models = ["models"]\ndatabase = "sqlite:///app.db"\n'
ROWS = (
    "INSERT INTO team (name, town) VALUES ('red', 'Ulm'), ('blue', NULL)",
    "INSERT INTO person (name, age, email, team_id) VALUES ('Ann', 1, 'a@x', 1)",
    "INSERT INTO person (name, age, email, team_id) VALUES ('Bob', 2, NULL, 2)",
    "INSERT INTO note (person_id, text, spare) VALUES (1, 'a', 7), (2, 'b', NULL)",
    "INSERT INTO log (line) VALUES ('begun')",
)
_GIT = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")


def forget_models():
    """Let the next command import the models as if it ran in a process of its own."""
    if sys.modules.pop("models", None):
        gc.collect()  # Peewee finds models through their base class


@dataclass
class Repository:
    """``models`` is what a branch says; ``capture`` gives what commands printed."""

    folder: Path
    capture: object

    def git(self, *args, check=True):
        """Run git."""
        done = subprocess.run(
            ["git", *_GIT, *args], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert not check or not done.returncode, (args, done.stdout, done.stderr)
        return done.stdout

    def run(self, *args, database="app"):
        """Run the program in this process; return its exit code and all that it printed."""
        self.capture.readouterr()
        code = call([*args, "--database", f"sqlite:///{database}.db", "--no-input"])
        printed = self.capture.readouterr()
        return code, printed.out + printed.err

    def done(self, *args, database="app"):
        """Run what has to succeed; return what it printed."""
        code, printed = self.run(*args, database=database)
        assert code == 0, (args, printed)
        return printed

    def refused(self, *args, database="app", code=5):
        """Run what has to be refused; return what it printed."""
        found, printed = self.run(*args, database=database)
        assert found == code, (args, found, printed)
        return printed

    def models(self, text):
        """Write the models."""
        (self.folder / "models.py").write_text(IMPORTS + text, encoding="utf-8")
        forget_models()

    def commit(self, message):
        """Commit everything but databases."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def changed(self):
        """Return what git sees as changed in the folder of migrations."""
        return self.git("status", "--porcelain", "--", "migrations")

    def names(self):
        """Return the names of the migrations."""
        return sorted(path.stem for path in (self.folder / "migrations").glob("[0-9]*.py"))

    def write(self, name, operations, *, depends_on, extra=""):
        """Write a migration by hand, and its snapshot."""
        self.done("generate", "--empty", "--name", name, "--quiet")
        (path,) = (self.folder / "migrations").glob(f"*_{name}.py")
        text = path.read_text(encoding="utf-8")
        new = f"{extra}operations = [\n    {operations},\n]"
        text = re.sub(r"operations: list\[op.Operation\] = \[\]", lambda _: new, text)
        path.write_text(text, encoding="utf-8")
        self.done("snapshot", path.stem, "--quiet")

    def allow(self, name, hazards):
        """Say in a migration that its hazards are meant."""
        (path,) = (self.folder / "migrations").glob(f"*_{name}.py")
        path.write_bytes(with_list(path.read_bytes(), "allow", hazards, behind=["depends_on"]))

    def sql(self, database, *statements):
        """Run statements by hand; return the rows of the last one."""
        with closing(sqlite3.connect(self.folder / f"{database}.db")) as connection:
            found = [connection.execute(each).fetchall() for each in statements][-1]
            connection.commit()
            return found

    def rows(self, database):
        """Return all rows of all tables, with the names of the columns."""
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        found = {}
        for (table,) in self.sql(database, tables):
            if not table.startswith(("peewee_mig", "sqlite_")):
                columns = sorted(
                    row[1] for row in self.sql(database, f"PRAGMA table_info('{table}')")
                )
                listed = ", ".join(f'"{name}"' for name in columns)
                found[table] = (
                    columns,
                    sorted(self.sql(database, f'SELECT {listed} FROM "{table}"'), key=repr),
                )
        return found

    def copy(self, folder):
        """Return the same repository in another folder."""
        shutil.copytree(self.folder, folder)
        return Repository(folder, self.capture)


def start(folder, capture, monkeypatch):
    """Make the repository with its first migration, applied to a database with rows."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    repository = Repository(folder, capture)
    repository.git("init", "--quiet", "--initial-branch", "main")
    (folder / "peewee_mig.toml").write_text(CONFIG, encoding="utf-8")
    (folder / ".gitignore").write_text("*.db*\n__pycache__/\n", encoding="utf-8")
    repository.models(BASE)
    repository.done("generate", "--name", "initial", "--quiet")
    repository.commit("Base")
    repository.done("migrate", "--quiet", database="base")
    repository.sql("base", *ROWS)
    return repository
