"""A project with a folder of migrations and one SQLite file, made in a few milliseconds."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from peewee_mig.cli.main import call
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.rollback import rollback
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import remove_migration, write_migration

ROOT = Path(__file__).parents[2]

#: Two tables, and one more for each migration: the start of most tests.
PEOPLE = """op.create_table(
    "people",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(255)"),
    op.column("age", "INT", null=True),
    op.primary_key("id"),
)"""
PETS = """op.create_table(
    "pets",
    op.column("id", "AUTO"),
    op.column("owner_id", "INT", null=True),
    op.primary_key("id"),
    op.index("pets_owner_id", "owner_id"),
    op.foreign_key("owner_id", "people", "id", on_delete="CASCADE"),
)"""
#: Needs a rebuild, and no value.
WIDEN = """op.alter_column(
    "people", old=op.column("name", "VARCHAR(255)"), new=op.column("name", "TEXT")
)"""


@dataclass
class World:
    """``write`` migrations, run commands in this process or another, look at the file."""

    folder: Path
    url: str = "sqlite:///app.db"
    events: list = field(default_factory=list)

    @property
    def migrations(self):
        return self.folder / "migrations"

    @property
    def file(self):
        return self.folder / "app.db"

    @property
    def project(self):
        return Project(self.folder, self.migrations, database=self.url, database_root=self.folder)

    def write(self, *migrations, start=None):
        """Write one migration for each text (or tuple of texts) of operations."""
        names = []
        for operations in migrations:
            texts = (operations,) if isinstance(operations, str) else operations
            history = read_history(self.migrations)
            number = len(history.names) + 1 if start is None else start
            on = [history.head] if history.head else []
            name = f"{number:04}_step"
            body = "".join(f"    {text},\n" for text in texts)
            write_migration(
                history,
                name,
                f'"""Step."""\n\nfrom peewee_mig import op\n\nformat = 1\n\ndepends_on = {on!r}\n\n'
                f"operations = [\n{body}]\n",
            )
            names.append(name)
        return names

    def remove(self, name):
        remove_migration(read_history(self.migrations), name)

    def migrate(self, target=None, **options):
        return migrate(self.project, target=target, listener=self.events.append, **options)

    def rollback(self, target=None, **options):
        return rollback(self.project, target=target, listener=self.events.append, **options)

    def cli(self, *args):
        """Run the program in this process; return its exit code."""
        return call([*args, "--database", self.url, "--directory", "migrations", "--no-input"])

    def process(self, *args, **options):
        """Start the program in a process of its own."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        return subprocess.Popen(
            [sys.executable, "-m", "peewee_mig", *args, "--database", self.url, "--no-input"],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            **options,
        )

    def connect(self):
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def sql(self, *statements):
        """Run statements by hand; return the rows of the last one."""
        connection = self.connect()
        try:
            return [connection.execute(each).fetchall() for each in statements][-1]
        finally:
            connection.close()

    def applied(self):
        return [name for (name,) in self.sql("SELECT name FROM peewee_mig_history ORDER BY id")]

    def statements(self):
        """Return what ran, without the history row, whose times differ."""
        return [event.text for event in self.events if event.kind == "statement"]

    def dump(self):
        """Return all that the file holds, but the times in the history."""
        connection = self.connect()
        try:
            return _dump(connection)
        finally:
            connection.close()


def _dump(connection):
    master = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    found = {"master": connection.execute(master).fetchall()}
    tables = [name for kind, name, _, sql in found["master"] if kind == "table" and sql]
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        tables.append("sqlite_sequence")
    for table in tables:
        what = "*"
        if table == "peewee_mig_history":
            what = "id, name, checksum, sha256, schema_hash, state, direction, operations, meta"
        found[table] = sorted(connection.execute(f'SELECT {what} FROM "{table}"'), key=repr)
    return found


def forks(world, what, argument):
    """Run the script of forks in the folder of a world."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("forks.py")), what, json.dumps(argument)],
        cwd=world.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)
