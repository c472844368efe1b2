"""Checks and options of a table in the words of a schema."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.dialects.mysql.catalog import Catalog, makes_json
from peewee_mig.dialects.mysql.rows import CheckRow, TableRow
from peewee_mig.dialects.mysql.texts import neutral
from peewee_mig.schema.objects import Check, Options

_SETTING = re.compile(r"`?(\w+)`?=(?:'([^']*)'|(\S+))")
#: Behind a check that MySQL does not look at.
UNENFORCED = " NOT ENFORCED"


def read_checks(catalog: Catalog, table: str) -> Iterator[Check]:
    """Yield the checks; one of a column's own definition has no name, and counts once."""
    names = [column.name for column in catalog.columns[table]]
    seen: set[Check] = set()
    for row in managed_checks(catalog, table):
        text = neutral(row.clause, names, escaped=not catalog.facts.mariadb)
        check = Check(text, None if row.level == "Column" else row.name)
        if check not in seen:
            seen.add(check)
            yield check


def managed_checks(catalog: Catalog, table: str) -> Iterator[CheckRow]:
    """Yield the checks that our kind says all of; none if there is no such table (yet)."""
    columns = catalog.columns.get(table, [])
    for check in catalog.checks.get(table, []):
        own = any(makes_json(check, column) for column in columns)
        if not own and not check.clause.endswith(UNENFORCED):
            yield check


def read_options(catalog: Catalog, table: str) -> Options:
    """Return the comment, and the settings that are not the server's or database's usual."""
    row = catalog.by_name[table]
    return Options(tuple(_words(catalog, row)), row.comment or None)


def _words(catalog: Catalog, row: TableRow) -> Iterator[str]:
    if row.engine and row.engine != catalog.facts.engine:
        yield f"ENGINE={row.engine}"
    if row.collation and row.collation != catalog.facts.collation:
        yield f"COLLATE={row.collation}"
    for name, text, plain in _SETTING.findall(row.options or ""):
        yield f"{name.upper()}={(text or plain).upper()}"
