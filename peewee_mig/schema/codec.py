"""Canonical JSON of schema values, and the hash of a schema.

A value is an object of its attributes. Those that have their default are left out, so a new
attribute of a kind changes neither the files nor the hashes of those who do not use it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar, cast, get_args

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression
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
from peewee_mig.schema.rows import Function, Generated, Ref, Row, Rows, Value
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    EnumType,
    RawKind,
    RawObject,
    Sequence,
    Standalone,
    View,
    VirtualTable,
    kind_of,
)
from peewee_mig.schema.types import ColumnType, parse_type

Json = dict[str, Any]
T = TypeVar("T")

#: Kinds of objects beside the tables -> the word of their JSON; raw objects say it themselves.
_STANDALONE: dict[str, type[Standalone]] = {
    "view": View,
    "virtual_table": VirtualTable,
    "sequence": Sequence,
    "enum": EnumType,
}


def canonical(value: object) -> str:
    """Spell JSON in the one form that hashes: sorted keys, no blanks, unicode as is."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(value: object) -> str:
    """Return the sha256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def to_json(value: object) -> Json:
    """Encode a table, a part of one or an object beside them."""
    found: Json = {"kind": kind_of(value)} if isinstance(value, Standalone) else {}
    for each in fields(value):  # type: ignore[arg-type]  # all of them are dataclasses
        attribute = getattr(value, each.name)
        if attribute != each.default:
            found[each.name] = _encoded(attribute)
    return found


def from_json(kind: type[T], data: Mapping[str, Any]) -> T:
    """Decode a value of a kind; what is missing, unknown or of another type is an error.

    :exc:`SchemaError`, :exc:`KeyError`, :exc:`TypeError`, :exc:`ValueError`: see
    :func:`decoding`.
    """
    attributes = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    known(data, " ".join(attributes))
    for each in attributes.values():
        if each.name not in data and _is_needed(each):
            raise KeyError(each.name)
    readers = {**_READERS, **_OF_KIND.get(kind, {})}
    return kind(**{name: readers[name](data, name) for name in data})


def object_to_json(thing: Standalone) -> Json:
    """Encode an object beside the tables, with its kind."""
    return to_json(thing)


def object_from_json(data: Mapping[str, Any]) -> Standalone:
    """Decode an object beside the tables."""
    kind = text(data, "kind")
    if kind in get_args(RawKind):
        return from_json(RawObject, data)
    if kind not in _STANDALONE:
        raise SchemaError(f"unknown kind {kind!r}", hint="a newer peewee-mig wrote this: upgrade")
    rest = {name: value for name, value in data.items() if name != "kind"}
    return from_json(_STANDALONE[kind], rest)


def table_to_json(table: Table) -> Json:
    """Encode a table: columns in their order, everything else sorted."""
    return to_json(table)


def table_from_json(data: Mapping[str, Any]) -> Table:
    """Decode a table."""
    return from_json(Table, data)


def table_hash(table: Table) -> str:
    """Hash a table; the order of its columns does not count."""
    data = table_to_json(table)
    data["columns"] = sorted(data["columns"], key=lambda column: str(column["name"]))
    return digest(data)


def rows_to_json(rows: Rows) -> Json:
    """Encode reference rows, in an order of their own."""
    return {"key": list(rows.key), "rows": sorted(map(row_to_json, rows.rows), key=canonical)}


def rows_from_json(data: Mapping[str, Any]) -> Rows:
    """Decode reference rows."""
    known(data, "key rows")
    return Rows(names(data, "key"), tuple(map(row_from_json, data["rows"])))


def row_to_json(row: Row) -> Json:
    """Encode a row: its values by column."""
    return {name: _value(value) for name, value in row.values}


def row_from_json(data: Mapping[str, Any]) -> Row:
    """Decode a row."""
    return Row.of({name: _value_from(value) for name, value in data.items()})


def _value(value: Value) -> object:
    match value:
        case bytes():
            return {"hex": value.hex()}
        case Generated(function=function):
            return {"function": function}
        case Ref(table=table, column=column, key=key):
            return {"table": table, "column": column, "key": row_to_json(key)}
        case _:
            return value


def _value_from(value: object) -> Value:
    match value:
        case None | str() | int() | float():
            return value
        case {"hex": str(digits)}:
            return bytes.fromhex(digits)
        case {"function": str(function)} if function in get_args(Function):
            return Generated(cast("Function", function))
        case {"table": str(table), "column": str(column), "key": dict(key)}:
            return Ref(table, column, row_from_json(key))
        case _:
            raise TypeError(f"{value!r} is no value of a row")


def object_hash(thing: Standalone) -> str:
    """Hash an object beside the tables."""
    return digest(object_to_json(thing))


def schema_hash(schema: Schema) -> str:
    """Hash a schema: the sha256 over the sorted hashes of its tables and objects."""
    hashes = [*map(table_hash, schema), *map(object_hash, schema.objects)]
    return digest(sorted(hashes))


def known(data: Mapping[str, Any], keys: str) -> None:
    """Refuse a key that this version does not know: it would be lost in silence."""
    unknown = set(data) - set(keys.split())
    if unknown:
        raise SchemaError(
            f"unknown attributes {', '.join(sorted(map(repr, unknown)))}",
            hint="a newer peewee-mig wrote this: upgrade",
        )


def text(data: Mapping[str, Any], key: str) -> str:
    """Return a text; :exc:`TypeError` for anything else."""
    value = data[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def boolean(data: Mapping[str, Any], key: str) -> bool:
    """Return a flag that is false where it is left out."""
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise TypeError(f"{key} is neither true nor false")
    return value


def names(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of texts."""
    value = data[key]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError(f"{key} is no list of names")
    return tuple(value)


