"""A project with one history and many databases, files or schemas."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee_mig.cli.main import call
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import write_migration

PEOPLE = """op.create_table(
    "people",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(100)"),
    op.primary_key("id"),
)"""
TOWN = 'op.add_column("people", op.column("town", "VARCHAR(50)", null=True))'
#: Stops where two people have one name.
UNIQUE = 'op.create_index("people", op.index("people_name", "name", unique=True))'
#: Fails where nobody made that table.
BY_HAND = 'op.run_sql("INSERT INTO people (name) SELECT name FROM by_hand", [])'


@dataclass
class Project:
    """``write`` migrations, run commands in this process, look at each database."""

    folder: Path
    capsys: Any

    def write(self, *operations, code=""):
        """Write a migration of the source of operations, and of functions that they name."""
        history = read_history(self.folder / "migrations")
        name = f"{len(history.names) + 1:04}_step"
        on = [history.head] if history.head else []
        body = "".join(f"    {text},\n" for text in operations)
        write_migration(
            history,
            name,
            f'"""Step."""\n\nfrom peewee_mig import op\n\nformat = 1\n\ndepends_on = {on!r}\n\n'
            f"{code}\n\noperations = [\n{body}]\n",
        )

    def configure(self, *lines):
        (self.folder / "peewee_mig.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")

    def files(self, *names):
        """Let the tenants be files of these names."""
        (self.folder / "data").mkdir(exist_ok=True)
        (self.folder / "tenants.txt").write_text("\n".join([*names, ""]), encoding="utf-8")
        self.configure('tenants = "tenants.txt"', 'tenant_url = "sqlite:///data/{tenant}.db"')

    def run(self, *args, code=0):
        """Run a command; return what it prints on both streams."""
        found = call([*args])
        shown = self.capsys.readouterr()
        assert found == code, shown.out + shown.err
        return shown.out + shown.err

    def json(self, *args, code=0):
        """Run a command with ``--json``; return its object, with the entries by tenant."""
        found = call([*args, "--json"])
        shown = self.capsys.readouterr()
        assert found == code, shown.out + shown.err
        answer = json.loads(shown.out)
        assert answer["exit_code"] == code
        return {**answer, "by": {each["tenant"]: each for each in answer["tenants"]}}

    def sql(self, name, *statements):
        path = self.folder / "data" / f"{name}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            return [connection.execute(each).fetchall() for each in statements][-1]

    def columns(self, name):
        return [row[1] for row in self.sql(name, "PRAGMA table_info(people)")]

    def applied(self, name):
        rows = self.sql(name, "SELECT name FROM peewee_mig_history ORDER BY id")
        return [each for (each,) in rows]
