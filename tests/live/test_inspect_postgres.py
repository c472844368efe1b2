"""PostgreSQL's catalog: what create_tables and our own DDL make is read back as declared."""

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import peewee as pw
import psycopg2
import pytest
from example_models import example_models
from hand_written import BASE, POSTGRES
from hypothesis import settings

from peewee_mig import op
from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.postgres.dialect import DIALECT
from peewee_mig.dialects.recognize import settle, without_declared
from peewee_mig.diff import diff
from peewee_mig.errors import FailedError, RefusedError
from peewee_mig.plan.drift import drift, words
from peewee_mig.plan.planner import plan
from peewee_mig.runner.catalog import Speller
from peewee_mig.schema import Column, Expression, Options, Schema, Unique, parse_type
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models

ROOT = Path(__file__).parents[2]
#: The golden cases but one: PostgreSQL has no column without a type.
#: Every how many golden cases are read back.
EVERY = 1 if settings.get_current_profile_name() == "thorough" else 3
CASES = sorted(
    path for path in (ROOT / "tests/golden/cases").iterdir() if path.name != "table_create_bare"
)


class Catalog:
    """A connection whose schema can be emptied, and how many queries it was asked."""

    def __init__(self, connection):
        self.connection = connection
        self.queries = 0

    def query(self, sql):
        self.queries += 1
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(sql)
            while type(cursor).__module__.partition(".")[0] == "psycopg" and cursor.nextset():
                pass
            return [tuple(row) for row in cursor.fetchall()]

    def run(self, *statements):
        with closing(self.connection.cursor()) as cursor:
            for sql in statements:
                cursor.execute(sql)

    def migrate(self, operations, before):
        """Run a migration without a history."""
        for step in plan(operations, before, DIALECT).steps:
            self.run(*([step.sql] if isinstance(step, Statement) else step.resolve(self.query)))

    def empty(self):
        self.run("DROP SCHEMA IF EXISTS public CASCADE", "CREATE SCHEMA public")

    def inspect(self):
        return DIALECT.inspect(self.query)

    def unmanaged(self):
        return {words(each) for each in self.inspect().unmanaged}


@pytest.fixture
def catalog(postgres):
    return Catalog(postgres.connect())


@pytest.fixture(params=["postgres", "psycopg"])
def any_catalog(request, databases):
    """The same on both drivers."""
    return Catalog(databases(request.param).connect())


def deviation(catalog, declared):
    """Return what is not as declared, and what hangs on it: nothing, if all is well."""
    inspection = Speller(DIALECT, catalog.query).respelled(catalog.inspect(), declared)
    found = drift(inspection, declared, DIALECT)
    assert inspection.implied == frozenset()
    assert (settle(found.found, declared) == declared) == (not found.lines)
    return (*found.words, *map(words, found.apart))


def create_as_peewee_does(catalog, models, declared):
    """Run the statements of create_tables, and the deferred keys that only we create.

    Not through Peewee, which takes ``%`` in a name for a parameter.
    """
    for model in pw.sort_models(models):
        manager = pw.SchemaManager(model, pw.PostgresqlDatabase(None))
        for context in (manager._create_table(safe=False), *manager._create_indexes(safe=False)):
            catalog.run(context.query()[0])
    for model in models:
        table = declared.table(model._meta.table_name)
        for field in model._meta.sorted_fields:
            if isinstance(field, pw.ForeignKeyField) and field.deferred:
                key = table.find_foreign_key((field.column_name,))
                catalog.run(ddl.add_foreign_key(DIALECT, table.name, key))


def test_the_worked_example_is_read_back_as_declared(any_catalog):
    models = example_models()
    declared = read_models(models).schema
    create_as_peewee_does(any_catalog, models, declared)
    assert deviation(any_catalog, declared) == ()


def test_every_golden_case_is_read_back_as_declared(catalog):
    wrong = {path.name: deviations(catalog, case_models(path)) for path in CASES[::EVERY]}
    assert {name: found for name, found in wrong.items() if any(found)} == {}


def case_models(path):
    return find_models(["after"], root=path) if (path / "after.py").exists() else ()


def deviations(catalog, models):
    """Return what is not as declared, where Peewee made the tables, and where we did."""
    declared = read_models(models).schema
    catalog.empty()
    create_as_peewee_does(catalog, models, declared)
    by_peewee = deviation(catalog, declared)
    catalog.empty()
    catalog.migrate(diff(Schema(), declared), Schema())
    return by_peewee, deviation(catalog, declared)


