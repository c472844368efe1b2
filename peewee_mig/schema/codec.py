"""Canonical JSON of schema values, and the hash of a schema.

Keys are left out where the value is the default, so a new attribute of a kind changes
neither the files nor the hashes of those who do not use it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from peewee_mig.errors import SchemaError
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import parse_type

Json = dict[str, Any]
T = TypeVar("T")


def canonical(value: object) -> str:
    """Spell JSON in the one form that hashes: sorted keys, no blanks, unicode as is."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(value: object) -> str:
    """Return the sha256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def column_to_json(column: Column) -> Json:
    """Encode a column."""
    data: Json = {"name": column.name, "type": str(column.type)}
    return {**data, "null": True} if column.null else data


def column_from_json(data: Mapping[str, Any]) -> Column:
    """Decode a column."""
    known(data, "name type null")
    null = boolean(data, "null")
    return Column(text(data, "name"), parse_type(text(data, "type")), null=null)


def primary_key_to_json(key: PrimaryKey) -> Json:
    """Encode a primary key."""
    return {"columns": list(key.columns)}


def primary_key_from_json(data: Mapping[str, Any]) -> PrimaryKey:
    """Decode a primary key."""
    known(data, "columns")
    return PrimaryKey(names(data, "columns"))


def index_to_json(index: Index) -> Json:
    """Encode an index."""
    data: Json = {"name": index.name, "columns": list(index.columns)}
    if index.unique:
        data["unique"] = True
    if index.named:
        data["named"] = True
    return data


def index_from_json(data: Mapping[str, Any]) -> Index:
    """Decode an index."""
    known(data, "name columns unique named")
    unique, named = boolean(data, "unique"), boolean(data, "named")
    return Index(text(data, "name"), names(data, "columns"), unique, named)


def foreign_key_to_json(key: ForeignKey) -> Json:
    """Encode a foreign key."""
    data: Json = {
        "columns": list(key.columns),
        "referred_table": key.referred_table,
        "referred_columns": list(key.referred_columns),
    }
    optional = {"on_delete": key.on_delete, "on_update": key.on_update, "name": key.name}
    return {**data, **{name: value for name, value in optional.items() if value is not None}}


def foreign_key_from_json(data: Mapping[str, Any]) -> ForeignKey:
    """Decode a foreign key."""
    known(data, "columns referred_table referred_columns on_delete on_update name")
    return ForeignKey(
        names(data, "columns"),
        text(data, "referred_table"),
        names(data, "referred_columns"),
        on_delete=data.get("on_delete"),
        on_update=data.get("on_update"),
        name=data.get("name"),
    )


def table_to_json(table: Table) -> Json:
    """Encode a table: columns in their order, indexes and foreign keys sorted."""
    data: Json = {
        "name": table.name,
        "columns": [column_to_json(column) for column in table.columns],
    }
    if table.primary_key is not None:
        data["primary_key"] = primary_key_to_json(table.primary_key)
    if table.indexes:
        data["indexes"] = [index_to_json(index) for index in sorted(table.indexes, key=_name)]
    if table.foreign_keys:
        data["foreign_keys"] = [
            foreign_key_to_json(key)
            for key in sorted(table.foreign_keys, key=lambda key: key.columns)
        ]
    return data


def _name(index: Index) -> str:
    return index.name


def table_from_json(data: Mapping[str, Any]) -> Table:
    """Decode a table."""
    known(data, "name columns primary_key indexes foreign_keys")
    key = data.get("primary_key")
    return Table(
        text(data, "name"),
        tuple(column_from_json(each) for each in data["columns"]),
        primary_key=primary_key_from_json(key) if key else None,
        indexes=tuple(index_from_json(each) for each in data.get("indexes", ())),
        foreign_keys=tuple(foreign_key_from_json(each) for each in data.get("foreign_keys", ())),
    )


def table_hash(table: Table) -> str:
    """Hash a table; the order of its columns does not count."""
    data = table_to_json(table)
    data["columns"] = sorted(data["columns"], key=lambda column: str(column["name"]))
    return digest(data)


def schema_hash(schema: Schema) -> str:
    """Hash a schema: the sha256 over the sorted hashes of its tables."""
    return digest(sorted(table_hash(table) for table in schema))


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
