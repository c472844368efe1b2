"""A project of migrations and a database of any engine, for runs that are watched or killed."""

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from peewee_mig.cli.main import call
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.rollback import rollback
from peewee_mig.dialects import get_dialect
from peewee_mig.history.folder import read_history
from peewee_mig.history.records import OwnTables
from peewee_mig.history.writing import remove_migration, write_migration
from peewee_mig.runner.catalog import read_catalog

ROOT = Path(__file__).parents[2]

#: Tables, keys and rows that each kind of step can be tried on.
BASE = (
    """op.create_table(
    "people",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(100)"),
    op.column("age", "INT", null=True),
    op.primary_key("id"),
)""",
    """op.create_table(
    "notes",
    op.column("id", "AUTO"),
    op.column("person_id", "INT"),
    op.column("text", "VARCHAR(200)"),
    op.column("spare", "INT", null=True),
    op.primary_key("id"),
    op.index("notes_person_id", "person_id"),
    op.foreign_key("person_id", "people", "id", on_delete="CASCADE"),
)""",
)
ROWS = (
    "INSERT INTO people (name, age) VALUES ('Ann', 1), ('Bob', 2), ('50% off', 3)",
    "INSERT INTO notes (person_id, text, spare) VALUES (1, 'a', 7), (2, 'b', NULL), (2, 'c', 9)",
)
BUMP = 'op.run_sql("UPDATE people SET age = age + 1", "UPDATE people SET age = age - 1")'
#: One of each kind: fills, types under foreign keys, renames, keys, a user's DDL, data.
STEPS = (
    (
        'op.add_column("people", op.column("town", "VARCHAR(50)"), fill="?")',
        """op.alter_column(
        "people", old=op.column("age", "INT", null=True), new=op.column("age", "BIGINT", null=True)
    )""",
        'op.create_index("people", op.index("people_town", "town"))',
    ),
    BUMP,
    (
        'op.rename_column("notes", "text", "body")',
        'op.rename_table("notes", "remarks")',
        'op.drop_column("remarks", op.column("spare", "INT", null=True))',
    ),
    (
        """op.drop_foreign_key(
        "remarks", op.foreign_key("person_id", "people", "id", on_delete="CASCADE")
    )""",
        """op.add_foreign_key(
        "remarks", op.foreign_key("person_id", "people", "id", on_delete="RESTRICT")
    )""",
        'op.run_sql("CREATE TABLE by_hand (x INT)", "DROP TABLE by_hand")',
    ),
    BUMP,
)


@dataclass
class LiveWorld:
    """``write`` migrations, run commands in this process or another, look at the database."""

    folder: Path
    database: object
    url: str = ""
    events: list = field(default_factory=list)
    #: Of the project: lock_timeout, statement_timeout, ...
    settings: dict = field(default_factory=dict)

    def __post_init__(self):
        self.url = self.url or self.database.url
        self.dialect = get_dialect(self.database.engine)
        self.sql = self.database.sql

    @property
    def migrations(self):
        return self.folder / "migrations"

    @property
    def project(self):
        place = {"database": self.url, "database_root": self.folder}
        return Project(self.folder, self.migrations, **place, **self.settings)

    def write(self, *migrations, atomic=None):
        """Write one migration for each text (or tuple of texts) of operations."""
        names = []
        for operations in migrations:
            texts = (operations,) if isinstance(operations, str) else operations
            history = read_history(self.migrations)
            on = [history.head] if history.head else []
            names.append(f"{len(history.names) + 1:04}_step")
            body = "".join(f"    {text},\n" for text in texts)
            mode = "" if atomic is None else f"atomic = {atomic}\n\n"
            write_migration(
                history,
                names[-1],
                f'"""Step."""\n\nfrom peewee_mig import op\n\nformat = 1\n\n{mode}'
                f"depends_on = {on!r}\n\noperations = [\n{body}]\n",
            )
        return names

    def edit(self, name, old, new):
        path = self.migrations / f"{name}.py"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def remove(self, name):
        remove_migration(read_history(self.migrations), name)

    def migrate(self, target=None, **options):
        return migrate(self.project, target=target, listener=self.events.append, **options)

    def rollback(self, target=None, **options):
        return rollback(self.project, target=target, listener=self.events.append, **options)

    def cli(self, *args):
        """Run the program in this process; return its exit code."""
        return call(self.args(*args))

    def args(self, *words):
        """Return a command line of the program."""
        directory = str(self.migrations)
        return [*words, "--database", self.url, "--directory", directory, "--no-input"]

    def process(self, *args, **options):
        """Start the program in a process of its own."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        return subprocess.Popen(
            [sys.executable, "-m", "peewee_mig", *args, "--database", self.url, "--no-input"],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            **options,
        )

    def applied(self):
        return [name for (name,) in self.sql("SELECT name FROM peewee_mig_history ORDER BY id")]

    def query(self, sql):
        return self.sql(sql)

    def cut_off(self, session):
        """Let the server end the session of a runner."""
        self.kill(self.number(session))

    def number(self, session):
        """Return what the server calls the session of a runner."""
        return int(session.backend.partition("/")[0] if self.is_postgres else session._number)

    def kill(self, number):
        """Let the server end a session, and wait until it is gone."""
        if self.is_postgres:
            self.sql(f"SELECT pg_terminate_backend({number})")
            there = f"SELECT 1 FROM pg_stat_activity WHERE pid = {number}"
        else:
            self.sql(f"KILL {number}")
            there = f"SELECT 1 FROM information_schema.processlist WHERE id = {number}"
        wait_until(lambda: not self.sql(there))

    @property
    def is_postgres(self):
        return self.database.engine == "postgres"

    def schema(self):
        """Return what the catalog holds, without our own tables."""
        return read_catalog(self.dialect, self.query, OwnTables()).schema

    def state(self):
        """Return all that a run leaves, but times: schema, rows, and our own records."""
        with closing(self.database.connect()) as connection:
            return self._state(querying(connection))

    def _state(self, query):
        catalog = read_catalog(self.dialect, query, OwnTables())
        found = {"schema": catalog.schema, "unmanaged": sorted(map(repr, catalog.unmanaged))}
        for table in catalog.schema:
            columns = self.dialect.quote_all(sorted(table.column_names))
            rows = query(f"SELECT {columns} FROM {self.dialect.quote(table.name)}")
            found[table.name] = sorted(rows, key=repr)
        history = "SELECT name, checksum, state, direction, operations, meta FROM"
        found["history"] = sorted(query(f"{history} peewee_mig_history"))
        for own in ("peewee_mig_journal", "peewee_mig_lock"):
            there = self.dialect.has_table(query, own)
            found[own] = query(f"SELECT * FROM {own}") if there else []
        return found

    def unmanaged(self):
        found = read_catalog(self.dialect, self.query, OwnTables()).unmanaged
        return sorted(map(repr, found))

    def told(self, kind):
        """Return what a run told of one kind."""
        return [event.text for event in self.events if event.kind == kind]


def querying(connection):
    """Return what runs a statement on a connection and returns its rows."""

    def query(sql):
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    return query


def wait_until(condition, seconds=30):
    """Return what a condition gives once it is true."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {seconds} s in vain"
        time.sleep(0.02)
    return found


def forks(world, what, argument):
    """Run the script of live forks in the folder of a world."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("live_forks.py")), what, world.url,
         world.database.engine, json.dumps(argument)],
        cwd=world.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)
