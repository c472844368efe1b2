"""The journal and the lock as statements, and which of a user's SQL can be proved. No database."""

import datetime as dt
import sqlite3
from contextlib import closing

import pytest

from peewee_mig.dialects import get_dialect
from peewee_mig.history.journal import Entry, Journal, step_key
from peewee_mig.history.lock_table import LockRow
from peewee_mig.history.records import OwnTables, RecordTable
from peewee_mig.runner.journaled import _DEFINING, _SETTING

SQLITE = get_dialect("sqlite")
ENTRY = Entry("abc.0", 0, "ALTER TABLE 'x' ADD \\ y", "started", "fingerprint")


@pytest.fixture
def connection():
    """A journal in any database: SQLite takes the same statements."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE peewee_mig_lock (owner TEXT)")
        connection.execute("INSERT INTO peewee_mig_lock VALUES ('me')")
        yield connection


def journal(owner="me", migration="0001_a", direction="forward"):
    own = OwnTables()
    return Journal(RecordTable(SQLITE, own.journal, own.lock, owner), migration, direction)


@pytest.fixture
def query(connection):
    for sql in journal().create():
        connection.execute(sql)
    return lambda sql: connection.execute(sql).fetchall()


def test_there_is_nothing_without_a_table(connection):
    assert journal().read(lambda sql: connection.execute(sql).fetchall()) == ()


def test_entries_are_read_back_in_their_order(query, connection):
    second = Entry("abc.1", 1, "two")
    for entry in (ENTRY, second):
        assert connection.execute(journal().insert(entry)).rowcount == 1
    found = journal().read(query)
    assert [(each.step, each.statement, each.state) for each in found] == [
        ("abc.0", ENTRY.statement, "started"),
        ("abc.1", "two", "planned"),
    ]
    assert all(each.recorded for each in found)


def test_each_migration_and_direction_has_its_own(query, connection):
    connection.execute(journal().insert(ENTRY))
    for other in (journal(direction="backward"), journal(migration="0002_b")):
        assert other.read(query) == ()
        assert connection.execute(other.clear()).rowcount == 0
    assert connection.execute(journal().rename("0001_a", "0009_z")).rowcount == 1
    assert len(journal(migration="0009_z").read(query)) == 1


def test_a_person_can_tell_what_became_of_a_statement(query, connection):
    connection.execute(journal().insert(ENTRY))
    connection.execute(journal(owner="").told(ENTRY, "done"))
    assert journal().read(query)[0].state == "done"


@pytest.mark.parametrize(
    "spell",
    [
        lambda one: one.insert(ENTRY),
        lambda one: one.update(ENTRY),
        lambda one: one.forget("abc.0"),
        lambda one: one.rename("0001_a", "0002_b"),
        lambda one: one.clear(),
    ],
)
def test_who_lost_the_lock_changes_no_row(query, connection, spell):
    connection.execute(journal().insert(ENTRY))
    assert connection.execute(spell(journal(owner="somebody"))).rowcount == 0
    assert connection.execute(spell(journal())).rowcount == 1


def test_equal_steps_are_told_apart_by_their_number():
    first = step_key("x", [])
    second = step_key("x", [first])
    assert first != second
    assert step_key("x", [first, step_key("y", [first])]) == second
    assert len(second) <= 80


def test_the_row_of_the_lock_says_who_holds_it_since_when():
    since = dt.datetime(2030, 1, 2, 3, 4, 5)  # noqa: DTZ001 (as servers give it)
    row = LockRow("token", "host", 7, "backend", since, since, "0001_a CREATE", 12.4)
    assert str(row) == (
        "process 7 on host since 2030-01-02 03:04:05 UTC, at 0001_a CREATE"
        " (last sign of life 12 s ago)"
    )


@pytest.mark.parametrize(
    ("sql", "is_setting", "defines"),
    [
        ("SET @x = 1", True, False),
        ("-- why\nset names utf8mb4", True, False),
        ("/* a */ # b\n SET\tx = 1", True, False),
        ("SET STATEMENT max_statement_time = 1 FOR UPDATE x SET y = 1", False, False),
        ("CREATE TABLE x (y INT)", False, True),
        ("# c\n /* x */ alter table x", False, True),
        ("DROP VIEW x", False, True),
        ("TRUNCATE x", False, True),
        ("CALL x()", False, False),
        ("OPTIMIZE TABLE x", False, False),
        ("SETTLE", False, False),
        ("CREATED", False, False),
    ],
)
def test_what_a_users_sql_is(sql, is_setting, defines):
    assert bool(_SETTING.match(sql)) is is_setting
    assert bool(_DEFINING.match(sql)) is defines
