"""Which values of a column a native type of MySQL and MariaDB cannot hold. Pure.

Source: MySQL 8.0 manual, 11.1 to 11.3; MariaDB's documentation, "Data Types".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from peewee_mig.dialects.mysql.native import normal_words
from peewee_mig.dialects.mysql.types import type_sql
from peewee_mig.schema.types import ColumnType

_BITS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}
_BYTES = {
    "tinytext": 255, "text": 65535, "mediumtext": 2**24 - 1, "longtext": 2**32 - 1,
    "tinyblob": 255, "blob": 65535, "mediumblob": 2**24 - 1, "longblob": 2**32 - 1,
    "json": 2**32 - 1,
}  # fmt: skip
#: The integers up to this are exact as DOUBLE.
_EXACT = 2**53
#: Characters that no number or time has more of: 65 digits, a point and a sign.
_LONGEST = 67
_SIZED = re.compile(r"(\w+)\((\d+)(?:,(\d+))?\)")
_VALUE = re.compile(r"'(?:[^']|'')*'")
#: The days on which every zone is inside of what a TIMESTAMP holds.
_TIMESTAMPS = "'1970-01-02 00:00:00' AND '2038-01-17 23:59:59'"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a type holds: ``size`` in characters or bytes, digits of a second, or bits."""

    family: str
    size: int = 0
    scale: int = 0
    unsigned: bool = False
    values: tuple[str, ...] = ()


def shape(type_: ColumnType) -> Shape | None:
    """Return the shape of a type; ``None``: it is none of those that are understood."""
    words, options = normal_words(type_sql(type_).lower() if not type_.native else str(type_))
    base = re.split(r"[( ]", words, maxsplit=1)[0]
    sized = _SIZED.fullmatch(words)
    size, scale = (int(sized[2]), int(sized[3] or 0)) if sized else (0, 0)
    shapes = {
        **{name: Shape("integer", _BITS[name], unsigned="UNSIGNED" in options) for name in _BITS},
        **{name: Shape("characters", size or 1) for name in ("varchar", "char")},
        **{name: Shape("bytes", size or 1) for name in ("varbinary", "binary")},
        **{name: Shape(_kind(name), _BYTES[name]) for name in _BYTES},
        **{name: Shape(name, size) for name in ("datetime", "timestamp", "time", "date", "year")},
        "enum": Shape("enum", values=tuple(_VALUE.findall(words))),
        "decimal": Shape("decimal", size or 10, scale),
        "float": Shape("float"),
        "double": Shape("double"),
    }
    return shapes.get(base)


def _kind(name: str) -> str:
    return "bytes" if name.endswith("blob") else "text"


def misfit(column: str, old: ColumnType, new: ColumnType) -> str | None:
    """Spell the condition that a value cannot be held; empty: all can; ``None``: not known."""
    one, other = shape(old), shape(new)
    if one is None or other is None:
        return None
    rule = _RULES.get((one.family, other.family))
    return None if rule is None else rule(column, one, other)


def _sizes(column: str, old: Shape, new: Shape) -> str:
    """Compare lengths; a text of n characters has up to four times as many bytes."""
    bytes_ = old.size * (4 if old.family == "characters" and new.family == "text" else 1)
    if bytes_ <= new.size and not (old.family == "text" and new.family == "characters"):
        return ""
    counted = "octet_length" if new.family in ("text", "bytes") else "char_length"
    return f"{counted}({column}) > {new.size}"


def _bounds(shape_: Shape) -> tuple[int, int]:
    if shape_.unsigned:
        return 0, 2**shape_.size - 1
    return -(2 ** (shape_.size - 1)), 2 ** (shape_.size - 1) - 1


def _integers(column: str, old: Shape, new: Shape) -> str:
    (low, high), (least, most) = _bounds(old), _bounds(new)
    return "" if least <= low and high <= most else f"{column} NOT BETWEEN {least} AND {most}"


def _decimals(column: str, old: Shape, new: Shape) -> str:
    """Find a number that is rounded, or has more digits than there is place for."""
    is_whole = old.family == "integer"
    digits = len(str(_bounds(old)[1])) if is_whole else old.size - old.scale
    if old.family != "double" and digits <= new.size - new.scale and old.scale <= new.scale:
        return ""
    limit = "1" + "0" * (new.size - new.scale)
    return f"abs({column}) >= {limit} OR {column} <> round({column}, {new.scale})"


def _to_integer(column: str, _old: Shape, new: Shape) -> str:
    least, most = _bounds(new)
    return f"{column} NOT BETWEEN {least} AND {most} OR {column} <> round({column})"


def _to_real(column: str, old: Shape, _new: Shape) -> str:
    wide = old.family == "integer" and _bounds(old)[1] > _EXACT
    return f"abs({column}) > {_EXACT}" if wide else ""


def _moments(column: str, old: Shape, new: Shape) -> str:
    """Compare digits of seconds, and whether a TIMESTAMP reaches that far."""
    wrong = []
    if new.size < old.size:
        kind = "TIME" if new.family == "time" else "DATETIME"
        wrong.append(f"{column} <> CAST({column} AS {kind}({new.size}))")
    if (old.family, new.family) == ("datetime", "timestamp"):
        wrong.append(f"{column} NOT BETWEEN {_TIMESTAMPS}")
    return " OR ".join(wrong)


def _to_date(column: str, _old: Shape, _new: Shape) -> str:
    return f"{column} <> CAST({column} AS DATE)"


def _to_enum(column: str, old: Shape, new: Shape) -> str:
    if old.values and {*old.values} <= {*new.values}:
        return ""
    return f"BINARY {column} NOT IN ({', '.join(new.values)})"


def _of_enum(column: str, old: Shape, new: Shape) -> str:
    longest = max((len(value) - 2 for value in old.values), default=0)
    return "" if longest <= new.size else f"char_length({column}) > {new.size}"


def _fits(column: str, _old: Shape, new: Shape) -> str:
    return "" if new.size >= _LONGEST else f"char_length(CAST({column} AS CHAR)) > {new.size}"


_TEXTS = ("characters", "text")
_MOMENTS = ("datetime", "timestamp")
_RULES = {
    **{(one, other): _sizes for one in _TEXTS for other in _TEXTS},
    ("bytes", "bytes"): _sizes,
    ("integer", "integer"): _integers,
    ("integer", "decimal"): _decimals,
    ("decimal", "decimal"): _decimals,
    ("double", "decimal"): _decimals,
    ("decimal", "integer"): _to_integer,
    ("double", "integer"): _to_integer,
    ("integer", "double"): _to_real,
    ("float", "double"): _to_real,
    ("float", "float"): _to_real,
    ("double", "double"): _to_real,
    **{(one, other): _moments for one in _MOMENTS for other in _MOMENTS},
    ("time", "time"): _moments,
    ("date", "datetime"): _moments,
    ("datetime", "date"): _to_date,
    ("timestamp", "date"): _to_date,
    **{(one, "enum"): _to_enum for one in (*_TEXTS, "enum")},
    **{("enum", other): _of_enum for other in _TEXTS},
    **{(one, other): _fits for one in ("integer", "decimal", *_MOMENTS, "date", "time", "year")
       for other in _TEXTS},
}  # fmt: skip
