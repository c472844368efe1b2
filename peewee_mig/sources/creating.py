"""What ``create_tables`` makes of models: run by Peewee itself, on a connection of ours."""

# ruff: noqa: SLF001 (Peewee keeps what it does in private methods)

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import peewee
from peewee import SQL, ForeignKeyField, Model, Node

from peewee_mig.sources.lending import database_on
from peewee_mig.sources.naming import table_name
from peewee_mig.sources.types import said_type

#: Without types: Peewee's stubs know neither private attributes nor all functions.
_PEEWEE: Any = peewee


@dataclass(frozen=True, slots=True)
class Uncreated:
    """What Peewee does not create of a table.

    ``columns``: of a foreign key; ``index``: the name of an index; neither: the table itself.
    ``why``: in words, on one line.
    """

    table: str
    why: str
    columns: tuple[str, ...] = ()
    index: str = ""


def create_tables(
    models: Sequence[type[Model]], engine: str, connection: object
) -> tuple[Uncreated, ...]:
    """Create the tables of models as ``Database.create_tables`` does; return what is not created.

    ``connection``: of the engine's driver, in autocommit mode. The models stay bound to their
    own database. An index whose name is taken is one that ``create_tables`` leaves out silently.
    """
    database = database_on(engine, connection)
    with _typed(models, engine, database):
        made = [each for model in _PEEWEE.sort_models(models) for each in _create(model, database)]
    return (*made, *_deferred(models))


@contextmanager
def _typed(models: Iterable[type[Model]], engine: str, database: Any) -> Iterator[None]:  # noqa: ANN401 (Peewee's)
    """Let fields that say their type have it for the time: Peewee does not know of it."""
    fields = (field for model in models for field in model._meta.sorted_fields)
    said = [(field, type_.on(engine)) for field in fields if (type_ := said_type(field))]
    for field, type_ in said:
        words = str(replace(type_, name=database.field_types.get(type_.name, type_.name)))
        field.ddl_datatype = lambda _, words=words: SQL(words)
    try:
        yield
    finally:
        for field, _ in said:
            del field.ddl_datatype


def _create(model: Any, database: Any) -> Iterator[Uncreated]:  # noqa: ANN401 (Peewee's)
    manager = type(model._schema)(model, database, **model._schema.context_options)
    name = table_name(model)
    try:
        manager.create_sequences()
        manager.create_table(safe=False)
    except Exception as error:  # noqa: BLE001 (of Peewee, the driver or a field of the user's)
        yield Uncreated(name, _line(error))
        return
    for index in model._meta.fields_to_index():
        try:
            database.execute(manager._create_index(index, safe=False))
        except Exception as error:  # noqa: BLE001 (as above)
            yield Uncreated(name, _line(error), index=_name(index))


def _name(index: Node) -> str:
    return str(getattr(index, "_name", "")) or str(getattr(index, "sql", index))


def _deferred(models: Iterable[type[Model]]) -> Iterator[Uncreated]:
    """Yield the foreign keys of which Peewee makes the column, and no constraint."""
    for model in models:
        for field in model._meta.sorted_fields:
            if isinstance(field, ForeignKeyField) and field.deferred:
                why = "the constraint of a DeferredForeignKey"
                yield Uncreated(table_name(model), why, columns=(field.column_name,))


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
