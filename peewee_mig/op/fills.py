"""Values for existing rows."""

from __future__ import annotations

import math

from peewee_mig.errors import SchemaError
from peewee_mig.operations.verbs import Constant, Fill, Generated, Scalar

FillValue = Scalar | Generated | None


def now() -> Generated:
    """Fill with the time of the migration, in the local time of the database's host."""
    return Generated("now")


def utcnow() -> Generated:
    """Fill with the time of the migration in UTC."""
    return Generated("utcnow")


def today() -> Generated:
    """Fill with the day of the migration."""
    return Generated("today")


def uuid4() -> Generated:
    """Fill with a new random UUID for each row."""
    return Generated("uuid4")


def empty() -> Generated:
    """Fill with the empty value of the column's type: ``''``, 0, false, ..."""
    return Generated("empty")


def given(value: FillValue) -> Fill | None:
    """Return a value as operations have it; :exc:`SchemaError` for one that none can be."""
    if isinstance(value, float) and not math.isfinite(value):
        raise SchemaError("a fill must be a finite number")
    if value is not None and not isinstance(value, Generated | str | int | float | bytes):
        raise SchemaError(
            f"a fill cannot be a {type(value).__name__}",
            hint="write numbers, true and false as they are, anything else as text",
        )
    return value if value is None or isinstance(value, Generated) else Constant(value)
