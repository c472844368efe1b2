"""A schema under the names that its tables and columns had before renames. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from peewee_mig.diff.renames import Renames, pairs
from peewee_mig.operations import parts
from peewee_mig.schema.objects import ForeignKey, Table
from peewee_mig.schema.schema import Schema


def formerly(before: Schema, after: Schema, renames: Renames) -> Schema:
    """Return ``after`` by the names of ``before``: so a database is asked about what it has.

    What is new, and has the former name of something else, gets a name that nothing has.
    """
    staying = pairs(before, after, renames)
    tables = _former(after.names, {new.name: old.name for old, new in staying})
    columns = {
        table.name: _former(
            table.column_names,
            {new: old for old, new in renames.columns_of(table.name).items()},
        )
        for table in after
    }
    return after.with_tables(_renamed(table, tables, columns) for table in after)


def _former(names: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Map names to former ones; one that has none makes way."""
    found = dict(known)
    taken = {*found.values()}
    for name in names:
        if name not in found:
            free = name
            while free in taken:
                free += "+"
            found[name] = free
            taken.add(free)
    return found


def _renamed(
    table: Table, tables: Mapping[str, str], columns: Mapping[str, Mapping[str, str]]
) -> Table:
    def referring(key: ForeignKey) -> ForeignKey:
        others = columns.get(key.referred_table, {})
        return replace(
            key,
            referred_table=tables.get(key.referred_table, key.referred_table),
            referred_columns=parts.renamed(key.referred_columns, others),
        )

    renamed = parts.renamed_columns(replace(table, name=tables[table.name]), columns[table.name])
    return replace(renamed, foreign_keys=tuple(map(referring, renamed.foreign_keys)))
