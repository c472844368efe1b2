"""What can be said of sessions on MySQL without a server: addresses, errors, versions."""

import re
from types import SimpleNamespace

import pymysql
import pytest

from peewee_mig.dialects import failures
from peewee_mig.dialects.base import Capabilities
from peewee_mig.dialects.mysql import session as sessions
from peewee_mig.dialects.mysql.errors import translated
from peewee_mig.dialects.url import parse_url
from peewee_mig.errors import FailedError, UsageError

LABEL = "mysql://app:***@db/shop"


class FakeConnection:
    """A connection that notes what it is sent."""

    def __init__(self, *, number=7, told=7, version="10.11.4-MariaDB"):
        self.sent = []
        self.facts = {
            "connection_id()": (number, "h:3306", "app@%", "shop", version),
            "@@server_uuid": ("0000-uuid",),
        }
        self.thread_id = lambda: told

    def cursor(self):
        cursor = SimpleNamespace(rowcount=0, description=None, close=lambda: None)
        cursor.execute = lambda sql: self._execute(cursor, sql)
        return cursor

    def close(self):
        self.sent.append("close")

    def _execute(self, cursor, sql):
        self.sent.append(sql)
        for words, row in self.facts.items():
            if words in sql:
                cursor.description = row
                cursor.fetchall = lambda row=row: [row]


def opened(*, statement_timeout=0.0, **facts):
    connection = FakeConnection(**facts)
    return sessions.open_database(lambda: connection, LABEL, statement_timeout=statement_timeout)


def test_the_arguments_of_pymysql():
    arguments = sessions._arguments(
        parse_url(
            "mysql://a%40b:p%40w@h:3307/shop?read_timeout=5&ssl_verify_cert=true"
            "&ssl_ca=/ca.pem&ssl_disabled=0&max_connections=3"
        )
    )
    assert arguments == {
        "charset": "utf8mb4",
        "connect_timeout": 10,
        "program_name": "peewee_mig",
        "database": "shop",
        "user": "a@b",
        "password": "p@w",
        "host": "h",
        "port": 3307,
        "read_timeout": 5,
        "ssl_verify_cert": True,
        "ssl_ca": "/ca.pem",
        "ssl_disabled": False,
    }


def test_pymysql_knows_all_our_options():
    import inspect

    assert sessions._OPTIONS.keys() <= inspect.signature(pymysql.connect).parameters.keys()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("nonsense=1", "write one of"),
        ("read_timeout=soon", "write a number"),
        ("ssl_verify_cert=maybe", "write true or false"),
    ],
)
def test_options_that_are_wrong(option, words):
    with pytest.raises(UsageError) as caught:
        sessions._arguments(parse_url(f"mysql://h/shop?{option}"))
    assert words in caught.value.hint


def test_without_a_host_the_local_socket_is_found(tmp_path, monkeypatch):
    socket = tmp_path / "mysqld.sock"
    socket.touch()
    monkeypatch.setattr(sessions, "_SOCKETS", (str(tmp_path / "no.sock"), str(socket)))
    assert sessions._arguments(parse_url("mysql:///shop"))["unix_socket"] == str(socket)
    assert "unix_socket" not in sessions._arguments(parse_url("mysql://h/shop"))
    monkeypatch.setattr(sessions, "_SOCKETS", ())
    assert "unix_socket" not in sessions._arguments(parse_url("mysql:///shop"))


def test_the_driver_that_is_missing_is_named(monkeypatch):
    import importlib

    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(UsageError, match="pymysql is not installed") as caught:
        sessions.open_url(parse_url("mysql://h/shop"))
    assert caught.value.hint == "pip install 'peewee_mig[mysql]'"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("10.11.4-MariaDB-0+deb12u1", Capabilities((10, 11, 4), "MariaDB")),
        ("5.5.5-10.6.12-MariaDB", Capabilities((10, 6, 12), "MariaDB")),
        ("8.0.36-0ubuntu0.22.04.1", Capabilities((8, 0, 36), "MySQL")),
    ],
)
def test_versions(text, facts):
    assert opened(version=text).capabilities() == facts


def test_a_statement_timeout_in_the_words_of_the_server():
    assert "max_statement_time = 1.5" in opened(statement_timeout=1.5)._connection.sent[-1]
    mysql = opened(statement_timeout=1.5, version="8.0.36")
    assert "max_execution_time = 1500" in mysql._connection.sent[-1]


def test_names_of_sessions():
    assert opened().backend == "h:3306/app@%/7"
    assert opened(version="8.0.36").backend == "h:3306/0000-uuid/app@%/7"


