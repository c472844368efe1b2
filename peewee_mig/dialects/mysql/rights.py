"""What MySQL and MariaDB hide from a role that lacks a right, without an error."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.mysql.catalog import Catalog, quoted
from peewee_mig.errors import DeniedError, FailedError

_NAME = r"`((?:[^`]|``)+)`"
_GRANT = re.compile(rf"GRANT (.+?) ON (?:\*\.\*|{_NAME}\.(?:\*|{_NAME})) TO ")
#: In the name of a database that a grant is about, these stand for others unless escaped.
_WILDCARDS = {"%": ".*", "_": "."}


#: On a whole database, any of these shows all of its tables and columns.
_SHOWING = frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES", "ALL PRIVILEGES"})


def ensure_absent(query: Query, table: str) -> None:
    """Refuse a quoted table that the server does not let the role ask about.

    Of a table that nobody granted it anything on, it tells not even whether it is there.
    """
    try:
        query(f"SELECT 1 FROM {table} LIMIT 0")
    except DeniedError:
        raise
    except FailedError:
        return


def hiding(catalog: Catalog) -> str:
    """Return the grant that shows all tables and columns; empty if the role sees them all.

    Without a right on the whole database, the catalog lists only what it has a right on.
    """
    name = catalog.facts.database
    if any(
        not table and _covers(database, name) for database, table in _granted(catalog, _SHOWING)
    ):
        return ""
    return f"as root: GRANT SELECT, SHOW VIEW, TRIGGER ON {quoted(name)}.* TO {catalog.grantee}"


def hiding_database(catalog: Catalog, name: str) -> str:
    """Return the grant that shows a database which is not listed; empty: it is not there."""
    try:
        catalog.rows(f"SHOW CREATE DATABASE {quoted(name)}")
    except DeniedError:
        return f"as root: GRANT SELECT, SHOW VIEW, TRIGGER ON {quoted(name)}.* TO {catalog.grantee}"
    except FailedError:
        pass
    return ""


def unseen(catalog: Catalog) -> Iterator[str]:
    """Say what the role may not see, and the grant that shows it; nothing if it sees all."""
    if grant := hiding(catalog):
        yield f"this role sees only the tables and columns that it has a right on; {grant}"
        return
    hidden = {
        "TRIGGER": "triggers" if _hides_triggers(catalog) else "",
        "SHOW VIEW": "the texts of views" if _hides_views(catalog) else "",
    }
    lacking = {right: what for right, what in hidden.items() if what}
    if lacking:
        scope = f"{quoted(catalog.facts.database)}.*"
        yield (
            f"this role does not see {' and '.join(lacking.values())};"
            f" as root: GRANT {', '.join(lacking)} ON {scope} TO {catalog.grantee}"
        )


def _hides_views(catalog: Catalog) -> bool:
    """Whether a view has no text: a role that lacks the right gets an empty one."""
    rows = catalog.rows(
        "SELECT 1 FROM information_schema.views"
        f" WHERE table_schema = {catalog.here} AND view_definition = '' LIMIT 1"
    )
    return bool(rows)


def _hides_triggers(catalog: Catalog) -> bool:
    """Whether the role lacks the right on a table: it then gets no row, as if there was none."""
    granted = _granted(catalog, {"TRIGGER", "ALL PRIVILEGES"})
    if any(not table and _covers(database, catalog.facts.database) for database, table in granted):
        return False
    tables = {table for database, table in granted if database == catalog.facts.database}
    return any(table.name not in tables for table in catalog.base_tables)


def _granted(catalog: Catalog, wanted: Collection[str]) -> list[tuple[str, str]]:
    """Return where one of some rights is granted: database (empty: all), table (empty: all)."""
    return [
        (database.replace("``", "`"), table.replace("``", "`"))
        for rights, database, table in _GRANT.findall(catalog.grants)
        if not {*wanted}.isdisjoint(rights.split(", "))
    ]


def _covers(granted: str, database: str) -> bool:
    """Whether a grant on a database (none: on all) is about this one."""
    pieces = re.findall(r"\\?.", granted, re.DOTALL)
    pattern = "".join(_WILDCARDS.get(each, re.escape(each.removeprefix("\\"))) for each in pieces)
    return not granted or re.fullmatch(pattern, database, re.DOTALL) is not None
