"""Foreign keys between the tables that were read: each must refer to a key of one of them."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from peewee import ForeignKeyField

from peewee_mig.errors import SchemaError
from peewee_mig.schema.objects import ForeignKey, Table
from peewee_mig.sources.clauses import Reference
from peewee_mig.sources.origins import Finding, place
from peewee_mig.sources.reader import column_name
from peewee_mig.sources.tables import ModelTable
from peewee_mig.sources.types import referred_field


def with_references(
    read: Sequence[ModelTable],
) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    """Add the foreign keys in raw SQL; return the tables, and every key that refers to nothing."""
    tables = {each.table.name: each.table for each in read}
    findings = [found for each in read for found in _dangling(each, tables)]
    complete = [_complete(each, tables, findings) for each in read]
    return tuple(complete), tuple(findings)


def _complete(read: ModelTable, tables: Mapping[str, Table], findings: list[Finding]) -> Table:
    keys: list[ForeignKey] = []
    try:
        keys += [_resolved(each, tables) for each in read.references]
        return replace(read.table, foreign_keys=(*read.table.foreign_keys, *keys))
    except (ValueError, SchemaError) as error:
        text = f"{read.model.__name__} {error}"
        findings.append(Finding(place(read.model, "Meta"), text))
        return read.table


def _resolved(reference: Reference, tables: Mapping[str, Table]) -> ForeignKey:
    """Return a key in the words of the schema; :exc:`ValueError` if it refers to nothing."""
    shown = f"has a foreign key in SQL on {', '.join(reference.columns)}"
    folded = {name.casefold(): table for name, table in tables.items()}
    referred = tables.get(reference.table) or folded.get(reference.table.casefold())
    if referred is None:
        raise ValueError(f"{shown} to {reference.table}, which is not among the models")
    own = referred.primary_key.columns if referred.primary_key else ()
    columns = tuple(column_name(name, referred.column_names) for name in reference.referred) or own
    if not _is_key(referred, columns):
        raise ValueError(f"{shown} to {referred.name} ({', '.join(columns)}), which is not unique")
    return reference.key(referred.name, columns)


def _dangling(read: ModelTable, tables: Mapping[str, Table]) -> Iterator[Finding]:
    for field in read.model._meta.sorted_fields:
        key = read.table.find_foreign_key((field.column_name,))
        if isinstance(field, ForeignKeyField) and key is not None:
            yield from _dangling_key(read, field, key, tables.get(key.referred_table))


def _dangling_key(
    read: ModelTable, field: ForeignKeyField, key: ForeignKey, referred: Table | None
) -> Iterator[Finding]:
    other = f"{read.model.__name__}.{field.name} refers to {field.rel_model.__name__}"
    if referred is None:
        text = f"{other} ({field.rel_model.__module__}), which is not among the models"
        yield Finding(place(read.model, field.name), text)
    elif not _is_key(referred, key.referred_columns):
        text = f"{other}.{referred_field(field).name}, which is not unique"
        yield Finding(place(read.model, field.name), text)


def _is_key(table: Table, columns: tuple[str, ...]) -> bool:
    return any(sorted(key) == sorted(columns) for key in table.keys)
