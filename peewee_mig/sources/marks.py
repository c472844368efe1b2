"""``Meta.peewee_mig``: what a model says to this tool."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from peewee import Model

from peewee_mig.errors import ModelError
from peewee_mig.sources.origins import place

_KEYS = ("abstract", "comment", "comments", "ignore", "key", "renamed_from", "rows")


_ROWS_HINT = 'write {"rows": [{"name": "admin"}, {"name": "editor"}], "key": "name"}'


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one model; ``columns`` maps new names to old ones.

    ``comment``: that of the table; ``comments``: help texts are comments of the columns.
    ``rows``: the reference rows, as they are written; ``key``: the fields that tell them apart,
    none if it is not said.
    """

    abstract: bool | None = None
    ignore: bool = False
    comment: str | None = None
    comments: bool = False
    table: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Mapping[str, object], ...] = ()
    key: tuple[str, ...] = ()


def read_marks(model: type[Model]) -> Marks:
    """Read the marks of a model's own ``Meta``; :exc:`ModelError` for one that is unknown.

    Peewee hands ``Meta`` keys down to submodels; a mark speaks only for the model that has
    it, so what is the very value of a base is not the model's own. Only ``comments`` is for
    all that inherit.
    """
    value = getattr(model._meta, "peewee_mig", None)
    if value is None or _is_inherited(model, value):
        return Marks(comments=_comments(model))
    if not isinstance(value, dict) or not set(value) <= set(_KEYS):
        raise _wrong(model, f"may have only the keys {', '.join(_KEYS)}")
    table, columns = _renamed(model, value.get("renamed_from") or {})
    return Marks(
        value.get("abstract"),
        bool(value.get("ignore")),
        _comment(model, value.get("comment")),
        _comments(model),
        table,
        columns,
        _rows(model, value.get("rows") or ()),
        _key(model, value.get("key") or ()),
    )


def _is_inherited(model: type[Model], value: object) -> bool:
    return any(
        getattr(base._meta, "peewee_mig", None) is value
        for base in model.__mro__[1:]
        if hasattr(base, "_meta")
    )


def _comment(model: type[Model], value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise _wrong(model, "has a comment that is no text")


def _comments(model: type[Model]) -> bool:
    """Whether the nearest ``Meta`` that says anything about it wants comments."""
    metas = [owner._meta for owner in model.__mro__ if hasattr(owner, "_meta")]
    values = [getattr(meta, "peewee_mig", None) for meta in metas]
    said = [value for value in values if isinstance(value, dict) and "comments" in value]
    return bool(said and said[0]["comments"])


def _renamed(model: type[Model], value: object) -> tuple[str, dict[str, str]]:
    if isinstance(value, str):
        return value, {}
    if not isinstance(value, dict) or not set(value) <= {"table", "columns"}:
        raise _wrong(model, "has a renamed_from that is neither a table nor table and columns")
    columns = value.get("columns") or {}
    if not isinstance(columns, dict):
        raise _wrong(model, "has columns in renamed_from that do not map new names to old ones")
    return value.get("table") or "", {_column(model, new): old for new, old in columns.items()}


def _column(model: type[Model], name: Any) -> str:  # noqa: ANN401 (the user's value)
    found = model._meta.combined.get(name)
    if found is None:
        raise _wrong(model, f"renames a column to {name}, which the model does not have")
    return str(found.column_name)


def _rows(model: type[Model], value: object) -> tuple[Mapping[str, object], ...]:
    rows = tuple(value) if isinstance(value, list | tuple) else (None,)
    if not all(isinstance(row, Mapping) and all(isinstance(n, str) for n in row) for row in rows):
        raise _wrong(model, "has rows that are no list of dictionaries", _ROWS_HINT)
    return rows


def _key(model: type[Model], value: object) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        raise _wrong(model, "has a key that is neither a field nor a list of fields", _ROWS_HINT)
    return tuple(names)


def _wrong(model: type[Model], text: str, hint: str = "") -> ModelError:
    return ModelError(
        f"Meta.peewee_mig of {model.__name__} {text}",
        where=place(model, "Meta"),
        hint=hint
        or 'write {"renamed_from": "old_table"} or '
        '{"renamed_from": {"table": "old", "columns": {"new": "old"}}}',
    )
