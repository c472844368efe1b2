"""A schema as MySQL and MariaDB give it back: types that they spell alike are one."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.dialects.lowering import in_primary_key
from peewee_mig.dialects.mysql.render import numbered_in_key
from peewee_mig.dialects.mysql.types import normal_type
from peewee_mig.schema.objects import Column, ForeignKey, Table
from peewee_mig.schema.schema import Schema

#: Actions that InnoDB does not tell from none: it checks at once in any case.
#: What a catalog says of none is RESTRICT on MariaDB (measured on 10.11) and NO ACTION on MySQL;
#: MariaDB takes SET DEFAULT for RESTRICT.
_NONE = frozenset({"NO ACTION", "RESTRICT", "SET DEFAULT"})


def normalize(schema: Schema) -> Schema:
    """Return the schema as ``inspect`` reads it after ``create_tables``."""
    return Schema.of(map(_normal, schema))


def normal_action(action: str | None) -> str | None:
    """Return the action of a foreign key, or none where InnoDB acts as if there was none."""
    return None if action in _NONE else action


def _normal(table: Table) -> Table:
    return replace(
        table,
        columns=tuple(_column(table, column) for column in numbered_in_key(table)),
        indexes=tuple(replace(index, named=False) for index in table.indexes),
        foreign_keys=tuple(map(_foreign_key, table.foreign_keys)),
    )


def _column(table: Table, column: Column) -> Column:
    null = column.null and not in_primary_key(table, column)
    return Column(column.name, normal_type(column.type), null)


def _foreign_key(key: ForeignKey) -> ForeignKey:
    return replace(
        key, on_delete=normal_action(key.on_delete), on_update=normal_action(key.on_update)
    )
