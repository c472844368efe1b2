"""Reads the text of a ``CREATE TABLE`` as SQLite keeps it: what no PRAGMA tells.

A rebuild needs the clauses that no kind of ours describes (defaults, checks, collations,
options), word for word. Source of the grammar: https://sqlite.org/lang_createtable.html.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from peewee_mig.errors import RefusedError

ClauseKind = Literal[
    "primary key", "not null", "null", "unique", "check", "default", "collate",
    "references", "generated", "foreign key",
]  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
      | (?P<string>[xX]?'(?:[^']|'')*')
      | (?P<word>[^\W\d][\w$]*)
      | (?P<number>\d[\w.]*|\.\d+\w*)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_STARTS = {
    "CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE",
    "REFERENCES", "GENERATED", "AS",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A token: ``value`` is an identifier unquoted, a keyword in capitals, or the text."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A constraint of a column or a table: its text, and the identifiers in it."""

    kind: ClauseKind
    text: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class ColumnText:
    """A column as written: name, type, clauses."""

    name: str
    type: str
    clauses: tuple[Clause, ...]

    def has(self, kind: ClauseKind) -> bool:
        """Whether the column has a clause of that kind."""
        return any(clause.kind == kind for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class TableText:
    """A table as written: columns, constraints, and the options behind the parenthesis."""

    columns: tuple[ColumnText, ...]
    constraints: tuple[Clause, ...]
    options: tuple[str, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Those of the table, and those of its columns."""
        return (*self.constraints, *(each for c in self.columns for each in c.clauses))

    @property
    def autoincrement(self) -> bool:
        """Whether the key never reuses a number."""
        return any(
            c.kind == "primary key" and "AUTOINCREMENT" in c.text.upper() for c in self.clauses
        )


def tokens(sql: str) -> list[Token]:
    """Split SQL into tokens, without blanks and comments."""
    found = []
    for match in _TOKEN.finditer(sql):
        kind, text = str(match.lastgroup), match.group()
        if kind == "quoted":
            found.append(Token("name", _unquoted(text), match.start(), match.end()))
        elif kind != "space":
            found.append(Token(kind, text, match.start(), match.end()))
    return found


def standard(sql: str) -> str:
    """Return SQL with the names in square brackets, as others write them, in quotation marks."""
    return _TOKEN.sub(lambda found: _standard(found.group()), sql)


def _standard(token: str) -> str:
    if not token.startswith("[") or len(token) == 1:
        return token
    name = _unquoted(token).replace('"', '""')
    return f'"{name}"'


def names_in(sql: str) -> frozenset[str]:
    """Return every identifier or keyword of a text, in lower case."""
    return frozenset(t.value.lower() for t in tokens(sql) if t.kind in ("name", "word"))


def first_list(sql: str) -> list[str]:
    """Return the names in the first parenthesis of a text."""
    all_tokens = tokens(sql)
    opening = next(i for i, token in enumerate(all_tokens) if _is_mark(token, "("))
    items, _ = _split(all_tokens, opening)
    return [item[0].value for item in items]


def inner(sql: str) -> str:
    """Return what stands in the first parenthesis of a text."""
    all_tokens = tokens(sql)
    opening = next(i for i, token in enumerate(all_tokens) if _is_mark(token, "("))
    return sql[all_tokens[opening].end : all_tokens[_closing(all_tokens, opening)].start].strip()


def parse_create_table(sql: str) -> TableText:
    """Read a CREATE TABLE statement; :exc:`RefusedError` for a text that is none."""
    all_tokens = tokens(sql)
    opening = next((i for i, token in enumerate(all_tokens) if _is_mark(token, "(")), None)
    if opening is None:
        raise RefusedError("this table has no list of columns", statement=sql)
    items, closing = _split(all_tokens, opening)
    columns = [_column(sql, item) for item in items if not _is_constraint(item)]
    constraints = [_constraint(sql, item) for item in items if _is_constraint(item)]
    options = sql[all_tokens[closing].end :].strip().rstrip(";")
    return TableText(
        tuple(columns),
        tuple(constraints),
        tuple(" ".join(each.split()) for each in options.split(",") if each.strip()),
    )


def _split(all_tokens: Sequence[Token], opening: int) -> tuple[list[list[Token]], int]:
    """Split what stands between a parenthesis and its partner at the commas."""
    depth, items = 0, [list[Token]()]
    for position in range(opening, len(all_tokens)):
        token = all_tokens[position]
        depth += _is_mark(token, "(") - _is_mark(token, ")")
        if depth == 0:
            return [item for item in items if item], position
        if depth == 1 and _is_mark(token, ","):
            items.append([])
        elif position != opening:
            items[-1].append(token)
    raise RefusedError("this CREATE TABLE does not end")


def _is_mark(token: Token, mark: str) -> bool:
    return token.kind == "mark" and token.value == mark


def _is_constraint(item: Sequence[Token]) -> bool:
    first = item[0]
    return first.kind == "word" and first.value.upper() in (
        "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN",
    )  # fmt: skip


def _constraint(sql: str, item: Sequence[Token]) -> Clause:
    words = [token.value.upper() for token in item if token.kind == "word"]
    start = 1 if words[0] == "CONSTRAINT" and item[1].kind == "name" else 0
    start = 2 if words[0] == "CONSTRAINT" and item[1].kind == "word" else start
    kinds: dict[str, ClauseKind] = {
        "PRIMARY": "primary key", "UNIQUE": "unique", "CHECK": "check", "FOREIGN": "foreign key",
    }  # fmt: skip
    return _clause(sql, kinds[words[start]], item)


def _column(sql: str, item: Sequence[Token]) -> ColumnText:
    end = 1
    while end < len(item) and not _starts_clause(item[end]):
        end += 1
    type_ = sql[item[1].start : item[end - 1].end] if end > 1 else ""
    clauses = []
    while end < len(item):
        after = _clause_end(item, end)
        clauses.append(_clause(sql, _kind_at(item, end), item[end:after]))
        end = after
    return ColumnText(item[0].value, " ".join(type_.split()), tuple(clauses))


def _starts_clause(token: Token) -> bool:
    return token.kind == "word" and token.value.upper() in _STARTS


def _kind_at(item: Sequence[Token], start: int) -> ClauseKind:
    if item[start].value.upper() == "CONSTRAINT":
        start += 2
    kinds: dict[str, ClauseKind] = {
        "PRIMARY": "primary key", "NOT": "not null", "NULL": "null", "UNIQUE": "unique",
        "CHECK": "check", "DEFAULT": "default", "COLLATE": "collate",
        "REFERENCES": "references", "GENERATED": "generated", "AS": "generated",
    }  # fmt: skip
    return kinds[item[start].value.upper()]


def _clause_end(item: Sequence[Token], start: int) -> int:
    """Return where a clause of a column ends: at the next keyword that can start one."""
    kind = _kind_at(item, start)
    position = start + (3 if item[start].value.upper() == "CONSTRAINT" else 1)
    if kind in ("not null", "default", "generated"):
        position += 1  # NULL, a word such as NULL as the default, or ALWAYS
    if kind == "generated" and item[start].value.upper() == "GENERATED":
        position += 1  # AS
    while position < len(item):
        token = item[position]
        if _is_mark(token, "("):
            position = _closing(item, position) + 1
        elif not _starts_clause(token) or (kind == "references" and _of_action(item, position)):
            position += 1
        else:
            break
    return min(position, len(item))


def _of_action(item: Sequence[Token], position: int) -> bool:
    """Whether a word belongs to SET NULL, SET DEFAULT or NOT DEFERRABLE."""
    before = item[position - 1].value.upper()
    after = item[position + 1].value.upper() if position + 1 < len(item) else ""
    return before == "SET" or after == "DEFERRABLE"


def _closing(item: Sequence[Token], opening: int) -> int:
    _, closing = _split(item, opening)
    return closing


def _clause(sql: str, kind: ClauseKind, item: Sequence[Token]) -> Clause:
    text = sql[item[0].start : item[-1].end]
    return Clause(kind, text, names_in(text))


def _unquoted(text: str) -> str:
    mark = text[-1]
    return text[1:-1].replace(mark * 2, mark) if mark != "]" else text[1:-1]
