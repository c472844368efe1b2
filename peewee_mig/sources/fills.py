"""Python defaults of fields, as values for rows that exist already."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import datetime as dt
import decimal
import enum
import math
import uuid
from collections.abc import Callable
from typing import Any

import peewee
from peewee import BigBitField, BinaryUUIDField, BlobField, Field

from peewee_mig.operations.verbs import Constant, Fill, Function, Generated, Scalar
from peewee_mig.schema.types import ColumnType

#: Peewee before 4 has none. Without a type: Peewee's stubs know no private attributes.
_JSON: Any = getattr(peewee, "JSONField", ())

#: Functions that are known to make a new empty value, and are called for it.
_MAKERS = (bool, bytes, dict, float, int, list, str)

_UUIDS = ("UUID", "UUIDB", "VARCHAR", "CHAR", "TEXT")

#: Known functions -> what the database does instead, by the column types that can hold it.
_KNOWN: dict[Callable[[], object], dict[str, Function]] = {
    uuid.uuid1: dict.fromkeys(_UUIDS, "uuid4"),
    uuid.uuid4: dict.fromkeys(_UUIDS, "uuid4"),
    dt.datetime.now: {"DATETIME": "now", "DATE": "today"},
    dt.datetime.today: {"DATETIME": "now", "DATE": "today"},
    dt.datetime.utcnow: {"DATETIME": "utcnow"},
    dt.date.today: {"DATE": "today"},
}


def fill(field: Field, type_: ColumnType) -> Fill | None:
    """Return what Peewee would store for the default; ``None`` if that is not known.

    Functions other than the known ones are never called: they may do anything.
    """
    default = field.default
    if default in _MAKERS:
        default = default()
    elif callable(default):
        return _generated(default, type_)
    value = None if default is None else _stored(field, default)
    return None if value is None else Constant(value)


def _generated(function: Any, type_: ColumnType) -> Fill | None:  # noqa: ANN401 (the user's)
    try:
        word = _KNOWN.get(function, {}).get(type_.name)
    except TypeError:  # not hashable
        return None
    return None if word is None else Generated(word)


def _stored(field: Field, value: object) -> Scalar | None:
    try:
        return _neutral(_for_driver(field, value))
    except Exception:  # noqa: BLE001 (a default that its own field refuses; the user's code)
        return None


def _for_driver(field: Any, value: Any) -> object:  # noqa: ANN401 (Peewee's)
    """Convert as the field does, but where it depends on the driver: to the plain value."""
    if isinstance(field, _JSON):
        return field._dumps(value)
    if isinstance(field, BinaryUUIDField):
        return _uuid(value).bytes
    if isinstance(field, BlobField) and not isinstance(field, BigBitField):
        return value.encode() if isinstance(value, str) else value
    return field.db_value(value)


def _uuid(value: uuid.UUID | bytes | str) -> uuid.UUID:
    if isinstance(value, uuid.UUID):
        return value
    return uuid.UUID(hex=value) if isinstance(value, str) else uuid.UUID(bytes=value)


def _neutral(value: Any) -> Scalar | None:  # noqa: ANN401 (anything)
    if isinstance(value, enum.Enum):
        return _neutral(value.value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    known = isinstance(value, decimal.Decimal | dt.date | dt.time)  # a datetime is a date
    return str(value) if known else None
