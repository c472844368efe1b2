"""Values for existing rows: which are one for all, and the empty value of each type.

The empty value is what a dropped NOT NULL column comes back with.
"""

from __future__ import annotations

from peewee_mig.operations.verbs import Constant, Fill, Generated
from peewee_mig.schema.types import ColumnType

_EMPTY: dict[str, Constant] = {
    "BLOB": Constant(b""),
    "BOOL": Constant(value=False),
    "CHAR": Constant(""),
    "DATE": Constant("1970-01-01"),
    "DATETIME": Constant("1970-01-01 00:00:00"),
    "HSTORE": Constant(""),
    "INTERVAL": Constant("00:00:00"),
    "JSON": Constant("null"),
    "JSONB": Constant("null"),
    "TEXT": Constant(""),
    "TIME": Constant("00:00:00"),
    "TIMESTAMPTZ": Constant("1970-01-01 00:00:00+00:00"),
    "TSVECTOR": Constant(""),
    "UUID": Constant("0" * 32),
    "UUIDB": Constant(bytes(16)),
    "VARCHAR": Constant(""),
}


def empty_value(type_: ColumnType) -> Constant:
    """Return the empty value of a type; numbers are 0."""
    return _EMPTY.get(type_.name, Constant(0))


def is_constant(fill: Fill) -> bool:
    """Whether all rows get the same value, so that a default can give it."""
    return isinstance(fill, Constant) or fill == Generated("empty")
