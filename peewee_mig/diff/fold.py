"""Folds operations: the same schema, the same rows, in as few operations as it takes.

What changes rows by itself (the user's SQL, a copy, values by an expression) stays where it is;
what has nothing to do with it, by what the user says that it touches, goes before it.
Each stretch between two of these is a change from one schema to another: it is planned anew by
``diff``, which is told the renames and the values for existing rows. The result counts only
if it is proved: its replay ends in the same schema, and each column of each table that was there
before has the same fate. A stretch of which that cannot be proved is folded in halves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from peewee_mig.diff.differ import diff
from peewee_mig.diff.hops import earlier
from peewee_mig.diff.renames import Renames
from peewee_mig.errors import SchemaError
from peewee_mig.operations.fates import Fates, fates, follow, start
from peewee_mig.operations.replay import apply, replay
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Change,
    ChangeRows,
    Copy,
    Drop,
    Fill,
    Operation,
    Rename,
    is_elidable,
)
from peewee_mig.schema.objects import Index
from peewee_mig.schema.schema import Schema


def fold(operations: Iterable[Operation], before: Schema) -> tuple[Operation, ...]:
    """Return operations of the same effect on a schema and its rows; they fit it.

    Operations that are marked as elidable are left out.
    """
    folded = tuple(each for each in operations if not is_elidable(each))
    # Each time there are fewer, or one of them stands further in front.
    while (again := tuple(_folded(earlier(folded), before))) != folded:
        folded = again
    return folded


def _folded(operations: Iterable[Operation], before: Schema) -> Iterator[Operation]:
    """Fold each stretch between two operations that stay as they are."""
    schema, known = before, start(before)
    first, stretch = schema, list[Operation]()
    for each in operations:
        if not _has_effect(each, known):
            continue
        schema_before, schema, known = schema, apply(each, schema), follow(known, each)
        if not _stays(each, known):
            stretch.append(each)
            continue
        yield from _stretch(stretch, first, schema_before)
        yield each
        first, stretch, known = schema, [], start(schema)
    yield from _stretch(stretch, first, schema)


def _has_effect(operation: Operation, known: Fates) -> bool:
    """Whether there can be rows that it changes, if rows are all that it changes."""
    return not isinstance(operation, Copy) or operation.table in known


def _stays(operation: Operation, known: Fates) -> bool:
    """Whether an operation changes rows, or a database, in a way that no two schemas tell."""
    match operation:
        case Alter():
            return bool(operation.using) and operation.table in known
        case Rename():
            return operation.kind in ("value", "virtual_table")
        case ChangeRows():
            return operation.table in known  # else the table is made with these rows
        case _:
            return not isinstance(operation, Change)


def _stretch(
    operations: Sequence[Operation], before: Schema, after: Schema
) -> tuple[Operation, ...]:
    """Fold what no other operation stands between, or each half of it."""
    several = len(operations) > 1
    planned = _planned(operations, before, after) if several or before == after else None
    if planned is not None or not several:
        return tuple(operations) if planned is None else planned
    half = len(operations) // 2
    between = replay(operations[:half], before)
    return (
        *_stretch(operations[:half], before, between),
        *_stretch(operations[half:], between, after),
    )


def _planned(
    operations: Sequence[Operation], before: Schema, after: Schema
) -> tuple[Operation, ...] | None:
    """Plan a stretch anew; ``None``: it takes as many operations, or leaves something else."""
    meant = fates(operations, before)
    try:
        found = diff(before, after, _renames(meant), _fills(meant))
        found = (*found, *_names_of_indexes(replay(found, before), after))
        proved = replay(found, before) == after and fates(found, before) == meant
    except SchemaError:
        return None
    return found if proved and len(found) < len(operations) else None


def _renames(meant: Fates) -> Renames:
    """Return the answers: what was called otherwise before."""
    return Renames(
        {each.origin: name for name, each in meant.items() if each.origin != name},
        {
            (table, fate.origin): name
            for table, each in meant.items()
            for name, fate in each.columns.items()
            if fate.origin is not None and fate.origin != name
        },
    )


def _fills(meant: Fates) -> dict[tuple[str, str], Fill]:
    return {
        (table, name): fate.fill
        for table, each in meant.items()
        for name, fate in each.columns.items()
        if fate.fill is not None
    }


def _names_of_indexes(made: Schema, after: Schema) -> Iterator[Operation]:
    """Yield what gives indexes the very names that they had; a diff minds only chosen ones."""
    for table in after:
        present = made.find_table(table.name)
        if present is not None and present != table:
            yield from _exchanged(table.name, present.indexes, table.indexes)


def _exchanged(
    table: str, there: Collection[Index], wanted: Collection[Index]
) -> Iterator[Operation]:
    gone = [each for each in there if each not in wanted]
    for index in (each for each in wanted if each not in there):
        same = [each for each in gone if replace(each, name=index.name) == index]
        if same:
            gone.remove(same[0])
            yield Rename("index", table, same[0].name, index.name)
        else:
            yield Add(table, index)
    yield from (Drop(table, each) for each in gone)
