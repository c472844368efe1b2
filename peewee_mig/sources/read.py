"""Peewee models -> :class:`Schema`. No database is asked, and no model is changed."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import peewee
from peewee import Field, ForeignKeyField, Model, ModelIndex

from peewee_mig.operations.verbs import Fill
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.fills import fill
from peewee_mig.sources.marks import read_marks
from peewee_mig.sources.origins import Finding, place, refuse
from peewee_mig.sources.supported import action, unsupported
from peewee_mig.sources.types import column_type, referred_field

#: Without types: Peewee's stubs know no private attributes.
_PEEWEE: Any = peewee
_MODEL_INDEX: Any = ModelIndex


@dataclass(frozen=True, slots=True)
class ModelSchema:
    """The schema of models, and what else they know; columns are (table, column)."""

    schema: Schema
    #: Values for existing rows, from Python defaults.
    fills: Mapping[tuple[str, str], Fill]
    #: New name -> old name, from ``Meta.peewee_mig["renamed_from"]``.
    renamed_tables: Mapping[str, str]
    #: (table, new name) -> old name.
    renamed_columns: Mapping[tuple[str, str], str]
    #: (table, column or "") -> "models/people.py:12 Person.nickname".
    origins: Mapping[tuple[str, str], str]


def read_models(models: Iterable[type[Model]]) -> ModelSchema:
    """Read models as ``create_tables`` would create them, with the keys it leaves out.

    :exc:`ModelError` names every declaration that the schema cannot hold.
    """
    models = tuple(models)
    refuse(
        list(chain.from_iterable(unsupported(model) for model in models)),
        "change the declarations, or leave a model out with "
        'Meta.peewee_mig = {"ignore": True} and migrate it by op.run_sql',
    )
    tables = [_table(model) for model in models]
    refuse(
        list(chain(_clashing_indexes(models), _dangling_keys(models, tables))),
        "name the index or make it unique=True; refer to a unique field of a model that is found",
    )
    columns = [(m._meta.table_name, f) for m in models for f in m._meta.sorted_fields]
    marks = {model._meta.table_name: read_marks(model) for model in models}
    fills = {(table, f.column_name): fill(f, column_type(f)) for table, f in columns}
    return ModelSchema(
        Schema.of(_with_distinct_index_names(tables)),
        fills={key: value for key, value in fills.items() if value is not None},
        renamed_tables={table: mark.table for table, mark in marks.items() if mark.table},
        renamed_columns={
            (table, new): old for table, mark in marks.items() for new, old in mark.columns.items()
        },
        origins=dict(chain.from_iterable(_origins(model) for model in models)),
    )


def _table(model: type[Model]) -> Table:
    fields = model._meta.sorted_fields
    return Table(
        model._meta.table_name,
        tuple(_column(field) for field in fields),
        primary_key=_primary_key(model),
        indexes=_indexes(model),
        foreign_keys=tuple(_foreign_key(f) for f in fields if isinstance(f, ForeignKeyField)),
    )


def _column(field: Field) -> Column:
    return Column(field.column_name, column_type(field), null=bool(field.null))


def _primary_key(model: Any) -> PrimaryKey | None:  # noqa: ANN401 (Peewee's type lies)
    columns = tuple(field.column_name for field in model._meta.get_primary_keys())
    return PrimaryKey(columns) if columns else None


def _foreign_key(field: ForeignKeyField) -> ForeignKey:
    """Read a key; also a deferred one, for which Peewee creates no constraint."""
    return ForeignKey(
        (field.column_name,),
        field.rel_model._meta.table_name,
        (referred_field(field).column_name,),
        on_delete=action(field.on_delete),
        on_update=action(field.on_update),
        name=_truncated(field.constraint_name) if field.constraint_name else None,
    )


def _indexes(model: type[Model]) -> tuple[Index, ...]:
    """Read the indexes in Peewee's order, which skips one whose name exists already.

    That leaves out nothing if the first of the name is as strict as the others.
    """
    indexes: dict[str, Index] = {}
    for index in _declared_indexes(model):
        indexes.setdefault(index.name, index)
    return tuple(indexes.values())


def _declared_indexes(model: type[Model]) -> Iterator[Index]:
    for index in model._meta.fields_to_index():
        fields = [model._meta.fields[field.name] for field in index._expressions]
        columns = tuple(field.column_name for field in fields)
        generated = _generated_name(model, fields)
        name = _chosen_name(index, model) or generated
        yield Index(name, columns, bool(index._unique), name != generated)


def _generated_name(model: type[Model], fields: Sequence[Field]) -> str:
    return str(_MODEL_INDEX(model, fields)._name)


def _chosen_name(index: Any, model: type[Model]) -> str | None:  # noqa: ANN401 (private attributes)
    """Return the user's name of an index, if it has one.

    A submodel inherits the index as it is, made for the table of its base; the name serves
    that table, and none but a generated one is left for the submodel's.
    """
    if isinstance(index, _MODEL_INDEX) and index._model is not model:
        return None
    return str(index._name)


def _clashing_indexes(models: Sequence[type[Model]]) -> Iterator[Finding]:
    for model in models:
        first: dict[str, Index] = {}
        for index in _declared_indexes(model):
            other = first.setdefault(index.name, index)
            if other.columns != index.columns or index.unique > other.unique:
                text = f"{model.__name__} has two different indexes called {index.name}"
                yield Finding(place(model, "Meta"), f"{text}; Peewee makes only the first")


def _dangling_keys(models: Sequence[type[Model]], tables: Sequence[Table]) -> Iterator[Finding]:
    schema = {table.name: table for table in tables}
    for model in models:
        for field in model._meta.sorted_fields:
            if isinstance(field, ForeignKeyField):
                yield from _dangling_key(model, field, schema)


def _dangling_key(
    model: type[Model], field: ForeignKeyField, schema: Mapping[str, Table]
) -> Iterator[Finding]:
    key = _foreign_key(field)
    referred = schema.get(key.referred_table)
    other = f"{model.__name__}.{field.name} refers to {field.rel_model.__name__}"
    if referred is None:
        text = f"{other} ({field.rel_model.__module__}), which is not among the models"
        yield Finding(place(model, field.name), text)
    elif not _is_unique(referred, key.referred_columns):
        text = f"{other}.{referred_field(field).name}, which is not unique"
        yield Finding(place(model, field.name), text)


def _is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    return table.primary_key == PrimaryKey(columns) or any(
        index.unique and index.columns == columns for index in table.indexes
    )


def _with_distinct_index_names(tables: Sequence[Table]) -> Iterator[Table]:
    """Name generated indexes after the table where models of one class name share theirs.

    SQLite and PostgreSQL keep one name for one index, and Peewee skips the second. All that
    share it are renamed, so that none of them meets the index that exists.
    """
    uses = Counter(index.name for table in tables for index in table.indexes)
    for table in tables:
        indexes = tuple(
            index
            if index.named or uses[index.name] == 1
            else replace(index, name=_truncated("_".join((table.name, *index.columns))))
            for index in table.indexes
        )
        yield replace(table, indexes=indexes)


def _truncated(name: str) -> str:
    """Cut a name as Peewee does, at 64 characters."""
    return str(_PEEWEE._truncate_constraint_name(name))


def _origins(model: type[Model]) -> Iterator[tuple[tuple[str, str], str]]:
    table = model._meta.table_name
    yield (table, ""), f"{place(model)} {model.__name__}"
    for field in model._meta.sorted_fields:
        where = f"{place(model, field.name)} {model.__name__}.{field.name}"
        yield (table, field.column_name), where
