"""What an index is over: a column or an expression, and the words behind it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from peewee_mig.schema.expressions import Expression, Token
from peewee_mig.sources.reader import Reader, marked, spell

_ENDS = ("ASC", "DESC", "NULLS", "COLLATE")


def read_part(found: Sequence[Token], columns: Collection[str]) -> Expression:
    """Read one part; :exc:`ValueError` for none.

    The words behind the expression are never columns, and ASC is left out. The expression is
    in parentheses unless it is a column or a call of a function, as SQL wants it.
    """
    if not found:
        raise ValueError("has an index on nothing")
    place = next(place for place in range(1, len(found) + 1) if _parts_at(found, place))
    head, suffix = tuple(found[:place]), _suffix(Reader(found[place:]), opclass=True)
    return Expression(f"{_head(head, columns)} {suffix or ''}")


def _parts_at(found: Sequence[Token], place: int) -> bool:
    """Whether the expression ends at a place, and all behind it are words about it."""
    head = found[:place]
    return _closed(head) and _suffix(Reader(found[place:]), opclass=_is_simple(head)) is not None


def _suffix(reader: Reader, *, opclass: bool) -> str | None:
    """Read the words behind an expression; ``None`` if they are others."""
    try:
        words = [*_collation(reader), *(_opclass(reader) if opclass else ()), *_order(reader)]
    except ValueError:
        return None
    return None if reader else " ".join(words)


def _collation(reader: Reader) -> list[str]:
    if not reader.take("COLLATE"):
        return []
    words = ["COLLATE", str(reader.next())]
    while reader.take("."):
        words += [".", str(reader.next())]
    return words


def _opclass(reader: Reader) -> list[str]:
    token = reader.peek()
    if token is None or token.kind not in ("word", "name") or reader.at_any(_ENDS):
        return []
    words = [reader.qualified()]
    return [*words, f"({spell(reader.group())})"] if reader.at("(") else words


def _order(reader: Reader) -> list[str]:
    words = ["DESC"] if reader.take("DESC") else []
    reader.take("ASC")
    for end in ("FIRST", "LAST"):
        if reader.take("NULLS", end):
            words += ["NULLS", end]
    return words


def _head(head: tuple[Token, ...], columns: Collection[str]) -> str:
    reader = Reader(head)
    if _is_prefix(head, columns):  # of MySQL: name(10)
        return str(Token("name", reader.name())) + spell(reader.rest())
    plain = marked(head, columns).unwrapped
    bare = plain.tokens
    return plain.text if len(bare) == 1 or _is_call(bare) else f"({plain.text})"


def _is_prefix(head: Sequence[Token], columns: Collection[str]) -> bool:
    call = len(head) == 4 and head[2].kind == "number"  # noqa: PLR2004 (name ( number ))
    return call and _is_call(head) and head[0].value in columns


def _is_simple(head: Sequence[Token]) -> bool:
    return len(head) == 1 or _is_call(head) or _is_group(head)


def _is_call(found: Sequence[Token]) -> bool:
    place = 0
    while place < len(found) and found[place].kind in ("word", "name"):
        place += 1
        if place < len(found) and found[place].value == ".":
            place += 1
        else:
            break
    return place > 0 and _is_group(found[place:])


def _is_group(found: Sequence[Token]) -> bool:
    """Whether the first parenthesis is closed by the last token."""
    depths = list(_depths(found))
    return len(found) > 1 and found[0].value == "(" and depths[-1] == 0 and 0 not in depths[:-1]


def _closed(found: Sequence[Token]) -> bool:
    return list(_depths(found))[-1] == 0


def _depths(found: Sequence[Token]) -> list[int]:
    depth, depths = 0, []
    for token in found:
        sign = token.kind == "sign"
        depth += (sign and token.value == "(") - (sign and token.value == ")")
        depths.append(depth)
    return depths
