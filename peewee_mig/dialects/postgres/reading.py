"""Reads what PostgreSQL's catalog spells: expressions, constraints, indexes.

A definition that has anything beyond what is known here is not read at all, so whatever else
an object has, in this version or in a later one, is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression, Token, tokens
from peewee_mig.schema.objects import TABLESPACE, Check, Exclusion, Index, Unique

_NUMBER_TYPES = frozenset({
    "smallint", "integer", "bigint", "numeric", "real", "double precision",
})  # fmt: skip
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_CAST = Token("sign", "::")
#: Words of types that the catalog does not quote as the names of columns either, and the words
#: before them.
_OF_TYPES = frozenset({
    ("character", "varying"), ("bit", "varying"), ("double", "precision"),
    ("timestamp", "without"), ("time", "without"), (")", "without"), ("time", "zone"),
    ("without", "time"), ("with", "time"),
})  # fmt: skip


def catalog_expression(text: str, columns: Collection[str]) -> Expression:
    """Read an expression of the catalog, which quotes whatever is no plain small word."""
    return _expression(tuple(tokens(text)), columns)


def default_expression(text: str, type_words: str, columns: Collection[str] = ()) -> Expression:
    """Read a default; a literal of the column's type without the cast that it comes with."""
    found = tuple(tokens(text))
    casts = [place for place, token in enumerate(found) if token == _CAST]
    if casts == [1] and found[0].kind == "text":
        words = text[text.rindex("::") + 2 :]
        value = found[0].value
        if words in _NUMBER_TYPES and _NUMBER.fullmatch(value):
            return Expression(value)
        if words == type_words and "'" not in words:
            return Expression(str(found[0]))
    return _expression(found, columns)


def read_check(definition: str, name: str, columns: Collection[str]) -> Check | None:
    """Read ``CHECK (…)``; ``None`` if it says more."""
    words = _Words(definition)
    inner = words.group() if words.take("CHECK") else None
    return Check(_expression(inner, columns), name) if inner and not words.left else None


def read_exclusion(definition: str, name: str, columns: Collection[str]) -> Exclusion | None:
    """Read ``EXCLUDE …``; ``None`` if it is not valid yet."""
    words = _Words(definition)
    if not words.take("EXCLUDE") or "NOT VALID" in definition:
        return None
    return Exclusion(_expression(words.left, columns), name)


def read_unique(definition: str, name: str, columns: Sequence[str]) -> Unique | None:
    """Read ``UNIQUE (…)`` over columns; ``None`` if it says more."""
    words = _Words(definition)
    if not words.take("UNIQUE"):
        return None
    distinct = not words.take("NULLS", "NOT", "DISTINCT")
    listed = _listed(words.group() or ())
    deferrable = _deferral(words)
    if words.left or listed != tuple(columns) or len(set(columns)) < len(columns):
        return None
    return Unique(tuple(columns), name, deferrable, nulls_distinct=distinct)


def _deferral(words: _Words) -> str | None:
    if not words.take("DEFERRABLE"):
        return None
    return "INITIALLY DEFERRED" if words.take("INITIALLY", "DEFERRED") else "DEFERRABLE"


def read_index(
    definition: str, name: str, columns: Collection[str], tablespace: str | None = None
) -> Index | None:
    """Read what ``pg_get_indexdef`` spells; ``None`` if our kind cannot say it.

    It does not spell where the index is.
    """
    words = _Words(definition)
    words.take("CREATE")
    unique = words.take("UNIQUE")
    words.until("USING")
    words.take("USING")
    using = words.name()
    parts = tuple(_expression(part, columns) for part in _split(words.group() or ()))
    include = _listed(words.group() or ()) if words.take("INCLUDE") else ()
    distinct = not words.take("NULLS", "NOT", "DISTINCT")
    options = tuple(_options(words.group() or ())) if words.take("WITH") else ()
    options += (f"{TABLESPACE}{tablespace}",) if tablespace else ()
    where = words.rest() if words.take("WHERE") else ()
    if words.left or not parts:
        return None
    try:
        return Index(
            name,
            (),
            unique=unique,
            parts=parts,
            where=_expression(where, columns) if where else None,
            using=using,
            include=include,
            nulls_distinct=distinct,
            options=options,
        )
    except SchemaError:  # one column twice
        return None


class _Words:
    """A place in the tokens of a definition."""

    def __init__(self, text: str) -> None:
        self.left = tuple(tokens(text))

    def take(self, *words: str) -> bool:
        """Pass these words if they come next; tell whether they did."""
        found = [each.value for each in self.left[: len(words)] if each.kind == "word"]
        if found != list(words):
            return False
        self.left = self.left[len(words) :]
        return True

    def until(self, word: str) -> None:
        """Pass everything before a word outside of quotation marks."""
        place = next((n for n, t in enumerate(self.left) if t == Token("word", word)), 0)
        self.left = self.left[place:]

    def name(self) -> str:
        """Pass a name."""
        found, self.left = self.left[0].value, self.left[1:]
        return found

    def group(self) -> tuple[Token, ...] | None:
        """Pass a parenthesis; return what is in it, ``None`` if there is none."""
        if not self.left or self.left[0] != Token("sign", "("):
            return None
        end = next(n for n, depth in enumerate(_depths(self.left)) if depth == 0)
        found, self.left = self.left[1:end], self.left[end + 1 :]
        return found

    def rest(self) -> tuple[Token, ...]:
        """Pass and return what is left."""
        found, self.left = self.left, ()
        return found


def _depths(found: Iterable[Token]) -> Iterator[int]:
    """Yield, for each token, how many parentheses are open behind it."""
    depth = 0
    for token in found:
        if token.kind == "sign":
            depth += (token.value in ("(", "[")) - (token.value in (")", "]"))
        yield depth


def _split(found: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Yield the parts between commas outside of parentheses."""
    start = 0
    for place, (token, depth) in enumerate(zip(found, _depths(found), strict=True)):
        if depth == 0 and token == Token("sign", ","):
            yield tuple(found[start:place])
            start = place + 1
    if start < len(found):
        yield tuple(found[start:])


def _listed(found: Sequence[Token]) -> tuple[str, ...]:
    return tuple(part[0].value for part in _split(found))


def _options(found: Sequence[Token]) -> Iterator[str]:
    for part in _split(found):
        name, _, *value = part
        yield f"{name.value}={''.join(each.value for each in value)}"


def _expression(found: Sequence[Token], columns: Collection[str]) -> Expression:
    marked = (_marked(found, place, columns) for place in range(len(found)))
    return Expression(" ".join(map(str, marked)))


def _marked(found: Sequence[Token], place: int, columns: Collection[str]) -> Token:
    """Return a token, a word that is a column as a name."""
    token = found[place]
    if token.kind != "word" or token.value not in columns:
        return token
    before = found[place - 1].value if place else ""
    after = found[place + 1].value if place + 1 < len(found) else ""
    other = before in (".", "::") or after == "(" or (before, token.value) in _OF_TYPES
    return token if other else Token("name", token.value)


def read_enum(definition: str) -> tuple[str, ...]:
    """Read the values in ``AS ENUM ('sad', 'happy')``; () if it is no enum type."""
    if not definition.startswith("AS ENUM "):
        return ()
    words = _Words(definition.removeprefix("AS ENUM "))
    return tuple(_text(part[0]) for part in _split(words.group() or ()))


def _text(token: Token) -> str:
    r"""Return the text of a literal; one with a backslash is spelled ``E'a\\b'``."""
    if token.kind == "text":
        return token.value
    return token.value[2:-1].replace("''", "'").replace("\\\\", "\\")
