"""A picture of a schema in DBML (https://dbml.dbdiagram.io/docs).

What the language has no words for (checks, conditions, views) stands in notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from peewee_mig.commands.drawing.diagram import SIGNS, Box, Diagram, Link, Row, Status
from peewee_mig.commands.drawing.of_schema import part_words
from peewee_mig.schema.names import split
from peewee_mig.schema.objects import Column, Index, Table, Unique
from peewee_mig.schema.standalone import EnumType

#: Status -> the colour of the head of a table.
_COLORS: dict[Status, str] = {"added": "#1a7f37", "removed": "#cf222e", "changed": "#9a6700"}

#: What a name or a text cannot hold as it is.
_TEXT = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": " ", "\r": " "})


def dbml(diagram: Diagram) -> str:
    """Write a picture in DBML."""
    return "\n\n".join("\n".join(block) for block in _blocks(diagram))


def _blocks(diagram: Diagram) -> Iterator[Iterable[str]]:
    yield [f"// {_line(diagram.title)}"]
    for enum in diagram.enums:
        yield _enum(enum)
    for box in diagram.boxes:
        if box.table is not None or not box.kind:
            yield _table(box)
    links = [_ref(link) for link in diagram.links if link.key is not None]
    if links:
        yield links
    others = [box for box in diagram.boxes if box.kind]
    beside = [_signed(box.title, box.status) for box in others]
    beside += [_signed(note.words, note.status) for note in diagram.beside]
    if beside:
        yield [f"// {_line(words)}" for words in beside]


def _enum(enum: EnumType) -> Iterator[str]:
    yield f"Enum {_table_name(enum.name)} {{"
    yield from (f"  {_name(value)}" for value in enum.values)
    yield "}"


def _table(box: Box) -> Iterator[str]:
    color = f" [headercolor: {_COLORS[box.status]}]" if box.status else ""
    yield f"Table {_table_name(box.name)}{color} {{"
    yield from (f"  {_column(row, box)}" for row in box.rows)
    if box.table is not None:
        indexes = list(_indexes(box.table))
        if indexes:
            yield from ("", "  indexes {", *(f"    {each}" for each in indexes), "  }")
    note = "; ".join(_table_notes(box))
    if note:
        yield from ("", f"  Note: {_text(note)}")
    yield "}"


def _table_notes(box: Box) -> Iterator[str]:
    if box.status:
        yield box.status + (f", was {box.was}" if box.was else "")
        yield from (_signed(note.words, note.status) for note in box.notes if note.status)
    if box.table is not None:
        yield from filter(None, [box.table.options.comment or ""])
        yield from map(part_words, box.table.checks)
        yield from map(part_words, box.table.exclusions)


def _column(row: Row, box: Box) -> str:
    column = row.column
    settings = list(_settings(row, box))
    ending = f" [{', '.join(settings)}]" if settings else ""
    return f"{_name(column.name)} {_type(column)}{ending}"


def _settings(row: Row, box: Box) -> Iterator[str]:
    column, table = row.column, box.table
    primary = table.primary_key.columns if table and table.primary_key else ()
    if primary == (column.name,):
        yield "pk"
    if column.type.auto:
        yield "increment"
    if not column.null:
        yield "not null"
    if table is not None and table.find_unique((column.name,)):
        yield "unique"
    if column.default is not None:
        yield f"default: {_expression(str(column.default))}"
    note = "; ".join(_column_notes(row))
    if note:
        yield f"note: {_text(note)}"


def _column_notes(row: Row) -> Iterator[str]:
    if row.status:
        yield row.words or row.status
    if row.column.computed is not None:
        yield f"computed: {row.column.computed.expression}"
    if row.column.comment is not None:
        yield row.column.comment


def _indexes(table: Table) -> Iterator[str]:
    if table.primary_key is not None and len(table.primary_key.columns) > 1:
        yield f"({', '.join(map(_name, table.primary_key.columns))}) [pk]"
    for index in sorted(table.indexes, key=lambda each: each.name):
        yield _index(index)
    for unique in table.uniques:
        if len(unique.columns) > 1:
            yield f"{_columns(unique.columns)} [{', '.join(_unique_settings(unique))}]"


def _index(index: Index) -> str:
    over = [_expression(str(part)) for part in index.parts] or [*map(_name, index.columns)]
    settings = [f"name: {_text(index.name)}"] + ["unique"] * index.unique
    settings += [f"note: {_text(f'WHERE {index.where}')}"] if index.where else []
    return f"({', '.join(over)}) [{', '.join(settings)}]"


def _unique_settings(unique: Unique) -> Iterator[str]:
    yield "unique"
    if unique.name:
        yield f"name: {_text(unique.name)}"


def _ref(link: Link) -> str:
    key = link.key
    assert key is not None  # noqa: S101 (the caller asked)
    settings = [
        f"{word}: {action.lower()}"
        for word, action in (("delete", key.on_delete), ("update", key.on_update))
        if action
    ]
    settings += [f"color: {_COLORS[link.status]}"] if link.status else []
    ending = f" [{', '.join(settings)}]" if settings else ""
    sign = "-" if link.single else ">"
    one = f"{_table_name(link.box)}.{_columns(key.columns)}"
    other = f"{_table_name(link.referred)}.{_columns(key.referred_columns)}"
    spelled = f"Ref: {one} {sign} {other}{ending}"
    return spelled if one != other else f"// {spelled}"  # a column that refers to itself


def _columns(names: Iterable[str]) -> str:
    listed = [*map(_name, names)]
    return listed[0] if len(listed) == 1 else f"({', '.join(listed)})"


def _type(column: Column) -> str:
    words = str(column.type)
    return words if re.fullmatch(r"[A-Za-z_]\w*(\([0-9, ]+\))?", words, re.ASCII) else _name(words)


def _table_name(name: str) -> str:
    schema, own = split(name)
    return _name(own) if schema is None else f"{_name(schema)}.{_name(own)}"


def _name(text: str) -> str:
    """Put a name into quotation marks, which the language has no way to hold."""
    return '"' + _line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(text: str) -> str:
    return f"'{text.translate(_TEXT)}'"


def _expression(text: str) -> str:
    return "`" + _line(text).replace("`", "'") + "`"


def _signed(words: str, status: Status) -> str:
    return f"{SIGNS[status]} {words}" if status else words


def _line(text: str) -> str:
    return " ".join(text.split())
