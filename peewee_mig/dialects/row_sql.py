"""Reference rows as SQL: found by their key, inserted, updated, deleted, compared.

The same standard SQL everywhere; a dialect says how a value is compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.cells import Cell, Cells, Expected, Found
from peewee_mig.operations.verbs import Constant, Generated

#: How many rows one statement has at most, so that people can read it and no server refuses it.
ROWS = 100


def insert_all(dialect: Dialect, table: str, rows: Sequence[Cells]) -> Iterator[str]:
    """Spell the rows of a table that has none: one statement for many."""
    for some in _alike(table, rows):
        names = dialect.quote_all(cell.column for cell in some[0])
        values = ",\n".join(f"  ({_values(dialect, table, cells)})" for cells in some)
        yield f"INSERT INTO {dialect.quote_table(table)} ({names}) VALUES\n{values}"


def insert_missing(dialect: Dialect, table: str, key: Cells, cells: Cells) -> str:
    """Spell a row that is inserted if there is none of its key."""
    place, names = dialect.quote_table(table), dialect.quote_all(cell.column for cell in cells)
    there = f"SELECT 1 FROM {place} WHERE {_matches(dialect, '', key)}"
    return (
        f"INSERT INTO {place} ({names})"
        f" SELECT {_values(dialect, table, cells)}{dialect.dual} WHERE NOT EXISTS ({there})"
    )


def update(dialect: Dialect, table: str, key: Cells, cells: Cells) -> str:
    """Spell the change of a row."""
    place = dialect.quote_table(table)
    changes = (f"{dialect.quote(c.column)} = {_value(dialect, table, c)}" for c in cells)
    return f"UPDATE {place} SET {', '.join(changes)} WHERE {_matches(dialect, table, key)}"


def delete(dialect: Dialect, table: str, keys: Sequence[Cells]) -> Iterator[str]:
    """Spell what deletes rows: those of plain keys together, in their order else."""
    for some in _alike(table, keys):
        yield f"DELETE FROM {dialect.quote_table(table)} WHERE {any_of(dialect, table, some)}"


def any_of(dialect: Dialect, table: str, keys: Sequence[Cells]) -> str:
    """Spell that a row has one of some keys; ``table``: the one that a statement changes."""
    if len(keys) > 1 and all(len(key) == 1 for key in keys):
        values = ", ".join(_value(dialect, table, key[0]) for key in keys)
        return f"{dialect.quote(keys[0][0].column)} IN ({values})"
    words = [_matches(dialect, table, key) for key in keys]
    return words[0] if len(words) == 1 else " OR ".join(f"({each})" for each in words)


def as_expected(dialect: Dialect, row: Expected) -> str:
    """Spell that a row of the database is this one, with one of the values that it may have."""
    one = " AND ".join(
        f"({' OR '.join(_equals(dialect, '', cell) for cell in some)})" for some in row.cells
    )
    return " AND ".join(filter(None, (_matches(dialect, "", row.key), one)))


def otherwise(dialect: Dialect, rows: Iterable[Expected]) -> str:
    """Spell that a row of the database is one of some, and has other values."""
    return " OR ".join(
        f"({_matches(dialect, '', row.key)} AND"
        f" CASE WHEN {as_expected(dialect, row)} THEN 0 ELSE 1 END = 1)"
        for row in rows
    )


def differs(dialect: Dialect, cell: Cell) -> str:
    """Spell 1 if a column has another value than that of a cell, else 0."""
    return f"CASE WHEN {_equals(dialect, '', cell)} THEN 0 ELSE 1 END"


def matches(dialect: Dialect, key: Cells) -> str:
    """Spell that a row of the database has a key."""
    return _matches(dialect, "", key)


def _matches(dialect: Dialect, table: str, key: Cells) -> str:
    return " AND ".join(
        f"{dialect.quote(cell.column)} = {_value(dialect, table, cell)}" for cell in key
    )


def _equals(dialect: Dialect, table: str, cell: Cell) -> str:
    column = dialect.quote(cell.column)
    if cell.value is None:
        return f"{column} IS NULL"
    if isinstance(cell.value, Generated):  # each row has one of its own
        return "1 = 1"
    value = _value(dialect, table, cell)
    if isinstance(cell.value, Found):
        return f"{column} = {value}"
    return f"{dialect.compared(column, cell.type)} = {dialect.compared(value, cell.type)}"


def _values(dialect: Dialect, table: str, cells: Cells) -> str:
    return ", ".join(_value(dialect, table, cell) for cell in cells)


def _value(dialect: Dialect, table: str, cell: Cell) -> str:
    """Spell a value; ``table``: the one that the statement changes."""
    match cell.value:
        case None:
            return "NULL"
        case Generated():
            return dialect.fill_sql(cell.value, cell.type)
        case Found(column=column, cells=(only,)) if only.column == column:
            return _value(dialect, table, only)
        case Found(table=other, column=column, cells=cells):
            found = f"SELECT {dialect.quote(column)} FROM {dialect.quote_table(other)}"
            found = f"{found} WHERE {_matches(dialect, table, cells)}"
            if other == table and dialect.hides_changing:
                found = f"SELECT * FROM ({found}) AS found"
            return f"({found})"
        case value:
            return dialect.literal(Constant(value), cell.type)


def _alike(table: str, rows: Sequence[Cells]) -> Iterator[list[Cells]]:
    """Yield neighbours with the same columns, none of which refers to another."""
    some: list[Cells] = []
    for cells in rows:
        other = some and [c.column for c in some[0]] != [c.column for c in cells]
        if some and (other or len(some) == ROWS or _refers(cells, table)):
            yield some
            some = []
        some.append(cells)
    if some:
        yield some


def _refers(cells: Cells, table: str) -> bool:
    """Whether a row refers to another one of its table."""
    found = [cell.value for cell in cells if isinstance(cell.value, Found)]
    return any(each.table == table or _refers(each.cells, table) for each in found)
