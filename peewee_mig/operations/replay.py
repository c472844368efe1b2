"""Replay: what operations make of a schema, and what undoes them. Pure, strict.

``apply`` refuses an operation that contradicts the schema it meets: a column that is
there already, a dropped table that is still referred to, an ``old`` that differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar, assert_never

from peewee_mig.errors import SchemaError
from peewee_mig.operations.describe import describe, object_words
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Drop,
    Fill,
    Generated,
    Object,
    Operation,
    Rename,
    RunSQL,
)
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema

T = TypeVar("T")


def replay(operations: Iterable[Operation], schema: Schema) -> Schema:
    """Apply operations in order."""
    for operation in operations:
        schema = apply(operation, schema)
    return schema


def apply(operation: Operation, schema: Schema) -> Schema:
    """Return the schema after one operation; :exc:`SchemaError` if it does not fit."""
    try:
        _refuse_used(operation, schema)
        return _checked(operation, change(operation, schema))
    except SchemaError as error:
        raise SchemaError(
            error.message,
            where=error.where or describe(operation),
            hint=error.hint or "the operation does not fit the schema that it meets",
        ) from error


def change(operation: Operation, schema: Schema) -> Schema:
    """Return the schema after one operation, without a look at the objects around it.

    For a planner whose database lags behind: there, a key may still use what goes.
    """
    match operation:
        case Add():
            return _add(operation, schema)
        case Drop():
            return _drop(operation, schema)
        case Alter():
            return _alter(operation, schema)
        case Rename():
            return _rename(operation, schema)
        case RunSQL():
            return schema
        case _:
            assert_never(operation)


def invert_all(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """Return what undoes the operations, in the order to run it.

    A dropped NOT NULL column comes back with the empty value of its type, but guarded
    where a key that comes back too rules out that every row has the same value.
    """
    keyed: set[tuple[str, str]] = set()
    inverse: list[Operation] = []
    for operation in reversed([invert(each) for each in reversed(tuple(operations))]):
        keyed = _keyed_before(operation, keyed)
        inverse.append(_guarded(operation, keyed))
    return tuple(reversed(inverse))


def _keyed_before(operation: Operation, keyed: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the columns that keys are made of later, named as before the operation."""
    match operation:
        case Add(object=ForeignKey(columns=columns) | PrimaryKey(columns=columns)):
            return keyed | {(operation.table, name) for name in columns}
        case Add(object=Index(columns=columns, unique=True)):
            return keyed | {(operation.table, name) for name in columns}
        case Alter(new=ForeignKey(columns=columns) | PrimaryKey(columns=columns)):
            return keyed | {(operation.table, name) for name in columns}
        case Rename(kind="table"):
            back = {operation.new: operation.old}
            return {(back.get(table, table), name) for table, name in keyed}
        case Rename(kind="column"):
            renamed = (operation.table, operation.new)
            return {(t, operation.old) if (t, n) == renamed else (t, n) for t, n in keyed}
        case _:
            return keyed


def _guarded(operation: Operation, keyed: set[tuple[str, str]]) -> Operation:
    match operation:
        case Add(object=Column(name=name)) if (operation.table, name) in keyed:
            return replace(operation, fill=None)
        case _:
            return operation


def invert(operation: Operation) -> Operation:
    """Return the operation that undoes this one; :exc:`SchemaError` if there is none.

    A dropped column comes back empty: NULL, or the empty value of its type where it is
    NOT NULL.
    """
    match operation:
        case Add():
            return Drop(operation.table, operation.object)
        case Drop():
            return Add(operation.table, operation.object, fill_back(operation))
        case Alter():
            return Alter(operation.table, operation.new, operation.old)
        case Rename():
            table = operation.new if operation.kind == "table" else operation.table
            return Rename(operation.kind, table, operation.new, operation.old)
        case RunSQL():
            if operation.backward is None:
                raise SchemaError(
                    "this SQL has no way back",
                    where=describe(operation),
                    hint="give op.run_sql a backward=..., [] if nothing has to be undone",
                )
            return RunSQL(operation.backward, operation.forward)
        case _:
            assert_never(operation)


def fill_back(operation: Drop) -> Fill | None:
    """Return the value with which rows get a dropped NOT NULL column back."""
    column = operation.object
    if not isinstance(column, Column) or column.null or column.type.auto:
        return None
    return Generated("empty")


