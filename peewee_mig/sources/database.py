"""The database given as a Python object: ``app.db:database``."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import copy
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeGuard

from peewee import Database, MySQLDatabase, PostgresqlDatabase, Proxy, SqliteDatabase

from peewee_mig.errors import UsageError, same_command
from peewee_mig.sources.importing import call, import_module, importing
from peewee_mig.sources.paths import is_dotted_path, is_in_memory

__all__ = ["LoadedDatabase", "given_database", "is_dotted_path", "load_database"]

_ENGINES = (
    (SqliteDatabase, "sqlite"),
    (PostgresqlDatabase, "postgres"),
    (MySQLDatabase, "mysql"),
)

#: What the application hung on a SQLite connection, and a twin needs as well.
_HOOKS = (
    "_aggregates",
    "_attached",
    "_collations",
    "_extensions",
    "_functions",
    "_window_functions",
)

#: Parameters that only the asynchronous drivers know.
#: Source: ``asyncpg.create_pool`` and ``connect``, ``aiomysql.create_pool``.
_ASYNC_ONLY = frozenset(
    {
        "command_timeout",
        "connect",
        "direct_tls",
        "echo",
        "loop",
        "max_cacheable_statement_size",
        "max_cached_statement_lifetime",
        "max_inactive_connection_lifetime",
        "max_queries",
        "maxsize",
        "minsize",
        "pool_recycle",
        "record_class",
        "reset",
        "server_settings",
        "setup",
        "statement_cache_size",
    }
)


#: How messages call a database that has no name of its own.
GIVEN = "the database that was given"

_PASSWORDS = ("password", "passwd", "sslpassword", "ssl_key_password")

#: A password in a connection string that serves as the database's name.
_IN_TEXT = r"://[^:/@]*:(.*)@|password\s*=\s*'?([^'\s&]+)"

#: Parameters that name hosts, or a file or entry that does.
_HOSTS = ("host", "hostaddr")
_FILES = ("service", "read_default_file")

#: Hosts in a connection string that serves as the database's name.
_HOSTS_IN_TEXT = r"://(?:.*@)?([^/?]*)|\b(?:host|hostaddr)\s*=\s*'?([^'\s&]+)"


@dataclass(frozen=True, slots=True)
class LoadedDatabase:
    """A synchronous Peewee database.

    ``label`` names it without any password; ``connect`` makes one more raw connection, as
    the application does, and leaves the object as it is; ``secrets``: its passwords.
    """

    engine: str
    database: object
    label: str
    connect: Callable[[], Any]
    #: The same to another database of the server.
    connect_to: Callable[[str], Any]
    #: The name of the database; ``None`` where a connection string stands in its place.
    name: str | None = None
    secrets: tuple[str, ...] = ()
    #: The hosts that it names, and what names hosts that nobody knows here; none for a file.
    hosts: tuple[str, ...] = ()


def load_database(path: str, *, root: Path) -> LoadedDatabase:
    """Import the database that a dotted path names; a function is called for it.

    Importing must not connect. An asynchronous database becomes its synchronous twin.
    :exc:`UsageError` for what does not import, is no database, or is not initialised.
    """
    with importing(root):
        database = _unwrapped(_found(path, root), path)
    loaded = _loaded(database, path)
    return replace(loaded, label=f"{path} ({loaded.label})")


def given_database(value: object) -> LoadedDatabase | str:
    """Return the database that a program gives: a Peewee database, or its URL or file.

    A function is called for it, and what it raises passes. Nothing is imported.
    """
    while _is_function(value):
        value = value()
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return os.path.join(os.curdir, os.fspath(value))  # noqa: PTH118 (a Path drops the dot)
    database = _unwrapped(value, GIVEN)
    loaded = _loaded(database, GIVEN)
    if loaded.database is not database and is_in_memory(str(loaded.name)):
        raise UsageError(
            f"{GIVEN} is asynchronous and in memory: nothing else can connect to it",
            hint="use a file, or a synchronous database",
        )
    return loaded


def _loaded(database: Any, path: str) -> LoadedDatabase:  # noqa: ANN401 (Peewee's)
    twin = _synchronous(database)
    return LoadedDatabase(
        _engine(twin, path),
        twin,
        _redacted(str(twin.database)),
        connect=partial(_connect, twin),
        connect_to=partial(_connect, twin),
        name=_name(twin),
        secrets=tuple(_secrets(twin)),
        hosts=tuple(_hosts(twin)),
    )


def _found(path: str, root: Path) -> Any:  # noqa: ANN401 (the user's object)
    module, colon, attribute = path.partition(":") if ":" in path else path.rpartition(".")
    if not (colon and module and attribute):
        raise UsageError(
            f"{path!r} does not name a database", hint="write module:attribute, or a URL"
        )
    value: Any = import_module(module, root)
    for part in attribute.split("."):
        if not hasattr(value, part):
            raise UsageError(
                f"{path} is a module, not a database"
                if _names_module(path)
                else f"{module} has no attribute {attribute!r}",
                hint=_meant(path, path if _names_module(path) else module),
            )
        value = getattr(value, part)
    return call(value, path, root) if _is_function(value) else value


def _meant(path: str, module: str) -> str:
    """Say the databases that a module has."""
    found = [
        name
        for name, value in vars(import_module(module, Path())).items()
        if isinstance(value, Database) or (isinstance(value, Proxy) and value.obj is not None)
    ]
    ways = (
        same_command("--database", f"{module}:{name}", in_place_of=["--database", path])
        for name in found
    )
    return "; or: ".join(ways) or (
        "name the variable that holds the database, or a function that returns it"
    )


def _is_function(value: object) -> TypeGuard[Callable[[], object]]:
    return callable(value) and not isinstance(value, Database | Proxy | type)


def _names_module(path: str) -> bool:
    """Whether a dotted path, of which all but the last word is imported, is that of a module."""
    try:
        return ":" not in path and find_spec(path) is not None
    except ModuleNotFoundError:  # what is before the last dot is no package
        return False


def _unwrapped(value: Any, path: str) -> Any:  # noqa: ANN401 (Peewee's)
    while isinstance(value, Proxy):
        value = value.obj
        if value is None:
            raise UsageError(
                f"{path} is a proxy that is not initialised",
                hint="name a function that initialises and returns it, or give a URL",
            )
    if not isinstance(value, Database):
        raise UsageError(
            f"{path} is {type(value).__name__}, not a Peewee database",
            hint="name a Database, a DatabaseProxy, or a function that returns one",
        )
    if value.deferred:
        raise UsageError(
            f"{path} is a database without a name (deferred)",
            hint="name a function that calls init() and returns it, or give a URL",
        )
    return value


def _engine(database: object, path: str) -> str:
    cockroach = getattr(sys.modules.get("playhouse.cockroachdb"), "CockroachDatabase", ())
    if isinstance(database, cockroach):
        return "cockroach"
    for kind, engine in _ENGINES:
        if isinstance(database, kind):
            return engine
    raise UsageError(
        f"{path} is {type(database).__name__}, a database that is not supported",
        hint="use SQLite, PostgreSQL, CockroachDB, MySQL or MariaDB",
    )


def _synchronous(database: Any) -> Any:  # noqa: ANN401 (Peewee's)
    """Return the database, or what connects to the same one without an event loop."""
    module = sys.modules.get("playhouse.pwasyncio")
    if module is None or not isinstance(database, module.AsyncDatabaseMixin):
        return database
    params = {k: v for k, v in database.connect_params.items() if k not in _ASYNC_ONLY}
    if isinstance(database, SqliteDatabase):
        return _sqlite_twin(database, params)
    if isinstance(database, MySQLDatabase):
        if hasattr(database, "mariadb"):  # Peewee before 4.1 does not tell the two apart
            params["mariadb"] = database.mariadb
        return MySQLDatabase(database.database, **params)
    return PostgresqlDatabase(
        database.database,
        isolation_level=database._async_isolation_level,
        **_libpq(params),
    )


def _name(database: Any) -> str | None:  # noqa: ANN401 (Peewee's)
    name = str(database.database)
    return None if "://" in name or "=" in name else name


def _connect(database: Any, name: str = "") -> Any:  # noqa: ANN401 (Peewee's)
    """Connect with the hooks of the application, on a copy whose pool and state are empty."""
    twin = copy.copy(database)
    twin.database = name or database.database
    twin._state = type(database._state)()
    twin._connections, twin._in_use = [], {}
    connection = twin._connect()
    try:
        twin._state.set_connection(connection)
        twin._initialize_connection(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _secrets(database: Any) -> Iterator[str]:  # noqa: ANN401 (Peewee's)
    for name, value in database.connect_params.items():
        if name in _PASSWORDS and value:
            yield str(value)
    for found in re.finditer(_IN_TEXT, str(database.database)):
        yield found[1] or found[2]


def _hosts(database: Any) -> Iterator[str]:  # noqa: ANN401 (Peewee's)
    params = database.connect_params
    given = [str(params.get(name) or "") for name in _HOSTS]
    given += [a or b for a, b in re.findall(_HOSTS_IN_TEXT, str(database.database))]
    for host in filter(None, ",".join(given).split(",")):
        yield re.sub(r"^(\[.*\]|[^:]*):\d+$", r"\1", host).strip("[]")
    yield from (f"{name}={params[name]}" for name in _FILES if params.get(name))


def _sqlite_twin(database: Any, params: dict[str, Any]) -> SqliteDatabase:  # noqa: ANN401 (Peewee's)
    twin = SqliteDatabase(
        database.database, pragmas=database._pragmas, timeout=database._timeout, **params
    )
    for name in _HOOKS:
        getattr(twin, name).update(getattr(database, name))
    return twin


def _libpq(params: dict[str, Any]) -> dict[str, Any]:
    """Spell parameters of asyncpg as libpq does; an SSL context has no such spelling."""
    renamed = dict(params)
    timeout, ssl = renamed.pop("timeout", None), renamed.pop("ssl", None)
    if timeout is not None:
        renamed["connect_timeout"] = int(timeout) or 1
    if ssl:
        renamed["sslmode"] = ssl if isinstance(ssl, str) else "require"
    return renamed


def _redacted(name: str) -> str:
    """Hide the password of a connection string that serves as the database's name."""
    url = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", name)
    return re.sub(r"(password\s*=\s*)('[^']*'|[^\s&]+)", r"\1***", url)
