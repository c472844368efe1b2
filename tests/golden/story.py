"""A golden case: what is in its folder, its migrations, and its way through a database."""

import re
import tomllib
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from peewee import ForeignKeyField

from peewee_mig.commands.generate import Generated, generate
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import Project
from peewee_mig.commands.rollback import rollback
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.recognize import recognize
from peewee_mig.history.folder import read_history
from peewee_mig.history.records import OwnTables
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import ChangeRows
from peewee_mig.runner.catalog import read_catalog
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

#: What makes rows.sql mean the same on MySQL as elsewhere: names in double quotes, backslashes
#: as they are, nothing cut.
_STANDARD_SQL = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'"
_PREPARE = {"sqlite": "PRAGMA foreign_keys = ON", "mysql": _STANDARD_SQL}

#: How the golden file begins whose statements the engine cannot have.
_REFUSED = "-- refused: "

#: Statements of our own records; a rebuild makes _peewee_mig_new_… on SQLite.
_OWN_TABLE = re.compile(r"\bpeewee_mig_(history|journal|lock)")

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

    def read(self, name):
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def statements(self, name, engine):
        """Return the statements of ``name.sql``, or of ``name.ENGINE.sql`` if that is there."""
        return split(self.read(f"{name}.{engine}.sql") or self.read(f"{name}.sql"))

    def refuses(self, name):
        """Return with which message the statements of a golden file are refused, or nothing."""
        first = self.read(name).partition("\n")[0]
        return first.removeprefix(_REFUSED) if first.startswith(_REFUSED) else ""

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


def split(script):
    """Return the statements of a script, each of which ends its line."""
    return [text for text in re.split(r";\s*$", script, flags=re.MULTILINE) if text.strip()]


@dataclass
class Story:
    """A case in a folder of its own: its migrations, and a database that follows them."""

    case: Case
    place: Path
    #: One of the fixtures of ``servers``; none for what needs no database.
    database: Any = None
    generated: Generated = field(init=False)
    #: The statements of the last run.
    run_statements: list = field(default_factory=list)

    def __post_init__(self):
        if self.case.models("before"):
            generate(self.project("before"), name="before")
        self.generated = self.generate()

    @property
    def engine(self):
        return self.database.engine

    @property
    def dialect(self):
        return get_dialect(self.engine)

    def project(self, side="after"):
        return Project(
            root=self.case.folder,
            directory=self.place / "migrations",
            models=(side,),
            database=self.database.url if self.database else "",
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
        self.run_sql(self.case.statements("rows", self.engine))

    def migrate(self, fills=None):
        self.run_statements.clear()
        migrate(self.project(), fills=fills, listener=self._listen)

    def rollback(self, fills=None):
        self.run_statements.clear()
        rollback(self.project(), fills=fills, allow_data_loss=["all"], listener=self._listen)

    def _listen(self, event):
        if event.kind == "statement" and not _OWN_TABLE.search(event.text):
            self.run_statements.append(event.text)

    def run_sql(self, statements):
        for sql in statements:
            self._execute(sql)

    def check(self, sql):
        """Return whether a SELECT of ``checks.sql`` finds its condition true."""
        return self._execute(sql) == [(True,)]

    def state(self):
        """Return what the catalog holds, and the rows of each table, as (column -> literal)."""
        catalog = self.catalog()
        return catalog, {table.name: self._rows(table) for table in catalog.schema}

    def catalog(self):
        return read_catalog(self.dialect, self.query, OwnTables())

    def fresh_catalog(self):
        """Return what ``create_tables`` of the models makes in another database."""
        other = self.database.another()
        models, peewee = self.case.models("after"), other.peewee()
        with peewee.bind_ctx(models), peewee.connection_context():
            peewee.create_tables(models)
        with closing(other.connect()) as connection:
            return self.dialect.inspect(lambda sql: run(connection, sql))

    def recognized(self, catalog, declared):
        """Return a schema in the words of the declared one, without what is not ours."""
        assert catalog.unmanaged == ()
        return recognize(catalog, declared, self.dialect)

    def deferred_keys(self):
        """Return the foreign keys, (table, columns), that ``create_tables`` leaves out."""
        return {
            (model._meta.table_name, (each.column_name,))
            for model in self.case.models("after")
            for each in model._meta.sorted_fields
            if isinstance(each, ForeignKeyField) and each.deferred
        }

    def schema_before(self):
        """Return the schema that the migration meets, as its snapshot says."""
        history = read_history(self.project().directory)
        if not self.generated.needed:
            return history.last_schema
        return history.schema_before(self.generated.name)

    def schema_after(self):
        """Return the schema that the models declare."""
        return read_models(self.case.models("after")).schema

    def _rows(self, table):
        values = ", ".join(self._spelled(name) for name in table.column_names)
        found = self.query(f"SELECT {values} FROM {self.dialect.quote(table.name)}")
        return [
            dict(zip(table.column_names, map(self._literal, row), strict=True)) for row in found
        ]

    def _spelled(self, column):
        """SQLite spells values itself, so that 1, 1.0 and '1' are told apart.

        But for floats: each version has its own digits behind those that count.
        """
        name = self.dialect.quote(column)
        spelled = f"CASE typeof({name}) WHEN 'real' THEN {name} ELSE quote({name}) END"
        return spelled if self.engine == "sqlite" else name

    def _literal(self, value):
        if self.engine == "sqlite" and not isinstance(value, float):
            return value
        return repr(bytes(value) if isinstance(value, memoryview) else value)

    def orphans(self, schema):
        """Return the foreign keys, (table, columns), with rows that refer to nothing."""
        return [
            (table.name, key.columns)
            for table in schema
            for key in table.foreign_keys
            if self.query(self._orphans(table, key)) != [(0,)]
        ]

    def _orphans(self, table, key):
        quote = self.dialect.quote
        pairs = list(zip(map(quote, key.columns), map(quote, key.referred_columns), strict=True))
        present = " AND ".join(f"c.{column} IS NOT NULL" for column, _ in pairs)
        equal = " AND ".join(f"p.{referred} = c.{column}" for column, referred in pairs)
        parents = f"SELECT 1 FROM {quote(key.referred_table)} p WHERE {equal}"
        return (
            f"SELECT count(*) FROM {quote(table.name)} c WHERE {present} AND NOT EXISTS ({parents})"
        )

    def query(self, sql):
        """Read, in the dialect of the engine."""
        return run(self._connection, sql)

    def _execute(self, sql):
        """Run a statement of the case, whose SQL is the same on every engine."""
        return run(self._standard_connection, sql)

    @cached_property
    def _connection(self):
        return self.database.connect()

    @cached_property
    def _standard_connection(self):
        connection = self.database.connect()
        if self.engine in _PREPARE:
            run(connection, _PREPARE[self.engine])
        return connection

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
    but for ``changes`` (table.column) and tables of which reference rows change.
    ``before``, ``after``: (catalog, rows by table).
    """
    (before, old), (after, new) = before, after
    before, after = before.schema, after.schema
    declared = {each.table for each in operations if isinstance(each, ChangeRows)}
    names = Names()
    for operation in operations:
        names.follow(operation)
    for table in after:
        was = names.table(table.name)
        if was is None or before.find_table(was) is None or {was, table.name} & declared:
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


def without_keys(schema, keys):
    def kept(table):
        left = tuple(k for k in table.foreign_keys if (table.name, k.columns) not in keys)
        return replace(table, foreign_keys=left)

    return Schema.of(map(kept, schema))


def run(connection, sql):
    """Run a statement without parameters; return its rows."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        return [] if cursor.description is None else [tuple(row) for row in cursor.fetchall()]
