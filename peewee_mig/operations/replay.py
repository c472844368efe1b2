"""Replay: what operations make of a schema. Pure, strict.

``apply`` refuses an operation that contradicts the schema it meets: a column that is
there already, a dropped table that is still referred to, an ``old`` that differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from peewee_mig.errors import SchemaError
from peewee_mig.operations import parts, rows
from peewee_mig.operations.describe import describe, object_words
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    ChangeRows,
    Copy,
    Data,
    Drop,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare, schema_of
from peewee_mig.schema.objects import (
    Column,
    ForeignKey,
    Table,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, RawObject, Sequence, Standalone, View


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
        case Copy() | RunSQL() | RunPython():
            return _copied(operation, schema) if isinstance(operation, Copy) else schema
        case Apart() | ChangeRows():
            return _apart(operation, schema)
        case _:
            assert_never(operation)


def _apart(operation: Apart | ChangeRows, schema: Schema) -> Schema:
    """Return the schema after the side of it that is about the schema."""
    if isinstance(operation, ChangeRows):
        table = schema.table(operation.table)
        return schema.with_table(replace(table, rows=rows.changed(table.rows, operation)))
    if any(isinstance(each, Apart) for each in (*operation.schema, *operation.database)):
        raise SchemaError(
            "what is apart holds operations that are apart",
            hint="write them one after the other",
        )
    for each in operation.schema:
        if isinstance(each, Data):
            raise SchemaError(
                "rows are changed in the schema only",
                where=describe(each),
                hint="write it as an operation of its own",
            )
    return replay(operation.schema, schema)


def fills_itself(column: Column) -> bool:
    """Whether existing rows get a value of a new column without being told one."""
    return column.self_filling or column.default is not None


def _add(operation: Add, schema: Schema) -> Schema:
    added = operation.object
    if isinstance(added, Table):
        if operation.table != added.name:
            raise SchemaError(f"table {operation.table} is defined as {added.name}")
        return _add_table(added, schema)
    if isinstance(added, Standalone):
        return _add_object(operation.table, added, schema)
    return schema.with_table(parts.with_part(schema.table(operation.table), added))


def _add_table(table: Table, schema: Schema) -> Schema:
    if table.name in schema:
        raise SchemaError(f"there is a table {table.name} already")
    return schema.with_table(table)


def _add_object(name: str, added: Standalone, schema: Schema) -> Schema:
    if name != added.name:
        raise SchemaError(f"{object_words('', added)} is added as {name}")
    if schema.find_object(added) is not None:
        raise SchemaError(f"there is {object_words('', added)} already")
    if isinstance(added, View) and added.name in schema:
        raise SchemaError(f"there is a table {added.name} already")
    return schema.with_objects((*schema.objects, added))


def _drop(operation: Drop, schema: Schema) -> Schema:
    dropped = operation.object
    if isinstance(dropped, Table):
        found = schema.table(operation.table)
        if found != dropped:
            raise SchemaError(
                f"the schema has {object_words('', found)}, not {object_words('', dropped)}"
            )
        return schema.without_table(operation.table)
    if isinstance(dropped, Standalone):
        _same_object(dropped, schema)
        return schema.with_objects(each for each in schema.objects if each != dropped)
    return schema.with_table(parts.without_part(schema.table(operation.table), dropped))


def _same_object(expected: Standalone, schema: Schema) -> None:
    found = schema.find_object(expected)
    if found is None:
        raise SchemaError(f"the schema does not have {object_words('', expected)}")
    if found != expected:
        raise SchemaError(
            f"the schema has {object_words('', found)}, not {object_words('', expected)}"
        )


def _alter(operation: Alter, schema: Schema) -> Schema:
    old, new = operation.old, operation.new
    if isinstance(old, View | EnumType | RawObject):
        _same_object(old, schema)
        if type(new) is not type(old) or new.name != old.name:
            raise SchemaError("an object cannot become one of another kind or name")
        return schema.with_objects(parts.swapped(schema.objects, old, new))
    if isinstance(new, View | EnumType | RawObject):
        raise SchemaError("an object cannot become one of another kind")
    if operation.using or operation.using_back:
        _refuse_using(operation)
    return schema.with_table(parts.exchanged(schema.table(operation.table), old, new))


def _refuse_using(operation: Alter) -> None:
    """Refuse values by an expression where no values change their type, and one without words."""
    for _, sql in (*operation.using, *operation.using_back):
        if not Expression(sql).whole:
            raise SchemaError(
                f"`using` is no whole expression: {sql!r}",
                hint="write one SQL expression, with each parenthesis closed, or leave it out",
            )
    if operation.retyped is None:
        raise SchemaError(
            "`using` gives values in another type, and nothing changes its type here",
            hint="leave it out; write an UPDATE as op.run_sql",
        )


def _copied(operation: Copy, schema: Schema) -> Schema:
    """Return the schema as it is, where values can be copied in it."""
    table, source = schema.table(operation.table), schema.table(operation.source)
    for name in (operation.column, *operation.columns):
        table.column(name)
    for name in (operation.source_column, *operation.source_columns):
        source.column(name)
    if not is_key(source, operation.source_columns):
        raise SchemaError(
            f"{source.name} may have several rows of one"
            f" {', '.join(operation.source_columns)}, so nobody knows which value is meant",
            hint="make it unique, or write the UPDATE: op.run_sql",
        )
    return schema


def is_key(table: Table, columns: Iterable[str]) -> bool:
    """Whether a table cannot have two rows with the same values in columns."""
    wanted = frozenset(columns)
    return any(wanted >= frozenset(key) for key in table.keys)


def _rename(operation: Rename, schema: Schema) -> Schema:
    match operation.kind:
        case "table":
            return _rename_table(operation.old, operation.new, schema)
        case "column":
            return _rename_column(schema.table(operation.table), operation, schema)
        case "index":
            return _rename_index(schema.table(operation.table), operation, schema)
        case "value":
            return _rename_value(operation, schema)
        case "virtual_table":
            return _rename_virtual_table(operation.old, operation.new, schema)
        case _:
            assert_never(operation.kind)


def _rename_table(old: str, new: str, schema: Schema) -> Schema:
    table = schema.table(old)
    if new in schema:
        raise SchemaError(f"there is a table {new} already")
    if schema_of(old) != schema_of(new) and bare(old) != bare(new):
        raise SchemaError(
            f"table {old} changes its name and its schema",
            hint="rename it first, then move it: two operations",
        )
    renamed = schema.without_table(old).with_table(replace(table, name=new))
    tables = (
        replace(
            each,
            foreign_keys=tuple(
                replace(key, referred_table=new) if key.referred_table == old else key
                for key in each.foreign_keys
            ),
        )
        for each in renamed
    )
    return Schema(
        rows.following(tables, Rename("table", old, old, new)),
        tuple(_following(each, old, new) for each in schema.objects),
    )


def _rename_virtual_table(old: str, new: str, schema: Schema) -> Schema:
    table = schema.find_virtual_table(old)
    if table is None:
        raise SchemaError(f"there is no virtual table {old}")
    if new in schema or schema.find_virtual_table(new):
        raise SchemaError(f"there is a table {new} already")
    renamed = replace(table, name=new)
    return schema.with_objects(parts.swapped(schema.objects, table, renamed))


def _following(thing: Standalone, old: str, new: str) -> Standalone:
    """Return an object beside the tables after a rename of one: triggers go along."""
    if isinstance(thing, RawObject) and thing.table == old:
        return replace(thing, table=new)
    return thing


def _rename_column(table: Table, operation: Rename, schema: Schema) -> Schema:
    table.column(operation.old)
    if table.find_column(operation.new):
        raise SchemaError(f"table {table.name} has a column {operation.new} already")
    names = {operation.old: operation.new}

    def followed(key: ForeignKey) -> ForeignKey:
        if key.referred_table != table.name:
            return key
        return replace(key, referred_columns=parts.renamed(key.referred_columns, names))

    tables = (
        replace(each, foreign_keys=tuple(map(followed, each.foreign_keys)))
        for each in schema.with_table(parts.renamed_columns(table, names))
    )
    return schema.with_tables(rows.following(tables, operation))


def _rename_index(table: Table, operation: Rename, schema: Schema) -> Schema:
    index = table.find_index(operation.old)
    if index is None:
        raise SchemaError(f"table {table.name} has no index {operation.old}")
    if table.find_index(operation.new):
        raise SchemaError(f"table {table.name} has an index {operation.new} already")
    renamed = replace(index, name=operation.new)
    return schema.with_table(replace(table, indexes=parts.swapped(table.indexes, index, renamed)))


def _rename_value(operation: Rename, schema: Schema) -> Schema:
    enum = schema.find_enum(operation.table)
    if enum is None or operation.old not in enum.values or operation.new in enum.values:
        has = f"it has {', '.join(enum.values)}" if enum else "there is no such type"
        raise SchemaError(
            f"value {operation.old} of enum type {operation.table}"
            f" cannot become {operation.new}: {has}"
        )
    values = tuple(operation.new if v == operation.old else v for v in enum.values)
    objects = parts.swapped(schema.objects, enum, replace(enum, values=values))
    words = {_literal(operation.old): Expression(_literal(operation.new))}
    tables = (_with_defaults(table, operation.table, words) for table in schema)
    return Schema(tuple(rows.with_value(each, operation) for each in tables), tuple(objects))


def _with_defaults(table: Table, enum: str, words: dict[str, Expression]) -> Table:
    """Return a table whose defaults of an enum type follow the name of a value."""
    return replace(
        table,
        columns=tuple(
            replace(each, default=words.get(each.default.text, each.default))
            if each.default is not None and each.type.name == enum
            else each
            for each in table.columns
        ),
    )


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _checked(operation: Operation, schema: Schema) -> Schema:
    """Return the schema if all that the table's objects name exists in it."""
    table = (
        None if isinstance(operation, Data | Rename | Apart) else schema.find_table(operation.table)
    )
    if table is None:
        return schema
    plain = [table.primary_key.columns] if table.primary_key else []
    plain += [(*index.columns, *index.include) for index in table.indexes]
    plain += [key.columns for key in table.foreign_keys]
    plain += [each.columns for each in table.uniques]
    for name in (name for names in plain for name in names):
        table.column(name)
    for foreign_key in table.foreign_keys:
        _referable(schema.table(foreign_key.referred_table), foreign_key)
    rows.ensure_sound(table, schema)
    if isinstance(operation, ChangeRows) and operation.old:
        for reader in rows.readers_of(table.name, schema):
            rows.ensure_sound(reader, schema)
    for _, foreign_key in schema.referring(table.name):
        _referable(table, foreign_key)
    return schema


