"""A schema as MySQL and MariaDB give it back: types that they spell alike are one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from peewee_mig.dialects.lowering import in_primary_key
from peewee_mig.dialects.mysql.parts import METHODS
from peewee_mig.dialects.mysql.render import numbered_in_key
from peewee_mig.dialects.mysql.texts import normal_default
from peewee_mig.dialects.mysql.types import catalog_type, normal_type, type_sql
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import NULL_DEFAULT, Column, ForeignKey, Index, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: Actions that InnoDB does not tell from none: it checks at once in any case.
#: What a catalog says of none is RESTRICT on MariaDB (measured on 10.11) and NO ACTION on MySQL;
#: MariaDB takes SET DEFAULT for RESTRICT.
_NONE = frozenset({"NO ACTION", "RESTRICT", "SET DEFAULT"})


def normalize(schema: Schema) -> Schema:
    """Return the schema as ``inspect`` reads it after ``create_tables``."""
    return schema.with_tables(map(_normal, schema))


def normal_action(action: str | None) -> str | None:
    """Return the action of a foreign key, or none where InnoDB acts as if there was none."""
    return None if action in _NONE else action


def normal_type_of(type_: ColumnType) -> tuple[ColumnType, tuple[str, ...]]:
    """Return a type as it is read back, and the options of its column that are in it."""
    if not type_.native:
        return normal_type(type_), ()
    type_sql(type_)  # refuses what no column can have
    return catalog_type(str(type_))


def _normal(table: Table) -> Table:
    key = table.primary_key  # all of them are called PRIMARY
    return replace(
        table,
        columns=tuple(_column(table, column) for column in numbered_in_key(table)),
        primary_key=replace(key, name=None) if key else None,
        indexes=tuple(map(_index, table.indexes)),
        foreign_keys=tuple(map(_foreign_key, table.foreign_keys)),
    )


def _column(table: Table, column: Column) -> Column:
    type_, options = normal_type_of(column.type)
    null = bool(column.computed) or (column.null and not in_primary_key(table, column))
    default = normal_default(column.default, type_)
    return replace(
        column,
        type=type_,
        null=null,
        default=default or (None if null else _zero(column, type_)),
        comment=column.comment or None,
        sequence=None,
        options=tuple(_options({*column.options, *options})),
    )


def _zero(column: Column, type_: ColumnType) -> Expression | None:
    """Return the default that the server gives a NOT NULL column with ON UPDATE by itself.

    Measured on MariaDB 10.11, where ``ALTER COLUMN … DROP DEFAULT`` takes it away again.
    """
    if not any(word.startswith("ON UPDATE") for word in column.options):
        return None
    _, _, digits = str(type_).rstrip(")").partition("(")
    fraction = f".{'0' * int(digits)}" if digits else ""
    return Expression(f"'0000-00-00 00:00:00{fraction}'")


def _options(words: set[str]) -> Iterator[str]:
    """Yield options as the catalog has them: the character set is that of the collation."""
    left_out = ("CHARACTER SET ", NULL_DEFAULT)
    yield from (word for word in words if not word.startswith(left_out))
    if "ZEROFILL" in words and "UNSIGNED" not in words:
        yield "UNSIGNED"


def _index(index: Index) -> Index:
    """Return an index as it is read back: InnoDB takes HASH for its own method."""
    return replace(index, named=False, using=index.using if index.using in METHODS else None)


def _foreign_key(key: ForeignKey) -> ForeignKey:
    return replace(
        key, on_delete=normal_action(key.on_delete), on_update=normal_action(key.on_update)
    )