def test_a_change_by_hand_is_found_and_named(catalog):
    told = {change: told_of(catalog, change) for change in POSTGRES}
    wrong = {change.id: found for change, found in told.items() if not named(change, found)}
    assert wrong == {}


def told_of(catalog, change):
    catalog.empty()
    catalog.migrate(diff(Schema(), BASE), Schema())
    catalog.run(*change.setup)
    before = findings(catalog)
    catalog.run(change.ddl)
    return findings(catalog) - before


def named(change, found):
    return len(found) == 1 and all(word in next(iter(found)) for word in change.words)


def findings(catalog):
    found = drift(catalog.inspect(), BASE, DIALECT)
    return {*found.words, *map(words, found.apart)}


def test_the_number_of_queries_does_not_depend_on_the_number_of_tables(catalog):
    assert queries_of(catalog, tables=2) == queries_of(catalog, tables=60) == 8


def queries_of(catalog, *, tables):
    catalog.empty()
    for number in range(tables):
        catalog.run(
            f"CREATE TABLE t{number} (id serial PRIMARY KEY, other int REFERENCES t{number},"
            f" name text DEFAULT 'x' CHECK (name <> ''))",
            f"CREATE INDEX i{number} ON t{number} (other)",
        )
    catalog.queries = 0
    assert len(catalog.inspect().schema.tables) == tables
    return catalog.queries


def test_whoever_owns_nothing_sees_everything(postgres):
    owner = Catalog(postgres.connect())
    owner.migrate(diff(Schema(), BASE), Schema())
    owner.run(
        "ALTER TABLE pet ADD CONSTRAINT heavy CHECK (weight > 1)",
        "CREATE VIEW heavy AS SELECT name FROM pet",
    )
    stranger = Catalog(connect_as(postgres, postgres.role("stranger")))
    assert stranger.query("SELECT has_table_privilege('pet', 'SELECT')") == [(False,)]
    assert stranger.inspect() == owner.inspect()
    assert stranger.inspect().unmanaged


def connect_as(database, role):
    return psycopg2.connect(database.url_as(role))


def test_only_the_schema_that_tables_go_to_is_read(catalog):
    catalog.run(
        "CREATE TABLE pet (id int DEFAULT 1)",
        "CREATE VIEW pets AS SELECT * FROM pet",
        "CREATE SCHEMA mine",
        "SET search_path TO mine, public",
        "CREATE TABLE toy (id int)",
    )
    inspection = catalog.inspect()
    assert inspection.schema.names == {"toy"}
    assert inspection.unmanaged == ()


def test_without_a_schema_the_way_out_is_said(catalog):
    catalog.run("SET search_path TO nowhere")
    with pytest.raises(FailedError, match="search_path") as caught:
        catalog.inspect()
    assert "search_path" in caught.value.hint


TYPES = [
    ("serial", "AUTO"),
    ("bigserial", "BIGAUTO"),
    ("int GENERATED BY DEFAULT AS IDENTITY", "IDENTITY"),
    ("int GENERATED ALWAYS AS IDENTITY", "IDENTITY_ALWAYS"),
    ("smallint", "SMALLINT"),
    ("numeric(7, 0)", "DECIMAL(7, 0)"),
    ("varchar", "VARCHAR"),
    ("char(3)", "CHAR(3)"),
    ("bytea", "BLOB"),
    ("jsonb", "JSON"),
    ("json", "json"),
    ("time", "TIME"),
    ("time(0)", "time(0) without time zone"),
    ("timestamp(3)", "timestamp(3) without time zone"),
    ("timestamptz", "TIMESTAMPTZ"),
    ("numeric", "numeric"),
    ("bpchar", "bpchar"),
    ("inet", "inet"),
    ("int[]", "INT[]"),
    ("int[][]", "INT[]"),
    ("numeric(5, 2)[]", "DECIMAL(5, 2)[]"),
    ("inet[]", "inet[]"),
    ("interval", "INTERVAL"),
    ("tsvector", "TSVECTOR"),
    ('"Odd mood"', '"Odd mood"'),
    ('"text"', "TEXT"),
    ('public."text"', "public.text"),
    ("code", "code"),
    ("smallint GENERATED ALWAYS AS IDENTITY", "smallint generated always as identity"),
    ("bigint GENERATED BY DEFAULT AS IDENTITY", "BIGIDENTITY"),
    ("bigint GENERATED ALWAYS AS IDENTITY", "BIGIDENTITY_ALWAYS"),
]


def test_types_are_read_back_and_spelled_back(any_catalog):
    any_catalog.run(
        """CREATE TYPE "Odd mood" AS ENUM ('a')""",
        "CREATE DOMAIN code AS int",
        """CREATE TYPE public."text" AS ENUM ('a')""",
    )
    assert [read_and_spelled(any_catalog, words_) for words_, _ in TYPES] == [
        (expected, expected) for _, expected in TYPES
    ]


