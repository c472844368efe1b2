"""Expressions in the words of the catalog, read as neutral text; defaults in normal form. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation

from peewee_mig.dialects.guards import NUMBERS, TEXTS
from peewee_mig.dialects.mysql.types import is_long
from peewee_mig.schema.expressions import Expression, Token, expression
from peewee_mig.schema.types import ColumnType

#: A name, or a text with the character set that the server says before it.
_MARKED = re.compile(
    r"`(?:[^`]|``)*`|(?<![\w$])(?:_utf8(?:mb[34])?)?'((?:[^'\\]|''|\\.)*)'", re.DOTALL
)
_ESCAPE = re.compile(r"''|\\(.)", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}

_MOMENT = re.compile(
    r"(?:current_timestamp|localtimestamp|localtime|now)(?:\((\d*)\))?", re.IGNORECASE
)
_TODAY = re.compile(r"(?:current_date(?:\(\))?|curdate\(\))", re.IGNORECASE)
_TRUTHS = {"TRUE": "1", "FALSE": "0"}
_NUMERIC = frozenset({*NUMBERS, "BOOL", "mediumint", "tinyint"})
_TEXTUAL = frozenset({*TEXTS, "UUID", "tinytext", "mediumtext", "longtext"})
#: Types that take no constant as a default on MySQL besides the long ones (its manual, 11.6).
_SPATIAL = re.compile(
    r"geometry|point|linestring|polygon|multi\w+|geometrycollection|geomcollection", re.IGNORECASE
)
_TIMED = re.compile(r"(?:datetime|timestamp)\b", re.IGNORECASE)


def neutral(text: str, columns: Collection[str] = (), *, escaped: bool = False) -> Expression:
    """Read an expression of the catalog.

    ``escaped``: the whole is, as information_schema of MySQL has it.
    """
    plain = re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) if escaped else text
    return expression(standard(plain), columns)


def standard(text: str) -> str:
    """Return SQL of the server with its texts as in standard SQL: no backslash escapes."""
    return _MARKED.sub(lambda m: m[0] if m[1] is None else _quoted(_unescaped(m[1])), text)


def normal_default(default: Expression | None, type_: ColumnType) -> Expression | None:
    """Return a default as it is read back, where that can be told without the server.

    A constant is a number for a number and a text for a text; the present has one word.
    """
    if default is None:
        return None
    value = _constant(default)
    if value is None:
        return _time(default)
    if type_.name in _NUMERIC:
        return _number(value) or default
    return Expression(_quoted(value)) if _is_textual(type_) else default


def default_sql(default: Expression, spelled: str, words: str) -> str:
    """Spell a default for a column of a type in words: most of them in parentheses.

    ``spelled``: the expression as SQL. MariaDB takes parentheses anywhere, MySQL wants them.
    """
    constant = _constant(default) is not None or _is_bytes(default)
    if constant:
        bare = takes_constant(words)
    else:
        bare = _MOMENT.fullmatch(default.text) is not None and _TIMED.match(words) is not None
    return spelled if bare else f"({spelled})"


def takes_constant(words: str) -> bool:
    """Whether a type in words takes a constant as its default on every server."""
    return not (is_long(words) or _SPATIAL.match(words))


def moment(text: str) -> str:
    """Return the words for the present in normal form, empty if it is something else."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return ""
    return f"CURRENT_TIMESTAMP({found[1]})" if (found[1] or "").strip("0") else "CURRENT_TIMESTAMP"


def constant_text(text: str, data_type: str) -> str:
    """Spell, as SQL, a constant that MySQL's catalog gives bare."""
    number = _NUMBER.fullmatch(text) is not None and not _TEXT_TYPE.match(data_type)
    return text if number or re.fullmatch(r"[bx]'[^']*'", text) else _quoted(text)


_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
_TEXT_TYPE = re.compile(
    r"(?:var)?(?:char|binary)|\w*(?:text|blob)|enum|set|json|date|time", re.IGNORECASE
)


def _constant(default: Expression) -> str | None:
    """Return the value of a constant as text."""
    match default.tokens:
        case (Token("text" | "number", value),):
            return value
        case (Token("word", word),):
            return _TRUTHS.get(word.upper())
        case (Token("sign", "-" | "+" as sign), Token("number", value)):
            return f"{sign}{value}"
        case _:
            return None


def _is_bytes(default: Expression) -> bool:
    return len(default.tokens) == 1 and default.tokens[0].kind == "raw"


def _is_textual(type_: ColumnType) -> bool:
    return (
        type_.name in _TEXTUAL or re.match(r"(?:enum|set|(?:var)?char)\b", type_.name) is not None
    )


def _number(value: str) -> Expression | None:
    try:
        number = Decimal(value.strip()).normalize()
    except InvalidOperation:
        return None
    return Expression(format(number or Decimal(0), "f"))


def _time(default: Expression) -> Expression:
    now = moment(default.text)
    if now:
        return Expression(now)
    return Expression("CURRENT_DATE") if _TODAY.fullmatch(default.text) else default


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: "'" if m[1] is None else _CONTROLS.get(m[1], m[1]), text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
