"""Two schemas -> the picture of what becomes of one on the way to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from peewee_mig.commands.drawing.diagram import Box, Diagram, Link, Note, Row, Status
from peewee_mig.commands.drawing.of_schema import (
    Named,
    box_of,
    box_of_view,
    box_of_virtual,
    link_of,
    marks_of,
    part_words,
    stands_beside,
    type_words,
)
from peewee_mig.operations import parts
from peewee_mig.operations.describe import object_words
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import Operation
from peewee_mig.schema.compare import differences
from peewee_mig.schema.objects import Column, Index, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Standalone,
    View,
    VirtualTable,
    identity,
)
from peewee_mig.schema.words import column_words

#: Follows a name that belongs to something else by now.
_BEFORE = " (before)"


@dataclass(frozen=True, slots=True)
class _Former:
    """A schema in the names of a later one.

    ``tables`` and ``columns`` (table, column): the names that things really had, by those that
    they have here.
    """

    schema: Schema
    tables: Mapping[str, str]
    columns: Mapping[tuple[str, str], str]


def difference_diagram(
    before: Schema, after: Schema, title: str, operations: Iterable[Operation] = ()
) -> Diagram:
    """Return the picture of the difference between two schemas.

    ``operations``: those that lead from one to the other, if that is known: by them a thing that
    was renamed is told from one that went and one that came.
    """
    former = _in_names_of(before, after, operations)
    beside = tuple(_beside(former.schema, after))
    return Diagram(
        title,
        (*_tables(former, after), *_others(former.schema, after)),
        (*_keys(former.schema, after), *_reads(former.schema, after)),
        beside,
        tuple(each for each in after.objects if isinstance(each, EnumType)),
        compares=True,
    )


def _in_names_of(before: Schema, after: Schema, operations: Iterable[Operation]) -> _Former:
    names = Names()
    for operation in operations:
        names.follow(operation)
    olds = {table.name: names.table(table.name) for table in after}
    tables = _new_names(before.names, olds)
    columns: dict[tuple[str, str], str] = {}
    renamed = []
    for table in before:
        now = after.find_table(tables[table.name])
        own = {each: names.column(now.name, each) for each in now.column_names} if now else {}
        to = _new_names(table.column_names, own)
        columns |= {(tables[table.name], new): old for old, new in to.items()}
        renamed.append((parts.renamed_columns(table, to), to))
    every = {old.name: to for old, to in renamed}
    moved = (_moved(table, tables, every, after) for table, _ in renamed)
    schema = Schema.of(moved, (_followed(each, tables) for each in before.objects))
    return _Former(schema, {new: old for old, new in tables.items()}, columns)


def _new_names(before: Iterable[str], olds: Mapping[str, str | None]) -> dict[str, str]:
    """Return what each name before is called after; ``olds``: the other way round."""
    known = set(before)
    found = {old: new for new, old in olds.items() if old in known}
    for new, old in olds.items():
        if old is None and new in known and new not in found:
            found[new] = new  # it went and came
    return {name: found.get(name, name + _BEFORE * (name in olds)) for name in sorted(known)}


def _moved(
    table: Table,
    tables: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
    after: Schema,
) -> Table:
    """Return a table under its new name, with its keys to others, and what is equivalent now."""
    now = after.find_table(tables[table.name])
    later = now.indexes if now else ()
    return replace(
        table,
        name=tables[table.name],
        indexes=tuple(_as_later(each, later) for each in table.indexes),
        foreign_keys=tuple(
            replace(
                key,
                referred_table=tables.get(key.referred_table, key.referred_table),
                referred_columns=parts.renamed(
                    key.referred_columns, columns.get(key.referred_table, {})
                ),
            )
            for key in table.foreign_keys
        ),
    )


def _followed(thing: Standalone, tables: Mapping[str, str]) -> Standalone:
    """Return an object beside the tables; a trigger goes along with its table."""
    if isinstance(thing, RawObject):
        return replace(thing, table=tables.get(thing.table, thing.table))
    return thing


def _as_later(index: Index, later: Iterable[Index]) -> Index:
    """Return an index as a later one that differs in nothing that somebody chose."""
    return next((each for each in later if index.equivalent(each)), index)


def _tables(former: _Former, after: Schema) -> Iterator[Box]:
    for name in sorted(former.schema.names | after.names):
        old, new = former.schema.find_table(name), after.find_table(name)
        if new is None and old is not None:
            yield _with_status(box_of(old), "removed")
        elif old is None and new is not None:
            yield _with_status(box_of(new), "added")
        elif old is not None and new is not None:
            yield _changed(old, new, former)


def _with_status(box: Box, status: Status) -> Box:
    return replace(box, status=status)


def _changed(old: Table, new: Table, former: _Former) -> Box:
    was = former.tables[new.name]
    rows = tuple(_rows(old, new, former))
    notes = tuple(_part_notes(old, new))
    kept = [note for note in box_of(new).notes if note in box_of(old).notes]
    box = replace(box_of(new), rows=rows, notes=(*kept, *notes))
    box = replace(box, was=was if was != new.name else "")
    keys = {*old.foreign_keys} != {*new.foreign_keys}
    return _with_status(box, "changed" if box.was or keys or box.is_changed else "")


def _rows(old: Table, new: Table, former: _Former) -> Iterator[Row]:
    """Yield the columns in their new order, each that went after the one before it."""
    gone = [column for column in old.columns if new.find_column(column.name) is None]
    follows = {column.name: place for place, column in enumerate(old.columns)}
    waiting = {column.name: column for column in gone}
    for column in new.columns:
        yield _row(old.find_column(column.name), column, new, former)
        after = follows.get(column.name)
        while after is not None and after + 1 < len(old.columns):
            after += 1
            following = old.columns[after]
            if waiting.pop(following.name, None) is None:
                break
            yield Row(following, marks_of(old, following.name), "removed")
    for column in waiting.values():
        yield Row(column, marks_of(old, column.name), "removed")


def _row(old: Column | None, new: Column, table: Table, former: _Former) -> Row:
    marks = marks_of(table, new.name)
    if old is None:
        return Row(new, marks, "added")
    name = former.columns[table.name, new.name]
    if name == new.name and old == new:
        return Row(new, marks)
    return Row(new, marks, "changed", ", ".join(_words(old, new, name)))


def _words(old: Column, new: Column, name: str) -> Iterator[str]:
    yield type_words(new) if old == new else column_words(new)
    if name != new.name:
        yield f"was {name}"
    if old != new:
        yield f"was {column_words(old)}"


def _part_notes(old: Table, new: Table) -> Iterator[Note]:
    for each in differences(Schema((old,)), Schema((new,))):
        part = each.expected if each.found is None else each.found
        if isinstance(part, Named):
            one_side: Status = "added" if each.expected is None else "removed"
            both = None not in (each.expected, each.found)
            yield Note(part_words(part), "changed" if both else one_side)


def _keys(before: Schema, after: Schema) -> Iterator[Link]:
    old, new = _links(before), _links(after)
    for place in sorted(old.keys() | new.keys()):
        was, now = old.get(place), new.get(place)
        if was is None and now is not None:
            yield replace(now, status="added")
        elif now is None and was is not None:
            yield replace(was, status="removed")
        elif was is not None and now is not None:
            if was.key == now.key:
                yield now
            elif was.referred == now.referred:
                yield replace(now, status="changed")
            else:
                yield replace(was, status="removed")
                yield replace(now, status="added")


def _links(schema: Schema) -> dict[tuple[str, tuple[str, ...]], Link]:
    return {
        (table.name, key.columns): link_of(table, key)
        for table in schema
        for key in table.foreign_keys
        if key.referred_table in schema
    }


def _others(before: Schema, after: Schema) -> Iterator[Box]:
    """Yield the boxes of views and virtual tables."""
    for status, thing in _objects(before, after):
        match thing:
            case View():
                yield _with_status(box_of_view(thing), status)
            case VirtualTable():
                yield _with_status(box_of_virtual(thing), status)
            case _:
                continue


def _reads(before: Schema, after: Schema) -> Iterator[Link]:
    """Yield what views read of what has a box."""
    every = [*before.objects, *after.objects]
    names = {each.name for each in every if isinstance(each, View | VirtualTable)}
    names |= before.names | after.names
    for status, thing in _objects(before, after):
        if isinstance(thing, View):
            kept: Status = "" if status == "changed" else status
            yield from (Link(thing.name, e, status=kept) for e in thing.needs if e in names)


def _beside(before: Schema, after: Schema) -> Iterator[Note]:
    for status, thing in _objects(before, after):
        if stands_beside(thing):
            yield Note(object_words("", thing), status)


def _objects(before: Schema, after: Schema) -> Iterator[tuple[Status, Standalone]]:
    """Yield what stands beside the tables, of either schema, the later one first."""
    old = {identity(each): each for each in before.objects}
    new = {identity(each): each for each in after.objects}
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield "added", new[key]
        elif key not in new:
            yield "removed", old[key]
        else:
            yield "" if old[key] == new[key] else "changed", new[key]
