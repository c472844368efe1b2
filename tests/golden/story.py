"""A golden case: what is in its folder, its migrations, and its way through a database."""

import re
import sqlite3
import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from peewee import ForeignKeyField, SqliteDatabase

from peewee_mig.commands.generate import Generated, generate
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.rollback import rollback
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.sqlite.session import open_file
from peewee_mig.plan.names import Names
from peewee_mig.schema import Schema
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models

CASES = Path(__file__).parent / "cases"

#: Every option of ``case.toml``, so that a misspelled one is told.
_OPTIONS = {
    "about",
    "renames",
    "fills",
    "stops",
    "answer",
    "mend",
    "back",
    "changes",
    "index_names",
}
_BACK = {"stops", "answer", "mend"}

#: Values that differ from run to run.
_GENERATED = re.compile(r"X?'[0-9a-fA-F-]{32,36}'|'\d{4}-\d\d-\d\d( [\d:.]+)?'")


@dataclass(frozen=True)
class Case:
    """A folder: models before and after, rows, options, and the golden files."""

    folder: Path
    options: dict

    @property
    def rows(self):
        """The statements that insert rows before the migration."""
        return self.read("rows.sql")

    @property
    def back(self):
        """The options that concern the rollback."""
        return self.options.get("back", {})

    def read(self, name):
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def models(self, side):
        """Return the models of ``before.py`` or ``after.py``; none where there is no file."""
        if not (self.folder / f"{side}.py").exists():
            return ()
        return find_models([side], root=self.folder)


def read_case(folder):
    options = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    assert set(options) <= _OPTIONS
    assert set(options.get("back", {})) <= _BACK
    return Case(folder, options)


@dataclass
class Story:
    """A case in a folder of its own: its migrations, and a database that follows them."""

    case: Case
    place: Path
    generated: Generated = field(init=False)

    def __post_init__(self):
        if self.case.models("before"):
            generate(self.project("before"), name="before")
        self.generated = self.generate()

    @property
    def database(self):
        return self.place / "live.db"

    def project(self, side="after"):
        return Project(
            root=self.case.folder,
            directory=self.place / "migrations",
            models=(side,),
            database=str(self.database),
        )

    def generate(self):
        renames, fills = self.case.options.get("renames", ()), self.case.options.get("fills", {})
        return generate(self.project(), renames=renames, fills=fills, no_renames=True)

    def generate_again(self):
        """Compare the same models with the history that has the migration now."""
        return generate(self.project(), no_renames=True)

    def begin(self):
        """Make the database as it is before the migration, with rows."""
        migrate(self.project(), target="0001_before" if self.case.models("before") else "zero")
        with connected(self.database) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.executescript(self.case.rows)

    def migrate(self, fills=None):
        return migrate(self.project(), fills=fills)

    def rollback(self, fills=None):
        return rollback(self.project(), fills=fills, allow_data_loss=["all"])

    def run_sql(self, script):
        with connected(self.database) as connection:
            connection.executescript(script)

    def query(self, sql):
        with connected(self.database) as connection:
            return connection.execute(sql).fetchall()

    def state(self):
        """Return the schema of the database and its rows."""
        return self.schema(), self.data()

    def schema(self):
        return inspect(self.database)

    def fresh_schema(self):
        """Return what ``create_tables`` of the models makes in another database."""
        path = self.place / "fresh.db"
        models = self.case.models("after")
        database = SqliteDatabase(path)
        with database.bind_ctx(models), database.connection_context():
            database.create_tables(models)
        return inspect(path)

    def deferred_keys(self):
        """Return the foreign keys, (table, columns), that ``create_tables`` leaves out."""
        return {
            (model._meta.table_name, (each.column_name,))
            for model in self.case.models("after")
            for each in model._meta.sorted_fields
            if isinstance(each, ForeignKeyField) and each.deferred
        }

    def declared_schema(self):
        """Return the schema of the models, as SQLite gives it back."""
        return get_dialect("sqlite").normalize(read_models(self.case.models("after")).schema)

    def data(self):
        """Return the rows of each table, as (column -> SQL literal)."""
        return {table.name: self._rows(table) for table in self.schema()}

    def _rows(self, table):
        names = [name.replace('"', '""') for name in table.column_names]
        values = ", ".join(f'quote("{name}")' for name in names)
        found = self.query(f'SELECT {values} FROM "{table.name.replace(chr(34), chr(34) * 2)}"')
        return [dict(zip(table.column_names, row, strict=True)) for row in found]

    def told(self, data):
        """Spell rows for people, one line each; generated values differ from run to run."""
        for table in sorted(data):
            for line in sorted(map(self._line, data[table])):
                yield f"{table}: {line}"

    def _line(self, row):
        return ", ".join(f"{name}={self._stable(row[name])}" for name in sorted(row))

    def _stable(self, value):
        if _GENERATED.fullmatch(value) and value not in self.case.rows:
            return "<generated>"
        return value


def kept_values(operations, before, after, *, changes=()):
    """Yield (values before, values after) of the columns of each table that must not differ.

    These are the columns that stay, whatever their names, with the type and NULL that they had,
    but for ``changes`` (table.column). ``before``, ``after``: (schema, rows by table).
    """
    (before, old), (after, new) = before, after
    names = Names()
    for operation in operations:
        names.follow(operation)
    for table in after:
        was = names.table(table.name)
        if was is None or before.find_table(was) is None:
            continue
        pairs = [
            (origin, column.name)
            for column in table.columns
            if (origin := names.column(table.name, column.name)) is not None
            and (found := before.table(was).find_column(origin)) is not None
            and (found.type, found.null) == (column.type, column.null)
            and f"{table.name}.{column.name}" not in changes
        ]
        yield (
            Counter(tuple(row[origin] for origin, _ in pairs) for row in old[was]),
            Counter(tuple(row[name] for _, name in pairs) for row in new[table.name]),
        )


def inspect(path):
    session = open_file(str(path), create=False)
    try:
        return get_dialect("sqlite").inspect(session.query).schema
    finally:
        session.close()


def nameless(schema):
    """Return the schema without the names of its indexes."""
    return {(t.name, frozenset((i.columns, i.unique) for i in t.indexes)) for t in schema}


def without_keys(schema, keys):
    def kept(table):
        left = tuple(k for k in table.foreign_keys if (table.name, k.columns) not in keys)
        return replace(table, foreign_keys=left)

    return Schema.of(map(kept, schema))


class connected:  # noqa: N801 (a context manager)
    """A plain connection to a SQLite file, committed and closed at the end."""

    def __init__(self, path):
        self.connection = sqlite3.connect(path, isolation_level=None)

    def __enter__(self):
        return self.connection

    def __exit__(self, *_):
        self.connection.close()
