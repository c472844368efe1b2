"""Operations as JSON: the standard words of the field, and back.

``{"op": "add_column", "table": ..., "column": ..., "definition": {...}}``: the same form in
``generate --json``, in the history table and under the checksum of a migration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, assert_never, cast, get_args

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Drop,
    Fill,
    Function,
    Generated,
    Object,
    Operation,
    Rename,
    RenameKind,
    RunSQL,
)
from peewee_mig.schema import codec
from peewee_mig.schema.codec import Json
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table

#: Kind of object -> its word in the name of an operation.
KINDS: dict[type[Object], str] = {
    Table: "table",
    Column: "column",
    PrimaryKey: "primary_key",
    Index: "index",
    ForeignKey: "foreign_key",
}
_DECODERS: dict[str, Callable[[Mapping[str, Any]], Object]] = {
    "table": codec.table_from_json,
    "column": codec.column_from_json,
    "primary_key": codec.primary_key_from_json,
    "index": codec.index_from_json,
    "foreign_key": codec.foreign_key_from_json,
}


def word_of(operation: Operation) -> str:
    """Return the standard word of an operation, such as ``add_column``."""
    match operation:
        case Add():
            kind = KINDS[type(operation.object)]
            return f"{'create' if kind in ('table', 'index') else 'add'}_{kind}"
        case Drop():
            return f"drop_{KINDS[type(operation.object)]}"
        case Alter():
            return f"alter_{KINDS[type(operation.old)]}"
        case Rename():
            return f"rename_{operation.kind}"
        case RunSQL():
            return "run_sql"
        case _:
            assert_never(operation)


def operations_to_json(operations: Iterable[Operation]) -> list[Json]:
    """Encode operations."""
    return [operation_to_json(operation) for operation in operations]


def operations_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Operation, ...]:
    """Decode operations; :exc:`SchemaError` for what is none."""
    return tuple(
        codec.decoding(operation_from_json, each, where=f"operation {number}")
        for number, each in enumerate(data, 1)
    )


def operation_to_json(operation: Operation) -> Json:
    """Encode an operation."""
    data: Json = {"op": word_of(operation)}
    match operation:
        case Add() | Drop():
            data |= {"table": operation.table, **_identity(operation.object)}
            data["definition"] = _object_to_json(operation.object)
        case Alter():
            data |= {"table": operation.table, **_identity(operation.old)}
            data |= {"old": _object_to_json(operation.old), "new": _object_to_json(operation.new)}
        case Rename(kind="table"):
            data |= {"old": operation.old, "new": operation.new}
        case Rename():
            data |= {"table": operation.table, "old": operation.old, "new": operation.new}
        case RunSQL():
            data["forward"] = list(operation.forward)
            data["backward"] = None if operation.backward is None else list(operation.backward)
        case _:
            assert_never(operation)
    if isinstance(operation, Add | Alter) and operation.fill is not None:
        data["fill"] = fill_to_json(operation.fill)
    return data


def operation_from_json(data: Mapping[str, Any]) -> Operation:
    """Decode an operation; :exc:`KeyError`, :exc:`TypeError` where a field is not right."""
    word = codec.text(data, "op")
    if word == "run_sql":
        backward = None if data["backward"] is None else codec.names(data, "backward")
        return RunSQL(codec.names(data, "forward"), backward)
    verb, _, kind = word.partition("_")
    if kind not in _DECODERS:
        raise SchemaError(
            f"unknown operation {word!r}", hint="a newer peewee-mig wrote it: upgrade"
        )
    table = "" if word == "rename_table" else codec.text(data, "table")
    fill = fill_from_json(data["fill"]) if "fill" in data else None
    match verb:
        case "create" | "add" if (verb == "create") == (kind in ("table", "index")):
            return Add(table, _DECODERS[kind](data["definition"]), fill)
        case "drop":
            return Drop(table, _DECODERS[kind](data["definition"]))
        case "alter":
            return _alter(
                word, table, _DECODERS[kind](data["old"]), _DECODERS[kind](data["new"]), fill
            )
        case "rename" if kind in ("table", "column", "index"):
            old, new = codec.text(data, "old"), codec.text(data, "new")
            return Rename(cast("RenameKind", kind), table or old, old, new)
        case _:
            raise SchemaError(f"unknown operation {word!r}")


def _alter(word: str, table: str, old: Object, new: Object, fill: Fill | None) -> Alter:
    if isinstance(old, Table | Index) or isinstance(new, Table | Index):
        raise SchemaError(f"unknown operation {word!r}")
    return Alter(table, old, new, fill)


def fill_to_json(fill: Fill) -> Json:
    """Encode a fill."""
    match fill:
        case Constant(value=bytes() as value):
            return {"hex": value.hex()}
        case Constant():
            return {"value": fill.value}
        case Generated():
            return {"function": fill.function}
        case _:
            assert_never(fill)


def fill_from_json(data: Mapping[str, Any]) -> Fill:
    """Decode a fill."""
    if "function" in data:
        if data["function"] not in get_args(Function):
            raise SchemaError(f"unknown function {data['function']!r} of a fill")
        return Generated(data["function"])
    value = bytes.fromhex(data["hex"]) if "hex" in data else data["value"]
    if not isinstance(value, str | int | float | bytes):
        raise TypeError("a fill is no text and no number")
    return Constant(value)


def _identity(thing: Object) -> Json:
    """Return the fields beside ``table`` that tell which object is meant."""
    match thing:
        case Table():
            return {}
        case Column():
            return {"column": thing.name}
        case Index():
            return {"index": thing.name}
        case PrimaryKey() | ForeignKey():
            return {"columns": list(thing.columns)}
        case _:
            assert_never(thing)


def _object_to_json(thing: Object) -> Json:
    match thing:
        case Table():
            return codec.table_to_json(thing)
        case Column():
            return codec.column_to_json(thing)
        case PrimaryKey():
            return codec.primary_key_to_json(thing)
        case Index():
            return codec.index_to_json(thing)
        case ForeignKey():
            return codec.foreign_key_to_json(thing)
        case _:
            assert_never(thing)
