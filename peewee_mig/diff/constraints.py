"""Checks, exclusions and unique constraints: which are dropped, which are added. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from peewee_mig.operations import parts
from peewee_mig.operations.verbs import Add, Drop
from peewee_mig.schema.objects import ForeignKey, Table, Unique
from peewee_mig.schema.schema import Schema

#: Gives, for a table by its new name, the function from old to new names of its columns.
Namers = Callable[[str], Callable[[str], str]]


def dropped(before: Schema, kept: Mapping[str, Table], namers: Namers) -> Iterator[Drop]:
    """Yield, under the old names, the checks and exclusions that tables lose.

    ``kept``: old name -> new table.
    """
    for old_name, new in kept.items():
        old, namer = before.table(old_name), namers(new.name)
        moved = parts.renamed_columns(old, {name: namer(name) for name in old.column_names})
        for check, new_check in zip(old.checks, moved.checks, strict=True):
            if new_check not in new.checks:
                yield Drop(old_name, check)
        for exclusion, new_exclusion in zip(old.exclusions, moved.exclusions, strict=True):
            if new_exclusion not in new.exclusions:
                yield Drop(old_name, exclusion)


def dropped_uniques(before: Schema, kept: Mapping[str, Table], namers: Namers) -> Iterator[Drop]:
    """Yield, under the old names, the unique constraints that go, but for what keys need."""
    for old_name, new in kept.items():
        namer = namers(new.name)
        needed = {key.referred_columns for _, key in before.referring(old_name)}
        for unique in before.table(old_name).uniques:
            moved = replace(unique, columns=tuple(map(namer, unique.columns)))
            if moved not in new.uniques and unique.columns not in needed:
                yield Drop(old_name, unique)


def exchanged_uniques(present: Schema, tables: Iterable[Table]) -> Iterator[Add | Drop]:
    """Yield the unique constraints that tables get, each after one on the same columns.

    A foreign key that needs them waits meanwhile.
    """
    for table in tables:
        for unique in table.uniques:
            found = present.table(table.name).find_unique(unique.columns)
            if found == unique:
                continue
            keys = _waiting(present, table.name, found)
            yield from (Drop(child, key) for child, key in keys)
            if found is not None:
                yield Drop(table.name, found)
            yield Add(table.name, unique)
            yield from (Add(child, key) for child, key in keys)


def _waiting(present: Schema, name: str, gone: Unique | None) -> list[tuple[str, ForeignKey]]:
    """Return the foreign keys, with their tables, that need a constraint that goes."""
    table = present.table(name)
    left = replace(table, uniques=tuple(each for each in table.uniques if each != gone))
    return [
        (child.name, key)
        for child, key in present.referring(name)
        if gone and key.referred_columns == gone.columns and gone.columns not in left.keys
    ]


def added(present: Schema, tables: Iterable[Table]) -> Iterator[Add]:
    """Yield the checks and exclusions that tables get."""
    for table in tables:
        found = present.table(table.name)
        yield from (Add(table.name, each) for each in table.checks if each not in found.checks)
        for exclusion in table.exclusions:
            if exclusion not in found.exclusions:
                yield Add(table.name, exclusion)
