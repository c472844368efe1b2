"""A picture of a schema as an ``erDiagram`` of Mermaid.

What its grammar cannot hold in a type or the name of a column becomes an underscore, and the words
themselves a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from peewee_mig.commands.drawing.diagram import SIGNS, Box, Diagram, Link, Row, Status

#: Status -> how its box is filled.
_COLORS: dict[Status, str] = {
    "added": "fill:#dafbe1,stroke:#1a7f37,color:#0b3d17",
    "removed": "fill:#ffebe9,stroke:#cf222e,color:#6e0b13",
    "changed": "fill:#fff8c5,stroke:#9a6700,color:#4d3300",
}


#: Words of the grammar in small letters; source: erDiagram.jison of Mermaid 11.
_RESERVED = frozenset(
    "class default direction end many one only optionally style subgraph title to zero".split()  # noqa: SIM905 (a list of words)
)


def er_diagram(diagram: Diagram) -> str:
    """Write a picture for Mermaid 11 and newer."""
    lines = ["erDiagram", *_lines(diagram)]
    return "\n".join([f"%% {_line(diagram.title)}", *lines])


def _lines(diagram: Diagram) -> Iterator[str]:
    ids = {box.name: _id(box.name, number) for number, box in enumerate(diagram.boxes, 1)}
    for box in diagram.boxes:
        yield from _box(box, ids[box.name])
    for link in diagram.links:
        yield f"  {ids[link.box]} {_ends(link)} {ids[link.referred]} : {_quoted(_label(link))}"
    for status, colors in _COLORS.items():
        members = [ids[box.name] for box in diagram.boxes if box.status == status]
        if members:
            yield f"  classDef {status} {colors}"
            yield f"  class {','.join(members)} {status}"
    yield from (f"  %% {_signed(_line(note.words), note.status)}" for note in diagram.beside)


def _box(box: Box, name: str) -> Iterator[str]:
    words = _signed(box.title, box.status) + (f", was {box.was}" if box.was else "")
    title = "" if words == name else f"[{_quoted(words)}]"
    rows = [] if box.folded else [*map(_row, box.rows)]
    if not box.folded and box.status:
        rows += [f'… … "{_text(_signed(note.words, note.status))}"' for note in box.notes]
    yield f"  {name}{title}" + (" {" if rows else "")
    yield from (f"    {row}" for row in rows)
    if rows:
        yield "  }"


def _id(name: str, number: int) -> str:
    """Return what lines say for a box: its name, where that is plain and means nothing else."""
    plain = re.fullmatch("[a-z][a-z0-9]+(_[a-z0-9]+)*", name) and name not in _RESERVED
    return name if plain else f"T{number}"


def _row(row: Row) -> str:
    type_, name = _word(str(row.column.type)), _word(row.column.name)
    marks = ", ".join(row.marks)
    return " ".join(filter(None, [type_, name, marks, _comment(row, type_, name)]))


def _comment(row: Row, type_: str, name: str) -> str:
    column = row.column
    words = [column.name] if name != column.name else []
    words += [str(column.type)] if type_ != str(column.type).replace(", ", ",") else []
    words += ["NULL"] if column.null and not row.words else []
    words += [row.words] if row.words else []
    text = _signed("; ".join(words), row.status).strip()
    return _quoted(text) if text else ""


def _label(link: Link) -> str:
    return _signed(link.label, link.status)


def _ends(link: Link) -> str:
    """Write what may be at each end: a crow's foot where many rows refer to one."""
    if link.key is None:
        return "}o..o{"
    many = "|o" if link.single else "}o"
    return f"{many}--{'o|' if link.optional else '||'}"


def _signed(words: str, status: Status) -> str:
    return f"{SIGNS[status]} {words}" if status else words


def _word(text: str) -> str:
    """Return a text as one word of the grammar."""
    word = re.sub(r"[^\w(),\[\]-]", "_", text.replace(", ", ","), flags=re.ASCII)
    return word if re.match("[A-Za-z_]", word) and word not in ("PK", "FK", "UK") else f"_{word}"


def _quoted(text: str) -> str:
    return f'"{_text(text)}"'


def _text(text: str) -> str:
    """Return a text that quotation marks can hold: what means something there is an entity."""
    return re.sub(r'[&<>"%#`\\]', lambda found: _ENTITIES[found[0]], _line(text))


def _line(text: str) -> str:
    return " ".join(text.split())


#: Mermaid reads HTML in its texts, and numbers of characters as ``#35;``.
_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "%": "&percnt;",
    "#": "&num;",
    "`": "&grave;",
    "\\": "&bsol;",
}
