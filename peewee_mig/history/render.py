"""Operations as the text of a migration module: deterministic, as ``ruff format`` leaves it.

Everything is either on one line or, with a trailing comma, one item a line: the two forms
that the formatter never changes. A width is therefore estimated from above, never below.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from peewee_mig import op
from peewee_mig.history.naming import summarize
from peewee_mig.operations.codec import word_of
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Drop,
    Fill,
    Generated,
    Object,
    Operation,
    Rename,
    RunSQL,
    Scalar,
)
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table

#: The format of the module, written in each.
FORMAT = 1

_WIDTH = 88
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class _Group:
    """Brackets around items; ``expanded``: one item a line even if it would fit on one."""

    start: str
    items: tuple[tuple[str, _Node], ...]
    end: str
    expanded: bool = False


_Node = str | _Group


def render_module(  # noqa: PLR0913 (the names of the file format)
    operations: Sequence[Operation],
    *,
    depends_on: Sequence[str],
    summary: str = "",
    review: str = "",
    notes: Mapping[int, Sequence[str]] | None = None,
    atomic: bool | None = None,
    allow: Sequence[str] = (),
    was: Sequence[str] = (),
    replaces: Sequence[str] = (),
) -> str:
    """Render the text of a module.

    ``summary`` and ``review`` are the two parts of the docstring; ``notes`` gives the
    comments that stand above an operation, by its position.
    """
    lists = {"allow": allow, "was": was, "replaces": replaces}
    blocks = [
        _docstring(summary or summarize(operations), review),
        "from peewee_mig import op",
        f"format = {FORMAT}",
        _assign("depends_on", "list[str]", depends_on),
        *([] if atomic is None else [f"atomic = {atomic}"]),
        *(_assign(name, "list[str]", items) for name, items in lists.items() if items),
        _operations(operations, notes or {}),
    ]
    return "\n\n".join(blocks) + "\n"


def _docstring(summary: str, review: str) -> str:
    first, *rest = _wrapped(summary, _WIDTH - len('"""')) or ["Migration."]
    more = _wrapped(review, _WIDTH)
    lines = [f'"""{first}', *rest, *(["", *more] if more else [])]
    if len(lines) > 1 or len(first) > _WIDTH - 2 * len('"""'):
        return "\n".join([*lines, '"""'])
    return f'{lines[0]}"""'


def _wrapped(text: str, width: int) -> list[str]:
    """Wrap prose that may stand between triple double quotes."""
    plain = "".join(_visible(char) for char in " ".join(text.split()))
    plain = plain.replace('"', "'")
    return textwrap.wrap(plain, width, break_long_words=False, break_on_hyphens=False)


def _visible(char: str) -> str:
    return r"\\" if char == "\\" else char if char.isprintable() else "?"


def _assign(name: str, annotation: str, items: Sequence[str]) -> str:
    if not items:
        return f"{name}: {annotation} = []"
    return "\n".join(_lines("", f"{name} = ", _list(items), ""))


def _operations(operations: Sequence[Operation], notes: Mapping[int, Sequence[str]]) -> str:
    if not operations:
        return "operations: list[op.Operation] = []"
    lines = ["operations = ["]
    for position, operation in enumerate(operations):
        for note in notes.get(position, ()):
            lines += _comment(note)
        lines += _lines(_INDENT, "", _operation(operation), ",")
    return "\n".join([*lines, "]"])


