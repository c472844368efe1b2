"""What PostgreSQL cannot have, taken out of random schemas."""

from dataclasses import replace

from strategies import Change

from peewee_mig.schema import Schema
from peewee_mig.schema.types import ColumnType


def possible(schema):
    """Take away what PostgreSQL cannot have.

    That is a column without a type, and two foreign keys of one name in a table.
    """
    return Schema.of(
        replace(
            table,
            columns=tuple(map(_typed, table.columns)),
            foreign_keys=tuple(_with_names_once(table.foreign_keys)),
        )
        for table in schema
    )


def possible_change(change):
    """Return a change of schemas that PostgreSQL can have, without values for rows."""
    return Change(possible(change.before), possible(change.after), change.renames, {})


def _typed(column):
    bare = column.type.name in {"ANY", "BARE"}
    return replace(column, type=ColumnType("TEXT")) if bare else column


def _with_names_once(keys):
    seen = set()
    for key in keys:
        yield replace(key, name=None) if key.name in seen else key
        seen.add(key.name)
