"""Changes of reference rows -> statements, for every engine. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from peewee_mig.dialects import row_sql
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.cells import Cells, cells_of
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    ChangeRows,
    Copy,
    Drop,
    Generated,
    Operation,
)
from peewee_mig.schema.objects import Table
from peewee_mig.schema.rows import Row
from peewee_mig.schema.schema import Schema


def statements(
    dialect: Dialect, operation: ChangeRows, before: Schema, after: Schema, *, fresh: bool
) -> Iterator[str]:
    """Yield what changes reference rows; ``before``, ``after``: the schemas around it.

    ``fresh``: the migration made the table, so that it has no other rows.
    """
    if not operation.runs:
        return
    table = after.table(operation.table)
    walk = _Walk(dialect, operation, table, after)
    if operation.pairs:
        yield from walk.updates()
    elif operation.new and fresh:
        rows = [cells_of(row, table, after) for row in operation.new]
        yield from row_sql.insert_all(dialect, table.name, rows)
    elif operation.new:
        for row in operation.new:
            yield from walk.insert(row)
    else:
        keys = [cells_of(row.part(operation.key), table, before) for row in operation.old]
        own = any(key.referred_table == table.name for key in table.foreign_keys)
        for some in [[key] for key in keys] if own else [keys]:
            yield from row_sql.delete(dialect, table.name, some)


def still_fresh(fresh: set[str], operation: Operation) -> set[str]:
    """Return the tables of a migration that nobody gave rows, after one more operation."""
    match operation:
        case Add(object=Table(name=name)):
            return {*fresh, name}
        case Add() | Alter() | Drop() | Copy():
            return fresh
        case ChangeRows(table=table):
            return fresh - {table}
        case _:
            return set()


class _Walk:
    def __init__(
        self, dialect: Dialect, operation: ChangeRows, table: Table, schema: Schema
    ) -> None:
        self.dialect, self.operation = dialect, operation
        self.table, self.schema = table, schema
        self.whole = table.rows.by_key if table.rows else {}

    def insert(self, row: Row) -> Iterator[str]:
        """Insert a row that is not there; one that is there has these values, or gets them."""
        cells, key = self._cells(row), self._cells(self._key(row))
        rest = _given(self._cells(row.but(self.operation.key)))
        if self.operation.over and rest:
            yield row_sql.update(self.dialect, self.table.name, key, rest)
        yield row_sql.insert_missing(self.dialect, self.table.name, key, cells)

    def updates(self) -> Iterator[str]:
        """Update rows; one that is gone comes back."""
        for old, new in self.operation.pairs:
            same = {name for name, value in new.values if (name, value) in old.values}
            changed = _given(self._cells(new.but(same)))
            if changed:
                key = self._cells(self._key(old))
                yield row_sql.update(self.dialect, self.table.name, key, changed)
                whole = self.whole[self._key(new)]
                yield row_sql.insert_missing(
                    self.dialect, self.table.name, self._cells(self._key(new)), self._cells(whole)
                )

    def _key(self, row: Row) -> Row:
        return row.part(self.operation.key)

    def _cells(self, row: Row) -> Cells:
        return cells_of(row, self.table, self.schema)


def _given(cells: Cells) -> Cells:
    """Return the values that rows get which are there; what is generated they have already."""
    return tuple(cell for cell in cells if not isinstance(cell.value, Generated))