def _comment(note: str) -> list[str]:
    plain = "".join(char if char.isprintable() else "?" for char in " ".join(note.split()))
    return textwrap.wrap(
        plain,
        _WIDTH,
        initial_indent=f"{_INDENT}# ",
        subsequent_indent=f"{_INDENT}#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _lines(indent: str, prefix: str, node: _Node, suffix: str) -> list[str]:
    """Lay out a node on one line if it fits, else one item a line."""
    flat = f"{indent}{prefix}{_flat(node)}{suffix}"
    if (
        isinstance(node, str)
        or not node.items
        or (_columns(flat) <= _WIDTH and not _is_expanded(node))
    ):
        return [flat]
    inner = indent + _INDENT
    return [
        f"{indent}{prefix}{node.start}",
        *(line for word, item in node.items for line in _lines(inner, word, item, ",")),
        f"{indent}{node.end}{suffix}",
    ]


def _flat(node: _Node) -> str:
    if isinstance(node, str):
        return node
    return f"{node.start}{', '.join(word + _flat(item) for word, item in node.items)}{node.end}"


def _is_expanded(node: _Node) -> bool:
    return isinstance(node, _Group) and (
        node.expanded or any(_is_expanded(item) for _, item in node.items)
    )


def _columns(line: str) -> int:
    """Estimate the width of a line; a character beyond ASCII may take two columns."""
    return sum(1 if char.isascii() else 2 for char in line)


def _call(
    word: str,
    arguments: Iterable[_Node],
    keywords: Mapping[str, _Node] | None = None,
    *,
    expanded: bool = False,
) -> _Group:
    items = [("", argument) for argument in arguments]
    items += [(f"{name}=", value) for name, value in (keywords or {}).items()]
    return _Group(f"op.{word}(", tuple(items), ")", expanded)


def _list(items: Iterable[str]) -> _Group:
    return _Group("[", tuple(("", _string(item)) for item in items), "]")


def _operation(operation: Operation) -> _Node:
    word = word_of(operation)
    match operation:
        case Add():
            return _whole(word, operation.table, operation.object, _fill(operation.fill))
        case Drop():
            return _whole(word, operation.table, operation.object, {})
        case Alter():
            sides = {"old": _part(operation.old), "new": _part(operation.new)}
            keywords = {**sides, **_fill(operation.fill)}
            return _call(word, [_string(operation.table)], keywords, expanded=True)
        case Rename():
            names = [operation.old, operation.new]
            names = names if operation.kind == "table" else [operation.table, *names]
            return _call(word, [_string(name) for name in names])
        case RunSQL():
            return _run_sql(operation)
        case _:
            assert_never(operation)


def _whole(word: str, table: str, thing: Object, fill: Mapping[str, _Node]) -> _Node:
    if isinstance(thing, Table):
        return _call(word, [_string(table), *_parts(thing)], expanded=True)
    return _call(word, [_string(table), _part(thing)], fill)


def _parts(table: Table) -> list[_Node]:
    key = [] if table.primary_key is None else [table.primary_key]
    indexes = sorted(table.indexes, key=lambda each: each.name)
    foreign_keys = sorted(table.foreign_keys, key=lambda each: each.columns)
    objects: list[op.Part] = [*table.columns, *key, *indexes, *foreign_keys]
    return [_part(each) for each in objects]


def _part(thing: op.Part) -> _Node:
    match thing:
        case Column():
            null: dict[str, _Node] = {"null": "True"} if thing.null else {}
            return _call("column", [_string(thing.name), _string(str(thing.type))], null)
        case PrimaryKey():
            return _call("primary_key", [_string(name) for name in thing.columns])
        case Index():
            flags = {"unique": thing.unique, "named": thing.named}
            set_ = {name: "True" for name, value in flags.items() if value}
            return _call("index", [_string(thing.name), _names(thing.columns)], set_)
        case ForeignKey():
            return _foreign_key(thing)
        case _:
            assert_never(thing)


def _foreign_key(key: ForeignKey) -> _Node:
    words = {"on_delete": key.on_delete, "on_update": key.on_update, "name": key.name}
    return _call(
        "foreign_key",
        [_names(key.columns), _string(key.referred_table), _names(key.referred_columns)],
        {name: _string(word) for name, word in words.items() if word is not None},
    )


def _run_sql(operation: RunSQL) -> _Node:
    back: dict[str, _Node] = {}
    if operation.backward is not None:
        back = {"backward": _names(operation.backward)}
    return _call("run_sql", [_names(operation.forward)], back)


def _names(names: Sequence[str]) -> _Node:
    return _string(names[0]) if len(names) == 1 else _list(names)


def _fill(fill: Fill | None) -> dict[str, _Node]:
    match fill:
        case None:
            return {}
        case Constant():
            return {"fill": _scalar(fill.value)}
        case Generated():
            return {"fill": _call(fill.function, [])}
        case _:
            assert_never(fill)


def _scalar(value: Scalar) -> str:
    match value:
        case str():
            return _string(value)
        case bytes():
            return "b" + _quoted("".join(_byte(each) for each in value))
        case float():
            return repr(value).replace("e+", "e")
        case _:
            return repr(value)


def _string(text: str) -> str:
    return _quoted("".join(map(_escaped, text)))


def _escaped(char: str) -> str:
    """Escape a character as ``repr`` does, but never a quotation mark."""
    return char if char in "'\"" else repr(char)[1:-1]


def _byte(value: int) -> str:
    return chr(value) if value in b"'\"" else repr(bytes([value]))[2:-1]


def _quoted(escaped: str) -> str:
    """Quote as the formatter prefers: double, unless single saves backslashes."""
    mark = "'" if escaped.count('"') > escaped.count("'") else '"'
    return f"{mark}{escaped.replace(mark, chr(92) + mark)}{mark}"
