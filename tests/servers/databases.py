"""A database for one test: empty at first, gone after it; the same on every engine."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import closing, suppress
from functools import cache
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import psycopg2

_PASSWORD = "of a test"


class _Database(ABC):
    """What tests do with a database of any engine.

    ``url``: for the program under test; ``urls``: the same for each driver.
    """

    engine: str
    driver: str
    url: str
    urls: Mapping[str, str]

    def __init__(self):
        self._open = []

    def connect(self):
        """Return a connection of the driver in autocommit mode; it is closed with the database."""
        return self._kept(self._connect())

    def sql(self, *statements):
        """Run literal statements on one connection; return the rows of the last one."""
        return _run(self._connect(), statements)

    def peewee(self):
        """Return a Peewee database of the driver, not yet connected."""
        return self._kept(self._peewee())

    def another(self):
        """Return one more empty database, on the same server."""
        return self._kept(self._another())

    def empty(self):
        """Make it as it was at first; whatever is connected to it is cut off."""
        self._drop()
        self._create()

    def close(self):
        """Drop it with whatever is connected to it, and the databases made from it."""
        for opened in self._open:
            with suppress(Exception):  # a test may have closed it, or cut it off
                opened.close()
        self._drop()

    def _kept(self, opened):
        self._open.append(opened)
        return opened

    @abstractmethod
    def _connect(self): ...

    @abstractmethod
    def _peewee(self): ...

    @abstractmethod
    def _another(self): ...

    @abstractmethod
    def _create(self): ...

    @abstractmethod
    def _drop(self): ...


class Sqlite(_Database):
    """A file of SQLite's that does not exist yet."""

    engine = "sqlite"
    driver = "sqlite3"

    def __init__(self, folder, number=1):
        super().__init__()
        self._folder = folder
        self._number = number
        self.path = folder / f"live{number}.db"
        self.url = f"sqlite:///{self.path}"
        self.urls = {self.driver: self.url}

    def _connect(self):
        return sqlite3.connect(self.path, isolation_level=None)

    def _peewee(self):
        from peewee import SqliteDatabase

        return SqliteDatabase(self.path)

    def _another(self):
        self._number += 1
        return Sqlite(self._folder, self._number)

    def _create(self):
        """Leave it to the first connection."""

    def _drop(self):
        for suffix in ("", "-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


class _OnServer(_Database):
    """A database on a server, made by an administrator.

    ``schemes``: those of its URLs, by driver; ``new_user``: the statement.
    """

    schemes: Mapping[str, str]
    new_user: str

    def __init__(self, admin, names, driver):
        super().__init__()
        self._admin = admin
        self._names = names
        self._roles = []
        self.driver = driver
        self.name = next(names)
        self.urls = {known: self._url(scheme) for known, scheme in self.schemes.items()}
        self.url = self.urls[driver]
        self._create()

    def role(self, suffix):
        """Make a user of the server without privileges; return its name.

        It has a password, its name is unique, and it goes with the database.
        """
        name = f"{self.name}_{suffix}"
        self._administer(self.new_user.format(name=name, password=_PASSWORD))
        self._roles.append(name)
        return name

    def url_as(self, role):
        """Return the URL of this database for a user made by :meth:`role`."""
        return self._url(self.schemes[self.driver], f"{role}:{quote(_PASSWORD)}")

    def close(self):
        """Drop it as any database, then the users made for it."""
        super().close()
        while self._roles:
            self._administer(f"DROP USER {self._roles.pop()}")

    def _another(self):
        return type(self)(self._admin, self._names, self.driver)

    def _create(self):
        self._administer(f"CREATE DATABASE {self.name}")

    def _url(self, scheme, person=None):
        parts = urlsplit(self._admin)
        person = person or parts.netloc.rpartition("@")[0]
        address = parts.netloc.rpartition("@")[2]
        options = f"?{parts.query}" if parts.query else ""
        return f"{scheme}://{person}{'@' if person else ''}{address}/{self.name}{options}"

    def _administer(self, *statements):
        return _run(self._connect_to(self._admin), statements)

    @staticmethod
    @abstractmethod
    def _connect_to(url): ...


class Postgres(_OnServer):
    """A database of PostgreSQL's."""

    engine = "postgres"
    schemes = MappingProxyType({"psycopg2": "postgresql", "psycopg": "postgresql+psycopg"})
    new_user = "CREATE USER {name} PASSWORD '{password}'"

    def _connect(self):
        if self.driver == "psycopg":
            import psycopg

            # a statement that psycopg prepares fails once the tables that it reads have changed
            url = self.urls["psycopg2"]
            return psycopg.connect(url, autocommit=True, prepare_threshold=None)
        return self._connect_to(self.url)

    def _peewee(self):
        from peewee import PostgresqlDatabase

        # an option that Peewee 3.17 does not know
        options = {"prefer_psycopg3": True} if self.driver == "psycopg" else {}
        return PostgresqlDatabase(self.urls["psycopg2"], **options)

    def _create(self):
        """Copy files: without durability a quarter of the time that a copy by the log takes."""
        strategy = " STRATEGY FILE_COPY" if self._has_strategies(self._admin) else ""
        self._administer(f"CREATE DATABASE {self.name}{strategy}")

    @classmethod
    @cache
    def _has_strategies(cls, admin):
        """Whether the server has a choice: since PostgreSQL 15."""
        [[version]] = _run(cls._connect_to(admin), ["SHOW server_version_num"])
        return int(version) >= 150000

    def _drop(self):
        self._administer(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    @staticmethod
    def _connect_to(url):
        connection = psycopg2.connect(url)
        connection.autocommit = True
        return connection


class MySQL(_OnServer):
    """A database of MariaDB's or MySQL's."""

    engine = "mysql"
    schemes = MappingProxyType({"pymysql": "mysql+pymysql"})
    new_user = "CREATE USER {name} IDENTIFIED BY '{password}'"

    def __init__(self, admin, names, driver="pymysql"):
        super().__init__(admin, names, driver)
        self.url = self._url("mysql")

    def _connect(self):
        return self._connect_to(self.url)

    def _peewee(self):
        from peewee import MySQLDatabase

        return MySQLDatabase(**_arguments(self.url))

    def _drop(self):
        """Drop after the sessions that a test left open, whose locks would be waited for."""
        sessions = self._administer(
            f"SELECT id FROM information_schema.processlist WHERE db = '{self.name}'"
        )
        for (session,) in sessions:
            with suppress(Exception):  # it may just have ended
                self._administer(f"KILL {session}")
        self._administer(f"DROP DATABASE IF EXISTS {self.name}")

    @staticmethod
    def _connect_to(url):
        import pymysql

        return pymysql.connect(**_arguments(url), autocommit=True)


def _arguments(url):
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port or 3306,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.lstrip("/") or None,
        **dict(parse_qsl(parts.query)),
    }


def _run(connection, statements):
    """Give no parameters to the driver: ``%`` is then a character like any other."""
    with closing(connection), closing(connection.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
        return [] if cursor.description is None else [tuple(row) for row in cursor.fetchall()]
