"""Database URLs: every scheme, every mistake, never a password."""

from __future__ import annotations

import pytest

from peewee_mig.dialects.url import SCHEMES, DatabaseUrl, parse_url
from peewee_mig.errors import UsageError


@pytest.mark.parametrize(
    ("text", "database"),
    [
        ("sqlite:///rel.db", "rel.db"),
        ("sqlite:///./dir/rel.db", "./dir/rel.db"),
        ("sqlite:////abs/x.db", "/abs/x.db"),
        ("sqlite:///:memory:", ":memory:"),
        ("sqlite://", ":memory:"),
        ("sqlite+pool:///rel.db", "rel.db"),
        ("sqliteext:///rel.db", "rel.db"),
        ("app.db", "app.db"),
        ("./x.sqlite3", "./x.sqlite3"),
        ("/abs/x.db", "/abs/x.db"),
        (":memory:", ":memory:"),
    ],
)
def test_sqlite_spellings(text: str, database: str) -> None:
    assert parse_url(text) == DatabaseUrl("sqlite", "sqlite3", database)


@pytest.mark.parametrize(
    ("scheme", "engine", "driver"),
    [
        ("apsw", "sqlite", "apsw"),
        ("cysqlite+pool", "sqlite", "cysqlite"),
        ("postgres", "postgres", "psycopg2"),
        ("postgresql+pool", "postgres", "psycopg2"),
        ("postgresext+pool", "postgres", "psycopg2"),
        ("psycopg3", "postgres", "psycopg"),
        ("postgresql+psycopg", "postgres", "psycopg"),
        ("postgresql+psycopg2", "postgres", "psycopg2"),
        ("mysql+pool", "mysql", "pymysql"),
        ("mysql+pymysql", "mysql", "pymysql"),
        ("mariadb", "mysql", "pymysql"),
        ("mysqlconnector", "mysql", "mysqlconnector"),
        ("mariadbconnector", "mysql", "mariadbconnector"),
        ("crdb", "cockroach", "psycopg2"),
        ("CockroachDB+pool", "cockroach", "psycopg2"),
    ],
)
def test_schemes_name_engine_and_driver(scheme: str, engine: str, driver: str) -> None:
    url = parse_url(f"{scheme}:///app")
    assert (url.engine, url.driver, url.database) == (engine, driver, "app")


def test_all_parts_of_a_server_url() -> None:
    url = parse_url("postgresql://an%40na:p%2Fw%25@db.example:5433/app?sslmode=require&x=")
    assert url == DatabaseUrl(
        "postgres",
        "psycopg2",
        "app",
        host="db.example",
        port=5433,
        user="an@na",
        password="p/w%",
        options=(("sslmode", "require"), ("x", "")),
    )


@pytest.mark.parametrize("password", ["a@b", "a/b", "a#b", "a:b"])
def test_a_password_needs_no_encoding_where_it_is_clear(password: str) -> None:
    url = parse_url(f"mysql://u:{password}@h/app")
    assert (url.user, url.password, url.host, url.database) == ("u", password, "h", "app")


def test_ipv6_and_sockets() -> None:
    assert parse_url("postgres://u@[::1]:5433/app").host == "::1"
    assert parse_url("postgres://[::1]/app").port is None
    assert parse_url("postgres://%2Fvar%2FRun/app").host == "/var/Run"
    assert parse_url("mysql:///app?unix_socket=/run/m.sock").options == (
        ("unix_socket", "/run/m.sock"),
    )


def test_no_password_is_ever_shown() -> None:
    url = parse_url("mysql://anna:geheim@h:3307/app?passwd=geheim2&charset=utf8")
    assert url.redacted == "mysql://anna:***@h:3307/app?passwd=***&charset=utf8"
    assert "geheim" not in f"{url} {url!r}"
    assert parse_url("postgres://[::1]/app").redacted == "postgres://[::1]/app"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sqlite://app.db", "sqlite:///app.db"),
        ("sqlite://dir/app.db", "sqlite:///dir/app.db"),
        ("sqlite:app.db", "sqlite:///"),
        ("postgres:app", "postgres://"),
        ("oracle://h/app", "apsw, cysqlite, mariadb, mariadb+pymysql, mariadbconnector, mysql,"),
        ("postgres//u:geheim@h/app", "postgres://…"),
        ("postgres://app", "postgres:///database"),
        ("postgres://h:port/app", "postgres://h:PORT/app"),
        ("", "sqlite:///app.db"),
    ],
)
def test_mistakes_are_answered_with_the_right_spelling(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_url(text)
    assert words in caught.value.hint


def test_no_scheme_is_offered_that_would_be_refused() -> None:
    with pytest.raises(UsageError) as caught:
        parse_url("oracle://h/app")
    offered = caught.value.hint.removeprefix("write one of ").split(", ")
    assert set(offered) == {name for name, (engine, _) in SCHEMES.items() if engine != "cockroach"}


@pytest.mark.parametrize(
    "text", ["postgresql://h/app", "mariadb://u@h:1/app", "postgresql+psycopg://h/app"]
)
def test_a_scheme_is_shown_as_it_was_written(text: str) -> None:
    assert parse_url(text).redacted == text


def test_a_wrong_url_does_not_show_its_password() -> None:
    with pytest.raises(UsageError) as caught:
        parse_url("postgres://u:geheim@h")
    assert "geheim" not in str(caught.value.to_json())


def test_a_sqlite_uri_keeps_its_options_with_and_without_a_scheme():
    for text in ("file:app.db?mode=ro", "sqlite:///file:app.db?mode=ro"):
        url = parse_url(text)
        assert (url.database, url.options) == ("file:app.db", (("mode", "ro"),))
    assert parse_url("what?.db").database == "what?.db"
