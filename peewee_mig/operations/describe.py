"""Operations in words: one line each, for people."""

from __future__ import annotations

from typing import assert_never

from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    ChangeRows,
    Constant,
    Copy,
    Drop,
    Fill,
    Generated,
    Object,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Sequence,
    Standalone,
    View,
    VirtualTable,
    kind_of,
)
from peewee_mig.schema.words import (
    column_words,
    deferrable_words,
    index_words,
    options_words,
    primary_key_words,
    unique_words,
)

#: What is created, not added.
_CREATED = (Table, Index, View, VirtualTable, Sequence, EnumType, RawObject)

_FUNCTIONS = {
    "now": "the time of the migration",
    "utcnow": "the time of the migration (UTC)",
    "today": "the day of the migration",
    "uuid4": "a new UUID each",
    "empty": "the empty value of its type",
}


def describe(operation: Operation) -> str:
    """Say in one line what an operation does."""
    return " ".join(_words(operation).split())


def _words(operation: Operation) -> str:
    match operation:
        case Add():
            filled = f"; existing rows get {fill_words(operation.fill)}" if operation.fill else ""
            verb = "create" if isinstance(operation.object, _CREATED) else "add"
            return f"{verb} {object_words(operation.table, operation.object)}{filled}"
        case Drop():
            return f"drop {object_words(operation.table, operation.object)}"
        case Alter():
            return _altered(operation)
        case Rename() if operation.whole:
            kind = operation.kind.replace("_", " ")
            return f"rename {kind} {operation.old} to {operation.new}"
        case Rename():
            return f"rename {operation.kind} {operation.table}.{operation.old} to {operation.new}"
        case Copy() | RunSQL() | RunPython() | Apart() | ChangeRows():
            return _other_words(operation)
        case _:
            assert_never(operation)


def _other_words(operation: Copy | RunSQL | RunPython | Apart | ChangeRows) -> str:
    match operation:
        case ChangeRows():
            return _changed_rows(operation)
        case RunSQL():
            return f"run SQL: {_shortened(' '.join(operation.every_statement)) or 'nothing'}"
        case RunPython():
            names = dict.fromkeys(name for _, name in operation.forward)
            return f"run Python: {', '.join(names) or 'nothing'}"
        case Copy():
            table, source = operation.table, operation.source
            related = ", ".join(f"{table}.{own} = {source}.{other}" for own, other in operation.on)
            copied = f"{source}.{operation.source_column} to {table}.{operation.column}"
            return f"copy {copied} by {related}"
        case Apart():
            return _apart_words(operation)
        case _:
            assert_never(operation)


def _apart_words(operation: Apart) -> str:
    if operation.origin is not None:
        return f"{'undo ' if operation.origin.undone else ''}{operation.origin.call}"
    sides = {"the schema": operation.schema, "the database": operation.database}
    words = (
        f"only in {side}: {'; '.join(map(describe, each))}" for side, each in sides.items() if each
    )
    return "; ".join(words) or "nothing"


def _changed_rows(operation: ChangeRows) -> str:
    """Say how many rows change, and name the first of them."""
    table, key = operation.table, ", ".join(operation.key)
    if operation.former:
        return f"know rows of {table} by {key}, not by {', '.join(operation.former)}"
    rows = operation.old or operation.new
    verb = "update" if operation.pairs else "delete" if operation.old else "insert"
    if operation.pairs and not operation.runs:
        columns = sorted(
            {n for old, new in operation.pairs for n in {*old.columns} - {*new.columns}}
        )
        return f"leave {', '.join(columns)} of rows of {table} undeclared"
    named = _shortened("; ".join(row.said(operation.key) for row in rows))
    return f"{verb} {_counted(len(rows))} of {table} by {key}: {named}"


def _counted(number: int) -> str:
    return f"{number} row{'' if number == 1 else 's'}"


def fill_words(fill: Fill) -> str:
    """Say which value existing rows get."""
    match fill:
        case Constant():
            return repr(fill.value)
        case Generated():
            return _FUNCTIONS[fill.function]
        case _:
            assert_never(fill)


def object_words(table: str, thing: Object | Options) -> str:
    """Name an object of a table, or beside the tables, with its definition."""
    match thing:
        case Table():
            rows = f" with {_counted(len(thing.rows.rows))}" if thing.rows else ""
            return f"table {thing.name} ({', '.join(thing.column_names)}){rows}"
        case Column():
            return f"column {table}.{thing.name} {column_words(thing)}"
        case PrimaryKey():
            return f"primary key {table} {primary_key_words(thing)}"
        case Index():
            unique = "unique index" if thing.unique else "index"
            return f"{unique} {thing.name} on {table} {index_words(thing)}"
        case ForeignKey():
            name = f"{thing.name} of " if thing.name else ""
            return f"foreign key {name}{table} ({', '.join(thing.columns)}) to {_referred(thing)}"
        case _:
            return _constraint_words(table, thing)


def _constraint_words(table: str, thing: Check | Unique | Exclusion | Options | Standalone) -> str:
    match thing:
        case Check() | Exclusion():
            kind = "check" if isinstance(thing, Check) else "exclusion"
            return f"{kind}{_called(thing.name)} on {table} ({thing.expression})"
        case Unique():
            return f"unique constraint{_called(thing.name)} on {table} {unique_words(thing)}"
        case Options():
            return f"options of {table} {options_words(thing)}"
        case _:
            return _standalone_words(thing)


def _standalone_words(thing: Standalone) -> str:
    match thing:
        case RawObject() if thing.table:
            return f"{thing.kind} {thing.name} on {thing.table}"
        case View() if thing.materialized:
            return f"materialized view {thing.name}"
        case EnumType():
            return f"enum type {thing.name} ({', '.join(thing.values)})"
        case View() | VirtualTable() | Sequence() | RawObject():
            return f"{kind_of(thing).replace('_', ' ')} {thing.name}"
        case _:
            assert_never(thing)


def _called(name: str | None) -> str:
    return f" {name}" if name else ""


def _referred(key: ForeignKey) -> str:
    words = f"{key.referred_table} ({', '.join(key.referred_columns)})"
    words += f" ON DELETE {key.on_delete}" if key.on_delete else ""
    words += f" ON UPDATE {key.on_update}" if key.on_update else ""
    return words + deferrable_words(key.deferrable)


def _named(key: ForeignKey) -> str:
    return f" named {key.name}" if key.name else ""


def _altered(operation: Alter) -> str:
    old, new, table = operation.old, operation.new, operation.table
    match old, new:
        case Column(), Column():
            words = f"column {table}.{old.name} from {column_words(old)} to {column_words(new)}"
        case PrimaryKey(), PrimaryKey():
            words = f"{object_words(table, old)} to {primary_key_words(new)}"
        case ForeignKey(), ForeignKey():
            on = f"foreign key {table} ({', '.join(old.columns)})"
            words = f"{on} from {_referred(old)}{_named(old)} to {_referred(new)}{_named(new)}"
        case Options(), Options():
            words = f"options of {table} from {options_words(old)} to {options_words(new)}"
        case EnumType(), EnumType():
            words = f"{object_words('', old)} to ({', '.join(new.values)})"
        case View() | RawObject(), View() | RawObject():
            words = object_words("", new)
        case _:
            words = f"an object of {table} to one of another kind"
    filled = f"; rows with NULL get {fill_words(operation.fill)}" if operation.fill else ""
    using = "".join(f", by {_shortened(sql)}" for _, sql in operation.using[:1])
    return f"change {words}{using}{filled}"


def _shortened(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
