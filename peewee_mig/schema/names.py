"""Names of tables and other objects that may belong to a schema of the database.

Everywhere an object is named by one text: ``invoice``, or ``billing.invoice`` for one that
``Meta.schema`` puts into a schema. A name that has a dot itself, or begins with a quotation
mark, stands in double quotation marks, as in SQL; every other name is written as it is.
"""

from __future__ import annotations

import re

from peewee_mig.errors import SchemaError

_PART = re.compile(r'"((?:[^"]|"")+)"|([^".][^.]*)')


def qualified(schema: str | None, name: str) -> str:
    """Return the one text for an object in a schema; ``None``: the schema of the connection."""
    return _part(name) if schema is None else f"{_part(schema)}.{_part(name)}"


def split(name: str) -> tuple[str | None, str]:
    """Return the schema (``None``: that of the connection) and the bare name of a text."""
    parts: list[str] = []
    place = -1
    while place < len(name) and (match := _PART.match(name, place + 1)):
        parts.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        place = match.end()
        if name[place : place + 1] != ".":
            break
    if place != len(name) or not 1 <= len(parts) <= 2:  # noqa: PLR2004 (schema and name)
        raise SchemaError(
            f"{name!r} is no name of a table",
            hint='write name, schema.name, or "a.name" in double quotation marks if it has a dot',
        )
    return (parts[0], parts[1]) if len(parts) > 1 else (None, parts[0])


def schema_of(name: str) -> str | None:
    """Return the schema that a name says, if it says one."""
    return split(name)[0]


def bare(name: str) -> str:
    """Return a name without its schema."""
    return split(name)[1]


def _part(name: str) -> str:
    return f'"{name.replace(chr(34), chr(34) * 2)}"' if "." in name or name[:1] == '"' else name
