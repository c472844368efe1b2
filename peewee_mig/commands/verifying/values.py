"""Values that a column can hold, in the form in which Peewee stores them: the same every time."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping

from peewee_mig.operations.verbs import Constant, Scalar
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

_DAY = dt.datetime(2024, 2, 29, 12, 30, tzinfo=dt.UTC)
_ENUM = re.compile(r"(?:enum|set)\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_TEXT = re.compile(r"'((?:[^']|'')*)'")


def constant(type_: ColumnType, number: int, *, word: str, schema: Schema) -> Constant | None:
    """Return the value of that number; ``None``: none is known for the type.

    Two numbers give different values where the type has that many, the greater number the
    greater value. ``word``: what texts begin with; ``schema``: knows the enum types.
    """
    if type_.dimensions:
        inner = constant(type_.element, number, word=word, schema=schema)
        return None if inner is None else Constant(_array(inner.value, type_.dimensions))
    words = _enum_values(type_, schema)
    if words:
        return Constant(words[number % len(words)])
    value = _value(type_.plain, number, word)
    return None if value is None else Constant(value)


def _array(value: Scalar, dimensions: int) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'{"{" * dimensions}"{text}"{"}" * dimensions}'


def _enum_values(type_: ColumnType, schema: Schema) -> tuple[str, ...]:
    """Return the values of a type that lists them."""
    declared = schema.find_enum(type_.name)
    if declared is not None:
        return declared.values
    listed = _ENUM.fullmatch(type_.name)
    found = _TEXT.findall(listed[1]) if listed else ()
    return tuple(each.replace("''", "'") for each in found)


def _value(type_: ColumnType, number: int, word: str) -> Scalar | None:
    if type_.name in ("CHAR", "VARCHAR", "TEXT"):
        return _text(word, number, type_.limit)
    if type_.name == "DECIMAL":
        return _decimal(number, *type_.args)
    known = _VALUES.get(type_.name)
    return known(number) if known else _native(type_.name, number, word)


def _text(word: str, number: int, limit: int = 0) -> str:
    text = f"{word} {number}"
    return text[-limit:].strip() if limit else text


def _decimal(number: int, digits: int, scale: int) -> str:
    whole = number % 10 ** (digits - scale) if digits > scale else 0
    return f"{whole}.{'5'.ljust(scale, '0')}" if scale else str(whole)


def _native(name: str, number: int, word: str) -> Scalar | None:
    """Return a value of a type in the words of an engine, if they are known."""
    length = re.search(r"\((\d+)", name)
    limit = int(length[1]) if length else 0
    for pattern, value in _NATIVE.items():
        if re.match(pattern, name):
            return value(number, word, limit)
    return None


def _moment(number: int) -> dt.datetime:
    return _DAY + dt.timedelta(days=number, seconds=number)


def _naive(number: int) -> str:
    return _moment(number).replace(tzinfo=None).isoformat(sep=" ")


def _uuid(number: int) -> uuid.UUID:
    return uuid.UUID(int=(0x6BA7B8109DAD41D180B4 << 48) + number)


def _bytes(number: int) -> bytes:
    return f"bytes {number}".encode()


def _day(number: int) -> str:
    return _moment(number).date().isoformat()


def _time(number: int) -> str:
    return (_DAY + dt.timedelta(seconds=number)).time().isoformat()


_VALUES: Mapping[str, Callable[[int], Scalar]] = {
    "SMALLINT": int,
    "INT": int,
    "BIGINT": int,
    "FLOAT": lambda number: number + 0.5,
    "DOUBLE": lambda number: number + 0.5,
    "BOOL": lambda number: number % 2 == 1,
    "DATE": _day,
    "DATETIME": _naive,
    "TIMESTAMPTZ": lambda number: _moment(number).isoformat(sep=" "),
    "TIME": _time,
    "UUID": lambda number: _uuid(number).hex,
    "UUIDB": lambda number: _uuid(number).bytes,
    "BLOB": _bytes,
    "JSON": lambda number: f'{{"n": {number}}}',
    "JSONB": lambda number: f'{{"n": {number}}}',
    "HSTORE": lambda number: f'"n"=>"{number}"',
    "INTERVAL": lambda number: f"{number} days",
    "TSVECTOR": lambda number: f"word{number}",
    "ANY": lambda number: f"any {number}",
    "BARE": lambda number: f"any {number}",
}

#: Beginnings of the names of types -> a value of a number, a word and a length.
_NATIVE: Mapping[str, Callable[[int, str, int], Scalar]] = {
    r"(tiny|small|medium|big)?int\b|integer\b|int\d\b": lambda n, _w, _l: n,
    r"year\b": lambda n, _w, _l: 2000 + n % 100,
    r"(double|float|real|numeric|decimal)": lambda n, _w, _l: n,
    r"bool": lambda n, _w, _l: n % 2 == 1,
    r"(tiny|medium|long)?text\b|citext|(n?var)?n?char|(native )?character": (
        lambda n, w, limit: _text(w, n, limit)
    ),
    r"timestamptz|timestamp.* with time zone": lambda n, _w, _l: _moment(n).isoformat(sep=" "),
    r"datetime|timestamp": lambda n, _w, _l: _naive(n),
    r"date\b": lambda n, _w, _l: _day(n),
    r"time\b": lambda n, _w, _l: _time(n),
    r"(tiny|medium|long)?blob\b|bytea|(var)?binary": lambda n, _w, _l: str(n % 10).encode(),
    r"uuid": lambda n, _w, _l: str(_uuid(n)),
    r"jsonb?\b": lambda n, _w, _l: f'{{"n": {n}}}',
    r"inet\b|cidr\b": lambda n, _w, _l: f"10.0.{n // 256 % 256}.{n % 256}",
    r"macaddr\b": lambda n, _w, _l: f"08:00:2b:01:02:{n % 256:02x}",
    r"money\b": lambda n, _w, _l: str(n),
    r"ltree\b": lambda n, _w, _l: f"a.b{n}",
    r"point\b": lambda n, _w, _l: f"({n},{n})",
    r"int[48]range|numrange": lambda n, _w, _l: f"[{n},{n + 1})",
    r"daterange": lambda n, _w, _l: f"[{_day(n)},{_day(n + 1)})",
    r"ts(tz)?range": lambda n, _w, _l: f"[{_naive(n)},{_naive(n + 1)})",
}
