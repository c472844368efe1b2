"""What a part of an index says: a column, the beginning of one, or an expression. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from peewee_mig.schema.expressions import Expression, Token
from peewee_mig.schema.objects import Index

#: Methods of indexes that find no keys.
METHODS = ("fulltext", "spatial")


@dataclass(frozen=True, slots=True)
class Part:
    """A part; ``column`` is ``None`` for an expression; ``prefix``: characters, 0 for all."""

    over: Expression
    column: str | None
    prefix: int = 0
    descending: bool = False


def part_of(part: Expression) -> Part:
    """Read a part; ASC says nothing."""
    tokens = part.tokens
    order = tokens[-1].value.upper() if len(tokens) > 1 and tokens[-1].kind == "word" else ""
    descending = order == "DESC"
    tokens = tokens[:-1] if order in ("ASC", "DESC") else tokens
    over = Expression(" ".join(map(str, tokens)))
    match tokens:
        case (Token("name", name),):
            return Part(over, name, 0, descending)
        case (
            Token("name" | "word", name),
            Token("sign", "("),
            Token("number", digits),
            Token("sign", ")"),
        ) if digits.isdigit():
            return Part(over, name, int(digits), descending)
        case _:
            return Part(over, None, 0, descending)


def leading_columns(index: Index) -> tuple[str, ...]:
    """Return the columns, from the first on, by which an index finds the rows of a key."""
    if index.using in METHODS:
        return ()
    found = list(index.columns)
    for part in map(part_of, index.parts):
        if part.column is None or part.prefix:
            break
        found.append(part.column)
    return tuple(found)
