"""The worked example on every engine: one history, rows in between, and no file changed."""

import hashlib
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from example_models import example_models, without_special_indexes
from peewee import ForeignKeyField

from peewee_mig.commands.config import Options
from peewee_mig.commands.generate import generate
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import open_project
from peewee_mig.commands.rollback import rollback
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities
from peewee_mig.errors import GuardError
from peewee_mig.history.folder import read_history
from peewee_mig.history.records import OwnTables
from peewee_mig.plan.drift import drift, drift_between
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.catalog import Speller, read_catalog
from peewee_mig.schema import Schema

ROOT = Path(__file__).parents[2]
HISTORY = read_history(ROOT / "migrations")

ORGANIZATION = "6ba7b8109dad11d180b400c04fd430c8"
USER = "6ba7b8119dad11d180b400c04fd430c8"
RUN = "6ba7b8129dad11d180b400c04fd430c8"
DAY = "'2024-02-29 12:30:00'"

#: What is there after the first migration, for the later ones to lead through.
ROWS = (
    "INSERT INTO country (code, name) VALUES ('IT', 'Italy')",
    "INSERT INTO currency (code, name, decimals) VALUES ('EUR', 'Euro', 2)",
    (
        "INSERT INTO organization (id, created_at, name, slug, country_code, currency_code)"
        f" VALUES ('{ORGANIZATION}', {DAY}, '100% %s', 'all', 'IT', 'EUR')"
    ),
    (
        "INSERT INTO person"
        " (created_at, organization_id, given_name, surname, email, fax_number, weekly_hours)"
        f" VALUES ({DAY}, '{ORGANIZATION}', 'Ada', 'Rossi', 'a@b', '12', 37.5),"
        f" ({DAY}, '{ORGANIZATION}', 'Zoë', 'O''Hara', 'z@b', NULL, 20)"
    ),
    (
        "INSERT INTO user_account (id, created_at, person_id, login, password_hash, active)"
        f" VALUES ('{USER}', {DAY}, 1, 'ada', 'x', TRUE)"
    ),
    (
        "INSERT INTO workflow_template (created_at, organization_id, name, active)"
        f" VALUES ({DAY}, '{ORGANIZATION}', 'joining', TRUE)"
    ),
    (
        "INSERT INTO template_step (template_id, position, name, instructions)"
        " VALUES (1, 1, 'sign', ''), (1, 2, 'pay', '')"
    ),
    (
        "INSERT INTO workflow_run (id, created_at, template_id, subject_id, context)"
        f""" VALUES ('{RUN}', {DAY}, 1, 2, '{{"a": [1, 2]}}')"""
    ),
    (
        "INSERT INTO workflow_step (instance_id, template_step_id, position, name, state)"
        f" VALUES ('{RUN}', 1, 1, 'sign', 'done'), ('{RUN}', 2, 2, 'pay', 'open')"
    ),
)
PEOPLE = [("Rossi", "a@b"), ("O'Hara", "z@b")]
STEPS = (
    "SELECT workflow_template.name, template_step.name FROM {0}"
    " JOIN workflow_step ON instance_id = {0}.id"
    " JOIN template_step ON template_step_id = template_step.id"
    " JOIN workflow_template ON workflow_template.id = {0}.template_id"
    " ORDER BY workflow_step.position"
)


class Example:
    """The project of this folder on a database of some engine."""

    def __init__(self, database):
        self.database = database
        self.sql = database.sql
        self.dialect = get_dialect(database.engine)
        self.project = open_project(Options(database=database.url), {}, ROOT)

    def migrate(self, target=None):
        return migrate(self.project, target=target)

    def rollback(self, target=None):
        return rollback(self.project, target=target, allow_data_loss=["all"])

    def catalog(self):
        return catalog(self.database)

    def deviation(self, name):
        """Return how the database differs from the snapshot of a migration, in words."""
        with closing(self.database.connect()) as connection:
            query = reader(connection)
            found = read_catalog(self.dialect, query, OwnTables())
            expected = self.expected(name)
            found = Speller(self.dialect, query).respelled(found, expected)
        seen = drift(found, expected, self.dialect)
        return (*seen.words, *seen.apart)

    def expected(self, name):
        """Return the schema after a migration, without what the engine cannot have."""
        lenient = get_dialect(self.database.engine, skips=True)
        capabilities = Capabilities((10, 11), "MariaDB" if lenient.name == "mysql" else "")
        return Engine(lenient, capabilities).schema(HISTORY.schema_at(name))


