"""Reference rows that a run would delete: those that somebody changed are counted.

So is one whose other columns somebody filled: it may have been there before it was declared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from peewee_mig.dialects import row_sql
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.dialects.cells import Cell, Expected, cells_of
from peewee_mig.errors import FailedError
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import ChangeRows, Operation
from peewee_mig.schema.expressions import Token
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.rows import Row
from peewee_mig.schema.schema import Schema

#: Types whose defaults are compared.
_TEXTS, _NUMBERS = ("VARCHAR", "TEXT"), ("SMALLINT", "INT", "BIGINT")


def deleted_rows(
    migrations: Iterable[Sequence[Operation]], before: Schema
) -> dict[str, dict[Row, None]]:
    """Return the keys of the rows of each table that operations delete, by the names before."""
    names, found = Names(), dict[str, dict[Row, None]]()
    for operation in (each for listed in migrations for each in listed):
        if isinstance(operation, ChangeRows) and operation.old and not operation.new:
            table = names.table(operation.table)
            old = {name: names.column(operation.table, name) for name in operation.key}
            known = {name: was for name, was in old.items() if was is not None}
            if table is not None and table in before and len(known) == len(old):
                keys = (row.part(operation.key).renamed(known) for row in operation.old)
                found.setdefault(table, {}).update(dict.fromkeys(keys))
        names.follow(operation)
    return found


def untouched(table: str, before: Schema, dialect: Dialect, query: Query) -> int:
    """Count the reference rows of a table that have what is declared, and nothing else."""
    expected = list(_expected(table, None, before))
    words = (f"({row_sql.as_expected(dialect, row)})" for row in expected)
    return _counted(table, list(words), dialect, query)


def edited(
    table: str, keys: Collection[Row], before: Schema, dialect: Dialect, query: Query
) -> int:
    """Count those of some reference rows of a table that have other values, or more."""
    words = [row_sql.otherwise(dialect, [row]) for row in _expected(table, keys, before)]
    return _counted(table, words, dialect, query)


def _counted(table: str, words: Sequence[str], dialect: Dialect, query: Query) -> int:
    """Count rows; none where what they refer to is gone: a way back was interrupted behind it."""
    place, count = dialect.quote_table(table), 0
    for start in range(0, len(words), row_sql.ROWS):
        some = " OR ".join(words[start : start + row_sql.ROWS])
        try:
            count += int(query(f"SELECT count(*) FROM {place} WHERE {some}")[0][0])
        except FailedError:
            return count
    return count


def _expected(table: str, keys: Collection[Row] | None, before: Schema) -> Iterator[Expected]:
    """Yield the rows as they are declared, or those of some keys."""
    found = before.find_table(table)
    if found is None or found.rows is None:
        return
    for key, row in found.rows.by_key.items():
        if keys is None or key in keys:
            rest = (*cells_of(row.but(found.rows.key), found, before), *_left_alone(row, found))
            yield Expected(cells_of(key, found, before), tuple((cell,) for cell in rest))


def _left_alone(row: Row, table: Table) -> Iterator[Cell]:
    """Yield what a row has in the columns that it does not give, if nobody gave them a value.

    Of a value that the database makes nobody can tell whose it is.
    """
    for column in table.columns:
        if column.name in row.columns or column.self_filling:
            continue
        if column.default is not None:
            yield from _default(column, column.default.unwrapped.tokens)
        elif column.null:
            yield Cell(column.name, column.type, None)


def _default(column: Column, words: Sequence[Token]) -> Iterator[Cell]:
    """Yield the default of a column, if it is a plain number or text."""
    if len(words) != 1 or column.type.dimensions:
        return
    kind, value = words[0].kind, words[0].value
    if kind == "text" and column.type.name in _TEXTS:
        yield Cell(column.name, column.type, value)
    elif kind == "number" and column.type.name in _NUMBERS and value.isdecimal():
        yield Cell(column.name, column.type, int(value))