def test_behind_a_proxy_a_session_has_no_name_and_nothing_is_taken():
    session = opened(told=4)
    assert session.backend == ""
    before = list(session._connection.sent)
    assert session.hold("a")
    session.let_go("a")
    assert session._connection.sent == before


def test_names_of_locks_are_short_and_differ():
    names = {opened()._lock(name) for name in ("a", "b" * 500)}
    assert len(names) == 2
    assert all(len(name) <= 66 for name in names)


def test_the_driver_is_told_the_character_set():
    told = []
    connection = FakeConnection()
    connection.set_character_set = told.append
    sessions.open_database(lambda: connection, LABEL)
    assert told == ["utf8mb4"]
    assert "SET NAMES utf8mb4" in opened()._connection.sent


@pytest.mark.parametrize(
    ("number", "known"),
    [
        (2003, failures.DOWN),
        (1040, failures.CROWDED),
        (1045, failures.NOT_LET_IN),
        (2026, failures.NO_TLS),
        (1205, failures.BUSY),
        (1213, failures.DEADLOCK),
        (1969, failures.CANCELLED),
        (2013, failures.LOST),
        (1290, failures.READ_ONLY),
        (1114, failures.FULL),
        (1142, failures.DENIED),
        (1061, failures.EXISTS),
        (1091, failures.MISSING),
        (1451, failures.NEEDED),
        (1062, failures.ROWS),
        (1064, failures.OTHER),
    ],
)
def test_numbers(number, known):
    error = translated(pymysql.err.OperationalError(number, "so"), LABEL, "SELECT 1")
    assert error.message == known.message.format(LABEL)
    assert type(error) is known.kind
    assert error.original == f"so ({number})"


@pytest.mark.parametrize(
    ("number", "said", "hint"),
    [
        (1049, "Unknown database 'shop'", "mariadb -h db -u app -p -e 'CREATE DATABASE `shop`'"),
        (
            1142,
            "ALTER command denied to user 'app'@'h' for table `shop`.`t`",
            "GRANT ALTER ON `shop`.* TO 'app'@'h'",
        ),
        (
            1044,
            "Access denied for user 'app'@'h' to database 'shop'",
            "GRANT ALL ON `shop`.* TO 'app'@'h'",
        ),
        (
            1227,
            "Access denied; you need (at least one of) the SUPER privilege(s) for this operation",
            "GRANT SUPER ON *.* TO this user",
        ),
        (1370, "denied", "grant it"),
        (1005, 'Can\'t create table `t` (errno: 121 "Duplicate key")', "peewee-mig diff"),
        (1005, 'Can\'t create table `t` (errno: 150 "Foreign key")', "same type"),
    ],
)
def test_hints_name_what_is_meant(number, said, hint):
    assert hint in translated(pymysql.err.OperationalError(number, said), LABEL, "x").hint


@pytest.mark.parametrize(
    ("said", "sql", "grants"),
    [
        ("SHOW command denied to user 'a'@'h' for table `shop`.`t`", "SHOW x", ["SELECT"]),
        ("Access denied for user 'a'@'h' to database 'shop'", "SELECT 1", ["SELECT"]),
        ("Access denied for user 'a'@'h' to database 'shop'", "create table t", ["CREATE"]),
        ("Access denied for user 'a'@'h' to database 'shop'", "", ["SELECT", "ALL"]),
    ],
)
def test_no_more_is_granted_than_a_statement_needs(said, sql, grants):
    hint = translated(pymysql.err.OperationalError(1044, said), LABEL, sql).hint
    assert re.findall(r"GRANT (\w+) ON `shop`\.\* TO 'a'@'h'", hint) == grants


def test_a_database_is_created_where_the_address_leads():
    error = pymysql.err.OperationalError(1049, "Unknown database 'shop'")
    assert translated(error, "mysql://root@127.0.0.1:3307/shop", "").hint == (
        "create it: mariadb -h 127.0.0.1 -P 3307 -u root -e 'CREATE DATABASE `shop`'"
    )
    assert translated(error, "app:db (shop)", "").hint == "create it: CREATE DATABASE `shop`"


@pytest.mark.parametrize("error", [pymysql.err.InterfaceError(0, ""), BrokenPipeError("broken")])
def test_a_connection_without_a_number_is_lost(error):
    assert "was lost" in translated(error, LABEL, "SELECT 1").message


def test_what_is_no_error_of_the_driver_is_told_too():
    error = translated(RuntimeError("'cryptography' package is required"), LABEL, "")
    assert isinstance(error, FailedError)
    assert error.message == f"no connection to {LABEL} could be made"
    assert error.original == "'cryptography' package is required"
