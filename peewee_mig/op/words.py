"""What the arguments of the words are: names, and SQL by engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression

Names = str | Sequence[str]
#: SQL by engine (``{"postgres": "..."}``), or one text for all of them.
SQL = str | Mapping[str, str]
#: Engines that SQL may be given for.
ENGINES = ("sqlite", "postgres", "mysql")


def listed(names: Names) -> tuple[str, ...]:
    """Return one name, or several, as several."""
    return (names,) if isinstance(names, str) else tuple(names)


def expressed(text: str | None) -> Expression | None:
    """Return SQL as an expression, if there is any."""
    return None if text is None else Expression(text)


def by_engine(sql: SQL) -> tuple[tuple[str, str], ...]:
    """Return SQL with the engines that it is for, none for all; :exc:`SchemaError` for others."""
    if isinstance(sql, str):
        return (("", sql),)
    if not isinstance(sql, Mapping):
        raise SchemaError(
            f"{sql!r} is no SQL", hint='write a text, or one for each engine: {"postgres": "…"}'
        )
    unknown = sql.keys() - {"", *ENGINES}
    if unknown:
        raise SchemaError(
            f"SQL is given for {', '.join(sorted(map(repr, unknown)))}, which is no engine",
            hint=f"the engines are {', '.join(ENGINES)}",
        )
    return tuple(sql.items())
