"""A hash of how tables are defined: it tells whether a statement had its effect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.mysql.catalog import Catalog, quoted
from peewee_mig.dialects.mysql.inspect import inspect
from peewee_mig.dialects.mysql.types import text_literal
from peewee_mig.schema.names import split

#: The number that the next row gets: rows change it, no definition does.
_NEXT_NUMBER = re.compile(r" AUTO_INCREMENT=\d+")
_NAME = re.compile(r"`((?:[^`]|``)+)`|([\w$]+)")


def fingerprint(query: Query, tables: Sequence[str], statement: str) -> str:
    """Return a hash of the definitions of these tables; a table that is missing counts.

    Without tables, of every object whose name the statement has. The order of the names does
    not matter, nor do rows.
    """
    catalog = Catalog(query)
    parts = _definitions(catalog, tables) if tables else _named(query, catalog, statement)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _definitions(catalog: Catalog, tables: Iterable[str]) -> Iterator[str]:
    for name in sorted(set(tables)):
        yield name
        yield from _definition(catalog, name)


def _definition(catalog: Catalog, table: str) -> Iterator[str]:
    """Yield how a table or view is defined, and what hangs on it."""
    schema, name = split(table)
    here = "database()" if schema is None else text_literal(schema)
    named = text_literal(name)
    present = catalog.rows(
        "SELECT table_name FROM information_schema.tables"
        f" WHERE table_schema = {here} AND table_name = {named}"
    )
    if (name,) not in present:  # the server compares names without case
        yield "absent"
        return
    place = ".".join(map(quoted, filter(None, (schema, name))))
    ((_, text, *_),) = catalog.rows(f"SHOW CREATE TABLE {place}")
    yield _NEXT_NUMBER.sub("", text)
    for trigger in catalog.rows(
        "SELECT trigger_name, action_timing, event_manipulation, action_statement, action_order"
        f" FROM information_schema.triggers WHERE event_object_schema = {here}"
        f" AND event_object_table = {named} ORDER BY trigger_name"
    ):
        yield repr(trigger)


def _named(query: Query, catalog: Catalog, statement: str) -> Iterator[str]:
    """Yield the definitions of what a statement names, whatever kind of object it is."""
    words = {(quoted or plain).casefold() for quoted, plain in _NAME.findall(statement)}
    found = inspect(query)
    tables = [table.name for table in found.schema if table.name.casefold() in words]
    yield from _definitions(catalog, tables)
    for each in found.unmanaged:
        if {each.name.casefold(), each.table.casefold()} & words:
            yield repr(each)
