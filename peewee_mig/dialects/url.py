"""Database URLs, with the schemes of Peewee's ``db_url`` and the usual driver spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode

from peewee_mig.errors import UsageError, nearest, same_command

Engine = Literal["sqlite", "postgres", "mysql", "cockroach"]

_SQLITE: Engine = "sqlite"
_POSTGRES: Engine = "postgres"
_MYSQL: Engine = "mysql"
_COCKROACH: Engine = "cockroach"

#: Scheme -> engine and driver; a pool is of no use to one short run and therefore ignored.
#: Source: ``playhouse.db_url.schemes`` (Peewee 4.5.3), and SQLAlchemy's spellings.
SCHEMES: dict[str, tuple[Engine, str]] = {
    "apsw": (_SQLITE, "apsw"),
    "cockroachdb": (_COCKROACH, "psycopg2"),
    "crdb": (_COCKROACH, "psycopg2"),
    "cysqlite": (_SQLITE, "cysqlite"),
    "mariadb": (_MYSQL, "pymysql"),
    "mariadb+pymysql": (_MYSQL, "pymysql"),
    "mariadbconnector": (_MYSQL, "mariadbconnector"),
    "mysql": (_MYSQL, "pymysql"),
    "mysql+pymysql": (_MYSQL, "pymysql"),
    "mysqlconnector": (_MYSQL, "mysqlconnector"),
    "postgres": (_POSTGRES, "psycopg2"),
    "postgresext": (_POSTGRES, "psycopg2"),
    "postgresql": (_POSTGRES, "psycopg2"),
    "postgresql+psycopg": (_POSTGRES, "psycopg"),
    "postgresql+psycopg2": (_POSTGRES, "psycopg2"),
    "postgresqlext": (_POSTGRES, "psycopg2"),
    "psycopg3": (_POSTGRES, "psycopg"),
    "sqlite": (_SQLITE, "sqlite3"),
    "sqliteext": (_SQLITE, "sqlite3"),
}

_SECRET = ("password", "passwd", "sslpassword", "ssl_key_password")
_HIDDEN = "***"


@dataclass(frozen=True, slots=True, repr=False)
class DatabaseUrl:
    """Where a database is and who connects; ``options`` are left as they were written.

    ``scheme``: as it was written, for messages.
    """

    engine: Engine
    driver: str
    database: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()
    scheme: str = field(default="", compare=False)

    @property
    def redacted(self) -> str:
        """The URL as it may be printed: without any password."""
        options = [(key, _HIDDEN if key in _SECRET else text) for key, text in self.options]
        query = f"?{urlencode(options, safe='/:*')}" if options else ""
        return f"{self.scheme or self.engine}://{self._authority()}/{self.database}{query}"

    def __repr__(self) -> str:
        """Show what may be printed."""
        return f"DatabaseUrl({self.redacted!r}, driver={self.driver!r})"

    def _authority(self) -> str:
        secret = f":{_HIDDEN}" if self.password else ""
        person = f"{quote(self.user)}{secret}@" if self.user or self.password else ""
        host = f"[{self.host}]" if ":" in self.host else quote(self.host)
        return f"{person}{host}{'' if self.port is None else f':{self.port}'}"


def parse_url(text: str) -> DatabaseUrl:
    """Read a URL, or the path of a SQLite file (a text without ``://``).

    User, password and host are percent-decoded; ``@``, ``/`` and ``#`` in a password need
    no encoding. :exc:`UsageError` gives the right spelling of what is wrong.
    """
    scheme, separator, rest = text.strip().partition("://")
    if not separator:
        return _file(text.strip())
    engine, driver = _known(scheme.lower(), rest)
    body, _, query = rest.partition("?")
    options = tuple(parse_qsl(query, keep_blank_values=True))
    if engine == "sqlite":
        path = _sqlite_path(scheme, body)
        return DatabaseUrl(engine, driver, path, options=options, scheme=scheme.lower())
    return _server(scheme, engine, driver, body, options)


def with_schema(text: str, schema: str) -> str:
    """Return the URL of a database of PostgreSQL, with ``schema`` as its whole search_path."""
    body, _, query = text.strip().partition("?")
    quoted = '"' + schema.replace('"', '""') + '"'
    setting = "-csearch_path=" + re.sub(r"([\\ ])", r"\\\1", quoted)
    options = dict(parse_qsl(query, keep_blank_values=True))
    options["options"] = f"{options.get('options', '')} {setting}".strip()
    return f"{body}?{urlencode(options, quote_via=quote)}"


def with_database(text: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    body, mark, query = text.strip().partition("?")
    scheme, _, rest = body.partition("://")
    person, at, location = rest.rpartition("@")
    return f"{scheme}://{person}{at}{location.partition('/')[0]}/{name}{mark}{query}"


def _file(path: str) -> DatabaseUrl:
    scheme, slashes, _ = path.partition("//")
    if slashes and scheme.lower() in SCHEMES:
        raise UsageError(
            f"{scheme}// is not the start of a URL: the colon is missing",
            hint=_meant(path, f"{scheme}:{path[len(scheme) :]}"),
        )
    scheme, colon, _ = path.partition(":")
    if colon and scheme.lower() in SCHEMES:
        raise UsageError(
            f"{scheme}: is not the start of a URL",
            hint=f"write {scheme}://{'/' if SCHEMES[scheme.lower()][0] == _SQLITE else ''}…",
        )
    if not path:
        raise UsageError(
            "the database is empty", hint="give a URL, such as sqlite:///app.db, or a file"
        )
    body, _, query = path.partition("?") if path.startswith("file:") else (path, "", "")
    options = tuple(parse_qsl(query, keep_blank_values=True))
    return DatabaseUrl("sqlite", "sqlite3", body, options=options)


def _known(scheme: str, rest: str) -> tuple[Engine, str]:
    found = SCHEMES.get(scheme.removesuffix("+pool"))
    if found is None:
        raise UsageError(
            f"unknown database scheme {scheme}://",
            hint=_scheme_meant(scheme, rest),
        )
    return found


def _scheme_meant(scheme: str, rest: str) -> str:
    near = nearest(scheme, _supported())
    meant = [_meant(f"{scheme}://{rest}", f"{near}://{rest}")] if near and "@" not in rest else []
    return "; or: ".join([*meant, f"write one of {', '.join(_supported())}"])


def _with_name(scheme: str, body: str) -> str:
    """Return an address with a place for the name of the database; a password is not repeated."""
    person, at, host = body.rpartition("@")
    return f"{scheme}://{person.partition(':')[0]}{at}{host.rstrip('/')}/DATABASE"


def _meant(url: str, better: str) -> str:
    """Say the same with another address, unless it may have a password."""
    if "@" in url:
        return f"write {better.partition('://')[0]}://…"
    return same_command("--database", better, in_place_of=["--database", url])


def _supported() -> list[str]:
    """Return the schemes of engines that this version has."""
    return sorted(scheme for scheme, (engine, _) in SCHEMES.items() if engine != _COCKROACH)


def _sqlite_path(scheme: str, body: str) -> str:
    host, _, path = body.partition("/")
    if host:
        raise UsageError(
            f"{scheme}://{body} has two slashes, so {host} reads as a host",
            hint="three slashes, four for an absolute path:"
            f" {_meant(f'{scheme}://{body}', f'{scheme}:///{body}')}",
        )
    return path or ":memory:"


def _server(
    scheme: str, engine: Engine, driver: str, body: str, options: tuple[tuple[str, str], ...]
) -> DatabaseUrl:
    person, _, location = body.rpartition("@")
    user, _, password = person.partition(":")
    address, _, database = location.partition("/")
    if not database:
        raise UsageError(
            f"the {scheme} URL names no database",
            hint=f"name it at the end: {_meant(f'{scheme}://{body}', _with_name(scheme, body))};"
            f" without a host it is the local server's ({scheme}:///database)",
        )
    host, port = _host_and_port(address, f"{scheme}://{body}")
    return DatabaseUrl(
        engine,
        driver,
        database,
        host=unquote(host),
        port=port,
        user=unquote(user),
        password=unquote(password),
        options=options,
        scheme=scheme.lower(),
    )


def _host_and_port(address: str, url: str) -> tuple[str, int | None]:
    host, colon, port = address.rpartition(":")
    if not colon or address.endswith("]"):
        return address.strip("[]"), None
    if not port.isdecimal():
        raise UsageError(
            f"the port {port!r} of the database URL is not a number",
            hint=_meant(url, url.replace(f":{port}", ":PORT", 1))
            if "@" not in url
            else "write host:port, and percent-encode a colon in the password",
        )
    return host.strip("[]"), int(port)
