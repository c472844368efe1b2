"""MariaDB's catalog, read back: nothing lost, nothing invented, what is beyond our kinds named."""

from contextlib import closing
from pathlib import Path

import pytest
from example_models import example_models, without_special_indexes
from golden.story import CASES, read_case
from hand_written import BASE
from hand_written_mysql import CHANGES
from hypothesis import HealthCheck, given, settings
from mysql_schemas import mysql_schemas
from peewee import PeeweeException

from peewee_mig.dialects import ddl
from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.errors import FailedError, RefusedError
from peewee_mig.plan.drift import drift, words
from peewee_mig.runner.catalog import Speller
from peewee_mig.schema import Schema
from peewee_mig.sources.read import read_models

ROOT = Path(__file__).parents[2]

#: Cases whose tables Peewee cannot create -> a part of the error.
NOT_BY_PEEWEE = {
    "key_set_null_required": "incorrectly formed",  # SET NULL on a column that takes none
    "names_odd": "not enough arguments for format string",  # a % in a name
    "names_odd_renamed": "not enough arguments for format string",
    "table_create_bare": "error in your SQL syntax",  # no column without a type
}
#: Cases that the engine cannot have -> a part of what we say.
REFUSED = {
    "key_set_null_required": "SET NULL needs a column that takes NULL",
    "table_create_bare": "have no column type BARE",
}


@pytest.fixture
def query(mysql):
    """Read from the database of the test, over one connection."""
    return reader(mysql.connect().cursor())


def reader(cursor):
    def read(sql):
        cursor.execute(sql)
        return list(cursor.fetchall())

    return read


def cases():
    return [path.name for path in sorted(CASES.iterdir()) if (path / "after.py").exists()]


@pytest.mark.parametrize("name", cases())
def test_what_peewee_creates_is_what_is_declared(name, mysql, query):
    models = read_case(CASES / name).models("after")
    if name in NOT_BY_PEEWEE:
        with pytest.raises(PeeweeException, match=NOT_BY_PEEWEE[name]):
            create_tables(mysql, models)
        return
    create_tables(mysql, models)
    assert_declared(query, read_models(models).schema)


@pytest.mark.parametrize("name", cases())
def test_what_we_create_is_what_is_declared(name, mysql, query):
    declared = read_models(read_case(CASES / name).models("after")).schema
    if name in REFUSED:
        with pytest.raises(RefusedError, match=REFUSED[name]):
            statements(declared)
        return
    mysql.sql(*statements(declared))
    assert_declared(query, declared)


def test_the_example_is_what_it_declares(mysql, query):
    models = example_models()
    with without_special_indexes(models):
        create_tables(mysql, models)
        assert_declared(query, read_models(models).schema)


@settings(suppress_health_check=[*HealthCheck])  # the fixture empties its database itself
@given(declared=mysql_schemas())
def test_any_schema_is_read_back(mysql, declared):
    mysql.empty()
    connection = mysql.connect()
    with closing(connection), connection.cursor() as cursor:
        for sql in statements(declared):
            cursor.execute(sql)
        assert_declared(reader(cursor), declared)


def statements(declared):
    """Spell the tables as a migration would."""
    steps = DIALECT.lower(diff(Schema(), declared), Schema(), DIALECT.assumed)
    return [sql for step in steps for sql in spelled(step)]


def spelled(step):
    return (step.sql,) if isinstance(step, Statement) else step.preview()


def create_tables(mysql, models):
    """Create tables as Peewee does, and the foreign keys that it leaves out."""
    database = mysql.peewee()
    with database.bind_ctx(models), database.connection_context():
        database.create_tables(models)
    declared = read_models(models).schema
    found = inspected(mysql.sql)
    mysql.sql(
        *(
            ddl.add_foreign_key(DIALECT, table.name, key)
            for table in declared
            for key in table.foreign_keys
            if found.table(table.name).find_foreign_key(key.columns) is None
        )
    )


def inspected(query):
    return DIALECT.inspect(query).schema


def assert_declared(query, declared):
    found = Speller(DIALECT, query).respelled(DIALECT.inspect(query), declared)
    assert settle(recognize(found, declared, DIALECT), declared) == declared
    seen = drift(found, declared, DIALECT)
    assert (seen.words, seen.apart) == ((), ())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.id)
def test_a_change_by_hand_is_found_and_named(change, mysql, query):
    mysql.sql(*statements(BASE), *change.setup)
    before = findings(query)
    mysql.sql(change.ddl)
    (found,) = findings(query) - before
    assert [word for word in change.words if word not in found] == []


def findings(query):
    found = drift(DIALECT.inspect(query), BASE, DIALECT)
    return {*found.words, *map(words, found.apart)}


def test_the_number_of_queries_does_not_depend_on_the_number_of_tables(mysql, query):
    mysql.sql(*map(family, range(2)))
    few = queries_of(query)
    mysql.sql(*map(family, range(2, 60)))
    assert queries_of(query) == few == 15


def queries_of(query):
    asked = []
    DIALECT.inspect(lambda sql: asked.append(sql) or query(sql))
    return len(asked)


def family(number):
    parent = f"FOREIGN KEY (parent) REFERENCES t{max(number - 1, 0)} (id)"
    return (
        f"CREATE TABLE t{number} (id INT AUTO_INCREMENT PRIMARY KEY, parent INT, name VARCHAR(20)"
        f" DEFAULT 'x', data JSON, UNIQUE (name), {parent})"
    )


def test_a_connection_without_a_database_is_told(mysql):
    cursor = mysql.connect().cursor()
    mysql.sql(f"DROP DATABASE {mysql.name}")
    with pytest.raises(FailedError, match="has no database"):
        DIALECT.inspect(reader(cursor))


CHANGED = (
    "ALTER TABLE person ADD note TEXT",
    "ALTER TABLE person MODIFY age INT COMMENT 'in years'",
    "ALTER TABLE person MODIFY age INT FIRST",
    "DROP INDEX person_name ON person",
    "DROP TABLE pet",
)


def test_a_fingerprint_tells_how_tables_are_defined(mysql, query):
    def fingerprint(*tables):
        return DIALECT.fingerprint(query, tables, "")

    mysql.sql(*statements(BASE))
    before = fingerprint("person", "pet", "absent")
    assert fingerprint("absent", "pet", "person") == before
    assert fingerprint("person") != before
    mysql.sql("INSERT INTO person (name, email) VALUES ('Ann', 'a@b')")  # it takes a number
    mysql.sql("CREATE TABLE other (id INT)")
    assert fingerprint("person", "pet", "absent") == before
    for sql in CHANGED:
        before = fingerprint("person", "pet")
        mysql.sql(sql)
        assert fingerprint("person", "pet") != before, sql


def test_a_fingerprint_for_a_users_sql_covers_what_it_names(mysql, query):
    mysql.sql(*statements(BASE))
    for sql in (
        "CREATE TABLE other (id INT)",
        "CREATE VIEW names AS SELECT name FROM pet",
        "CREATE TRIGGER t BEFORE UPDATE ON pet FOR EACH ROW SET NEW.name = 'x'",
        "CREATE PROCEDURE tidy() DELETE FROM pet",
        *CHANGED,
    ):
        before = DIALECT.fingerprint(query, (), sql)
        mysql.sql("INSERT INTO person (name, email) VALUES ('Ann', uuid())")
        assert DIALECT.fingerprint(query, (), sql) == before, sql
        mysql.sql(sql)
        assert DIALECT.fingerprint(query, (), sql) != before, sql
