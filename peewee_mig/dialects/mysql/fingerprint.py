"""A hash of how tables are defined: it tells whether a statement had its effect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from peewee_mig.dialects.base import Query
from peewee_mig.dialects.mysql.catalog import Catalog
from peewee_mig.dialects.mysql.inspect import inspect

#: The number that the next row gets: rows change it, no definition does.
_NEXT_NUMBER = re.compile(r" AUTO_INCREMENT=\d+")


def fingerprint(query: Query, tables: Sequence[str]) -> str:
    """Return a hash of the definitions of these tables; of the whole database, if none is named.

    The order of the names does not matter, nor do rows; a table that is missing counts.
    """
    parts = _definitions(Catalog(query), tables) if tables else _everything(query)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _definitions(catalog: Catalog, tables: Iterable[str]) -> Iterator[str]:
    present = _present(catalog)
    for name in sorted(set(tables)):
        yield name
        yield _definition(catalog, name) if name in present else "absent"


def _present(catalog: Catalog) -> set[str]:
    rows = catalog.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = database()"
    )
    return {name for (name,) in rows}


def _definition(catalog: Catalog, table: str) -> str:
    quoted = table.replace("`", "``")
    ((_, text, *_),) = catalog.rows(f"SHOW CREATE TABLE `{quoted}`")
    return _NEXT_NUMBER.sub("", text)


def _everything(query: Query) -> Iterator[str]:
    found = inspect(query)
    yield repr(found.schema)
    yield repr(found.unmanaged)
    yield repr(sorted(found.implied))
