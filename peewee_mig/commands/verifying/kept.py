"""Which columns keep the values of their rows through a migration, or back. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import (
    Alter,
    ChangeRows,
    Copy,
    Operation,
    Rename,
    RunPython,
    RunSQL,
    in_database,
)
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: First words of statements that name all tables whose rows they change.
_PLAIN = frozenset({"ALTER", "COMMENT", "CREATE", "DELETE", "DROP", "INSERT", "REPLACE", "UPDATE"})

#: What the option of a column begins with that changes values whenever a row is changed.
_ON_UPDATE = "ON UPDATE"


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """A column that keeps its values: its name and type before, and after."""

    old: str
    new: str
    types: tuple[ColumnType, ColumnType]


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table that keeps its rows: its name before, and after.

    ``exactly``: neither SQL of the user's nor a trigger speaks of it. Without, its rows may
    get other values.
    """

    old: str
    new: str
    columns: tuple[KeptColumn, ...]
    exactly: bool = True


def kept_tables(
    operations: Sequence[Operation],
    before: Schema,
    after: Schema,
    *,
    stirred: Collection[str] = (),
) -> tuple[KeptTable, ...]:
    """Return the tables that are there before and after, with the columns that keep values.

    Not kept: what is computed, copied, or given by an expression of the user's, and tables of
    which reference rows change. ``stirred``:
    tables, by their names before, whose values triggers may change.
    """
    names, given = Names(), set[tuple[str, str]]()
    for operation in operations:
        given = _given(operation, given)
        names.follow(operation)
    run = [*in_database(operations)]
    said = [sql for each in run if isinstance(each, RunSQL) for sql in each.every_statement]
    called = any(isinstance(each, RunPython) and each.forward for each in run)
    opaque = called or any(first_word(sql) not in _PLAIN for sql in said)
    found = []
    for table in after:
        old = before.find_table(names.table(table.name) or "")
        if old is not None and (table.name, "") not in given:
            spoken = opaque or any(mentions(sql, each) for sql in said for each in (old, table))
            columns = tuple(_columns(old, table, names, given))
            exactly = not spoken and old.name not in stirred
            found.append(KeptTable(old.name, table.name, columns, exactly))
    return tuple(found)


def first_word(sql: str) -> str:
    """Return the first word of a statement behind its comments, in capitals."""
    found = re.match(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*(\w+)", sql, re.DOTALL)
    return found[1].upper() if found else ""


def mentions(sql: str, table: Table) -> bool:
    """Whether the name of a table is a word of some SQL."""
    name = re.escape(bare(table.name))
    return re.search(rf"(?<!\w){name}(?!\w)", sql, re.IGNORECASE) is not None


def _columns(
    old: Table, new: Table, names: Names, given: Collection[tuple[str, str]]
) -> Iterable[KeptColumn]:
    for column in new.columns:
        was = old.find_column(names.column(new.name, column.name) or "")
        if was is None or (new.name, column.name) in given or was.computed or column.computed:
            continue
        if not any(each.startswith(_ON_UPDATE) for each in (*was.options, *column.options)):
            yield KeptColumn(was.name, column.name, (was.type.plain, column.type.plain))


def _given(operation: Operation, given: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the columns, as they are called after an operation, that get values of their own."""
    match operation:
        case Copy(table=table, column=column):
            return {*given, (table, column)}
        case ChangeRows(table=table):
            return {*given, (table, "")} if operation.runs else given
        case Alter(table=table, old=Column() as old, new=Column(name=name) as new):
            is_given = bool(operation.using or old.computed or new.computed)
            return {*given, (table, name)} if is_given else given
        case Rename(kind="table", old=was, new=name):
            return {(name if table == was else table, column) for table, column in given}
        case Rename(kind="column", table=owner, old=was, new=name):
            return {(t, name) if (t, c) == (owner, was) else (t, c) for t, c in given}
        case _:
            return given
