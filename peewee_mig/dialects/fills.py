"""The empty value of each logical type: what a dropped NOT NULL column comes back with."""

from __future__ import annotations

from peewee_mig.operations.verbs import Constant
from peewee_mig.schema.types import ColumnType

_EMPTY: dict[str, Constant] = {
    "BLOB": Constant(b""),
    "BOOL": Constant(value=False),
    "CHAR": Constant(""),
    "DATE": Constant("1970-01-01"),
    "DATETIME": Constant("1970-01-01 00:00:00"),
    "JSON": Constant("null"),
    "TEXT": Constant(""),
    "TIME": Constant("00:00:00"),
    "UUID": Constant("0" * 32),
    "UUIDB": Constant(bytes(16)),
    "VARCHAR": Constant(""),
}


def empty_value(type_: ColumnType) -> Constant:
    """Return the empty value of a type; numbers are 0."""
    return _EMPTY.get(type_.name, Constant(0))