def _add(operation: Add, schema: Schema) -> Schema:
    added = operation.object
    if isinstance(added, Table):
        if operation.table != added.name:
            raise SchemaError(f"table {operation.table} is defined as {added.name}")
        return _add_table(added, schema)
    table = schema.table(operation.table)
    _refuse_present(added, table)
    match added:
        case Column():
            table = replace(table, columns=(*table.columns, added))
        case PrimaryKey():
            table = replace(table, primary_key=added)
        case Index():
            table = replace(table, indexes=(*table.indexes, added))
        case ForeignKey():
            table = replace(table, foreign_keys=(*table.foreign_keys, added))
        case _:
            assert_never(added)
    return schema.with_table(table)


def _refuse_present(added: Column | PrimaryKey | Index | ForeignKey, table: Table) -> None:
    present: Object | None
    match added:
        case Column():
            present = table.find_column(added.name)
        case PrimaryKey():
            present = table.primary_key
        case Index():
            present = table.find_index(added.name)
        case ForeignKey():
            present = table.find_foreign_key(added.columns)
        case _:
            assert_never(added)
    if present is not None:
        raise SchemaError(f"there is {object_words(table.name, present)} already")


def _add_table(table: Table, schema: Schema) -> Schema:
    if table.name in schema:
        raise SchemaError(f"there is a table {table.name} already")
    return schema.with_table(table)


def _drop(operation: Drop, schema: Schema) -> Schema:
    dropped = operation.object
    table = schema.table(operation.table)
    match dropped:
        case Table():
            _same(table.name, dropped, table)
            return schema.without_table(table.name)
        case Column():
            _same(table.name, dropped, table.find_column(dropped.name))
            if len(table.columns) == 1:
                raise SchemaError(f"column {dropped.name} is the only one of {table.name}")
            table = replace(table, columns=_without(table.columns, dropped))
        case PrimaryKey():
            _same(table.name, dropped, table.primary_key)
            table = replace(table, primary_key=None)
        case Index():
            _same(table.name, dropped, table.find_index(dropped.name))
            table = replace(table, indexes=_without(table.indexes, dropped))
        case ForeignKey():
            _same(table.name, dropped, table.find_foreign_key(dropped.columns))
            table = replace(table, foreign_keys=_without(table.foreign_keys, dropped))
        case _:
            assert_never(dropped)
    return schema.with_table(table)


def _alter(operation: Alter, schema: Schema) -> Schema:
    old, new = operation.old, operation.new
    table = schema.table(operation.table)
    match old, new:
        case Column(), Column():
            _same(table.name, old, table.find_column(old.name))
            if old.name != new.name:
                raise SchemaError(f"column {old.name} changes its name", hint="use rename_column")
            table = replace(table, columns=_swapped(table.columns, old, new))
        case PrimaryKey(), PrimaryKey():
            _same(table.name, old, table.primary_key)
            table = replace(table, primary_key=new)
        case ForeignKey(), ForeignKey():
            _same(table.name, old, table.find_foreign_key(old.columns))
            if old.columns != new.columns:
                raise SchemaError("a foreign key changes its columns", hint="drop and add it")
            table = replace(table, foreign_keys=_swapped(table.foreign_keys, old, new))
        case _:
            raise SchemaError("an object cannot become one of another kind")
    return schema.with_table(table)


def _rename(operation: Rename, schema: Schema) -> Schema:
    match operation.kind:
        case "table":
            return _rename_table(operation.old, operation.new, schema)
        case "column":
            return _rename_column(schema.table(operation.table), operation, schema)
        case "index":
            return _rename_index(schema.table(operation.table), operation, schema)
        case _:
            assert_never(operation.kind)


def _rename_table(old: str, new: str, schema: Schema) -> Schema:
    table = schema.table(old)
    if new in schema:
        raise SchemaError(f"there is a table {new} already")
    renamed = schema.without_table(old).with_table(replace(table, name=new))
    return Schema.of(
        replace(
            each,
            foreign_keys=tuple(
                replace(key, referred_table=new) if key.referred_table == old else key
                for key in each.foreign_keys
            ),
        )
        for each in renamed
    )


