"""The rows of a history table as they stand there, also where somebody broke them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from peewee_mig.dialects.base import Query
from peewee_mig.errors import RefusedError
from peewee_mig.history.table import FORMAT, HistoryTable, Row, refuse_newer
from peewee_mig.operations.codec import operations_from_json

#: The states and directions that rows of this format have.
STATES = ("applied", "baselined", "running", "pushed")
DIRECTIONS = ("forward", "backward")

#: Column -> what stands in the place of a value that cannot be read.
_DEFAULTS: dict[str, Any] = {
    "name": "",
    "checksum": "",
    "sha256": "",
    "schema_hash": "",
    "state": "applied",
    "direction": "forward",
    "started": "",
    "finished": "",
    "duration": 0.0,
    "applied_by": "",
    "tool_version": "",
    "operations": "[]",
    "meta": "{}",
    "format": FORMAT,
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A row with its ``id``.

    ``row``: what can be read of it, with defaults for the rest; ``broken``: column -> why its
    value cannot be read.
    """

    number: int
    row: Row
    broken: Mapping[str, str]


def read_stored(table: HistoryTable, query: Query, columns: Collection[str]) -> tuple[Stored, ...]:
    """Return the rows in the order in which they were written.

    ``columns``: those that the table has, ``id`` and ``name`` among them. :exc:`RefusedError`
    for a row of a newer format.
    """
    names = [name for name in _DEFAULTS if name in columns]
    listed, order = table.dialect.quote_all(["id", *names]), table.dialect.quote("id")
    rows = query(f"SELECT {listed} FROM {table.dialect.quote(table.name)} ORDER BY {order}")
    return tuple(_stored(number, dict(zip(names, values, strict=True))) for number, *values in rows)


def _stored(number: int, values: Mapping[str, Any]) -> Stored:
    if isinstance(values.get("format"), int):
        refuse_newer(str(values["name"]), values["format"])
    broken = dict(_broken(values))
    sound = {name: values[name] for name in values if name not in broken}
    meta, _ = (_DEFAULTS | sound)["meta"], sound.pop("format", None)
    fields = {name: value for name, value in (_DEFAULTS | sound).items() if name != "format"}
    make: Callable[..., Row] = Row
    return Stored(number, replace(make(**fields), meta=json.loads(meta)), broken)


def _broken(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        kind = type(_DEFAULTS[name])
        if kind is float and isinstance(value, int | float):
            continue
        if not isinstance(value, kind):
            yield name, f"is {value!r}"
        elif why := _problem(name, value):
            yield name, why


def _problem(name: str, value: Any) -> str:  # noqa: ANN401 (what a database holds)
    """Say why a value of the right type cannot be read; empty: it can."""
    match name:
        case "state":
            return "" if value in STATES else f"is {value!r}"
        case "direction":
            return "" if value in DIRECTIONS else f"is {value!r}"
        case "meta":
            return _no_object(value)
        case "operations":
            return _no_operations(value)
        case _:
            return ""


def _no_object(text: str) -> str:
    try:
        return "" if isinstance(json.loads(text), dict) else "is no JSON object"
    except ValueError:
        return "is no JSON"


def _no_operations(text: str) -> str:
    try:
        found = json.loads(text)
        operations_from_json(found)
    except RefusedError as error:
        return f"holds what is no operation ({error.message})"
    except ValueError:
        return "is no JSON"
    except (TypeError, AttributeError):
        return "is no list of operations"
    return "" if isinstance(found, list) else "is no list of operations"
