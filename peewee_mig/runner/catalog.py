"""What a live database holds besides our own records."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects.base import Dialect, Inspection, Query
from peewee_mig.history.records import OwnTables
from peewee_mig.schema.schema import Schema


def read_catalog(dialect: Dialect, query: Query, own: OwnTables) -> Inspection:
    """Inspect a database, leaving out our own tables and what hangs on them."""
    found = dialect.inspect(query)
    return replace(
        found,
        schema=Schema.of(table for table in found.schema if table.name not in own.names),
        unmanaged=tuple(each for each in found.unmanaged if each.table not in own.names),
    )
