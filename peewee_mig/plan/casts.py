"""What happens to values when the type of a column changes. Knows no database."""

from __future__ import annotations

from typing import Literal

from peewee_mig.schema.types import ColumnType

#: ``free``: every value can be held; ``checked``: some values cannot, and can be told;
#: ``native``: only the engine's dialect can tell; ``unknown``: no cast is known.
Cast = Literal["free", "checked", "native", "unknown"]

_FAMILIES = {
    "integer": ("SMALLINT", "INT", "BIGINT"),
    "real": ("FLOAT", "DOUBLE", "DECIMAL"),
    "text": ("VARCHAR", "CHAR", "TEXT"),
    "JSON": ("JSON", "JSONB"),
    "open": ("ANY", "BARE"),
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}
_WIDTH = {"SMALLINT": 1, "INT": 2, "BIGINT": 3}

#: Integers up to this width have an exact form (24 and 53 bits on PostgreSQL and MariaDB).
_EXACT = {"FLOAT": 1, "DOUBLE": 2, "DECIMAL": 0}

_FREE = {
    ("BOOL", "integer"), ("BOOL", "real"), ("DATE", "DATETIME"),
    ("integer", "text"), ("real", "text"), ("BOOL", "text"), ("DATE", "text"),
    ("DATETIME", "text"), ("TIME", "text"), ("UUID", "text"), ("JSON", "text"),
    ("text", "BLOB"), ("DATETIME", "TIMESTAMPTZ"), ("TIMESTAMPTZ", "DATETIME"),
    ("DATE", "TIMESTAMPTZ"), ("TIMESTAMPTZ", "text"), ("INTERVAL", "text"), ("HSTORE", "text"),
    ("text", "TSVECTOR"), ("TSVECTOR", "text"), ("UUIDB", "BLOB"),
}  # fmt: skip
_CHECKED = {
    ("integer", "BOOL"), ("real", "integer"), ("real", "BOOL"), ("DATETIME", "DATE"),
    ("text", "integer"), ("text", "real"), ("text", "BOOL"), ("text", "DATE"),
    ("text", "DATETIME"), ("text", "TIME"), ("text", "UUID"), ("text", "JSON"),
    ("text", "TIMESTAMPTZ"), ("TIMESTAMPTZ", "DATE"), ("text", "INTERVAL"), ("BLOB", "text"),
    ("UUID", "UUIDB"), ("UUIDB", "UUID"), ("UUID", "BLOB"), ("BLOB", "UUID"), ("BLOB", "UUIDB"),
    ("text", "UUIDB"), ("UUIDB", "text"),
}  # fmt: skip


def cast(old: ColumnType, new: ColumnType) -> Cast:
    """Classify a change of type; lengths of texts are not looked at.

    Arrays are cast element by element, from and to texts as they are written.
    """
    old, new = old.plain, new.plain
    if old == new:
        return "free"
    if old.dimensions or new.dimensions:
        if any(not each.dimensions and _FAMILY.get(each.name) == "text" for each in (old, new)):
            return "native"  # an array as it is written
        same = old.dimensions == new.dimensions
        free = same and cast(old.element, new.element) == "free"
        return "free" if free else "native" if same else "unknown"
    return "native" if old.native or new.native else _cast(old, new)


def _cast(old: ColumnType, new: ColumnType) -> Cast:
    one, other = _FAMILY.get(old.name, old.name), _FAMILY.get(new.name, new.name)
    if {one, other} <= {"integer", "real"}:
        return "free" if _holds_number(old, new) else "checked"
    if other in ("open", one) or (one, other) in _FREE:
        return "free"
    return "checked" if (one, other) in _CHECKED else "unknown"


def _holds_number(old: ColumnType, new: ColumnType) -> bool:
    if old.name in _WIDTH and new.name in _WIDTH:
        return _WIDTH[old.name] <= _WIDTH[new.name]
    if old.name in _WIDTH:
        return _WIDTH[old.name] <= _EXACT[new.name]
    return new.name not in _WIDTH and _holds_real(old, new)


def shrinks_to(old: ColumnType, new: ColumnType) -> int:
    """Return the length that longer texts are in the way of; 0 if none can be.

    Of bytes only those that are a text have one: the cast is asked for it.
    """
    limit = new.limit
    if not limit or old.name in ("BLOB", "UUIDB"):
        return 0
    was_text = _FAMILY.get(old.name) == "text"
    return limit if not was_text or not old.args or old.args[0] > limit else 0


def _holds_real(old: ColumnType, new: ColumnType) -> bool:
    if old.name == new.name == "DECIMAL":
        (digits, scale), (new_digits, new_scale) = old.args, new.args
        return new_scale >= scale and new_digits - new_scale >= digits - scale
    return new.name in ("DOUBLE", old.name)
