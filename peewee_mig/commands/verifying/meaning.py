"""Whether two values mean the same where the type of a column changed. Pure."""

from __future__ import annotations

import datetime as dt
import json
import math
import uuid
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from peewee_mig.dialects.guards import FALSE_WORDS, TRUE_WORDS
from peewee_mig.schema.types import ColumnType

#: Types whose values each driver gives in a form of its own.
_ONE_ENGINE = frozenset({"HSTORE", "INTERVAL", "TSVECTOR"})

_MIDNIGHT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)

#: How far two numbers of a floating type may be apart, as a part of them.
_TOLERANCE = 1e-6


def plain(value: Any) -> Any:  # noqa: ANN401 (whatever a driver returns)
    """Return a value of a driver in a form that has ``==``."""
    match value:
        case memoryview() | bytearray():
            return bytes(value)
        case dict() | list():
            return json.dumps(value, sort_keys=True, default=str)
        case _:
            return value


def same(old: Any, new: Any, types: tuple[ColumnType, ColumnType]) -> bool:  # noqa: ANN401
    """Whether a value is kept, by what the casts of ``migrate`` promise.

    Between types that are compared by meaning: a number stays that number, a moment that
    moment, a text its characters. Between all others there is no promise that could be broken.
    """
    if old == new:
        return True
    if old is None:
        return True  # rows with NULL may get a value
    if new is None:
        return False
    if types[0] == types[1]:
        return _closely(old, new) if _is_number(old) and _is_number(new) else False
    if any(each.native or each.dimensions or each.name in _ONE_ENGINE for each in types):
        return True
    return bool({*_forms(old)} & {*_forms(new)}) or _numbers_close(old, new)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal)


def _closely(old: Any, new: Any) -> bool:  # noqa: ANN401 (numbers)
    return math.isclose(float(old), float(new), rel_tol=_TOLERANCE)


def _numbers_close(old: object, new: object) -> bool:
    one, other = _number(old), _number(new)
    return one is not None and other is not None and _closely(one, other)


def _number(value: object) -> Decimal | None:
    if _is_number(value):
        return Decimal(str(value if not isinstance(value, bool) else int(value)))
    try:
        found = Decimal(value.strip()) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None


def _forms(value: object) -> Iterator[object]:
    """Yield what a value may stand for; equal values share one."""
    match value:
        case bool():
            yield from (("truth", value), ("number", Decimal(int(value))))
        case int() | float() | Decimal():
            yield from (("number", _number(value)), ("text", str(value)))
            yield from [("truth", bool(value))] if value in (0, 1) else []
        case dt.datetime() | dt.date() | dt.time():
            yield from _moments(
                value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
            )
        case dt.timedelta():
            yield from _moments(str((_MIDNIGHT + value).time()))
        case uuid.UUID():
            yield ("uuid", value.hex)
        case bytes():
            yield ("bytes", value)
            if len(value) == 16:  # noqa: PLR2004 (bytes of a UUID)
                yield ("uuid", value.hex())
        case str():
            yield from _text_forms(value)
        case _:
            yield ("text", str(value))


def _text_forms(text: str) -> Iterator[object]:
    yield ("text", text)
    yield ("text", text.rstrip())
    yield ("bytes", text.encode())
    yield ("bytes", _bytes_of(text))
    number = _number(text)
    if number is not None:
        yield ("number", number)
    word = text.strip().lower()
    if word in TRUE_WORDS + FALSE_WORDS:
        yield ("truth", word in TRUE_WORDS)
    digits = word.replace("-", "")
    if len(digits) == 32 and all(each in "0123456789abcdef" for each in digits):  # noqa: PLR2004
        yield ("uuid", digits)
    yield from _moments(text)
    try:
        yield ("json", json.dumps(json.loads(text), sort_keys=True))
    except ValueError:
        return


def _bytes_of(text: str) -> bytes:
    """Return the bytes that PostgreSQL writes as hexadecimal digits."""
    try:
        return bytes.fromhex(text.removeprefix("\\x")) if text.startswith("\\x") else text.encode()
    except ValueError:
        return text.encode()


def _moments(text: str) -> Iterator[object]:
    """Yield the day and the time of a text, without a zone: all moments here are of UTC."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            yield ("time", dt.time.fromisoformat(text.strip()).replace(tzinfo=None))
        except ValueError:
            return
        return
    if found.tzinfo is not None:
        found = found.astimezone(dt.UTC).replace(tzinfo=None)
    yield ("moment", found)
