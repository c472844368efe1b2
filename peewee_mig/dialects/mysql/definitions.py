"""Reads the text of a table, as SHOW CREATE TABLE gives it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from peewee_mig.dialects.mysql.texts import standard
from peewee_mig.schema.expressions import Token, expression, tokens

_COLUMN = re.compile(
    r"  `(?P<name>(?:[^`]|``)+)` (?P<type>[\w ]+?(?:\((?:[^()']|'(?:[^'\\]|''|\\.)*')*\))?"
    r"(?: unsigned)?(?: zerofill)?)(?=[ ,]|$)(?P<rest>.*?),?"
)
_KEY = re.compile(r"  (?:\w+ )?KEY `(?P<name>(?:[^`]|``)+)` (?P<rest>.*)")
_CHECK = re.compile(r"  CONSTRAINT `(?P<name>(?:[^`]|``)+)` CHECK (?P<rest>.*)")
#: Words of a column's definition that end its default.
_ENDS = ("ON", "COMMENT", "CHECK", "INVISIBLE", "COLLATE")


@dataclass(frozen=True, slots=True)
class Definition:
    """Neutral texts by name: of types, defaults, generated columns, parts of indexes, checks."""

    types: dict[str, str] = field(default_factory=dict[str, str])
    defaults: dict[str, str] = field(default_factory=dict[str, str])
    computed: dict[str, str] = field(default_factory=dict[str, str])
    indexes: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    checks: dict[str, str] = field(default_factory=dict[str, str])


def read_definition(text: str) -> Definition:
    """Read the text of a table; texts in it have no line breaks."""
    found = Definition()
    lines = text.split("\n")[1:-1]
    names = [_name(match) for line in lines if (match := _COLUMN.fullmatch(line))]
    for line in lines:
        if match := _COLUMN.fullmatch(line):
            _read_column(found, match, names)
        elif match := _KEY.fullmatch(line):
            parts = _split(_group(list(tokens(standard(match["rest"])))))
            found.indexes[_name(match)] = tuple(_text(part, names) for part in parts)
        elif match := _CHECK.fullmatch(line):
            found.checks[_name(match)] = _text(_group(list(tokens(standard(match["rest"])))), names)
    return found


def _read_column(found: Definition, match: re.Match[str], names: Collection[str]) -> None:
    name = _name(match)
    found.types[name] = match["type"]
    rest = list(tokens(standard(match["rest"])))
    words = [token.value.upper() if token.kind == "word" else "" for token in rest]
    if "GENERATED" in words:
        found.computed[name] = _text(_group(rest[words.index("AS") + 1 :]), names)
    elif "DEFAULT" in words:
        default = _text(list(_until_word(rest[words.index("DEFAULT") + 1 :])), ())
        if default.upper() != "NULL":
            found.defaults[name] = default


def _name(match: re.Match[str]) -> str:
    return match["name"].replace("``", "`")


def _text(found: list[Token], columns: Collection[str]) -> str:
    return expression(" ".join(map(str, found)), columns).unwrapped.text


def _until_word(found: list[Token]) -> Iterator[Token]:
    depth = 0
    for token in found:
        depth += _step(token)
        if depth == 0 and token.kind == "word" and token.value.upper() in _ENDS:
            return
        yield token


def _group(found: list[Token]) -> list[Token]:
    """Return what is in the parentheses that the tokens begin with."""
    depth = 0
    for place, token in enumerate(found):
        depth += _step(token)
        if depth == 0:
            return found[1:place]
    return found[1:]


def _split(found: list[Token]) -> Iterator[list[Token]]:
    """Yield the parts between commas."""
    depth, part = 0, list[Token]()
    for token in found:
        depth += _step(token)
        if depth == 0 and token == Token("sign", ","):
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _step(token: Token) -> int:
    return (token.value == "(") - (token.value == ")") if token.kind == "sign" else 0
