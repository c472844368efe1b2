"""Python defaults of fields, as values for rows that exist already."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import datetime as dt
import decimal
import enum
import json
import math
import uuid
from collections.abc import Callable
from typing import Any

import peewee
from peewee import BinaryUUIDField, BlobField, Field, Node, TimestampField

from peewee_mig.operations.verbs import Constant, Fill, Function, Generated, Scalar
from peewee_mig.schema.types import ColumnType

#: Functions that are known to make a new empty value, and are called for it.
_MAKERS = (bool, bytes, dict, float, int, list, str)

_UUIDS = ("UUID", "UUIDB", "VARCHAR", "CHAR", "TEXT")

#: Known functions -> what the database does instead, by the column types that can hold it.
_KNOWN: dict[Callable[[], object], dict[str, Function]] = {
    uuid.uuid1: dict.fromkeys(_UUIDS, "uuid4"),
    uuid.uuid4: dict.fromkeys(_UUIDS, "uuid4"),
    dt.datetime.now: {"DATETIME": "now", "TIMESTAMPTZ": "now", "DATE": "today"},
    dt.datetime.today: {"DATETIME": "now", "TIMESTAMPTZ": "now", "DATE": "today"},
    dt.datetime.utcnow: {"DATETIME": "utcnow"},
    dt.date.today: {"DATE": "today"},
}


def fill(field: Field, type_: ColumnType) -> Fill | None:
    """Return what Peewee would store for the default; ``None`` if that is not known.

    Functions other than the known ones are never called: they may do anything.
    """
    default = field.default
    if isinstance(default, Node):  # SQL that Peewee runs with each INSERT
        return None
    if default in _MAKERS:
        default = default()
    elif callable(default):
        return _of_timestamp(field, default) or _generated(default, type_)
    value = None if default is None else _stored(field, default, type_)
    return None if value is None else Constant(value)


def _of_timestamp(field: Field, function: object) -> Fill | None:
    """Return the moment in seconds, which a ``TimestampField`` keeps by whichever clock."""
    clocks = (dt.datetime.now, dt.datetime.utcnow, getattr(peewee, "utcnow", None))
    known = isinstance(field, TimestampField) and function in clocks
    whole = known and getattr(field, "resolution", 1) in (0, 1)
    return Generated("now") if whole else None


def _generated(function: Any, type_: ColumnType) -> Fill | None:  # noqa: ANN401 (the user's)
    try:
        word = _KNOWN.get(function, {}).get(type_.name)
    except TypeError:  # not hashable
        return None
    return None if word is None else Generated(word)


def stored(field: Field, value: object, type_: ColumnType) -> Scalar | None:
    """Return a value in the form in which its field stores it; ``None`` if no text says it.

    What the field makes of a value that it does not take is up to it: any exception.
    """
    return _neutral(_for_driver(field, value, type_))


def _stored(field: Field, value: object, type_: ColumnType) -> Scalar | None:
    try:
        return stored(field, value, type_)
    except Exception:  # noqa: BLE001 (a default that its own field refuses; the user's code)
        return None


def _for_driver(field: Any, value: Any, type_: ColumnType) -> object:  # noqa: ANN401 (Peewee's)
    """Convert as the field does, but where it depends on the driver: to the plain value."""
    dumps = _dumps(field)
    if type_.dimensions:
        return _array(value, type_.dimensions)
    if dumps is not None:
        return dumps(value)
    if type_.name == "HSTORE":
        return _hstore(value)
    if isinstance(field, BinaryUUIDField):
        return _uuid(value).bytes
    if type(field).db_value is BlobField.db_value:
        return value.encode() if isinstance(value, str) else value
    return field.db_value(value)


def _dumps(field: Any) -> Callable[[object], str] | None:  # noqa: ANN401 (Peewee's)
    """Return what makes JSON of a field's values, if it holds JSON; each module has its own."""
    if hasattr(field, "_json_dumps"):  # playhouse.sqlite_ext
        found: Any = field._json_dumps
    elif hasattr(field, "_dumps"):
        found = field._dumps or json.dumps
    else:
        return None
    return lambda value: str(found(value))


def _array(values: Any, dimensions: int) -> str:  # noqa: ANN401 (the user's)
    """Return a list as PostgreSQL writes arrays: ``{1,2}``."""
    if dimensions > 1:
        return "{" + ",".join(_array(each, dimensions - 1) for each in values) + "}"
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, dict | list):
        return _quoted(json.dumps(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return _quoted(f"\\x{bytes(value).hex()}")
    return _quoted(str(value.value if isinstance(value, enum.Enum) else value))


def _hstore(value: Any) -> str:  # noqa: ANN401 (the user's)
    """Return a dictionary as hstore writes it: ``"a"=>"1"``."""
    return ", ".join(
        f"{_quoted(str(key))}=>{'NULL' if each is None else _quoted(str(each))}"
        for key, each in value.items()
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _uuid(value: uuid.UUID | bytes | str) -> uuid.UUID:
    if isinstance(value, uuid.UUID):
        return value
    return uuid.UUID(hex=value) if isinstance(value, str) else uuid.UUID(bytes=value)


def _neutral(value: Any) -> Scalar | None:  # noqa: ANN401 (anything)
    value = getattr(value, "adapted", value)  # what psycopg2.Binary is wrapped around
    if isinstance(value, enum.Enum):
        return _neutral(value.value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, dt.timedelta):
        return f"{value.days} days {value.seconds}.{value.microseconds:06} seconds"
    known = isinstance(value, decimal.Decimal | dt.date | dt.time)  # a datetime is a date
    return str(value) if known else None
