"""Peewee models -> :class:`Schema`. No database is asked, and no model is changed."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from peewee import Model

from peewee_mig.declare import Declaration
from peewee_mig.operations.verbs import Fill
from peewee_mig.schema.filtering import EVERYTHING, Filter, key_table
from peewee_mig.schema.names import bare, schema_of
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, Standalone
from peewee_mig.sources.fills import fill
from peewee_mig.sources.keys import with_references
from peewee_mig.sources.marks import read_marks
from peewee_mig.sources.naming import table_name, truncated
from peewee_mig.sources.objects import read_declarations
from peewee_mig.sources.origins import Finding, place, refuse
from peewee_mig.sources.rows import with_reference_rows
from peewee_mig.sources.tables import ModelTable, read_tables
from peewee_mig.sources.virtual import is_virtual, read_virtual


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
    #: Table -> the model that is taken for an abstract base although it declares columns.
    bases: Mapping[str, str] = field(default_factory=dict[str, str])


def read_models(
    declared: Iterable[type[Model] | Declaration], without: Filter = EVERYTHING
) -> ModelSchema:
    """Read models as ``create_tables`` would create them, with the keys it leaves out.

    Declared views, triggers and the like are read with them. Of what ``without`` leaves out,
    only those tables are in the schema that keys refer to, and of them only what that needs.
    :exc:`ModelError` names every declaration that is not understood.
    """
    listed = tuple(declared)
    classes = [each for each in listed if isinstance(each, type)]
    every = [each for each in classes if not without.leaves_out("table", table_name(each))]
    models = [model for model in every if not is_virtual(model)]
    findings: list[Finding] = []
    all_names = [table_name(model) for model in classes]
    read, problems = read_tables(models, all_names)
    virtual = [_virtual(model, findings) for model in every if is_virtual(model)]
    refuse(
        [*problems, *findings],
        "change the declarations, or leave a model out with "
        'Meta.peewee_mig = {"ignore": True} and migrate it by op.run_sql',
    )
    others = [model for model in classes if model not in every and not is_virtual(model)]
    outside = _outside(read, others, all_names)
    tables, problems = with_references([*read, *outside])
    refuse(problems, "refer to a unique field of a model that is found")
    tables, referred = tables[: len(read)], tables[len(read) :]
    objects = [*chain.from_iterable(virtual), *_objects_of_fields(read)]
    declarations = (each for each in listed if isinstance(each, Declaration))
    objects += read_declarations(declarations, all_names)
    schema = Schema.of(
        (*_with_distinct_index_names(tables), *referred),
        (each for each in objects if not without.leaves_out_object(each)),
    )
    return _with_knowledge(with_reference_rows(schema, every), every, read)


def _outside(
    read: Sequence[ModelTable], others: Sequence[type[Model]], names: Sequence[str]
) -> list[ModelTable]:
    """Read those models that are left out and that keys refer to, as far as the keys need it."""
    referred = {key.referred_table for each in read for key in each.table.foreign_keys}
    referred |= {each.table for one in read for each in one.references}
    found, problems = read_tables([e for e in others if table_name(e) in referred], names)
    refuse(problems, "change the declarations, or refer to them by no foreign key")
    return [replace(each, table=key_table(each.table), references=()) for each in found]


def _virtual(model: type[Model], findings: list[Finding]) -> tuple[Standalone, ...]:
    try:
        return (read_virtual(model),)
    except ValueError as error:
        findings.append(Finding(place(model), f"{model.__name__} {error}"))
        return ()


def _objects_of_fields(read: Sequence[ModelTable]) -> tuple[Standalone, ...]:
    """Return the sequences and enum types that fields name; several may name one."""
    parts = [(each.model, part) for each in read for part in each.fields]
    enums: dict[str, EnumType] = {}
    findings: list[Finding] = []
    for model, part in parts:
        if part.enum is not None and enums.setdefault(part.enum.name, part.enum) != part.enum:
            text = f"{model.__name__} has other values for the enum type {part.enum.name}"
            findings.append(Finding(place(model), f"{text} than another model"))
    refuse(findings, "write the values once, and use them in both")
    sequences = {part.sequence for _, part in parts if part.sequence is not None}
    return (*enums.values(), *sequences)


def _with_knowledge(
    schema: Schema, every: Sequence[type[Model]], read: Sequence[ModelTable]
) -> ModelSchema:
    marks = {table_name(model): read_marks(model) for model in every}
    return ModelSchema(
        schema,
        fills=dict(chain.from_iterable(_fills(each) for each in read)),
        renamed_tables={table: mark.table for table, mark in marks.items() if mark.table},
        renamed_columns={
            (table, new): old for table, mark in marks.items() for new, old in mark.columns.items()
        },
        origins=dict(chain.from_iterable(_origins(model) for model in every)),
        bases=dict(_bases(every)),
    )


def _bases(models: Sequence[type[Model]]) -> Iterator[tuple[str, str]]:
    """Yield the models that nothing but their name and heirs make abstract."""
    known = set(models)
    for base in {base for model in models for base in model.__mro__[1:] if base is not Model}:
        if isinstance(base, type) and issubclass(base, Model) and base not in known:
            marks = read_marks(base)
            if marks.abstract is None and not marks.ignore:
                yield table_name(base), f"{place(base)} {base.__name__}"


def _fills(read: ModelTable) -> Iterator[tuple[tuple[str, str], Fill]]:
    """Yield values for existing rows; a column that the database fills itself needs none."""
    for each in read.model._meta.sorted_fields:
        column = read.table.column(each.column_name)
        if column.default is None and not column.self_filling:
            value = fill(each, column.type)
            if value is not None:
                yield (read.table.name, column.name), value


def _with_distinct_index_names(tables: Sequence[Table]) -> Iterator[Table]:
    """Name generated indexes after the table where models of one class name share theirs.

    SQLite and PostgreSQL keep one name for one index, and Peewee skips the second. All that
    share it are renamed, so that none of them meets the index that exists.
    """
    uses = Counter((schema_of(t.name), index.name) for t in tables for index in t.indexes)
    for table in tables:
        schema = schema_of(table.name)
        indexes = tuple(
            index
            if index.named or uses[schema, index.name] == 1
            else replace(index, name=_name_after_table(table, index.name, index.columns))
            for index in table.indexes
        )
        yield replace(table, indexes=indexes)


def _name_after_table(table: Table, name: str, columns: tuple[str, ...]) -> str:
    return truncated("_".join((bare(table.name), *(columns or (name,)))))


def _origins(model: type[Model]) -> Iterator[tuple[tuple[str, str], str]]:
    table = table_name(model)
    yield (table, ""), f"{place(model)} {model.__name__}"
    for each in model._meta.sorted_fields:
        where = f"{place(model, each.name)} {model.__name__}.{each.name}"
        yield (table, each.column_name), where
