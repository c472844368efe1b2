"""Guards of reference rows: rows with other values than declared, and rows that refer. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from peewee_mig.dialects.asked import Guard
from peewee_mig.dialects.cells import Cell, Cells, Expected, cells_of
from peewee_mig.operations.replay import change
from peewee_mig.operations.verbs import ChangeRows
from peewee_mig.plan.given import Given
from peewee_mig.schema.objects import ForeignKey, Table
from peewee_mig.schema.rows import Ref, Row

T = TypeVar("T")

#: How many rows one question is about: SQLite takes no deeper expression.
ROWS = 100


def row_guards(position: int, operation: ChangeRows, given: Given) -> Iterator[Guard]:
    """Yield what must be true of the rows before reference rows change.

    In the names and types before the migration; a table that it makes has no rows.
    """
    was = given.names.table(operation.table)
    if not operation.runs:
        return
    walk = _Walk(position, operation, given, was or "")
    if operation.new:
        yield from walk.missing()
    if was is None or was not in given.before:
        return
    if operation.new and not operation.over:
        yield from walk.changed()
    if not operation.new:
        yield from walk.referred()


@dataclass(frozen=True)
class _Walk:
    position: int
    operation: ChangeRows
    given: Given
    was: str

    @property
    def before(self) -> Table:
        """The table before the migration."""
        return self.given.before.table(self.was)

    def missing(self) -> Iterator[Guard]:
        """Ask for rows that others will refer to, and that are not there any more."""
        wanted = dict[str, dict[Row, None]]()
        for row in self._wanted():
            for ref in row.refs:
                old = self._old_ref(ref)
                rows = self.given.before.table(old.table).rows if old else None
                if old and rows and old.key in rows.by_key:
                    wanted.setdefault(old.table, {})[old.key] = None
        for name, keys in wanted.items():
            table = self.given.before.table(name)
            rows_ = [Expected(self._cells(key, table)) for key in keys]
            for some in _batches(rows_):
                columns = tuple(cell.column for cell in some[0].key)
                yield Guard("missing", self.position, name, columns, rows=some)

    def changed(self) -> Iterator[Guard]:
        """Ask for rows that have neither the values so far nor the new ones."""
        rows = [each for row in self._wanted() if (each := self._expected(row)) is not None]
        for some in _batches(rows):
            columns = tuple(cell.column for cell in some[0].key)
            yield Guard("changed", self.position, self.before.name, columns, rows=some)

    def referred(self) -> Iterator[Guard]:
        """Ask for rows of anybody's that refer to those that go."""
        keys = [self._key(row) for row in self.operation.old]
        gone = tuple(Expected(key) for key in keys if key is not None)
        for table, key in self.given.schema.referring(self.operation.table):
            child = self.given.names.table(table.name)
            columns = self._old_names(table.name, key.columns)
            referred = self._old_names(self.operation.table, key.referred_columns)
            if child is None or child not in self.given.before or not (columns and referred):
                continue
            leaving = tuple(self._leaving(table, key, self.given.before.table(child)))
            for some in _batches(gone):
                yield Guard(
                    "referred", self.position, child, columns,
                    referred_table=self.before.name, referred_columns=referred,
                    rows=some, leaving=leaving,
                )  # fmt: skip

    def _wanted(self) -> Iterator[Row]:
        """Yield the key of each row, and what it gets: what it has already is not asked."""
        if not self.operation.pairs:
            yield from self.operation.new
        for old, new in self.operation.pairs:
            same = {n for n, v in new.values if (n, v) in old.values} - {*self.operation.key}
            changed = new.but({*same, *self.operation.key})
            yield Row((*old.part(self.operation.key).values, *changed.values))

    def _expected(self, row: Row) -> Expected | None:
        key = self._key(row)
        known = self._declared.get(key) if key is not None else None
        if key is None or (known is not None and not self.operation.pairs):
            return None  # it is deleted first
        cells = [self._allowed(name, row, known) for name in row.but(self.operation.key).columns]
        return Expected(key, tuple(filter(None, cells))) if any(cells) else None

    def _allowed(self, name: str, row: Row, known: Row | None) -> Cells:
        """Return the values that a column may have; none: nobody asks."""
        old = self.given.names.column(self.operation.table, name)
        if old is None:
            return ()
        now, was = self._table.column(name), self.before.column(old)
        new = self._renamed(row.part([name]))
        found = [new] if new is not None and now.type == was.type else []
        declared = dict(known.values) if known else {}
        if old in declared:
            found.append(known.part([old]) if known else Row(()))
        elif self.operation.pairs:
            found.append(Row(((old, None),)))
        elif not found:
            return ()
        return tuple(cell for each in found for cell in self._cells(each, self.before))

    def _leaving(self, table: Table, key: ForeignKey, child: Table) -> Iterator[Expected]:
        """Yield the reference rows of another table that do not refer to these any more."""
        if child.rows is None:
            return
        after = change(self.operation, self.given.schema).table(table.name).rows
        names = {name: self.given.names.column(table.name, name) for name in table.column_names}
        old = {now: was for now, was in names.items() if was is not None}
        staying = {row.part(after.key).renamed(old): row for row in after.rows} if after else {}
        columns = self._old_names(table.name, key.columns) or ()
        for one, row in child.rows.by_key.items():
            left = staying.get(one)
            now = left.renamed(old).part(columns) if left else None
            # A column that is no longer declared keeps its value.
            if now is None or (now != row.part(columns) and len(now.values) == len(columns)):
                yield Expected(self._cells(one, child))

    @property
    def _table(self) -> Table:
        return self.given.schema.table(self.operation.table)

    @cached_property
    def _declared(self) -> Mapping[Cells, Row]:
        """The rows that were declared before the migration, by the cells of their key."""
        if self.before.rows is None:
            return {}
        columns = self._old_names(self.operation.table, self.operation.key) or ()
        return {self._cells(row.part(columns), self.before): row for row in self.before.rows.rows}

    def _key(self, row: Row) -> Cells | None:
        """Return the key of a row by its names before; ``None``: no such row can be there."""
        found = self._renamed(row.part(self.operation.key))
        return None if found is None else self._cells(found, self.before)

    def _renamed(self, row: Row) -> Row | None:
        names = self._old_names(self.operation.table, row.columns)
        if names is None or any(self._old_ref(ref) is None for ref in row.refs):
            return None
        found = Row(tuple(zip(names, (value for _, value in row.values), strict=True)))
        return found.referring(lambda ref: self._old_ref(ref) or ref)

    def _old_ref(self, ref: Ref) -> Ref | None:
        table = self.given.names.table(ref.table)
        columns = self._old_names(ref.table, (ref.column, *ref.key.columns))
        if table is None or table not in self.given.before or columns is None:
            return None
        names = dict(zip(ref.key.columns, columns[1:], strict=True))
        return Ref(table, columns[0], ref.key.renamed(names))

    def _old_names(self, table: str, columns: Sequence[str]) -> tuple[str, ...] | None:
        """Return columns by their names before; ``None``: one is new."""
        found = [self.given.names.column(table, name) for name in columns]
        return None if None in found else tuple(filter(None, found))

    def _cells(self, row: Row, table: Table) -> tuple[Cell, ...]:
        return cells_of(row, table, self.given.before)


def _batches(rows: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """Yield rows, as many at a time as one question is about."""
    for start in range(0, len(rows), ROWS):
        yield tuple(rows[start : start + ROWS])
