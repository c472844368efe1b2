"""The parts of a table: found, added, dropped and exchanged, whatever their kind. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar, assert_never

from peewee_mig.errors import SchemaError
from peewee_mig.operations.describe import object_words
from peewee_mig.operations.verbs import Part
from peewee_mig.schema.objects import (
    Check,
    Column,
    Computed,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)

T = TypeVar("T")


#: Kinds of parts of which a table has many -> the attribute that holds them.
_HOLDERS: dict[type[Part], str] = {
    Column: "columns",
    Index: "indexes",
    ForeignKey: "foreign_keys",
    Check: "checks",
    Unique: "uniques",
    Exclusion: "exclusions",
}


def identity(part: Part) -> object:
    """Return what tells a part from all others of its kind and table."""
    match part:
        case Column() | Index():
            return part.name
        case ForeignKey() | Unique():
            return part.columns
        case Check() | Exclusion():
            return part.name or part.expression
        case PrimaryKey():
            return None
        case _:
            assert_never(part)


def find(part: Part | Options, table: Table) -> Part | Options | None:
    """Return the part of a table that has the identity of another one."""
    if isinstance(part, Options):
        return table.options
    if isinstance(part, PrimaryKey):
        return table.primary_key
    wanted = identity(part)
    return next((each for each in _held(table, part) if identity(each) == wanted), None)


def with_part(table: Table, part: Part) -> Table:
    """Return the table with one part more; :exc:`SchemaError` if there is such a one."""
    present = find(part, table)
    if present is not None:
        raise SchemaError(f"there is {object_words(table.name, present)} already")
    if isinstance(part, PrimaryKey):
        return replace(table, primary_key=part)
    return _holding(table, part, (*_held(table, part), part))


def without_part(table: Table, part: Part) -> Table:
    """Return the table without a part; :exc:`SchemaError` if it has another or none."""
    same(table, part)
    if isinstance(part, PrimaryKey):
        return replace(table, primary_key=None)
    if isinstance(part, Column) and len(table.columns) == 1:
        raise SchemaError(f"column {part.name} is the only one of {table.name}")
    return _holding(table, part, tuple(each for each in _held(table, part) if each != part))


def exchanged(
    table: Table,
    old: Column | PrimaryKey | ForeignKey | Options,
    new: Column | PrimaryKey | ForeignKey | Options,
) -> Table:
    """Return the table with a part in place of another one of its kind and identity."""
    same(table, old)
    match old, new:
        case Column(), Column():
            if old.name != new.name:
                raise SchemaError(f"column {old.name} changes its name", hint="use rename_column")
            return replace(table, columns=swapped(table.columns, old, new))
        case PrimaryKey(), PrimaryKey():
            return replace(table, primary_key=new)
        case ForeignKey(), ForeignKey():
            if old.columns != new.columns:
                raise SchemaError("a foreign key changes its columns", hint="drop and add it")
            return replace(table, foreign_keys=swapped(table.foreign_keys, old, new))
        case Options(), Options():
            return replace(table, options=new)
        case _:
            raise SchemaError("an object cannot become one of another kind")


def same(table: Table, expected: Part | Options) -> None:
    """Refuse a part that the table does not have, or has otherwise."""
    found = find(expected, table)
    if found is None:
        raise SchemaError(f"the schema does not have {object_words(table.name, expected)}")
    if expected != found:
        words = f"{object_words(table.name, found)}, not {object_words(table.name, expected)}"
        raise SchemaError(f"the schema has {words}")


def renamed_columns(table: Table, names: Mapping[str, str]) -> Table:
    """Return the table with other names for columns, everywhere but in foreign keys to it."""
    key = table.primary_key
    return replace(
        table,
        columns=tuple(_renamed_column(column, names) for column in table.columns),
        primary_key=replace(key, columns=renamed(key.columns, names)) if key else None,
        indexes=tuple(renamed_index(index, names) for index in table.indexes),
        foreign_keys=tuple(
            replace(each, columns=renamed(each.columns, names)) for each in table.foreign_keys
        ),
        checks=tuple(renamed_check(each, names) for each in table.checks),
        uniques=tuple(replace(e, columns=renamed(e.columns, names)) for e in table.uniques),
        exclusions=tuple(
            replace(each, expression=each.expression.renamed(names)) for each in table.exclusions
        ),
        options=table.options.renamed(names),
        rows=table.rows.renamed(names) if table.rows else None,
    )


def renamed_index(index: Index, names: Mapping[str, str]) -> Index:
    """Return an index with other names for the columns that it needs."""
    return replace(
        index,
        columns=renamed(index.columns, names),
        parts=tuple(part.renamed(names) for part in index.parts),
        where=index.where.renamed(names) if index.where else None,
        include=renamed(index.include, names),
    )


def renamed_check(check: Check, names: Mapping[str, str]) -> Check:
    """Return a check with other names for the columns that it needs."""
    return replace(check, expression=check.expression.renamed(names))


def renamed(columns: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return names of columns, each in its new form."""
    return tuple(names.get(name, name) for name in columns)


def users(column: str, table: Table) -> list[str]:
    """Name the parts of a table that need one of its columns, besides foreign keys to it."""
    words = [f"index {index.name}" for index in table.indexes if column in index.used]
    words += [
        f"the foreign key on {', '.join(key.columns)}"
        for key in table.foreign_keys
        if column in key.columns
    ]
    words += [
        f"the unique constraint on {', '.join(each.columns)}"
        for each in table.uniques
        if column in each.columns
    ]
    words += [
        f"{kind} {each.name or each.expression}"
        for kind, constraints in (("check", table.checks), ("exclusion", table.exclusions))
        for each in constraints
        if column in each.expression.names
    ]
    words += [
        f"the generated column {each.name}"
        for each in table.columns
        if each.computed and column in each.computed.expression.names
    ]
    if table.primary_key is not None and column in table.primary_key.columns:
        words.append("the primary key")
    if column in table.options.partitioned_by:
        words.append(table.options.partitions)
    if table.rows is not None and column in table.rows.columns:
        words.append("the reference rows")
    return words


def swapped(items: tuple[T, ...], old: object, new: T) -> tuple[T, ...]:
    """Return the items with one in place of another."""
    return tuple(new if item == old else item for item in items)


def _renamed_column(column: Column, names: Mapping[str, str]) -> Column:
    computed = column.computed
    if computed is not None:
        computed = Computed(computed.expression.renamed(names), computed.stored)
    return replace(column, name=names.get(column.name, column.name), computed=computed)


def _held(table: Table, part: Part) -> tuple[Part, ...]:
    held: tuple[Part, ...] = getattr(table, _HOLDERS[type(part)])
    return held


def _holding(table: Table, part: Part, held: tuple[Part, ...]) -> Table:
    changes: dict[str, Any] = {_HOLDERS[type(part)]: held}
    return replace(table, **changes)