def _rename_column(table: Table, operation: Rename, schema: Schema) -> Schema:
    column = table.column(operation.old)
    if table.find_column(operation.new):
        raise SchemaError(f"table {table.name} has a column {operation.new} already")

    def named(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(operation.new if name == operation.old else name for name in columns)

    def followed(owner: Table, key: ForeignKey) -> ForeignKey:
        if owner.name == table.name:
            key = replace(key, columns=named(key.columns))
        if key.referred_table == table.name:
            key = replace(key, referred_columns=named(key.referred_columns))
        return key

    key = table.primary_key
    changed = replace(
        table,
        columns=_swapped(table.columns, column, replace(column, name=operation.new)),
        primary_key=PrimaryKey(named(key.columns)) if key else None,
        indexes=tuple(replace(index, columns=named(index.columns)) for index in table.indexes),
    )
    return Schema.of(
        replace(each, foreign_keys=tuple(followed(each, key) for key in each.foreign_keys))
        for each in schema.with_table(changed)
    )


def _rename_index(table: Table, operation: Rename, schema: Schema) -> Schema:
    index = table.find_index(operation.old)
    if index is None:
        raise SchemaError(f"table {table.name} has no index {operation.old}")
    if table.find_index(operation.new):
        raise SchemaError(f"table {table.name} has an index {operation.new} already")
    renamed = replace(index, name=operation.new)
    return schema.with_table(replace(table, indexes=_swapped(table.indexes, index, renamed)))


def _checked(operation: Operation, schema: Schema) -> Schema:
    """Return the schema if all that the table's objects name exists in it."""
    table = None if isinstance(operation, RunSQL | Rename) else schema.find_table(operation.table)
    if table is None:
        return schema
    key = table.primary_key
    for name in key.columns if key else ():
        table.column(name)
    for index in table.indexes:
        for name in index.columns:
            table.column(name)
    for foreign_key in table.foreign_keys:
        for name in foreign_key.columns:
            table.column(name)
        _referable(schema.table(foreign_key.referred_table), foreign_key)
    for _, foreign_key in schema.referring(table.name):
        _referable(table, foreign_key)
    return schema


def _referable(referred: Table, key: ForeignKey) -> None:
    """Refuse a foreign key to columns that are not unique, as databases do."""
    for name in key.referred_columns:
        referred.column(name)
    primary = referred.primary_key.columns if referred.primary_key else ()
    unique = {index.columns for index in referred.indexes if index.unique}
    if key.referred_columns not in {primary, *unique}:
        raise SchemaError(
            f"{referred.name} ({', '.join(key.referred_columns)}) is not unique,"
            " but a foreign key refers to it",
            hint="make it unique, or refer to the primary key",
        )


def _refuse_used(operation: Operation, schema: Schema) -> None:
    """Refuse to drop what other objects use."""
    match operation:
        case Drop(object=Table(name=name)):
            users = [table.name for table, _ in schema.referring(name) if table.name != name]
            what = f"table {name}"
        case Drop(object=Column() as column) if operation.table in schema:
            users = _users(column.name, schema.table(operation.table), schema)
            what = f"column {operation.table}.{column.name}"
        case _:
            return
    if users:
        raise SchemaError(f"{what} is used by {', '.join(users)}")


def _users(column: str, table: Table, schema: Schema) -> list[str]:
    """Name the keys and indexes that use a column."""
    users = [f"index {index.name}" for index in table.indexes if column in index.columns]
    users += [
        f"the foreign key on {', '.join(key.columns)}"
        for key in table.foreign_keys
        if column in key.columns
    ]
    users += [
        f"a foreign key of {other.name}"
        for other, key in schema.referring(table.name)
        if column in key.referred_columns
    ]
    if table.primary_key is not None and column in table.primary_key.columns:
        users.append("the primary key")
    return users


def _same(table: str, expected: Object, found: Object | None) -> None:
    if found is None:
        raise SchemaError(f"the schema does not have {object_words(table, expected)}")
    if expected != found:
        words = f"{object_words(table, found)}, not {object_words(table, expected)}"
        raise SchemaError(f"the schema has {words}")


def _without(items: tuple[T, ...], gone: T) -> tuple[T, ...]:
    return tuple(item for item in items if item != gone)


def _swapped(items: tuple[T, ...], old: object, new: T) -> tuple[T, ...]:
    return tuple(new if item == old else item for item in items)
