"""Rows that undoing migrations would lose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.errors import FailedError
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import (
    Alter,
    Apart,
    ChangeRows,
    Copy,
    Drop,
    Operation,
    RunSQL,
    in_database,
)
from peewee_mig.plan.hazards.data_loss import is_copied, is_overwritten, lost_columns
from peewee_mig.runner.lost_rows import deleted_rows, edited, untouched
from peewee_mig.schema.names import qualified
from peewee_mig.schema.objects import Column, Computed, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import RawObject, VirtualTable

_PART = r'"(?:[^"]|"")+"|`(?:[^`]|``)+`|[^\W\d][\w$]*'
#: SQL of the user's that drops a table.
_DROP_TABLE = re.compile(
    rf"\s*DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?({_PART})(?:\s*\.\s*({_PART}))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows that a step would lose; ``name`` is what ``--allow-data-loss`` takes."""

    name: str
    rows: int


def losses(
    migrations: Iterable[Sequence[Operation]],
    dialect: Dialect,
    query: Query,
    before: Schema | None = None,
) -> tuple[Loss, ...]:
    """Count, before anything runs, what a whole run would drop.

    ``migrations``: the operations of each; only within one of them are rows kept for an
    object that is made anew. ``before``: the schema that they meet. Its reference rows are
    no loss, if they have the values that are declared.
    """
    migrations, declared = list(migrations), before or Schema()
    found = []
    dropped = list(_dropped(migrations, dialect.name))
    whole = {table for table, column in dropped if not column}
    for table, column in dropped:
        if column and table in whole:
            continue
        where = f" WHERE {dialect.quote(column)} IS NOT NULL" if column else ""
        if dialect.has_table(query, table) and _has_column(dialect, query, table, column):
            rows = query(f"SELECT count(*) FROM {dialect.quote_table(table)}{where}")[0][0]
            rows -= 0 if column else untouched(table, declared, dialect, query)
            if rows:
                found.append(Loss(f"{table}.{column}" if column else table, rows))
    for table, keys in deleted_rows(migrations, declared).items():
        rows = edited(table, keys, declared, dialect, query)
        if rows and table not in whole:
            found.append(Loss(table, rows))
    return tuple(found)


def _has_column(dialect: Dialect, query: Query, table: str, column: str) -> bool:
    """Whether a column is still there: a way back may have been interrupted behind its drop."""
    try:
        if column:
            query(f"SELECT {dialect.quote(column)} FROM {dialect.quote_table(table)} WHERE 1 = 0")
    except FailedError:
        return False
    return True


def droppable(migrations: Sequence[Sequence[Operation]]) -> tuple[str, ...]:
    """Return the names that ``--allow-data-loss`` may have, whether or not rows are lost.

    ``migrations``: the operations of each.
    """
    listed = tuple(chain(*migrations))
    copied = chain(*map(_copied, migrations))
    alone = _dropped([each] for each in in_database(listed))
    dropped = (*_dropped([listed]), *alone, *copied)
    found = (f"{table}.{column}" if column else table for table, column in dropped)
    return tuple(dict.fromkeys((*found, *_deleting(listed))))


def _deleting(operations: Iterable[Operation]) -> Iterator[str]:
    """Yield the tables of which reference rows are deleted, by their names before the run."""
    names = Names()
    for operation in operations:
        if isinstance(operation, ChangeRows) and operation.old and not operation.new:
            yield names.table(operation.table) or operation.table
        names.follow(operation)


def _copied(operations: Iterable[Operation]) -> Iterator[tuple[str, str]]:
    """Yield the columns of which some values may find no row, as a guard calls them.

    That is by their names before their migration; ``operations``: those of one.
    """
    names = Names()
    for operation in operations:
        if isinstance(operation, Copy):
            yield from _column(names, operation.source, operation.source_column)
        names.follow(operation)


def unallowed(found: Sequence[Loss], allowed: Iterable[str]) -> tuple[Loss, ...]:
    """Return the losses that nobody consented to."""
    names = set(allowed)
    return tuple(loss for loss in found if "all" not in names and loss.name not in names)


def _dropped(
    migrations: Iterable[Sequence[Operation]], engine: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield tables, and columns of tables that stay, by their names before the run.

    ``engine``: whose SQL counts where the user wrote it; empty: that of any.

    A column that is computed from now on loses its values as if it was dropped; one that was
    computed when the run began has none of its own.
    """
    names, computed = Names(), set[tuple[str, str]]()
    placed = (
        (each, listed[:p], listed[p + 1 :])
        for listed in map(_in_turn, migrations)
        for p, each in enumerate(listed)
    )
    for operation, earlier, later in placed:
        yield from _by_hand(operation, engine)
        match operation:
            case Drop(object=VirtualTable() as virtual) if (
                lost := lost_columns(virtual, later)
            ) is not None:
                yield from ((virtual.name, column) for column in sorted(lost))
            case Drop(object=Table() | VirtualTable()):
                table = names.table(operation.table)
                if table is not None:
                    yield table, ""
            case Drop(object=Column()) if is_copied(operation, earlier):
                pass
            case Drop(object=Column(name=name, computed=None)):
                yield from {*_column(names, operation.table, name)} - computed
            case Alter(old=Column(name=name)) if is_overwritten(operation):
                yield from {*_column(names, operation.table, name)} - computed
            case Alter(old=Column(name=name, computed=Computed())):
                computed.update(_column(names, operation.table, name))
            case _:
                pass
        names.follow(operation)


def _in_turn(operations: Sequence[Operation]) -> Sequence[Operation]:
    """Return operations with those of the database before what is apart, which names follow."""
    return [
        part
        for each in operations
        for part in ((*each.database, each) if isinstance(each, Apart) else (each,))
    ]


def _column(names: Names, table: str, column: str) -> Iterator[tuple[str, str]]:
    """Yield a column by its names before the run, if it was there."""
    old_table, old_column = names.table(table), names.column(table, column)
    if old_table is not None and old_column is not None:
        yield old_table, old_column


def _by_hand(operation: Operation, engine: str) -> Iterator[tuple[str, str]]:
    """Yield the tables that SQL of the user's drops."""
    match operation:
        case Drop(object=RawObject() as raw):
            for one in [engine] if engine else [*dict(raw.drop), "postgres"]:
                yield from _table_of(raw.statement("drop", one), one)
        case RunSQL():
            for one in [engine] if engine else ["", "postgres", *dict(operation.forwards)]:
                for sql in operation.statements(one):
                    yield from _table_of(sql, one)
        case _:
            pass


def _table_of(sql: str, engine: str) -> Iterator[tuple[str, str]]:
    """Yield the table that a statement drops, if it drops one."""
    if match := _DROP_TABLE.match(sql):
        schema, name = (_plain(part, engine) if part else None for part in match.groups())
        yield qualified(schema if name else None, name or schema or ""), ""


def _plain(part: str, engine: str) -> str:
    """Return a name as it is stored; PostgreSQL folds what has no quotation marks."""
    mark = part[0]
    if mark in '"`':
        return part[1:-1].replace(mark * 2, mark)
    return part.lower() if engine == "postgres" else part
