"""Peewee's nodes as SQL in the neutral form: no database is asked which words it likes."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import peewee

#: Without types: Peewee has none.
_CONTEXT: Any = peewee.Context

#: A text, a doubled percent sign, or a place for a parameter.
_PLACES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|%%|%s|\?")


def neutral(
    node: object, *, scope: str = "values", field_types: dict[str, str] | None = None
) -> str:
    """Return the SQL of a node with its values in it; :exc:`ValueError` for one without SQL.

    Names stand in double quotation marks. In the scope ``values`` columns have no table before
    them, in ``normal`` they have its alias, as in a select. ``%%`` of raw SQL is ``%``.
    """
    scopes: dict[str, object] = {"values": peewee.SCOPE_VALUES, "normal": peewee.SCOPE_NORMAL}
    context = _Neutral(scope=scopes[scope], nulls_ordering=True, field_types=field_types)
    sql, _ = context.sql(node).query()
    if re.search(r"<[\w.]+ object at 0x", sql):
        raise ValueError(
            "has an expression of Peewee's where only text is taken; write it as text,"
            " such as Check('price > 0')"
        )
    return str(sql)


def literal(value: object) -> str:
    """Return a value as a literal; :exc:`ValueError` for one that has none in every database."""
    if isinstance(value, enum.Enum):
        return literal(value.value)
    for kinds, spell in _LITERALS:
        if isinstance(value, kinds):
            return spell(value)
    if value is None:
        return "NULL"
    adapted = getattr(value, "adapted", None)  # psycopg2's wrapper of bytes
    if isinstance(adapted, bytes | bytearray | memoryview):
        return literal(adapted)
    raise ValueError(f"has the value {value!r}, which has no literal in SQL; write it as SQL(…)")


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


_LITERALS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "TRUE" if value else "FALSE"),
    (int | float | decimal.Decimal, str),
    (str | dt.date | dt.time | uuid.UUID, _text),  # a datetime is a date
    (bytes | bytearray | memoryview, lambda value: f"x'{bytes(value).hex()}'"),
)


class _Neutral(_CONTEXT):  # type: ignore[misc]  # Peewee has no types
    """A context that writes values in place, whatever the database of the model is."""

    __slots__ = ()

    def as_new(self) -> Any:  # noqa: ANN401 (Peewee's)
        return type(self)(**self.state.settings)

    def literal(self, keyword: str) -> Any:  # noqa: ANN401 (Peewee's)
        return super().literal(keyword.replace("%%", "%"))

    def sql(self, obj: object) -> Any:  # noqa: ANN401 (Peewee's)
        if isinstance(obj, peewee.SQL) and obj.params:
            self._sql.append(_filled(obj.sql, obj.params))
            return self
        return super().sql(obj)

    def value(
        self,
        value: object,
        converter: Any = None,  # noqa: ANN401 (Peewee's)
        add_param: bool = True,  # noqa: FBT001, FBT002, ARG002 (Peewee's signature)
    ) -> Any:  # noqa: ANN401 (Peewee's)
        convert = self.state.converter if converter is None else converter
        converted = convert(value) if convert else value
        if isinstance(converted, peewee.Node):
            with self(converter=None):
                return self.sql(converted)
        if isinstance(converted, type) and issubclass(converted, peewee.Model):
            with self.scope_column():
                return self.sql(converted)
        self._sql.append(literal(converted))
        return self


def _filled(sql: str, params: Iterable[object]) -> str:
    """Put values in the places of raw SQL, which are written as any of the drivers wants them."""
    values: Sequence[object] = list(params)
    mark = "%s" if any(each[0] == "%s" for each in _PLACES.finditer(sql)) else "?"
    places = sum(1 for each in _PLACES.finditer(sql) if each[0] == mark)
    if places != len(values):
        raise ValueError(f"has {places} places for {len(values)} parameters in {sql!r}")
    rest = iter(values)
    filled = _PLACES.sub(lambda each: literal(next(rest)) if each[0] == mark else each[0], sql)
    return filled.replace("%%", "%")