def _referable(referred: Table, key: ForeignKey) -> None:
    """Refuse a foreign key to columns that are not unique, as databases do."""
    for name in key.referred_columns:
        referred.column(name)
    if key.referred_columns not in referred.keys:
        raise SchemaError(
            f"{referred.name} ({', '.join(key.referred_columns)}) is not unique,"
            " but a foreign key refers to it",
            hint="make it unique, or refer to the primary key",
        )


def _refuse_used(operation: Operation, schema: Schema) -> None:
    """Refuse to drop, or rename, what other objects use."""
    match operation:
        case Drop(object=Table(name=name)):
            used = [table.name for table, _ in schema.referring(name) if table.name != name]
            used += _readers(name, schema)
            used += [f"the reference rows of {e.name}" for e in rows.readers_of(name, schema)]
            what = f"table {name}"
        case Drop(object=Column() as column) if operation.table in schema:
            table = schema.table(operation.table)
            used = parts.users(column.name, table)
            used += [
                f"a foreign key of {other.name}"
                for other, key in schema.referring(table.name)
                if column.name in key.referred_columns
            ]
            what = f"column {operation.table}.{column.name}"
        case Drop(object=View(name=name)):
            used = _readers(name, schema)
            what = f"view {name}"
        case Drop(object=Sequence(name=name)):
            used = [
                f"column {table.name}.{column.name}"
                for table in schema
                for column in table.columns
                if column.sequence == name
            ]
            what = f"sequence {name}"
        case _:
            return
    if used:
        raise SchemaError(f"{what} is used by {', '.join(used)}")


def _readers(name: str, schema: Schema) -> list[str]:
    """Name the views that read a table or view, and the triggers that hang on it."""
    return [
        object_words("", each)
        for each in schema.objects
        if (isinstance(each, View | RawObject) and name in each.needs)
        or (isinstance(each, RawObject) and each.table == name)
    ]
