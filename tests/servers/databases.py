"""A database for one test: empty at first, gone after it; the same on every engine."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import psycopg2

_PASSWORD = "of a test"


class Sqlite:
    """A file of SQLite's that does not exist yet."""

    engine = "sqlite"
    driver = "sqlite3"

    def __init__(self, folder, number=1):
        self._folder = folder
        self._number = number
        self.path = folder / f"live{number}.db"
        self.url = f"sqlite:///{self.path}"
        self.urls = {self.driver: self.url}

    def connect(self):
        """Return a connection of the driver in autocommit mode."""
        return sqlite3.connect(self.path, isolation_level=None)

    def sql(self, *statements):
        """Run literal statements on one connection; return the rows of the last one."""
        return _run(self.connect(), statements)

    def peewee(self):
        """Return a Peewee database, not yet connected."""
        from peewee import SqliteDatabase

        return SqliteDatabase(self.path)

    def empty(self):
        """Make it as it was at first."""
        for file in self._folder.glob(f"{self.path.name}*"):
            file.unlink()

    def another(self):
        """Return one more empty database."""
        return Sqlite(self._folder, self._number + 1)


class _OnServer:
    """A database on a server, made by an administrator and dropped by :meth:`close`."""

    engine: str
    schemes: Mapping[str, str]
    new_role: str

    def __init__(self, admin, names, driver):
        self._admin = urlsplit(admin)
        self._names = names
        self.driver = driver
        self.name = next(names)
        self._open = []
        self._roles = []
        self._others = []
        self.urls = {known: self._url(scheme) for known, scheme in self.schemes.items()}
        self.url = self.urls[driver]
        self._create()

    def connect(self):
        """Return a connection of the driver in autocommit mode; it is closed with the database."""
        connection = self._connect()
        self._open.append(connection)
        return connection

    def sql(self, *statements):
        """Run literal statements on one connection; return the rows of the last one."""
        return _run(self._connect(), statements)

    def empty(self):
        """Make it as it was at first; whatever is connected to it is cut off."""
        self._drop()
        self._create()

    def another(self):
        """Return one more empty database of the same server."""
        other = type(self)(self._admin.geturl(), self._names, self.driver)
        self._others.append(other)
        return other

    def role(self, suffix):
        """Make a user of the server without privileges; return its name.

        It has a password, is unique in the run, and goes with the database.
        """
        name = f"{self.name}_{suffix}"
        self._administer(self.new_role.format(name=name, password=_PASSWORD))
        self._roles.append(name)
        return name

    def url_as(self, role):
        """Return the URL of this database for a user made by :meth:`role`."""
        return self._url(self.schemes[self.driver], f"{role}:{quote(_PASSWORD)}")

    def close(self):
        """Drop the database with whatever is connected to it, and its users."""
        for other in self._others:
            other.close()
        for connection in self._open:
            with suppress(Exception):  # a test may have closed it, or cut it off
                connection.close()
        self._drop()
        for role in self._roles:
            self._administer(f"DROP USER {role}")

    def _create(self):
        self._administer(f"CREATE DATABASE {self.name}")

    def _url(self, scheme, person=None):
        own, at, place = self._admin.netloc.rpartition("@")
        netloc = f"{own if person is None else person}{at or '@'}{place}"
        return self._admin._replace(scheme=scheme, netloc=netloc, path=f"/{self.name}").geturl()

    def _administer(self, *statements):
        return _run(self._connect_to(self._admin.geturl()), statements)


class Postgres(_OnServer):
    """A database of PostgreSQL's."""

    engine = "postgres"
    schemes = MappingProxyType({"psycopg2": "postgresql", "psycopg": "postgresql+psycopg"})
    new_role = "CREATE USER {name} PASSWORD '{password}'"

    def peewee(self):
        """Return a Peewee database of the driver, not yet connected."""
        from peewee import PostgresqlDatabase

        return PostgresqlDatabase(self.urls["psycopg2"], prefer_psycopg3=self.driver == "psycopg")

    def _connect(self):
        if self.driver == "psycopg":
            import psycopg

            return psycopg.connect(self.urls["psycopg2"], autocommit=True)
        return self._connect_to(self.url)

    @staticmethod
    def _connect_to(url):
        connection = psycopg2.connect(url)
        connection.autocommit = True
        return connection

    def _drop(self):
        self._administer(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class MySQL(_OnServer):
    """A database of MariaDB's or MySQL's."""

    engine = "mysql"
    schemes = MappingProxyType({"pymysql": "mysql+pymysql"})
    new_role = "CREATE USER {name} IDENTIFIED BY '{password}'"

    def __init__(self, admin, names, driver="pymysql"):
        super().__init__(admin, names, driver)
        self.url = self._url("mysql")

    def peewee(self):
        """Return a Peewee database, not yet connected."""
        from peewee import MySQLDatabase

        return MySQLDatabase(**_arguments(self.url))

    def _connect(self):
        return self._connect_to(self.url)

    @staticmethod
    def _connect_to(url):
        import pymysql

        return pymysql.connect(**_arguments(url), autocommit=True)

    def _drop(self):
        """Drop after the sessions that a test left open, whose locks would be waited for."""
        sessions = self._administer(
            f"SELECT id FROM information_schema.processlist WHERE db = '{self.name}'"
        )
        for (session,) in sessions:
            with suppress(Exception):  # it may just have ended
                self._administer(f"KILL {session}")
        self._administer(f"DROP DATABASE IF EXISTS {self.name}")


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
