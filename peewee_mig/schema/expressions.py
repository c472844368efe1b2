"""SQL expressions as neutral tokens: of checks, defaults, generated columns and indexes.

The neutral form is standard SQL on one line: names in double quotation marks, texts in single
ones, everything else as it was written, with blanks where they belong. A dialect spells the
names and texts its own way. Two expressions are equal if they have the same tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from peewee_mig.errors import SchemaError

Kind = Literal["name", "text", "raw", "word", "number", "sign"]

_LEXER = re.compile(
    r"""(?P<blank>\s+|--[^\n]*|/\*.*?\*/)
      |(?P<raw>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|(?:[eEbBxXnN]|[uU]&|_\w+)'(?:[^']|'')*')
      |(?P<text>'(?:[^']|'')*')
      |(?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)+`)
      |(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
      |(?P<word>[^\W\d][\w$]*)
      |(?P<sign>::|\|\||<=|>=|<>|!=|:=|[-+*/<>=~!@\#%^&|?]+|[(),.;:\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
#: Words before which, and behind which, a parenthesis is none of a function call.
_KEYWORDS = frozenset({
    "ALL", "AND", "ANY", "AS", "BETWEEN", "BY", "CASE", "CHECK", "COLLATE", "DISTINCT", "ELSE",
    "END", "ESCAPE", "EXCLUDE", "FROM", "GLOB", "ILIKE", "IN", "IS", "LIKE", "MATCH", "NOT",
    "NULL", "NULLS", "ON", "OR", "ORDER", "OVER", "REGEXP", "RLIKE", "SELECT", "SIMILAR",
    "THEN", "TO", "USING", "VALUES", "WHEN", "WHERE", "WITH", "XOR",
})  # fmt: skip
#: Words that no engine takes for a column unless they are quoted (SQLite's "SQL keywords",
#: PostgreSQL's appendix C, MySQL's "keywords and reserved words": those reserved in all three).
_RESERVED = frozenset({
    "ALL", "AND", "AS", "CASE", "CHECK", "COLLATE", "CONSTRAINT", "CREATE", "DEFAULT", "DISTINCT",
    "ELSE", "FOREIGN", "FROM", "GROUP", "HAVING", "IN", "INTO", "IS", "LIMIT", "NOT", "NULL", "ON",
    "OR", "ORDER", "PRIMARY", "REFERENCES", "SELECT", "TABLE", "THEN", "TO", "UNION", "UNIQUE",
    "USING", "WHEN", "WHERE",
})  # fmt: skip
#: Words behind which no column stands: those that end an operand, and those before a name of
#: another kind.
_BEFORE_NO_COLUMN = frozenset({
    "AS", "ASC", "AT", "COLLATE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "DESC",
    "END", "FALSE", "NULL", "NULLS", "TRUE",
})  # fmt: skip
_SIGNS = re.compile(r"[-+*/<>=~!@#%^&|?]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A token; ``value`` of a name or text is without marks, of all others as written."""

    kind: Kind
    value: str

    def __str__(self) -> str:
        """Spell the token in the neutral form."""
        match self.kind:
            case "name":
                return '"' + self.value.replace('"', '""') + '"'
            case "text":
                return "'" + self.value.replace("'", "''") + "'"
            case _:
                return self.value


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, in the neutral form; made by :func:`expression`."""

    text: str

    def __post_init__(self) -> None:
        """Bring the text into the normal form; refuse what has no end."""
        object.__setattr__(self, "text", _joined(tuple(tokens(self.text))))

    def __str__(self) -> str:
        """Return the neutral form."""
        return self.text

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens."""
        return tuple(tokens(self.text))

    @property
    def names(self) -> frozenset[str]:
        """The names in it: of columns, and perhaps of functions and collations."""
        return frozenset(token.value for token in self.tokens if token.kind == "name")

    @property
    def whole(self) -> bool:
        """Whether there is something, and each parenthesis is closed that was opened."""
        depth = 0
        for token in self.tokens:
            depth += (str(token) == "(") - (str(token) == ")")
            if depth < 0:
                return False
        return bool(self.tokens) and not depth

    @property
    def column(self) -> str | None:
        """The name, if the expression is nothing else."""
        found = self.tokens
        return found[0].value if len(found) == 1 and found[0].kind == "name" else None

    @property
    def unwrapped(self) -> Expression:
        """The expression without parentheses around the whole."""
        found = self.tokens
        while _is_wrapped(found):
            found = found[1:-1]
        return Expression(_joined(found))

    def renamed(self, names: Mapping[str, str]) -> Expression:
        """Return the expression with other names."""
        if not self.names & names.keys():
            return self
        changed = (
            Token("name", names.get(each.value, each.value)) if each.kind == "name" else each
            for each in self.tokens
        )
        return Expression(_joined(tuple(changed)))

    def substituted(self, given: Mapping[str, Expression]) -> Expression:
        """Return the expression with others in the place of names, in parentheses."""
        words = (
            f"({given[each.value]})" if each.kind == "name" and each.value in given else str(each)
            for each in self.tokens
        )
        return Expression(" ".join(words)) if self.names & given.keys() else self

    def spelled(
        self,
        name: Callable[[str], str],
        text: Callable[[str], str],
        word: Callable[[str], str] = str,
    ) -> str:
        """Return the expression as SQL: names, texts, and all else, spelled by functions."""
        spellers = {"name": name, "text": text}

        def spell(token: Token) -> str:
            return spellers.get(token.kind, word)(token.value)

        return _joined(self.tokens, spell)


def expression(sql: str, columns: Collection[str] = (), *, marks_text: bool = False) -> Expression:
    """Read SQL as a user writes it: words that are columns of the table become names.

    ``columns``: those of the table; case does not count where no column has the exact word.
    ``marks_text``: double quotation marks are those of a text where a column could stand and
    none is called so, as MySQL and SQLite take them (a check or default has no other names).
    Comments are dropped. :exc:`SchemaError` for a text or comment without an end.
    """
    by_word = {column.casefold(): column for column in columns} | {c: c for c in columns}

    def marked(token: Token, before: Token | None, follower: Token | None) -> Token:
        column = by_word.get(token.value) or by_word.get(token.value.casefold())
        if token.kind == "word":
            found = column and _may_be_column(token, before, follower)
            return Token("name", column) if column and found else token
        if token.kind != "name":
            return token
        if column:
            return Token("name", column)
        is_text = marks_text and not _is_called(follower) and not _ends_operand(before)
        return Token("text", token.value) if is_text else token

    found = list(_of_table(list(tokens(sql))))
    done: list[Token] = []
    for token, follower in zip_longest(found, found[1:]):
        done.append(marked(token, done[-1] if done else None, follower))
    return Expression(_joined(tuple(done)))


def column_expression(name: str) -> Expression:
    """Return the expression that is a column and nothing else."""
    return Expression(str(Token("name", name)))


def tokens(sql: str) -> Iterator[Token]:
    """Yield the tokens of SQL; :exc:`SchemaError` where none can be read."""
    place = 0
    while place < len(sql):
        match = _LEXER.match(sql, place)
        if match is None:
            raise SchemaError(
                f"the SQL {sql!r} cannot be read from {sql[place : place + 20]!r} on",
                hint="close every text, name and comment",
            )
        place = match.end()
        kind = match.lastgroup
        value = match[0]
        if value == '""':  # no name is empty: MySQL and SQLite take it for a text
            yield Token("text", "")
        elif kind in ("text", "name"):
            yield Token(kind, value[1:-1].replace(value[0] * 2, value[0]))  # type: ignore[arg-type]
        elif kind != "blank":
            yield Token(kind, value)  # type: ignore[arg-type]


def _may_be_column(word: Token, before: Token | None, follower: Token | None) -> bool:
    """Whether a word is no function, type, keyword, nor anything else behind an operand.

    ``date '2026-01-02'`` and ``CAST(x AS date)`` have types; ``desc`` of ``name DESC`` and
    ``end`` of ``CASE WHEN a THEN b END`` stand where no operand can.
    """
    return (
        not _is_called(follower)
        and word.value.upper() not in _RESERVED
        and not _ends_operand(before)
    )


def _is_called(follower: Token | None) -> bool:
    """Whether a name is a function, a qualifier or, before a text, a type."""
    return follower is not None and (follower.value in ("(", ".") or follower.kind == "text")


def _ends_operand(token: Token | None) -> bool:
    match token:
        case None:
            return False
        case Token(kind="word", value=value):
            return value.upper() in _BEFORE_NO_COLUMN
        case Token(kind="sign", value=value):
            return value in (")", "]", ".", "::")
        case _:
            return True


def _of_table(found: list[Token]) -> Iterator[Token]:
    """Leave out the alias that Peewee puts before columns: ``"t1"."price"``."""
    place = 0
    while place < len(found):
        token = found[place]
        alias = token.kind == "name" and re.fullmatch(r"t\d+", token.value)
        follows = [each.kind for each in found[place + 1 : place + 3]]
        if alias and follows == ["sign", "name"] and found[place + 1].value == ".":
            place += 1
        else:
            yield token
        place += 1


def _is_wrapped(found: tuple[Token, ...]) -> bool:
    """Whether the first parenthesis is closed by the last token."""
    depth = 0
    for place, token in enumerate(found):
        if token.kind == "sign":
            depth += (token.value == "(") - (token.value == ")")
        if depth == 0:
            return place > 1 and place == len(found) - 1
    return False


def _joined(found: tuple[Token, ...], spell: Callable[[Token], str] = str) -> str:
    words: list[str] = []
    for place, token in enumerate(found):
        if place and _is_apart(found, place):
            words.append(" ")
        words.append(spell(token))
    return "".join(words)


def _is_apart(found: tuple[Token, ...], place: int) -> bool:
    """Whether a blank stands before a token."""
    one, other = found[place - 1], found[place]
    if one.value in ("(", "[", ".", "::") and one.kind == "sign":
        return False
    if other.kind == "sign" and other.value in (")", "]", "[", ",", ".", "::", ";"):
        return False
    if other.kind == "sign" and other.value == "(":
        return not (one.kind in ("word", "name") and not _is_keyword(one))
    return not _is_unary(found, place - 1)


def _is_unary(found: tuple[Token, ...], place: int) -> bool:
    """Whether a sign belongs to the number behind it: the minus of ``-1``."""
    token = found[place]
    if token.kind != "sign" or token.value not in ("-", "+") or found[place + 1].kind != "number":
        return False
    before = found[place - 1] if place else None
    return before is None or (
        (before.kind == "sign" and (before.value in ("(", ",", "[") or _is_operator(before)))
        or (before.kind == "word" and _is_keyword(before))
    )


def _is_operator(token: Token) -> bool:
    return _SIGNS.fullmatch(token.value) is not None


def _is_keyword(token: Token) -> bool:
    return token.kind == "word" and token.value.upper() in _KEYWORDS
