"""What is found broken in a database: orphans, views and triggers, however they are spelled."""

import pytest

from peewee_mig.dialects.sqlite.inspect import inspect
from peewee_mig.dialects.sqlite.problems import problems
from peewee_mig.dialects.sqlite.session import open_file

START = (
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER)",
    "CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES people (id))",
)


@pytest.fixture
def session():
    session = open_file(":memory:", create=True)
    for sql in START:
        session.execute(sql)
    yield session
    session.close()


def found(session, *statements):
    for sql in statements:
        session.execute(sql)
    return sorted(problems(session.query))


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIEW ok AS SELECT name FROM people",
        "CREATE TRIGGER ok AFTER UPDATE OF age, name ON people BEGIN SELECT new.name; END",
        'CREATE TRIGGER "delete" BEFORE INSERT ON pets BEGIN SELECT new.owner; END',
        "CREATE TRIGGER ok AFTER DELETE ON pets BEGIN UPDATE people SET age = 1; END",
        "INSERT INTO pets VALUES (1, NULL)",
    ],
)
def test_what_works_is_no_problem(session, sql):
    assert found(session, sql) == []


def test_each_orphan_is_named(session):
    assert found(session, "INSERT INTO pets VALUES (1, 7), (2, 8)") == [
        "row 1 of pets refers to what people does not have",
        "row 2 of pets refers to what people does not have",
    ]


def test_orphans_without_a_rowid_are_counted(session):
    session.execute("CREATE TABLE t (x INTEGER PRIMARY KEY REFERENCES people (id)) WITHOUT ROWID")
    assert found(session, "INSERT INTO t VALUES (1), (2)") == [
        "2 rows of t refer to what people does not have"
    ]


def test_a_key_to_columns_that_are_not_unique(session):
    (text,) = found(session, "CREATE TABLE t (x INTEGER REFERENCES people (age))")
    assert text.startswith("the foreign keys cannot be checked: foreign key mismatch")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIEW v AS SELECT absent FROM people",
        "CREATE VIEW v AS SELECT * FROM nowhere",
        "CREATE TRIGGER v AFTER INSERT ON pets BEGIN SELECT new.absent; END",
        "CREATE TRIGGER v BEFORE UPDATE OF owner ON pets BEGIN SELECT old.absent; END",
        "CREATE TRIGGER v AFTER DELETE ON pets BEGIN DELETE FROM nowhere; END",
        'CREATE TRIGGER "v" AFTER DELETE ON people WHEN old.absent BEGIN SELECT 1; END',
    ],
)
def test_views_and_triggers_that_do_not_work(session, sql):
    (text,) = found(session, sql)
    assert " v does not work: no such " in text


def test_a_trigger_that_waits_for_a_column_that_is_not_there(session):
    sql = 'CREATE TRIGGER t AFTER UPDATE OF "Age", absent ON people BEGIN SELECT 1; END'
    assert found(session, sql) == [
        "trigger t waits for updates of absent, which people does not have"
    ]


def test_what_breaks_between_two_looks_is_seen(session):
    """Python caches statements, and SQLite does not compile an EXPLAIN a second time."""
    trigger = "CREATE TRIGGER t AFTER DELETE ON pets BEGIN UPDATE people SET age = 1; END"
    assert found(session, trigger) == []
    (text,) = found(session, "ALTER TABLE people DROP COLUMN age")
    assert text == "trigger t does not work: no such column: age"


@pytest.mark.parametrize(
    "sql",
    [
        'CREATE VIEW v AS SELECT "age" FROM people',
        'CREATE VIEW v AS SELECT name FROM "people" WHERE "Age" > 3',
        'CREATE TRIGGER v AFTER DELETE ON pets BEGIN DELETE FROM people WHERE "age" = 1; END',
    ],
)
def test_a_quoted_column_that_becomes_a_text_is_seen(session, sql):
    assert found(session, sql) == []
    session.execute("ALTER TABLE people DROP COLUMN age")
    (text,) = found(session)
    assert text.lower().endswith(' v takes "age" for a text: its tables have no such column')


def test_a_quoted_alias_is_no_column(session):
    assert found(session, 'CREATE VIEW v AS SELECT name AS "called" FROM people AS p') == []


def test_a_virtual_table_of_a_module_that_is_not_loaded_is_no_problem(session):
    add_foreign_module(session)
    assert found(session, "CREATE VIEW ok AS SELECT name FROM people") == []


def test_a_catalog_with_one_is_read(session):
    add_foreign_module(session)
    inspection = inspect(session.query)
    assert inspection.schema.names == {"people", "pets"}
    assert [(each.kind, each.name) for each in inspection.unmanaged] == [("virtual table", "odd")]


def add_foreign_module(session):
    made = "CREATE VIRTUAL TABLE odd USING nosuch(a)"
    found(
        session,
        "PRAGMA writable_schema = ON",
        f"INSERT INTO sqlite_master VALUES ('table', 'odd', 'odd', 0, '{made}')",
        "PRAGMA writable_schema = RESET",
    )
