"""What a model may declare that we do not keep: each is found and told by name."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from peewee import Field, ForeignKeyField, Index, Model, Node, SchemaManager

from peewee_mig.schema.objects import ACTIONS
from peewee_mig.sources.origins import Finding, place
from peewee_mig.sources.types import column_type

_META = ("schema", "constraints", "options", "table_settings", "without_rowid", "strict_tables")
_FIELD = ("constraints", "collation", "sequence", "unindexed")


def unsupported(model: type[Model]) -> Iterator[Finding]:
    """Yield every declaration of a model that a schema value cannot hold."""
    yield from _of_meta(model)
    for field in model._meta.sorted_fields:
        for text in chain(_of_field(field), _of_key(field)):
            yield Finding(place(model, field.name), f"{model.__name__}.{field.name} {text}")
    for text in _of_indexes(model):
        yield Finding(place(model, "Meta"), f"{model.__name__} {text}")


def action(text: str | None) -> str | None:
    """Return an action of a foreign key in its normal form; NO ACTION is ``None``."""
    word = " ".join((text or "").upper().split())
    return None if word in ("", "NO ACTION") else word


def _of_meta(model: Any) -> Iterator[Finding]:  # noqa: ANN401 (private attributes)
    meta = model._meta
    for name in _META:
        if getattr(meta, name):
            text = f"Meta.{name} of {model.__name__} is not supported yet"
            yield Finding(place(model, "Meta"), text)
    if getattr(meta, "extension_module", None):
        text = f'{model.__name__} is a virtual table; leave it out with {{"ignore": True}}'
        yield Finding(place(model), text)
    elif type(model._schema) is not SchemaManager:
        text = f"Meta.schema_manager_class of {model.__name__} is not supported yet"
        yield Finding(place(model, "Meta"), text)


def _of_field(field: Field) -> Iterator[str]:
    for name in _FIELD:
        value = getattr(field, name)
        if value:
            yield f"has {name}={_spell(value)}, which is not supported yet"
    try:
        column_type(field)
    except ValueError as error:
        yield str(error)


def _spell(value: object) -> str:
    """Spell a value as declared; Peewee's SQL nodes by their text."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_spell, value))}]"
    return f"SQL({value.sql!r})" if hasattr(value, "sql") else repr(value)


def _of_key(field: Field) -> Iterator[str]:
    if not isinstance(field, ForeignKeyField):
        return
    if field.deferrable:
        yield f"has deferrable={field.deferrable!r}, which is not supported yet"
    for name in ("on_delete", "on_update"):
        word = action(getattr(field, name))
        if word is not None and word not in ACTIONS:
            yield f"has {name}={word!r}; write one of {', '.join(ACTIONS)}"


def _of_indexes(model: type[Model]) -> Iterator[str]:
    for entry in model._meta.indexes:
        if isinstance(entry, Index):
            yield from _of_index(model, entry)
        elif isinstance(entry, Node):
            yield f"has an index in SQL ({_spell(entry)}), which is not supported yet"
        else:
            yield from _of_tuple(model, entry)
    for field in model._meta.sorted_fields:
        if (field.index or field.unique) and not field.primary_key and field.index_type:
            yield f"has an index on {field.name} using {field.index_type}, not supported yet"


def _of_index(model: type[Model], index: Any) -> Iterator[str]:  # noqa: ANN401 (private)
    clauses = {
        "a condition (where)": index._where is not None,
        "a method (using)": index._using is not None,
        "nulls_distinct": index._nulls_distinct is not None,
    }
    for clause in (name for name, present in clauses.items() if present):
        yield f"has the index {index._name} with {clause}, which is not supported yet"
    for part in index._expressions:
        if not (isinstance(part, Field) and part.name in model._meta.fields):
            text = repr(part) if isinstance(part, str) else "an expression"
            yield f"has the index {index._name} on {text}, not on a field: not supported yet"


def _of_tuple(model: type[Model], entry: object) -> Iterator[str]:
    right = isinstance(entry, list | tuple) and len(entry) == 2  # noqa: PLR2004 (fields, unique)
    if not right or not isinstance(entry[0], list | tuple) or not isinstance(entry[1], bool | int):  # type: ignore[index]
        yield f"has {entry!r} in Meta.indexes; write (('first', 'second'), True) with all commas"
        return
    for part in entry[0]:  # type: ignore[index]
        field = model._meta.combined.get(part) if isinstance(part, str) else part
        if field is None:
            yield f"has an index on {part!r}, which is not a field of it"
        elif not isinstance(field, Field):
            yield "has an index on an expression, which is not supported yet"
        elif field.index_type:
            yield f"has an index on {field.name} using {field.index_type}, not supported yet"