def read_and_spelled(catalog, type_):
    """Return how a type is read, and how the type is read that it is spelled as."""
    catalog.run(f"CREATE TABLE t (c {type_})")
    column = catalog.inspect().schema.table("t").column("c")
    catalog.run("DROP TABLE t", f"CREATE TABLE t (c {DIALECT.type_sql(column.type)})")
    again = catalog.inspect().schema.table("t").column("c")
    catalog.run("DROP TABLE t")
    return str(column.type), str(again.type)


AUTO, INT = parse_type("AUTO"), parse_type("INT")
SEQUENCE = (
    "sequence t_id_seq: AS integer INCREMENT 1 MINVALUE 1 MAXVALUE 2147483647 START 1 CACHE 1"
)


@pytest.mark.parametrize(
    ("setup", "column", "beyond"),
    [
        ((), Column("id", AUTO), set()),
        (
            ["ALTER SEQUENCE t_id_seq OWNED BY NONE"],
            Column("id", INT, sequence="t_id_seq"),
            {SEQUENCE},
        ),
        (
            ["ALTER TABLE t ALTER id SET DEFAULT nextval('t_id_seq') + 1"],
            Column("id", INT, default=Expression("nextval('t_id_seq'::regclass) + 1")),
            {f"{SEQUENCE} OWNED BY t.id"},
        ),
        (
            ["ALTER TABLE t ALTER id TYPE bigint"],
            Column("id", parse_type("BIGAUTO")),
            {f"{SEQUENCE} OWNED BY t.id"},
        ),
        (
            ["ALTER TABLE t ALTER id TYPE smallint"],
            Column("id", parse_type("SMALLINT"), sequence="t_id_seq"),
            {f"{SEQUENCE} OWNED BY t.id"},
        ),
        (
            ["""ALTER SEQUENCE t_id_seq RENAME TO "odd's \\ name" """],
            Column("id", AUTO),
            set(),
        ),
    ],
    ids=["plain", "not owned", "another default", "other type", "small", "odd name"],
)
def test_a_column_is_numbered_by_the_sequence_that_it_owns(catalog, setup, column, beyond):
    catalog.run("CREATE TABLE t (id serial)", *setup)
    assert catalog.inspect().schema.table("t").column("id") == column
    assert catalog.unmanaged() == beyond


def test_names_over_63_bytes_are_cut_and_found(catalog):
    parent, child = f"{'p' * 62}é_cut", f"{'c' * 70}"
    number, code, key = f"{'n' * 63}_cut", f"{'é' * 40}", f"{'k' * 64}"
    declared = Schema.of(
        table.object
        for table in (
            op.create_table(
                parent,
                op.column(number, "AUTO"),
                op.column(code, "INT"),
                op.primary_key(number),
                op.index(f"{'i' * 64}", code, unique=True, named=True),
            ),
            op.create_table(
                child,
                op.column("id", "AUTO"),
                op.column(f"{'o' * 63}_cut", "INT"),
                op.column(f"{'q' * 63}_cut", "INT"),
                op.primary_key("id"),
                op.foreign_key(f"{'o' * 63}_cut", parent, number),
                op.foreign_key(f"{'q' * 63}_cut", parent, code, name=key),
            ),
        )
    )
    catalog.migrate(diff(Schema(), declared), Schema())
    assert deviation(catalog, declared) == ()
    assert catalog.inspect().schema.names == {"p" * 62, "c" * 63}
    assert DIALECT.has_table(catalog.query, parent)

    other = Schema.of(
        table.object
        for table in (
            op.create_table(
                parent,
                op.column(number, "BIGAUTO"),
                op.column(code, "AUTO"),
                op.primary_key(number, code),
            ),
            op.create_table(child, op.column("id", "INT"), op.column(f"{'q' * 63}_cut", "INT")),
        )
    )
    catalog.migrate(diff(declared, other), declared)
    assert deviation(catalog, other) == ()
    catalog.migrate(diff(other, declared), other)
    assert deviation(catalog, declared) == ()


def test_a_partitioned_table_is_read_once(catalog):
    catalog.run(
        "CREATE TABLE event (id int PRIMARY KEY, note text) PARTITION BY RANGE (id)",
        "CREATE INDEX event_note ON event (note)",
        "CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (9)",
        "CREATE TABLE seat (event_id int REFERENCES event)",
    )
    schema = catalog.inspect().schema
    assert schema.names == {"event", "seat"}
    assert [index.name for index in schema.table("event").indexes] == ["event_note"]
    assert [key.name for key in schema.table("seat").foreign_keys] == ["seat_event_id_fkey"]
    assert schema.table("event").options.words == ('PARTITION BY RANGE("id")',)
    assert catalog.unmanaged() == {"partition event_1: FOR VALUES FROM (1) TO (9)"}


