"""A project without migrations and a database, to which models are pushed."""

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import peewee

from peewee_mig.commands import push as command
from peewee_mig.commands.answers import Answers
from peewee_mig.commands.project import Project
from peewee_mig.dialects import get_dialect
from peewee_mig.history.records import OwnTables
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.catalog import read_catalog

ROOT = Path(__file__).parents[2]
ANSWERS = ("renames", "no_renames", "fills", "ask")


@dataclass
class PushWorld:
    """``push`` models in this process, or ``process`` those of ``models.py`` in another."""

    folder: Path
    database: object
    monkeypatch: object
    _connection: object = None

    def __post_init__(self):
        self.dialect = get_dialect(self.database.engine)
        self.sql = self.database.sql
        self.table = HistoryTable(self.dialect)

    @property
    def project(self):
        return Project(
            self.folder,
            self.folder / "migrations",
            models=("models",),
            database=self.database.url,
            database_root=self.folder,
        )

    def push(self, *models, environ=None, **options):
        given = {name: options.pop(name) for name in ANSWERS if name in options}
        self.monkeypatch.setattr(command, "find_models", lambda *_, **__: models)
        answers = Answers(**given, before="the database")
        return command.push(self.project, answers=answers, environ=environ or {}, **options)

    def write(self, text):
        """Write the models of another process; return them for this one."""
        (self.folder / "models.py").write_text(f"from peewee import *\n\n{text}")
        names = {name: getattr(peewee, name) for name in peewee.__all__}
        exec(text, names)  # noqa: S102 - a text of the test
        return [each for each in names.values() if _is_own(each)]

    def process(self, *args, script=("-m", "peewee_mig", "push")):
        environ = {key: text for key, text in os.environ.items() if key != "CI"}
        line = [*args, "--database", self.database.url, "--models", "models", "--no-input"]
        return subprocess.Popen(
            [sys.executable, *script, *line],
            cwd=self.folder,
            env={**environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *args, **options):
        """Push in another process; return its exit code and what it printed."""
        process = self.process(*args, **options)
        out, err = process.communicate(timeout=60)
        return process.returncode, out + err

    def catalog(self):
        return read_catalog(self.dialect, self.query, OwnTables())

    def query(self, sql):
        """Read on a connection that stays open: a catalog takes many queries."""
        self._connection = self._connection or self.database.connect()
        cursor = self._connection.cursor()
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]

    def mark(self):
        """Return the tables that the mark of a push names; None without a mark."""
        rows = self.table.read(self.query) if self.has_history() else ()
        return next((row.meta["tables"] for row in rows if row.is_push), None)

    def is_begun(self):
        """Whether the mark tells of a push that did not finish."""
        rows = self.table.read(self.query) if self.has_history() else ()
        return any(row.is_push_begun for row in rows)

    def has_history(self):
        return self.dialect.has_table(self.query, "peewee_mig_history")

    def count(self, table):
        return self.sql(f"SELECT count(*) FROM {self.dialect.quote(table)}")[0][0]


def _is_own(value):
    return isinstance(value, type) and issubclass(value, peewee.Model) and value != peewee.Model


def many_models(seed, *, longest, tables=60, keys=130):
    """Make models with long names whose foreign keys form trees, circles and loops.

    ``longest``: characters of the longest table name; columns have up to 60, of more than
    64 bytes. Some keys refer to a unique column, some tables have a key of two columns.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    models = []
    for number, targets in enumerate(_targets(chance, tables, keys)):
        name = _table_name(number, chance, longest)
        models.append(_model(number, name, targets, models, chance))
    return models


def _targets(chance, tables, keys):
    """Return for each table the numbers of those that it refers to; with a loop and a circle."""
    pairs = [(0, 0), (1, 2), (2, 1)]
    pairs += [(chance.randrange(tables), chance.randrange(tables)) for _ in range(keys - 3)]
    return [[target for source, target in pairs if source == number] for number in range(tables)]


def _table_name(number, chance, longest):
    if number % 3:
        return f"t{number:02}_{'abcdefghij' * 7}"[: chance.randint(min(60, longest), longest)]
    return f"t{number:02}_größe"


def _model(number, table, targets, models, chance):
    has_two = number % 10 == 9
    fields = {
        "code": peewee.CharField(max_length=40, unique=True),
        "text": peewee.TextField(null=True),
    }
    if has_two:
        fields |= {"left": peewee.IntegerField(), "right": peewee.IntegerField()}
    for place, target in enumerate(targets):
        fields[f"key{place}"] = _key(number, target, place, models, chance)
    meta = {"table_name": table}
    if has_two:
        meta["primary_key"] = peewee.CompositeKey("left", "right")
    fields["Meta"] = type("Meta", (), meta)
    return type(f"Model{number:02}", (peewee.Model,), fields)


def _key(number, target, place, models, chance):
    options = {
        "column_name": f"k{place}_{'übergröße_' * 7}"[: chance.randint(44, 60)],
        "field": "code" if target % 10 == 9 or chance.random() < 0.3 else "id",
        "null": True,
        "on_delete": chance.choice([None, "CASCADE", "SET NULL", "RESTRICT"]),
        "backref": "+",
    }
    if target > number:
        return peewee.DeferredForeignKey(f"Model{target:02}", **options)
    return peewee.ForeignKeyField("self" if target == number else models[target], **options)
