"""What MySQL and MariaDB hide from a role that lacks a right, without an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.dialects.mysql.catalog import Catalog, quoted

_NAME = r"`((?:[^`]|``)+)`"
_GRANT = re.compile(rf"GRANT (.+?) ON (?:\*\.\*|{_NAME}\.(?:\*|{_NAME})) TO ")
#: In the name of a database that a grant is about, these stand for others unless escaped.
_WILDCARDS = {"%": ".*", "_": "."}


def unseen(catalog: Catalog) -> Iterator[str]:
    """Say what the role may not see, and the grant that shows it; nothing if it sees all."""
    hidden = {
        "TRIGGER": "triggers" if _hides_triggers(catalog) else "",
        "SHOW VIEW": "the texts of views" if _hides_views(catalog) else "",
    }
    lacking = {right: what for right, what in hidden.items() if what}
    if lacking:
        scope = f"{quoted(catalog.facts.database)}.*"
        yield (
            f"this role does not see {' and '.join(lacking.values())};"
            f" as root: GRANT {', '.join(lacking)} ON {scope} TO {catalog.user}"
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
    granted = [
        (database.replace("``", "`"), table.replace("``", "`"))
        for rights, database, table in _GRANT.findall(_grants(catalog))
        if {"TRIGGER", "ALL PRIVILEGES"} & set(rights.split(", "))
    ]
    if any(not table and _covers(database, catalog.facts.database) for database, table in granted):
        return False
    tables = {table for database, table in granted if database == catalog.facts.database}
    return any(table.name not in tables for table in catalog.base_tables)


def _grants(catalog: Catalog) -> str:
    """Return the grants, also those of active roles, which MySQL shows only if they are named."""
    using = ""
    if not catalog.facts.mariadb:
        roles = catalog.rows("SELECT current_role()")[0][0]
        using = "" if roles == "NONE" else f" FOR CURRENT_USER() USING {roles}"
    return "\n".join(text for (text,) in catalog.rows(f"SHOW GRANTS{using}"))


def _covers(granted: str, database: str) -> bool:
    """Whether a grant on a database (none: on all) is about this one."""
    pieces = re.findall(r"\\?.", granted, re.DOTALL)
    pattern = "".join(_WILDCARDS.get(each, re.escape(each.removeprefix("\\"))) for each in pieces)
    return not granted or re.fullmatch(pattern, database, re.DOTALL) is not None
