"""Peewee on a connection of ours: a user's own code runs on it, and nowhere else."""

# ruff: noqa: SLF001 (Peewee keeps what it does in private methods)

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from peewee import Database, Model, MySQLDatabase, PostgresqlDatabase, Proxy, SqliteDatabase

from peewee_mig.errors import UsageError
from peewee_mig.sources.importing import descendants, is_evicted


def database_on(engine: str, connection: object, *, mariadb: bool = False) -> Any:  # noqa: ANN401 (Peewee's)
    """Return a Peewee database that has a connection already and opens no other.

    ``connection``: of the engine's driver, in autocommit mode; ``mariadb``: to a server of
    that kind, which spells values of JSON otherwise.
    """
    if engine == "sqlite":
        database: Any = SqliteDatabase(":memory:")
    elif engine == "mysql":
        database = MySQLDatabase("scratch")
        database.mariadb = mariadb
    else:
        psycopg3 = {"prefer_psycopg3": True} if hasattr(connection, "pgconn") else {}
        database = PostgresqlDatabase("scratch", **psycopg3)
    database._connect = lambda: connection
    database._initialize_connection = lambda _connection: None
    database.connect()
    return database


@contextmanager
def lent(database: Any, connection: Any) -> Iterator[Any]:  # noqa: ANN401 (Peewee's, the driver's)
    """Let a user's database have a connection of ours while the context lasts."""
    if not database.is_closed():
        yield database
        return
    database._state.set_connection(connection)
    if database.server_version is None:
        database._set_server_version(connection)
    try:
        yield database
    finally:
        database._state.reset()


@contextmanager
def everything_on(database: Any) -> Iterator[None]:  # noqa: ANN401 (Peewee's)
    """Bind every model and proxy to a database; their own ones refuse to connect meanwhile."""
    models = [each for each in descendants(Model) if not is_evicted(each)]
    own = {id(each): each for each in (model._meta.database for model in models)}
    with ExitStack() as stack:
        for each in own.values():
            _divert(each, database, stack)
        stack.enter_context(database.bind_ctx(models, bind_refs=False, bind_backrefs=False))
        yield


def _divert(own: Any, database: Any, stack: ExitStack) -> None:  # noqa: ANN401 (Peewee's)
    """Point a proxy to a database, or keep another database from connecting."""
    if isinstance(own, Proxy):
        stack.callback(setattr, own, "obj", own.obj)
        own.obj = database
    elif isinstance(own, Database) and own is not database:
        stack.callback(own.__dict__.pop, "connect", None)
        own.__dict__["connect"] = _refuse_connecting


def _refuse_connecting(*_: object, **__: object) -> None:
    raise UsageError(
        "this would use another database than the one that is seeded",
        hint="use the database that the function is given",
    )


@contextmanager
def inside_transaction(database: Any, what: str = "a seed") -> Iterator[None]:  # noqa: ANN401 (Peewee's)
    """Tell Peewee of a transaction that is open: its own ones become savepoints in it.

    Only what opened it ends it. ``what``: it is that runs in it, for messages.
    """

    def refuse(*_: object, **__: object) -> None:
        raise UsageError(
            f"{what} runs in one transaction, which it may neither begin nor end",
            hint="leave begin(), commit() and rollback() out, or use database.atomic()",
        )

    names = ("begin", "commit", "rollback")
    database.push_transaction(database.transaction())
    database.__dict__.update(dict.fromkeys(names, refuse))
    try:
        yield
    finally:
        for name in names:
            del database.__dict__[name]
        database.pop_transaction()


def after_commit(database: Any) -> None:  # noqa: ANN401 (Peewee's)
    """Call what was to be called after the commit (Peewee 4)."""
    callbacks: Callable[[], None] | None = getattr(database, "_run_commit_callbacks", None)
    if callbacks is not None:
        callbacks()
