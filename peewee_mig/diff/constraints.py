"""Checks, exclusions and unique constraints: which are dropped, which are added. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from peewee_mig.diff import indexes
from peewee_mig.diff.taken import Taken, folded, taken_by
from peewee_mig.operations import parts
from peewee_mig.operations.verbs import Add, Alter, Drop, Rename
from peewee_mig.schema.names import bare, qualified, schema_of
from peewee_mig.schema.objects import ForeignKey, Table, Unique
from peewee_mig.schema.schema import Schema

#: Gives, for a table by its new name, the function from old to new names of its columns.
Namers = Callable[[str], Callable[[str], str]]

#: Tells, for a table by its old name and unique columns of it, whether others need them.
IsNeeded = Callable[[str, tuple[str, ...]], bool]


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


def dropped_uniques(
    before: Schema, kept: Mapping[str, Table], namers: Namers, taken: Taken, is_needed: IsNeeded
) -> Iterator[Drop]:
    """Yield, under the old names, the unique constraints that go, but for what is needed.

    A constraint cannot be renamed everywhere. So one whose name something else gets goes in any
    case; a foreign key that needs it waits until another takes over.
    """
    for old_name, new in kept.items():
        namer = namers(new.name)
        for unique in before.table(old_name).uniques:
            stays = replace(unique, columns=tuple(map(namer, unique.columns))) in new.uniques
            if stays:
                continue
            if taken.is_wanted(unique.name, old_name, new.name):
                yield from _freed(before, old_name, unique)
            elif not is_needed(old_name, unique.columns):
                yield Drop(old_name, unique)


def nameless_keys(before: Schema, kept: Mapping[str, Table], taken: Taken) -> Iterator[Alter]:
    """Yield, under the old names, how primary keys lose the names that something else gets."""
    for old_name, new in kept.items():
        key = before.table(old_name).primary_key
        if key is None or (new.primary_key and new.primary_key.name == key.name):
            continue
        if taken.is_wanted(key.name, old_name, new.name):
            yield Alter(old_name, key, replace(key, name=None))


def making_way(present: Schema, rename: Rename) -> Iterator[Drop | Rename]:
    """Yield what makes way for a table that gets another name, or moves with its parts.

    It comes back later, if it stays.
    """
    names = {rename.new}
    if schema_of(rename.old) != schema_of(rename.new):
        parts_of = taken_by(present.table(rename.old))
        names |= {qualified(schema_of(rename.new), bare(name)) for name in parts_of}
    taken = folded(names)
    for table in present:
        place = schema_of(table.name)
        for index in table.indexes:
            if qualified(place, index.name).lower() in taken:
                yield indexes.making_way(table.name, index)
        for unique in table.uniques:
            if unique.name and qualified(place, unique.name).lower() in taken:
                yield from _freed(present, table.name, unique)


def _freed(present: Schema, table: str, unique: Unique) -> Iterator[Drop]:
    """Yield the drop of a unique constraint, after that of the foreign keys that need it."""
    yield from (Drop(child, key) for child, key in _waiting(present, table, unique))
    yield Drop(table, unique)


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
