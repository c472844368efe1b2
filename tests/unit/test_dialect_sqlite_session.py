"""The connection: PRAGMAs come back, Peewee's own connection is left as it was, errors by code."""

import sqlite3
import threading

import peewee
import pytest

from peewee_mig.dialects.sqlite.peewee_session import open_database
from peewee_mig.dialects.sqlite.session import open_file
from peewee_mig.errors import FailedError, LockedError, RefusedError

PRAGMAS = {"foreign_keys": 1, "legacy_alter_table": 1, "busy_timeout": 1234}


@pytest.fixture
def database(tmp_path):
    database = peewee.SqliteDatabase(tmp_path / "app.db", pragmas=PRAGMAS)
    yield database
    database.close()


def pragmas(database):
    return {name: database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}


def opened(database):
    return open_database(database, "db", create=True)


def test_pragmas_of_an_open_peewee_database_come_back(database):
    database.connect()
    session = opened(database)
    with session.transaction(wait=1):
        assert session.query("PRAGMA foreign_keys") == [(0,)]
        assert session.query("PRAGMA legacy_alter_table") == [(0,)]
    assert pragmas(database) == PRAGMAS
    with pytest.raises(FailedError), session.transaction(wait=1):  # noqa: PT012 (a failing run)
        session.execute("PRAGMA legacy_alter_table = ON")
        session.execute("SELECT nothing")
    assert pragmas(database) == PRAGMAS


def test_pragmas_come_back_when_the_lock_was_not_to_be_had(database):
    database.connect()
    other = sqlite3.connect(database.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LockedError), opened(database).transaction(wait=0):
        pass
    other.close()
    assert pragmas(database) == PRAGMAS


def test_only_a_connection_of_ours_is_closed(database):
    opened(database).close()
    assert database.is_closed()
    database.connect()
    opened(database).close()
    assert not database.is_closed()


def test_a_transaction_of_the_application_is_refused_and_stays_open(database):
    database.connect()
    database.execute_sql("CREATE TABLE t (x)")
    database.begin()
    database.execute_sql("INSERT INTO t VALUES (1)")
    with (
        pytest.raises(FailedError, match="a transaction is open") as caught,
        opened(database).transaction(wait=1),
    ):
        pass
    assert "close the transaction" in caught.value.hint
    assert database.execute_sql("SELECT count(*) FROM t").fetchone() == (1,)
    database.rollback()
    assert database.execute_sql("SELECT count(*) FROM t").fetchone() == (0,)


def test_user_sql_sees_the_foreign_keys_of_the_connection(database):
    database.connect()
    session = opened(database)
    with session.transaction(wait=1, structural=False):
        assert session.query("PRAGMA foreign_keys") == [(1,)]


@pytest.mark.parametrize("name", ["is_locked", "busy", "readonly", "malformed"])
def test_names_in_a_message_do_not_change_its_meaning(name):
    session = open_file(":memory:", create=True)
    with pytest.raises(FailedError, match="lacks what a statement needs") as caught:
        session.query(f"SELECT {name} FROM sqlite_master")
    assert caught.value.original == f"no such column: {name}"
    session.close()


def test_broken_json_is_not_a_damaged_database():
    session = open_file(":memory:", create=True)
    with pytest.raises(FailedError, match="a statement failed"):
        session.query("SELECT json_extract('{', '$')")
    session.close()


def test_a_reader_holds_up_the_commit_no_longer_than_asked(tmp_path):
    path = str(tmp_path / "app.db")
    session = open_file(path, create=True)
    session.execute("CREATE TABLE t (x)")
    session.execute("INSERT INTO t VALUES (1)")
    reader = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    with pytest.raises(LockedError, match="keep reading"), session.transaction(wait=0.1):
        session.execute("DELETE FROM t")
    assert session.query("SELECT count(*) FROM t") == [(1,)]
    timer = threading.Timer(0.2, lambda: reader.execute("COMMIT"))
    timer.start()
    with session.transaction(wait=10):
        session.execute("DELETE FROM t")
    timer.join()
    reader.close()
    assert session.query("SELECT count(*) FROM t") == [(0,)]
    session.close()


def test_a_broken_view_in_the_way_of_alter_table_is_named_in_the_hint():
    session = open_file(":memory:", create=True)
    session.execute("CREATE TABLE t (name, age)")
    session.execute("CREATE VIEW ages AS SELECT x FROM nowhere")
    with pytest.raises(FailedError) as caught:
        session.execute("ALTER TABLE t DROP COLUMN age")
    assert caught.value.hint.startswith('mend the view ages; or drop it: DROP VIEW "ages"')
    session.close()


@pytest.mark.parametrize(
    ("made", "what"),
    [
        ("CREATE VIEW ages AS SELECT age FROM t", "view ages"),
        ("CREATE TRIGGER ages AFTER INSERT ON t BEGIN SELECT new.age; END", "trigger ages"),
        ("CREATE INDEX ages ON t (name) WHERE age > 1", "index ages"),
    ],
)
def test_what_needs_a_dropped_column_is_refused_with_the_way_out(made, what):
    session = open_file(":memory:", create=True)
    session.execute("CREATE TABLE t (name, age)")
    session.execute(made)
    with pytest.raises(RefusedError) as caught:
        session.execute("ALTER TABLE t DROP COLUMN age")
    assert caught.value.message.startswith(f"{what} needs what is dropped: no such column: ")
    assert caught.value.hint.startswith("drop what is in the way, run the same command again")
    session.close()