def test_partitions_are_parts_of_the_table_that_is_declared_so(catalog):
    id_, words = op.column("id", "INT"), op.options('PARTITION BY RANGE("id")')
    declared = Schema.of([op.create_table("event", id_, op.primary_key("id"), words).object])
    catalog.migrate(diff(Schema(), declared), Schema())
    catalog.run(
        "CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (9) PARTITION BY LIST (id)",
        "CREATE TABLE event_1_1 PARTITION OF event_1 FOR VALUES IN (1, 2)",
        "INSERT INTO event VALUES (1)",
    )
    found = catalog.inspect()
    assert {each.table for each in found.unmanaged} == {"event"}
    assert without_declared(found, declared, DIALECT).unmanaged == ()
    assert deviation(catalog, declared) == ()
    columns = (id_, op.column("n", "INT", null=True))
    wider = declared.with_table(replace(declared.table("event"), columns=columns))
    catalog.migrate(diff(declared, wider), declared)
    assert deviation(catalog, wider) == ()
    plain = declared.with_table(replace(declared.table("event"), options=Options()))
    assert without_declared(found, plain, DIALECT).unmanaged == found.unmanaged
    with pytest.raises(RefusedError, match="cannot change how table event is partitioned"):
        catalog.migrate(diff(declared, plain), declared)


def test_an_index_is_found_where_it_is(catalog):
    space = f"space_{os.getpid()}"
    made = op.create_table("t", op.column("a", "INT")).object
    placed = op.index("i", "a", named=True, options=[f"TABLESPACE {space}", "fillfactor=70"])
    before, after = (Schema.of([replace(made, indexes=each)]) for each in ((), (placed,)))
    try:
        catalog.run("SET allow_in_place_tablespaces = on", f"CREATE TABLESPACE {space} LOCATION ''")
    except psycopg2.Error:
        pytest.skip("this server makes no tablespace without a folder for it")
    try:
        catalog.migrate(diff(Schema(), before), Schema())
        catalog.migrate(diff(before, after), before)
        assert deviation(catalog, after) == ()
        plain = replace(made, indexes=(replace(placed, options=("fillfactor=70",)),))
        assert any("index i" in line for line in deviation(catalog, Schema.of([plain])))
        catalog.migrate(diff(after, before), after)
    finally:
        catalog.run("DROP TABLE IF EXISTS t", f"DROP TABLESPACE {space}")


def test_a_table_without_columns_is_no_table_of_ours(catalog):
    catalog.run("CREATE TABLE bare ()")
    assert catalog.inspect().schema == Schema()
    assert catalog.unmanaged() == {"table bare: without columns"}


def test_members_of_an_extension_belong_to_it(catalog):
    available = "SELECT 1 FROM pg_available_extensions WHERE name = 'hstore'"
    if not catalog.query(available):
        pytest.skip("this PostgreSQL comes without extensions")
    catalog.run("CREATE EXTENSION hstore VERSION '1.8'", "CREATE TABLE t (tags hstore)")
    inspection = catalog.inspect()
    assert str(inspection.schema.table("t").column("tags").type) == "HSTORE"
    assert {words(each) for each in inspection.unmanaged} == {"extension hstore: 1.8"}


def test_a_foreign_key_to_a_unique_constraint_is_recognized(catalog):
    catalog.migrate(diff(Schema(), BASE), Schema())
    catalog.run(
        "ALTER TABLE person ADD CONSTRAINT one_age UNIQUE (age)",
        "ALTER TABLE pet ADD years int REFERENCES person (age)",
    )
    inspection = catalog.inspect()
    (key,) = (k for k in inspection.schema.table("pet").foreign_keys if k.columns == ("years",))
    assert (key.referred_table, key.referred_columns) == ("person", ("age",))
    assert inspection.schema.table("person").uniques == (Unique(("age",), "one_age"),)
    assert inspection.unmanaged == ()


def test_an_invalid_index_is_not_taken_for_a_good_one(catalog):
    catalog.run("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (1)")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        catalog.run("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)")
    assert catalog.inspect().schema.table("t").indexes == ()
    (finding,) = catalog.unmanaged()
    assert finding.startswith("index t_a: CREATE UNIQUE INDEX t_a")
    assert finding.endswith("(invalid)")
