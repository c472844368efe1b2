"""Which reference rows a database has, and with which values: asked of the database itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from peewee_mig.dialects import row_sql
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.dialects.cells import Cells, cells_of
from peewee_mig.schema.filtering import joined
from peewee_mig.schema.objects import Table
from peewee_mig.schema.rows import Ref, Row, Rows, Scalar
from peewee_mig.schema.schema import Schema

_NOTHING = Schema()


def tables_with_rows(schema: Schema) -> list[str]:
    """Return the names of the tables that have reference rows."""
    return [table.name for table in schema if table.rows is not None]


def with_rows(found: Schema, dialect: Dialect, query: Query, outside: Schema = _NOTHING) -> Schema:
    """Return a schema whose tables have their reference rows as the database has them.

    ``found``: with those that they ought to have. A row that is missing is left out, a value
    that differs is the one of the database. ``outside``: tables that are there and left out,
    to which rows may refer; one that refers to no table cannot be there.
    """
    if not any(table.rows for table in found):
        return found
    reader = _Reader(joined(found, outside, outside.names), dialect, query)
    return found.with_tables(map(reader.table, found))


@dataclass(frozen=True)
class _Reader:
    schema: Schema
    dialect: Dialect
    query: Query

    def table(self, table: Table) -> Table:
        """Return a table with the rows that it has of those it ought to have."""
        if table.rows is None:
            return table
        masks = dict(self._masks(table, table.rows))
        rows = [
            self._found(table, row, masks[number])
            for number, row in enumerate(table.rows.rows)
            if number in masks
        ]
        return replace(table, rows=Rows(table.rows.key, tuple(rows)) if rows else None)

    def _masks(self, table: Table, rows: Rows) -> Iterator[tuple[int, int]]:
        """Yield the number of each row that is there, and a bit for each value that differs."""
        place = self.dialect.quote_table(table.name)
        texts = [
            f"SELECT {number} AS n, {self._mask(self._cells(row, table))} AS d FROM {place}"
            f" WHERE {row_sql.matches(self.dialect, self._cells(row.part(rows.key), table))}"
            for number, row in enumerate(rows.rows)
            if all(ref.table in self.schema for ref in row.refs)
        ]
        for start in range(0, len(texts), row_sql.ROWS):
            found = self.query(" UNION ALL ".join(texts[start : start + row_sql.ROWS]))
            yield from ((int(number), int(mask)) for number, mask in found)

    def _mask(self, cells: Cells) -> str:
        bits = (
            f"{1 << place} * ({row_sql.differs(self.dialect, cell)})"
            for place, cell in enumerate(cells)
        )
        return " + ".join(bits)

    def _found(self, table: Table, row: Row, mask: int) -> Row:
        """Return a row with the values that the database has where they differ."""
        key = table.rows.key if table.rows else ()
        cells = self._cells(row, table)
        names = [c.column for place, c in enumerate(cells) if mask >> place & 1]
        names = [name for name in names if name not in key]  # it was found by them
        if not names:
            return row
        where = row_sql.matches(self.dialect, self._cells(row.part(key), table))
        place = self.dialect.quote_table(table.name)
        there = self.query(f"SELECT {self.dialect.quote_all(names)} FROM {place} WHERE {where}")
        values = dict(zip(names, there[0], strict=True)) if there else {}
        return _other(row, values)

    def _cells(self, row: Row, table: Table) -> Cells:
        return cells_of(row, table, self.schema)


def _other(row: Row, values: Mapping[str, object]) -> Row:
    """Return a row with other values; what cannot be told from the declared one is marked."""
    found = dict(row.values)
    for name, value in values.items():
        plain = _scalar(value)
        same = plain == found[name] and not isinstance(found[name], Ref)
        found[name] = f"{plain!r} (as the database has it)" if same else plain
    return Row.of(found)


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    return value if value is None or isinstance(value, str | int | float | bytes) else str(value)
