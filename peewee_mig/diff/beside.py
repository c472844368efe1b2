"""What stands beside the tables: which objects go before them, which come after. Pure.

A view is made anew where a table or view that it reads changes under it. Sequences, types,
extensions, and functions that need no table come before the tables; views, triggers and
functions that need some come after them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from peewee_mig.operations.verbs import Add, Alter, Drop, Operation
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Standalone,
    View,
    VirtualTable,
    kind_of,
)

#: Which kinds go before which, where nothing else orders them.
_RANK = {
    "extension": 0,
    "enum": 1,
    "sequence": 2,
    "virtual_table": 3,
    "function": 4,
    "object": 4,
    "view": 5,
    "trigger": 6,
}


@dataclass(frozen=True, slots=True)
class Beside:
    """The operations on objects beside the tables, by their place among the others."""

    #: Before anything: what reads, or hangs on, tables that change or go.
    first: tuple[Operation, ...]
    #: Before tables and columns are made: what they need.
    early: tuple[Operation, ...]
    #: After the tables are made: what reads them.
    late: tuple[Operation, ...]
    #: At last: what nothing needs any more.
    last: tuple[Drop, ...]


def beside(
    before: Schema, after: Schema, *, touched: Collection[str], kept: Mapping[str, str]
) -> Beside:
    """Return the operations that lead from the objects of one schema to those of the other.

    ``touched``: the tables of ``before`` that a view must not read while they change;
    ``kept``: old name -> new name of each table that stays.
    """
    doomed = before.names - kept.keys()
    renewed = {each.name for each in _renewed(before, after, touched)}
    gone = [
        each
        for each in before.objects
        if _goes(each, after.find_object(_moved(each, kept)), renewed, doomed)
    ]
    staying = [each for each in before.objects if each not in gone]
    following = Schema((), tuple(_moved(each, kept) for each in staying))
    added = [each for each in after.objects if following.find_object(each) is None]
    changed = [
        Alter(new.name, old, new)
        for new in after.objects
        if isinstance(new, EnumType | RawObject)
        and isinstance(old := following.find_object(new), EnumType | RawObject)
        and old != new
    ]
    first = [each for each in gone if isinstance(each, View | VirtualTable) or _hangs(each)]
    last = [each for each in gone if each not in first]
    return Beside(
        first=tuple(Drop(each.name, each) for each in reversed(in_order(first))),
        early=(
            *(each for each in changed if _is_early(each.new)),
            *(Add(each.name, each) for each in in_order(added) if _is_early(each)),
        ),
        late=(
            *(each for each in changed if not _is_early(each.new)),
            *(Add(each.name, each) for each in in_order(added) if not _is_early(each)),
        ),
        last=tuple(Drop(each.name, each) for each in reversed(in_order(last))),
    )


def in_order(things: Iterable[Standalone]) -> list[Standalone]:
    """Sort objects so that each follows those that it needs."""
    waiting = sorted(things, key=lambda each: (_RANK[kind_of(each)], each.name))
    order: list[Standalone] = []
    while waiting:
        names = {each.name for each in waiting}
        free = next((e for e in waiting if not _needs(e) & (names - {e.name})), waiting[0])
        waiting.remove(free)
        order.append(free)
    return order


def _needs(thing: Standalone) -> set[str]:
    return set(thing.needs) if isinstance(thing, View | RawObject) else set()


def _hangs(thing: object) -> bool:
    """Whether an object hangs on tables, so that it goes before them."""
    return isinstance(thing, RawObject) and bool(thing.table or thing.needs)


def _is_early(thing: object) -> bool:
    return not (isinstance(thing, View) or _hangs(thing))


def _renewed(before: Schema, after: Schema, touched: Collection[str]) -> Iterator[View]:
    """Yield the views that cannot stay as they are while the tables change."""
    views = [each for each in before.objects if isinstance(each, View)]
    moving = set(touched)
    while True:
        found = [
            each
            for each in views
            if each.name not in moving and (moving & set(each.needs) or _is_changed(each, after))
        ]
        if not found:
            return
        moving |= {each.name for each in found}
        yield from found


def _is_changed(view: View, after: Schema) -> bool:
    return after.find_object(view) != view


def _goes(
    thing: Standalone, new: Standalone | None, renewed: set[str], doomed: Collection[str]
) -> bool:
    """Whether an object is dropped, be it to be made anew."""
    match thing:
        case View():
            return thing.name in renewed
        case RawObject() if thing.table in doomed:
            return True
        case VirtualTable():
            return new != thing
        case _:
            return new is None


def _moved(thing: Standalone, kept: Mapping[str, str]) -> Standalone:
    """Return an object as it is once the tables have their new names: triggers go along."""
    if isinstance(thing, RawObject) and thing.table:
        return RawObject(
            thing.kind,
            thing.name,
            thing.create,
            thing.drop,
            kept.get(thing.table, thing.table),
            thing.needs,
        )
    return thing
