"""Reference rows: those that a table is declared to have, known by a natural key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peewee_mig.errors import SchemaError
from peewee_mig.op.words import Names, listed
from peewee_mig.operations.verbs import ChangeRows
from peewee_mig.schema.rows import Generated, Ref, Row, Rows, Value

#: A row: its values by column, in the form in which Peewee stores them.
RowValues = Mapping[str, Value]


def rows(key: Names, values: Iterable[RowValues]) -> Rows:
    """Say which reference rows a table has, as a part of it."""
    return Rows(listed(key), _rows(values))


def ref(table: str, column: str, key: RowValues) -> Ref:
    """Stand for what the row of another table with this key has in a column."""
    return Ref(table, column, _row(key))


def insert_rows(
    table: str, key: Names, values: Iterable[RowValues], *, over: bool = False
) -> ChangeRows:
    """Insert reference rows that are not there yet, by their natural key.

    A row that is there with other values stops the migration before its first statement;
    ``over``: it gets these values.
    """
    return ChangeRows(table, listed(key), (), _some(table, values), over)


def update_rows(
    table: str,
    key: Names,
    pairs: Iterable[tuple[RowValues, RowValues]],
    *,
    over: bool = False,
) -> ChangeRows:
    """Give reference rows other values: pairs of what they have, and what they get.

    Each says the key, and the columns that change. A row that has neither of the two stops
    the migration before its first statement; ``over``: it gets the new values.
    """
    listed_pairs = tuple(pairs)
    old = _some(table, (one for one, _ in listed_pairs))
    return ChangeRows(table, listed(key), old, _rows(new for _, new in listed_pairs), over)


def delete_rows(table: str, key: Names, values: Iterable[RowValues]) -> ChangeRows:
    """Delete reference rows; they are kept here so that they can come back."""
    return ChangeRows(table, listed(key), _some(table, values))


def change_row_key(table: str, *, old: Names, new: Names) -> ChangeRows:
    """Know the reference rows of a table by other columns; no row changes."""
    return ChangeRows(table, listed(new), former=listed(old))


def _some(table: str, values: Iterable[RowValues]) -> tuple[Row, ...]:
    found = _rows(values)
    if not found:
        raise SchemaError(f"no rows of {table} are given", hint="leave the operation out")
    return found


def _rows(values: Iterable[RowValues]) -> tuple[Row, ...]:
    return tuple(map(_row, values))


def _row(values: RowValues) -> Row:
    if not isinstance(values, Mapping):
        raise SchemaError(f"{values!r} is no row", hint='write its values: {"name": "admin"}')
    for name, value in values.items():
        if not isinstance(value, str | int | float | bytes | Ref | Generated | None):
            raise SchemaError(
                f"the value of {name} in a row cannot be a {type(value).__name__}",
                hint="write numbers, true and false as they are, None, anything else as text",
            )
    return Row.of(values)
