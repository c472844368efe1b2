"""Text of Python, laid out as ``ruff format`` leaves it.

Everything is either on one line or, with a trailing comma, one item a line: the two forms
that the formatter never changes. A width is therefore estimated from above, never below.
"""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import CodeType

#: CPython 3.11 counts the depth of syntax trees for all threads together, and then fails.
_TREES = threading.Lock()

WIDTH = 88
INDENT = "    "


def parsed(source: str | bytes) -> ast.Module:
    """Return the syntax tree of a module; safe in threads."""
    with _TREES:
        return ast.parse(source)


def compiled(tree: ast.Module, name: str) -> CodeType:
    """Compile a syntax tree; safe in threads."""
    with _TREES:
        return compile(tree, name, "exec")


@dataclass(frozen=True, slots=True)
class Group:
    """Brackets around items; ``expanded``: one item a line even if it would fit on one."""

    start: str
    items: tuple[tuple[str, Node], ...]
    end: str
    expanded: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may stand on several lines, in pieces that Python puts together."""

    text: str


Node = str | Group | Text


def laid_out(indent: str, prefix: str, node: Node, suffix: str) -> list[str]:
    """Lay out a node on one line if it fits, else one item a line."""
    flat = f"{indent}{prefix}{_flat(node)}{suffix}"
    if isinstance(node, Text):
        return _pieces(indent, prefix, node.text, suffix) if _is_too_long(flat) else [flat]
    if (
        isinstance(node, str)
        or not node.items
        or (_columns(flat) <= WIDTH and not _is_expanded(node))
    ):
        return [flat]
    inner = indent + INDENT
    return [
        f"{indent}{prefix}{node.start}",
        *(line for word, item in node.items for line in laid_out(inner, word, item, ",")),
        f"{indent}{node.end}{suffix}",
    ]


def _flat(node: Node) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, Text):
        return string(node.text)
    return f"{node.start}{', '.join(word + _flat(item) for word, item in node.items)}{node.end}"


def _is_too_long(line: str) -> bool:
    """Whether a line is too long in any case: the formatter joins pieces that fit on one line."""
    return sum(map(str.isascii, line)) > WIDTH


def _pieces(indent: str, prefix: str, text: str, suffix: str) -> list[str]:
    """Lay a text out on several lines, each but the first one beginning with a blank."""
    lines, piece, start = list[str](), "", f"{indent}{prefix}"
    for word in re.findall(r"^[^ ]+| +[^ ]*", text):
        if piece and _columns(f"{start}{string(piece + word)}{suffix}") > WIDTH:
            lines.append(f"{start}{string(piece)}")
            piece, start = "", indent
        piece += word
    return [*lines, f"{start}{string(piece)}{suffix}"]


def _is_expanded(node: Node) -> bool:
    return isinstance(node, Group) and (
        node.expanded or any(_is_expanded(item) for _, item in node.items)
    )


def _columns(line: str) -> int:
    """Estimate the width of a line; a character beyond ASCII may take two columns."""
    return sum(1 if char.isascii() else 2 for char in line)


def call(
    word: str,
    arguments: Iterable[Node],
    keywords: Mapping[str, Node] | None = None,
    *,
    expanded: bool = False,
) -> Group:
    """Call a word of ``op``; ``expanded``: on lines of its own in any case."""
    items = [("", argument) for argument in arguments]
    items += [(f"{name}=", value) for name, value in (keywords or {}).items()]
    return Group(f"op.{word}(", tuple(items), ")", expanded)


def listed(items: Iterable[str]) -> Group:
    """List texts."""
    return Group("[", tuple(("", string(item)) for item in items), "]")


def string(text: str) -> str:
    """Spell a text."""
    return quoted("".join(map(_escaped, text)))


def _escaped(char: str) -> str:
    """Escape a character as ``repr`` does, but never a quotation mark."""
    return char if char in "'\"" else repr(char)[1:-1]


def byte(value: int) -> str:
    """Escape a byte as ``repr`` does, but never a quotation mark."""
    return chr(value) if value in b"'\"" else repr(bytes([value]))[2:-1]


def quoted(escaped: str) -> str:
    """Quote as the formatter prefers: double, unless single saves backslashes."""
    mark = "'" if escaped.count('"') > escaped.count("'") else '"'
    return f"{mark}{escaped.replace(mark, chr(92) + mark)}{mark}"
