"""A schema -> the picture of it."""

from __future__ import annotations

from collections.abc import Iterator

from peewee_mig.commands.drawing.diagram import Box, Diagram, Link, Mark, Note, Row
from peewee_mig.operations.describe import object_words
from peewee_mig.schema.objects import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, Standalone, View, VirtualTable
from peewee_mig.schema.words import index_words, options_words, primary_key_words, unique_words

#: The parts of a table that a box only names.
Named = PrimaryKey | Index | Check | Unique | Exclusion | Options


def diagram(schema: Schema, title: str) -> Diagram:
    """Return the picture of a schema; ``title``: what it is the schema of."""
    tables = (box_of(table) for table in schema)
    virtual = (box_of_virtual(each) for each in schema.virtual_tables)
    views = [each for each in schema.objects if isinstance(each, View)]
    boxes = (*tables, *virtual, *map(box_of_view, views))
    names = {box.name for box in boxes}
    keys = (link_of(table, key) for table in schema for key in table.foreign_keys)
    reads = (Link(view.name, need) for view in views for need in view.needs)
    return Diagram(
        title,
        boxes,
        tuple(link for link in (*keys, *reads) if link.referred in names),
        tuple(Note(object_words("", each)) for each in schema.objects if stands_beside(each)),
        tuple(each for each in schema.objects if isinstance(each, EnumType)),
    )


def box_of(table: Table) -> Box:
    """Return the box of a table: its columns, and what is unique over several."""
    rows = tuple(Row(column, marks_of(table, column.name)) for column in table.columns)
    return Box(table.name, "", rows, tuple(map(Note, _several(table))), table)


def box_of_virtual(table: VirtualTable) -> Box:
    """Return the box of a virtual table, of whose columns only those of a text are known."""
    return Box(table.name, f"virtual table, {table.module}", notes=_texts(table))


def _texts(table: VirtualTable) -> tuple[Note, ...]:
    return tuple(map(Note, table.text_columns))


def box_of_view(view: View) -> Box:
    """Return the box of a view."""
    return Box(view.name, "materialized view" if view.materialized else "view")


def stands_beside(thing: Standalone) -> bool:
    """Whether an object beside the tables has no box."""
    return not isinstance(thing, View | VirtualTable)


def link_of(table: Table, key: ForeignKey) -> Link:
    """Return the line of a foreign key."""
    optional = any(table.column(name).null for name in key.columns)
    columns = frozenset(key.columns)
    single = any(columns >= frozenset(each) for each in table.keys)
    return Link(table.name, key.referred_table, key, optional=optional, single=single)


def marks_of(table: Table, column: str) -> tuple[Mark, ...]:
    """Return what a column is a key of."""
    return tuple(_marks(table, column))


def _marks(table: Table, column: str) -> Iterator[Mark]:
    if table.primary_key is not None and column in table.primary_key.columns:
        yield "PK"
    if any(column in key.columns for key in table.foreign_keys):
        yield "FK"
    primary = table.primary_key.columns if table.primary_key else ()
    if (column,) in table.keys and primary != (column,):
        yield "UK"


def _several(table: Table) -> Iterator[str]:
    """Say what is unique over several columns."""
    primary = table.primary_key.columns if table.primary_key else ()
    for columns in sorted(table.keys):
        if len(columns) > 1 and columns != primary:
            yield f"unique ({', '.join(columns)})"


def part_words(part: Named) -> str:
    """Say what a part of a table is, besides its columns and foreign keys."""
    match part:
        case PrimaryKey():
            return f"primary key {primary_key_words(part)}"
        case Index():
            return f"{'unique ' if part.unique else ''}index {part.name} {index_words(part)}"
        case Unique():
            return f"unique {unique_words(part)}"
        case Check():
            return f"check {part.name or ''} ({part.expression})".replace("  ", " ")
        case Exclusion():
            return f"exclude {part.name or ''} {part.expression}".replace("  ", " ")
        case Options():
            return f"options {options_words(part)}"


def type_words(column: Column) -> str:
    """Say the type of a column, and that it takes NULL."""
    return f"{column.type} NULL" if column.null else str(column.type)
