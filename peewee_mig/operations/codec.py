"""Operations as JSON: the standard words of the field, and back.

``{"op": "add_column", "table": ..., "column": ..., "definition": {...}}``: the same form in
``generate --json``, in the history table and under the checksum of a migration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Drop,
    Fill,
    Generated,
    Object,
    Operation,
    Rename,
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
_KIND_OF = {word: kind for kind, word in KINDS.items()}


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
    return tuple(operation_from_json(each) for each in data)


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
    """Decode an operation."""
    word = str(data.get("op"))
    if word == "run_sql":
        backward = data["backward"]
        return RunSQL(tuple(data["forward"]), None if backward is None else tuple(backward))
    verb, _, kind = word.partition("_")
    if kind not in _KIND_OF:
        raise SchemaError(f"unknown operation {word!r}", hint="a newer peewee-mig wrote it: upgrade")
    table = data.get("table", "")
    fill = fill_from_json(data["fill"]) if "fill" in data else None
    match verb:
        case "create" | "add":
            return Add(table, _object_from_json(kind, data["definition"]), fill)
        case "drop":
            return Drop(table, _object_from_json(kind, data["definition"]))
        case "alter":
            old = _object_from_json(kind, data["old"])
            new = _object_from_json(kind, data["new"])
            if isinstance(old, Table | Index) or isinstance(new, Table | Index):
                raise SchemaError(f"unknown operation {word!r}")
            return Alter(table, old, new, fill)
        case "rename" if kind in ("table", "column", "index"):
            name = data["old"] if kind == "table" else table
            return Rename(kind, name, data["old"], data["new"])  # type: ignore[arg-type]
        case _:
            raise SchemaError(f"unknown operation {word!r}")


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
        return Generated(data["function"])
    return Constant(bytes.fromhex(data["hex"]) if "hex" in data else data["value"])


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


def _object_from_json(kind: str, data: Mapping[str, Any]) -> Object:
    match kind:
        case "table":
            return codec.table_from_json(data)
        case "column":
            return codec.column_from_json(data)
        case "primary_key":
            return codec.primary_key_from_json(data)
        case "index":
            return codec.index_from_json(data)
        case _:
            return codec.foreign_key_from_json(data)
