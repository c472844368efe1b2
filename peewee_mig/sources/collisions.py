"""Attributes that swallow a column: Peewee says nothing, and the column is gone or doubled."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from peewee import DeferredForeignKey, Field, ForeignKeyField, Model

from peewee_mig.sources.origins import Finding, find_body, place, refuse

_NO_BACKREF = ("+", "!")


def refuse_collisions(models: Iterable[type[Model]]) -> None:
    """Raise a :exc:`ModelError` if a declared field does not become one column.

    The bases are looked at too: what they lose, their models lose.
    """
    owners = dict.fromkeys(
        owner for model in models for owner in model.__mro__ if hasattr(owner, "_meta")
    )
    refuse(
        list(chain.from_iterable(_collisions(model) for model in owners)),
        "rename one of the two (column_name=, object_id_name= and backref= choose names)",
    )
    refuse(
        list(chain.from_iterable(_misspelled(model) for model in owners)),
        "write name = CharField(), with the parentheses and without a comma behind them",
    )
    refuse(
        list(chain.from_iterable(_unresolved(model) for model in owners)),
        "name the module of that model too, or correct the name in DeferredForeignKey",
    )


def _collisions(model: type[Model]) -> Iterator[Finding]:
    yield from _same_column(model)
    for field in model._meta.sorted_fields:
        if isinstance(field, ForeignKeyField):
            yield from _swallowing_key(model, field)
    yield from _swallowing_many_to_many(model)


def _same_column(model: type[Model]) -> Iterator[Finding]:
    owners: dict[str, Field] = {}
    for field in model._meta.sorted_fields:
        other = owners.setdefault(field.column_name, field)
        if other is not field:
            column = field.column_name
            yield _finding(model, field.name, f"and {other.name} are both the column {column}")


def _swallowing_key(model: type[Model], key: ForeignKeyField) -> Iterator[Finding]:
    """Yield what the accessors of a key overwrite: ``level`` makes ``level_id`` as well."""
    name = key.object_id_name
    other = model._meta.fields.get(name)
    if other is not None and other is not key and other.column_name != key.column_name:
        yield _finding(model, key.name, f"makes the attribute {name}, which is a field too")
    backref = None if key.backref in _NO_BACKREF else key.backref
    if backref in key.rel_model._meta.fields:
        other = f"{key.rel_model.__name__}.{backref}"
        yield _finding(model, key.name, f"has the backref {backref}, and {other} is a field too")


def _swallowing_many_to_many(model: type[Model]) -> Iterator[Finding]:
    body = find_body(model)
    for name, field in model._meta.manytomany.items():
        if field._is_backref and body is not None and name in body.attributes:
            owner = f"{field.rel_model.__name__}.{field.backref}"
            yield _finding(model, name, f"is lost to the backref of the many-to-many field {owner}")


def _misspelled(model: type[Model]) -> Iterator[Finding]:
    for name, value in vars(model).items():
        if isinstance(value, type) and issubclass(value, Field):
            yield _finding(model, name, f"is the class {value.__name__}, not a field")
        elif isinstance(value, tuple) and any(isinstance(each, Field) for each in value):
            yield _finding(model, name, "is a tuple, not a field")


def _unresolved(model: type[Model]) -> Iterator[Finding]:
    for field in model._meta.sorted_fields:
        if isinstance(field, DeferredForeignKey):
            text = f"waits for a model {field.rel_model_name!r} that no module defines"
            yield _finding(model, field.name, text)


def _finding(model: type[Model], name: str, text: str) -> Finding:
    return Finding(place(model, name), f"{model.__name__}.{name} {text}")