@pytest.fixture
def example(live):
    return Example(live)


def catalog(database):
    """Read what a database holds besides our own tables."""
    with closing(database.connect()) as connection:
        return read_catalog(get_dialect(database.engine), reader(connection), OwnTables())


def reader(connection):
    """Return what runs a statement and reads its rows."""

    def query(sql):
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql)
            while type(cursor).__module__.partition(".")[0] == "psycopg" and cursor.nextset():
                pass
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    return query


def test_each_step_leads_rows_to_its_snapshot_and_back(example):
    example.migrate(HISTORY.names[0])
    example.sql(*ROWS)
    for name in HISTORY.names:
        example.migrate(name)
        assert example.deviation(name) == (), name
    assert example.sql("SELECT family_name, email FROM person ORDER BY id") == PEOPLE
    assert example.sql("SELECT locale FROM user_account") == [("en",)]
    assert example.sql(STEPS.format("workflow_instance")) == [
        ("joining", "sign"),
        ("joining", "pay"),
    ]

    for name in reversed(HISTORY.names[:-1]):
        example.rollback()
        assert example.deviation(name) == (), name
    assert example.sql("SELECT surname, email FROM person ORDER BY id") == PEOPLE
    assert example.sql(STEPS.format("workflow_run")) == [("joining", "sign"), ("joining", "pay")]


def test_ends_in_what_create_tables_makes(example):
    example.migrate()
    models = example_models()
    other = example.database.another()
    create_tables(other, models)
    seen = drift_between(example.catalog(), catalog(other), HISTORY.last_schema, example.dialect)
    (view,) = seen.attached
    assert (view.kind, view.name) == ("view", "open_tasks")  # Peewee makes no views
    assert (seen.missing, seen.apart) == ((), ())
    assert {(each.table, each.found.columns) for each in seen.differences} == deferred_keys(models)


def create_tables(database, models):
    peewee = database.peewee()
    with (
        without_special_indexes(models) if database.engine == "mysql" else nullcontext(),
        peewee.bind_ctx(models, bind_refs=False, bind_backrefs=False),
        peewee.connection_context(),
    ):
        peewee.create_tables(models)


def deferred_keys(models):
    """Return the foreign keys, (table, columns), that ``create_tables`` leaves out."""
    return {
        (model._meta.table_name, (field.column_name,))
        for model in models
        for field in model._meta.sorted_fields
        if isinstance(field, ForeignKeyField) and field.deferred
    }


def test_leaves_nothing_when_all_is_undone_and_changes_no_file(example):
    before = files()
    example.migrate()
    assert not generate(example.project, check=True).needed
    example.rollback("zero")
    found = example.catalog()
    assert (found.schema, found.unmanaged) == (Schema(), ())
    assert [each.name for each in example.migrate().applied] == list(HISTORY.names)
    assert example.deviation(HISTORY.head) == ()
    assert files() == before


def files():
    """Return the contents of the migrations folder."""
    paths = [each for each in (ROOT / "migrations").rglob("*") if each.suffix in (".py", ".json")]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_a_workflow_step_that_lost_its_template_is_in_the_way_back(example):
    example.migrate(HISTORY.names[0])
    example.sql(*ROWS)
    example.migrate()
    prepare = ["PRAGMA foreign_keys = ON"] if example.database.engine == "sqlite" else []
    example.sql(*prepare, "DELETE FROM template_step")
    lost = "SELECT count(*) FROM workflow_step WHERE template_step_id IS NULL"
    assert example.sql(lost) == [(2,)]
    with pytest.raises(GuardError, match="2 rows are in the way"):
        example.rollback("0007")
    assert example.deviation(HISTORY.head) == ()