def decoding(decode: Callable[[Any], T], data: object, *, where: str) -> T:
    """Decode, turning what a damaged file can cause into a :exc:`SchemaError`."""
    try:
        return decode(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SchemaError(
            f"cannot be read: {type(error).__name__} {error}",
            where=where,
            hint="restore the file from version control",
        ) from error


def _encoded(value: object) -> object:
    match value:
        case Expression() | ColumnType():
            return str(value)
        case tuple():
            return _encoded_items(value)
        case None | bool() | str():
            return value
        case Rows():
            return rows_to_json(value)
        case _:
            return to_json(value)


def _encoded_items(items: tuple[Any, ...]) -> object:
    """Encode a list; the parts of a table, but its columns, in an order of their own."""
    if items and all(isinstance(each, tuple) for each in items):
        return dict(items)
    encoded = [_encoded(each) for each in items]
    match items:
        case (Index(), *_):
            return sorted(encoded, key=lambda each: str(each["name"]))  # type: ignore[index]
        case (ForeignKey() | Unique(), *_):
            return sorted(encoded, key=lambda each: list(each["columns"]))  # type: ignore[index]
        case (Check() | Exclusion(), *_):
            return sorted(encoded, key=canonical)
        case _:
            return encoded


def _is_needed(attribute: Field[Any]) -> bool:
    return attribute.default is MISSING and attribute.default_factory is MISSING


def _expression(data: Mapping[str, Any], key: str) -> Expression:
    return Expression(text(data, key))


def _expressions(data: Mapping[str, Any], key: str) -> tuple[Expression, ...]:
    return tuple(map(Expression, names(data, key)))


def _type(data: Mapping[str, Any], key: str) -> ColumnType:
    return parse_type(text(data, key))


def _pairs(data: Mapping[str, Any], key: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, text(data[key], name)) for name in data[key])


def _one(kind: type[T]) -> Callable[[Mapping[str, Any], str], T]:
    return lambda data, key: from_json(kind, data[key])


def _many(kind: type[T]) -> Callable[[Mapping[str, Any], str], tuple[T, ...]]:
    return lambda data, key: tuple(from_json(kind, each) for each in data[key])


_Reader = Callable[[Mapping[str, Any], str], Any]

#: Attribute -> what reads it, for all kinds that have one of that name.
_READERS: dict[str, _Reader] = {
    **dict.fromkeys(["name", "kind", "table", "module", "referred_table"], text),
    **dict.fromkeys(["collation", "comment", "sequence", "using"], text),
    **dict.fromkeys(["on_delete", "on_update", "deferrable", "conflict"], text),
    **dict.fromkeys(["null", "unique", "named", "nulls_distinct"], boolean),
    **dict.fromkeys(["stored", "materialized"], boolean),
    **dict.fromkeys(["columns", "referred_columns", "include", "options", "words"], names),
    **dict.fromkeys(["needs", "arguments", "values"], names),
    **dict.fromkeys(["default", "where", "expression", "select"], _expression),
    **dict.fromkeys(["create", "drop"], _pairs),
    "parts": _expressions,
    "type": _type,
    "computed": _one(Computed),
}

#: The same for attributes that mean something else in one kind.
_OF_KIND: dict[type[Any], dict[str, _Reader]] = {
    Table: {
        "columns": _many(Column),
        "primary_key": _one(PrimaryKey),
        "indexes": _many(Index),
        "foreign_keys": _many(ForeignKey),
        "checks": _many(Check),
        "uniques": _many(Unique),
        "exclusions": _many(Exclusion),
        "options": _one(Options),
        "rows": lambda data, key: rows_from_json(data[key]),
    },
}
