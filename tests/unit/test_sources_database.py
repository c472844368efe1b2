"""Databases given as Python objects."""

from __future__ import annotations

import sys
import textwrap
import types
from collections.abc import Callable
from pathlib import Path

import peewee
import pytest

from peewee_mig.errors import ModelError, UsageError
from peewee_mig.sources.database import (
    LoadedDatabase,
    given_database,
    is_dotted_path,
    load_database,
)

Load = Callable[[str, str], LoadedDatabase]


@pytest.fixture
def load(tmp_path: Path, request: pytest.FixtureRequest) -> Load:
    """Write a module of a name of its own, and load a database from it."""
    module = f"mod_{abs(hash(request.node.nodeid))}"

    def load(body: str, path: str = ":db") -> LoadedDatabase:
        text = f"from peewee import *\n{textwrap.dedent(body)}"
        (tmp_path / f"{module}.py").write_text(text)
        return load_database(module + path, root=tmp_path)

    return load


@pytest.fixture
def greenlet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``playhouse.pwasyncio`` import; nothing here runs a greenlet."""
    stand_in = types.ModuleType("greenlet")
    stand_in.greenlet = stand_in.getcurrent = None
    monkeypatch.setitem(sys.modules, "greenlet", stand_in)


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("app.db:database", True),
        ("app:database", True),
        ("app.db:settings.database", True),
        ("app.db.database", True),
        ("app.database", True),
        ("sqlite:///app.db", False),
        ("app.db", False),
        ("my.app.sqlite3", False),
        ("app", False),
        ("./app.data", False),
        ("/abs/app.data", False),
        ("dir/app:x", False),
        (":memory:", False),
        ("c:", False),
        ("my-app.data", False),
    ],
)
def test_dotted_paths_are_told_from_files_and_urls(text: str, dotted: bool) -> None:  # noqa: FBT001
    assert is_dotted_path(text) is dotted


@pytest.mark.parametrize(
    ("body", "engine", "name"),
    [
        ("db = SqliteDatabase('a.db')", "sqlite", "a.db"),
        ("db = PostgresqlDatabase('a')", "postgres", "a"),
        ("db = MySQLDatabase('a')", "mysql", "a"),
        ("db = DatabaseProxy()\ndb.initialize(SqliteDatabase('a.db'))", "sqlite", "a.db"),
        ("def db(): return SqliteDatabase('a.db')", "sqlite", "a.db"),
        (
            (
                "db = DatabaseProxy()\nx = Proxy()\nx.initialize(SqliteDatabase('a'))\n"
                "db.initialize(x)"
            ),
            "sqlite",
            "a",
        ),
        ("from playhouse.cockroachdb import *\ndb = CockroachDatabase('a')", "cockroach", "a"),
        ("from playhouse.pool import *\ndb = PooledPostgresqlDatabase('a')", "postgres", "a"),
    ],
)
def test_what_a_path_may_name(load: Load, body: str, engine: str, name: str) -> None:
    loaded = load(body, ":db")
    assert loaded.engine == engine
    assert loaded.database.database == name
    assert loaded.label.endswith(f":db ({name})")


def test_pooled_databases_stay_as_they_are(load: Load) -> None:
    loaded = load("from playhouse.pool import *\ndb = PooledSqliteDatabase('a.db')", ".db")
    assert type(loaded.database).__name__ == "PooledSqliteDatabase"


def test_a_dotted_path_without_colon_and_nested_attributes(load: Load) -> None:
    body = "class settings: db = SqliteDatabase('a.db')\ndatabase = settings.db"
    assert load(body, ".database").engine == "sqlite"
    assert load(body, ":settings.db").engine == "sqlite"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("db = DatabaseProxy()", "is a proxy that is not initialised"),
        ("db = SqliteDatabase(None)", "without a name (deferred)"),
        ("db = 5", "is int, not a Peewee database"),
        ("db = SqliteDatabase", "is type, not a Peewee database"),
        ("def db(): return None", "is NoneType, not a Peewee database"),
        ("db = Database('a')", "is Database, a database that is not supported"),
        ("x = 1", "has no attribute 'db'"),
        ("def db(): return 1 / 0", "ZeroDivisionError"),
        ("def db(x): pass", "TypeError"),
        ("import gone", "No module named 'gone'"),
    ],
)
def test_what_is_no_usable_database(load: Load, body: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(body, ":db")
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("path", ["database", ":db", "app:"])
def test_a_path_without_both_parts(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_database(path, root=tmp_path)
    assert "does not name a database" in caught.value.message


def test_importing_must_not_connect(load: Load, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load(f"db = SqliteDatabase({str(tmp_path / 'a.db')!r})\ndb.connect()", ":db")
    assert caught.value.where.endswith(".py:3")
    assert not (tmp_path / "a.db").exists()


@pytest.mark.usefixtures("greenlet")
def test_an_async_sqlite_database_becomes_its_twin(load: Load, tmp_path: Path) -> None:
    loaded = load(
        f"""
        from playhouse.pwasyncio import AsyncSqliteDatabase
        db = AsyncSqliteDatabase(
            {str(tmp_path / "a.db")!r}, pragmas={{"foreign_keys": 1}}, timeout=3, pool_size=2
        )
        @db.func()
        def twice(x): return x * 2
        """,
        ":db",
    )
    assert type(loaded.database) is peewee.SqliteDatabase
    with loaded.database as database:
        assert database.execute_sql("select twice(21)").fetchone() == (42,)
        assert database.foreign_keys == 1
    assert loaded.database._timeout == 3


@pytest.mark.usefixtures("greenlet")
def test_an_async_database_that_a_program_gives(tmp_path: Path) -> None:
    from playhouse.pwasyncio import AsyncSqliteDatabase

    given = given_database(AsyncSqliteDatabase(str(tmp_path / "a.db")))
    assert isinstance(given, LoadedDatabase)
    assert type(given.database) is peewee.SqliteDatabase
    assert given.label == str(tmp_path / "a.db")
    with pytest.raises(UsageError, match="is asynchronous and in memory"):
        given_database(lambda: AsyncSqliteDatabase(":memory:"))


@pytest.mark.usefixtures("greenlet")
def test_an_async_postgres_database_becomes_its_twin(load: Load) -> None:
    loaded = load(
        """
        from playhouse.pwasyncio import AsyncPostgresqlDatabase
        db = AsyncPostgresqlDatabase(
            "a", host="h", password="geheim", timeout=0.5, ssl="verify-full", command_timeout=1,
            isolation_level="SERIALIZABLE", statement_cache_size=0,
        )
        """,
        ":db",
    )
    assert type(loaded.database) is peewee.PostgresqlDatabase
    assert loaded.database.connect_params == {
        "host": "h",
        "password": "geheim",
        "connect_timeout": 1,
        "sslmode": "verify-full",
    }


@pytest.mark.usefixtures("greenlet")
def test_an_async_mysql_database_becomes_its_twin(load: Load) -> None:
    loaded = load(
        """
        from playhouse.pwasyncio import AsyncMySQLDatabase
        db = AsyncMySQLDatabase("a", host="h", mariadb=True, pool_recycle=5)
        """,
        ":db",
    )
    assert type(loaded.database) is peewee.MySQLDatabase
    assert loaded.database.mariadb
    assert loaded.database.connect_params == {"charset": "utf8mb4", "host": "h"}


@pytest.mark.parametrize(
    "name", ["postgresql://u:geheim@h/a", "host=h password=geheim", "host=h password = 'geheim x'"]
)
def test_a_label_shows_no_password(load: Load, name: str) -> None:
    label = load(f"db = PostgresqlDatabase({name!r})", ":db").label
    assert "geheim" not in label
    assert "h" in label


def test_a_function_must_not_connect(load: Load) -> None:
    with pytest.raises(ModelError) as caught:
        load("def db():\n    made = SqliteDatabase(':memory:')\n    made.connect()", ":db")
    assert caught.value.where.endswith(".py:4")


@pytest.mark.usefixtures("greenlet")
def test_importing_must_not_connect_by_an_event_loop_either(load: Load) -> None:
    with pytest.raises(ModelError) as caught:
        load(
            """
            import asyncio
            from playhouse.pwasyncio import AsyncSqliteDatabase
            db = AsyncSqliteDatabase(":memory:")
            asyncio.run(db.aconnect())
            """,
            ":db",
        )
    assert "aconnect" in caught.value.message


def test_a_module_is_told_from_a_database(tmp_path: Path) -> None:
    package = tmp_path / f"shop_{tmp_path.name}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text("")
    with pytest.raises(UsageError) as caught:
        load_database(f"{package.name}.models", root=tmp_path)
    assert caught.value.message == f"{package.name}.models is a module, not a database"
    with pytest.raises(UsageError, match="has no attribute 'nothing'"):
        load_database(f"{package.name}.nothing", root=tmp_path)
