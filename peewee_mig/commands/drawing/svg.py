"""A picture of a schema as SVG: one file, without fonts or scripts, in light or dark."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

from peewee_mig.commands.drawing.diagram import SIGNS, Box, Diagram, Link, Note, Row, Status
from peewee_mig.commands.drawing.of_schema import type_words
from peewee_mig.commands.drawing.placing import Item, Placed, Point, place
from peewee_mig.commands.drawing.wiring import UNIT, Wire

#: Pixels: of a character, as wide as in any usual font of one width; the head of a box; beside
#: the words in it; around the whole; of the round corners of a line; of the sign at its end.
_CHAR, _HEAD, _PADDING, _EDGE, _ROUND, _FOOT = 7.3, 30, 10, 24, 5, 11

#: The most characters of words in a box that are no name.
_MOST = 80

_STYLE = """\
  text { font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; }
  .title { font-size: 15px; font-weight: bold; }
  .name { font-weight: bold; }
  .mark, .type, .note, .legend { fill: #59636e; }
  .page { fill: #ffffff; }
  .box { fill: #ffffff; stroke: #8c959f; }
  .head { fill: #eaeef2; }
  .line { fill: none; stroke: #59636e; stroke-width: 1.2; }
  .reads .line { stroke-dasharray: 5 4; }
  .link:hover .line { stroke-width: 3; }
  .added .head { fill: #aceebb; } .added .box { stroke: #1a7f37; }
  .removed .head { fill: #ffcecb; } .removed .box { stroke: #cf222e; stroke-dasharray: 5 4; }
  .changed .head { fill: #fae17d; } .changed .box { stroke: #9a6700; }
  .link.added .line { stroke: #1a7f37; stroke-width: 2; }
  .link.removed .line { stroke: #cf222e; stroke-width: 2; stroke-dasharray: 5 4; }
  .link.changed .line { stroke: #9a6700; stroke-width: 2; }
  .link .line.end { stroke-dasharray: none; }
  .row.added { fill: #dafbe1; } .row.removed { fill: #ffebe9; } .row.changed { fill: #fff8c5; }
  .gone { text-decoration: line-through; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .mark, .type, .note, .legend { fill: #9198a1; }
    .page, .box { fill: #0d1117; }
    .box { stroke: #656c76; } .head { fill: #262c36; }
    .line { stroke: #9198a1; }
    .added .head { fill: #1b4b2a; } .removed .head { fill: #67191e; }
    .changed .head { fill: #5c4305; }
    .row.added { fill: #12261e; } .row.removed { fill: #301b1f; } .row.changed { fill: #2b2410; }
  }
"""


def svg(diagram: Diagram) -> str:
    """Write a picture as SVG."""
    boxes = {box.name: box for box in diagram.boxes}
    placed = place(
        [Item(box.name, _width(box), _height(box)) for box in diagram.boxes],
        [_wire(link, boxes) for link in diagram.links],
    )
    below = _below(diagram)
    top = _EDGE + 2 * UNIT
    widest = max(
        [placed.width, *(_pixels(note.words) for note in below), _pixels(diagram.title) + 60]
    )
    width = widest + 2 * _EDGE
    height = top + placed.height + _EDGE + UNIT * len(below)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{_escaped(diagram.title)}</title>",
            f"<style>\n{_STYLE}</style>",
            f'<rect class="page" width="{width}" height="{height}"/>',
            _text(_EDGE, _EDGE + 14, diagram.title, "title"),
            f'<g transform="translate({_EDGE} {top})">',
            *_links(diagram.links, placed),
            *(line for box in diagram.boxes for line in _box(box, placed.corners[box.name])),
            "</g>",
            *(
                _text(_EDGE, top + placed.height + _EDGE + UNIT * number, note.words, "legend")
                for number, note in enumerate(below)
            ),
            "</svg>",
        ]
    )


def _below(diagram: Diagram) -> list[Note]:
    """Return the lines of words under the picture."""
    legend = [Note("+ added   - removed   ~ changed")] if diagram.compares else []
    return [*legend, *(Note(_signed(note.words, note.status)) for note in diagram.beside)]


def _height(box: Box) -> int:
    if box.folded or not (box.rows or box.notes):
        return 2 * UNIT
    return 2 * UNIT + UNIT * (len(box.rows) + len(box.notes))


def _width(box: Box) -> int:
    lines = [_head_words(box)]
    if not box.folded:
        marks = _marks_width(box)
        lines += [" " * marks + row.column.name + "  " + _type_words(row) for row in box.rows]
        lines += [_note_words(note) for note in box.notes]
    return max(6 * UNIT, *(_pixels(line) + 2 * _PADDING for line in lines))


def _pixels(text: str) -> int:
    cells = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    return round(cells * _CHAR)


def _marks_width(box: Box) -> int:
    """Return how many characters stand before the names of columns."""
    widest = max((len(" ".join(row.marks)) for row in box.rows), default=0)
    signs = 2 * any(row.status for row in box.rows)
    return signs + (widest + 1 if widest else 0)


def _wire(link: Link, boxes: dict[str, Box]) -> Wire:
    box, referred = boxes[link.box], boxes[link.referred]
    own = link.key.columns[0] if link.key else ""
    other = link.key.referred_columns[0] if link.key else ""
    sort = f"{link.status}{'' if link.key else ' reads'}"
    return Wire(
        box.name, _port(box, own), referred.name, _port(referred, other), sort, link.optional
    )


def _port(box: Box, column: str) -> int:
    """Return how far below the top of a box the lines of a column are."""
    names = [] if box.folded else [row.column.name for row in box.rows]
    return 2 * UNIT + UNIT * names.index(column) if column in names else UNIT


def _links(links: Sequence[Link], placed: Placed) -> Iterator[str]:
    """Draw lines; those with a status lie above."""
    drawn = zip(links, placed.lines, strict=True)
    for link, points in sorted(drawn, key=lambda each: bool(each[0].status)):
        names = " ".join(filter(None, ["link", link.status, "" if link.key else "reads"]))
        yield f'<g class="{names}"><title>{_escaped(_link_words(link))}</title>'
        yield f'<path class="line" d="{_path(points)}"/>'
        yield f'<path class="line end" d="{_ends(link, points)}"/></g>'


def _link_words(link: Link) -> str:
    if link.key is None:
        return f"{link.box} reads {link.referred}"
    own, other = (", ".join(each) for each in (link.key.columns, link.key.referred_columns))
    return f"{link.box} ({own}) refers to {link.referred} ({other})"


def _path(points: Sequence[Point]) -> str:
    """Draw a line with round corners."""
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        parts += [_near(corner, before, after, "L"), f"Q{corner[0]} {corner[1]}"]
        parts.append(_near(corner, after, before, ""))
    return " ".join([*parts, f"L{points[-1][0]} {points[-1][1]}"])


def _near(corner: Point, towards: Point, other: Point, sign: str) -> str:
    """Return the point where a round corner begins, or ends."""
    apart = [abs(a - b) for end in (towards, other) for a, b in [_longest(corner, end)]]
    radius = min(_ROUND, *(each / 2 for each in apart))
    x, y = (c + radius * _direction(c, t) for c, t in zip(corner, towards, strict=True))
    return f"{sign}{x:g} {y:g}"


def _longest(one: Point, other: Point) -> tuple[int, int]:
    return max(zip(one, other, strict=True), key=lambda pair: abs(pair[0] - pair[1]))


def _direction(start: int, end: int) -> int:
    return (end > start) - (end < start)


def _ends(link: Link, points: Sequence[Point]) -> str:
    """Draw a crow's foot where many rows refer to one, and a bar where it is one."""
    (x, y), (next_x, _) = points[0], points[1]
    away = _direction(x, next_x)
    (end_x, end_y), (before_x, _) = points[-1], points[-2]
    back = _direction(end_x, before_x)
    if link.key is None:
        return f"M{end_x + back * 8} {end_y - 5} L{end_x} {end_y} L{end_x + back * 8} {end_y + 5}"
    bar = f"M{end_x + back * 7} {end_y - 5} v10"
    if link.single:
        return f"M{x + away * 7} {y - 5} v10 {bar}"
    foot = f"M{x} {y - 6} L{x + away * _FOOT} {y} L{x} {y + 6}"
    return f"{foot} {bar}"


def _box(box: Box, corner: Point) -> Iterator[str]:
    x, y = corner
    width, height = _width(box), _height(box)
    shown = not box.folded and bool(box.rows or box.notes)
    head = _HEAD if shown else height
    yield f'<g class="{" ".join(filter(None, ["table", box.status]))}">'
    yield f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{height}" rx="5"/>'
    yield f'<path class="head" d="{_head(x, y, width, head, below=shown)}"/>'
    yield _text(x + _PADDING, y + head // 2 + 4, _head_words(box), "name")
    if shown:
        yield from _inside(box, x, y + _HEAD, width)
    yield "</g>"


def _head(x: int, y: int, width: int, height: int, *, below: bool) -> str:
    """Draw the head of a box inside its frame; ``below``: rows follow."""
    top = f"M{x + 1} {y + 6} q0 -5 5 -5 h{width - 12} q5 0 5 5"
    if below:
        return f"{top} v{height - 6} h{2 - width} z"
    return f"{top} v{height - 12} q0 5 -5 5 h{12 - width} q-5 0 -5 -5 z"


def _inside(box: Box, x: int, y: int, width: int) -> Iterator[str]:
    marks = _marks_width(box)
    for number, row in enumerate(box.rows):
        top = y + UNIT * number
        yield from _tinted(row.status, x, top, width)
        sign = f"{SIGNS[row.status]} " if row.status else "  " * any(r.status for r in box.rows)
        words = sign + " ".join(row.marks)
        yield from [_text(x + _PADDING, top + 14, words, "mark")] if words.strip() else []
        left = x + _PADDING + round(marks * _CHAR)
        yield _text(left, top + 14, row.column.name, "gone" * (row.status == "removed"))
        yield _text(x + width - _PADDING, top + 14, _type_words(row), "type", end=True)
    for number, note in enumerate(box.notes, len(box.rows)):
        top = y + UNIT * number
        yield from _tinted(note.status, x, top, width)
        yield _text(x + _PADDING, top + 14, _note_words(note), "note")


def _tinted(status: Status, x: int, top: int, width: int) -> Iterator[str]:
    if status:
        place = f'x="{x + 1}" y="{top}" width="{width - 2}" height="{UNIT}"'
        yield f'<rect class="row {status}" {place}/>'


def _head_words(box: Box) -> str:
    was = f", was {box.was}" if box.was else ""
    return f"{_signed(box.title, box.status)}{was}"


def _type_words(row: Row) -> str:
    return _shortened(row.words or type_words(row.column))


def _note_words(note: Note) -> str:
    return _shortened(_signed(note.words, note.status))


def _signed(words: str, status: Status) -> str:
    return f"{SIGNS[status]} {words}" if status else words


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"


def _text(x: int, y: int, words: str, name: str = "", *, end: bool = False) -> str:
    kind = f' class="{name}"' if name else ""
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x}" y="{y}"{kind}{anchor} xml:space="preserve">{_escaped(words)}</text>'


def _escaped(text: str) -> str:
    """Return a text for XML; what XML cannot hold is shown as a sign for that."""
    return html.escape(re.sub(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "�", text))
