"""Reference rows with the types of their columns, so that SQL can be spelled of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from peewee_mig.schema.objects import Table
from peewee_mig.schema.rows import Generated, Ref, Row, Scalar, Value
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType


@dataclass(frozen=True, slots=True)
class Found:
    """What a row of a table has in a column: the row that has these cells."""

    table: str
    column: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a column; ``None`` is NULL."""

    column: str
    type: ColumnType
    value: Scalar | Found | Generated | None


#: The cells of a row.
Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """A row by its key, and for each of some columns the cells of which it has one."""

    key: Cells
    cells: tuple[Cells, ...] = ()


def cells_of(row: Row, table: Table, schema: Schema) -> Cells:
    """Return the cells of a row, in the order of the columns of its table.

    Its references are found in the other tables of the schema.
    """
    for name in row.columns:
        table.column(name)
    values = dict(row.values)
    return tuple(
        Cell(column.name, column.type, _found(values[column.name], schema))
        for column in table.columns
        if column.name in values
    )


def _found(value: Value, schema: Schema) -> Scalar | Found | Generated | None:
    if not isinstance(value, Ref):
        return value
    cells = cells_of(value.key, schema.table(value.table), schema)
    return Found(value.table, value.column, cells)
