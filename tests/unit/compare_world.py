"""A project of three migrations and a file of SQLite's, for commands that compare."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from peewee_mig.cli.main import call
from peewee_mig.commands.project import Project
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import write_migration

PEOPLE = """op.create_table(
    "people",
    op.column("id", "AUTO"),
    op.column("name", "TEXT"),
    op.primary_key("id"),
)"""
AGE = 'op.add_column("people", op.column("age", "INT", null=True))'
INDEX = 'op.create_index("people", op.index("people_age", "age"))'
DATA = 'op.run_sql("UPDATE people SET age = 1", "")'
NO_AGE = 'op.drop_column("people", op.column("age", "INT", null=True))'


@dataclass
class World:
    folder: Path

    @property
    def migrations(self):
        return self.folder / "migrations"

    @property
    def file(self):
        return self.folder / "app.db"

    @property
    def project(self):
        return Project(
            self.folder,
            self.migrations,
            database="sqlite:///app.db",
            database_root=self.folder,
            models=(self.models,),
        )

    @property
    def models(self):
        """The name of the module of models, which no other test has."""
        return f"shapes_{self.folder.name}"

    def write(self, *migrations):
        """Write a migration for each text of an operation; return their names."""
        names = []
        for operation in migrations:
            history = read_history(self.migrations)
            names.append(f"{len(history.names) + 1:04}_step")
            write_migration(
                history,
                names[-1],
                f'"""Step."""\n\nfrom peewee_mig import op\n\nformat = 1\n\n'
                f"depends_on = {[history.head] if history.head else []!r}\n\n"
                f"operations = [\n    {operation},\n]\n",
            )
        return names

    def cli(self, *args):
        """Run the program in this process, in the folder of the project; return its code."""
        with patch.dict(os.environ, DATABASE_URL="sqlite:///app.db"):
            return call([*args, "--no-input"])

    def sql(self, *statements):
        """Run statements by hand; return the rows of the last one."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            return [connection.execute(each).fetchall() for each in statements][-1]

    def states(self):
        return dict(self.sql("SELECT name, state FROM peewee_mig_history ORDER BY id"))

    def forget(self):
        self.sql("DROP TABLE peewee_mig_history")
