"""A Peewee database for one function of a migration file, on a connection of ours."""

# ruff: noqa: SLF001 (Peewee keeps what it does in private methods)

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from peewee_mig.sources.lending import database_on, inside_transaction

#: Is told each statement before it runs; raises to refuse it.
Watch = Callable[[str], None]

#: Is told each statement when it has run: in how many seconds, and how many rows it changed.
Ran = Callable[[str, float, int], None]


def unmeasured(_sql: str, _seconds: float, _rows: int) -> None:
    """Take no note of what has run."""


@contextmanager
def lent_database(
    engine: str, connection: object, *, mariadb: bool, watch: Watch, ran: Ran = unmeasured
) -> Iterator[Any]:
    """Give Peewee the connection while its transaction is open; see :func:`database_on`."""
    database = database_on(engine, connection, mariadb=mariadb)
    if engine == "sqlite":
        database._load_functions(connection)
    run = database.execute_sql

    def execute_sql(sql: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (as Peewee's)
        watch(sql)
        begun = time.monotonic()
        cursor = run(sql, *arguments, **options)
        ran(sql, time.monotonic() - begun, cursor.rowcount)
        return cursor

    database.__dict__["execute_sql"] = execute_sql
    with inside_transaction(database, "a migration"):
        yield database


def drivers_error(error: BaseException) -> Exception | None:
    """Return the error of the driver that an error of Peewee's was made of, or it is."""
    found: BaseException | None = error
    seen: set[int] = set()
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, Exception) and _is_drivers(found):
            return found
        found = found.__cause__ or found.__context__
    return None


def _is_drivers(error: Exception) -> bool:
    module = type(error).__module__.partition(".")[0]
    return module in ("sqlite3", "psycopg2", "psycopg", "pymysql", "MySQLdb", "mysql", "mariadb")
