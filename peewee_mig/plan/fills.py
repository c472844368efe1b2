"""Values for existing rows, as ``--fill table.column=VALUE`` gives them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import cast, get_args

from peewee_mig.errors import UsageError
from peewee_mig.operations.replay import fills_itself
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Fill,
    Function,
    Generated,
    Operation,
    Scalar,
)
from peewee_mig.schema.objects import Column
from peewee_mig.schema.types import ColumnType


def parse_fill(text: str, type_: ColumnType) -> Fill:
    """Read a value for a column of that type; ``now()`` and its like are functions."""
    if text.endswith("()") and text[:-2] in get_args(Function):
        return Generated(cast("Function", text[:-2]))
    reader = _READERS.get(type_.plain.name)
    try:
        return Constant(reader(text) if reader else _text(text, type_))
    except ValueError as error:
        raise UsageError(f"{text!r} is no value for a column of type {type_}: {error}") from error


def with_fills(
    operations: Iterable[Operation], fills: Mapping[str, str]
) -> tuple[tuple[Operation, ...], frozenset[str]]:
    """Give fills to the operations that they answer; also return the names that were used."""
    used: set[str] = set()
    filled: list[Operation] = []
    for operation in operations:
        name = answered_by(operation)
        if name in fills and isinstance(operation, Add | Alter):
            column = operation.object if isinstance(operation, Add) else operation.new
            used.add(name)
            fill = parse_fill(fills[name], cast("Column", column).type)
            filled.append(replace(operation, fill=fill))
        else:
            filled.append(operation)
    return tuple(filled), frozenset(used)


def answered_by(operation: Operation) -> str:
    """Return ``table.column`` if a fill makes sense for an operation, else nothing."""
    match operation:
        case Add(object=Column(null=False) as column) if not fills_itself(column):
            return f"{operation.table}.{column.name}"
        case Alter(old=Column(null=True), new=Column(null=False) as column):
            return f"{operation.table}.{column.name}"
        case _:
            return ""


def _boolean(text: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in known:
        raise ValueError("write true or false")
    return known[text.lower()]


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("write a finite number")
    return number


def _decimal(text: str) -> str:
    _number(text)
    return text


def _json(text: str) -> str:
    return json.dumps(json.loads(text))


def _uuid(text: str) -> str:
    import uuid

    return uuid.UUID(text).hex


def _text(text: str, type_: ColumnType) -> str:
    if type_.name in ("VARCHAR", "CHAR") and type_.args and len(text) > type_.args[0]:
        raise ValueError(f"it is longer than {type_.args[0]} characters")
    return text


def _date(text: str) -> str:
    import datetime as dt

    return dt.date.fromisoformat(text).isoformat()


def _datetime(text: str) -> str:
    import datetime as dt

    return dt.datetime.fromisoformat(text).isoformat(sep=" ")


def _time(text: str) -> str:
    import datetime as dt

    return dt.time.fromisoformat(text).isoformat()


_READERS: dict[str, Callable[[str], Scalar]] = {
    "INT": int,
    "BIGINT": int,
    "SMALLINT": int,
    "BOOL": _boolean,
    "FLOAT": _number,
    "DOUBLE": _number,
    "DECIMAL": _decimal,
    "JSON": _json,
    "UUID": _uuid,
    "UUIDB": lambda text: bytes.fromhex(_uuid(text)),
    "BLOB": bytes.fromhex,
    "DATE": _date,
    "DATETIME": _datetime,
    "TIME": _time,
}
