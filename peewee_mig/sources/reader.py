"""A reader of raw SQL, token by token."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from peewee_mig.schema.expressions import Expression, Token, expression, tokens
from peewee_mig.schema.names import qualified


class Reader:
    """A place in the tokens of a piece of SQL.

    Words are matched in capitals. What cannot be read raises :exc:`ValueError`, whose text
    goes on after the name of what has the SQL.
    """

    def __init__(self, found: Iterable[Token], whole: str = "") -> None:
        self._tokens = tuple(found)
        self._place = 0
        self.whole = whole or spell(self._tokens)

    @classmethod
    def of(cls, sql: str) -> Reader:
        """Start at the beginning of SQL."""
        return cls(tokens(sql), sql)

    def __bool__(self) -> bool:
        """Whether there is more."""
        return self._place < len(self._tokens)

    def peek(self, ahead: int = 0) -> Token | None:
        """Return a token that comes, if there is one."""
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else None

    def at(self, *words: str) -> bool:
        """Whether these words or signs come next."""
        return all(_is(self.peek(ahead), word) for ahead, word in enumerate(words))

    def at_any(self, choices: Iterable[str]) -> bool:
        """Whether one of these words or signs comes next."""
        return any(self.at(word) for word in choices)

    def take(self, *words: str) -> bool:
        """Pass these words if they come next; tell whether they did."""
        found = self.at(*words)
        self._place += len(words) if found else 0
        return found

    def expect(self, *words: str) -> None:
        """Pass these words."""
        if not self.take(*words):
            raise self.wrong()

    def next(self) -> Token:
        """Pass one token."""
        token = self.peek()
        if token is None:
            raise self.wrong()
        self._place += 1
        return token

    def name(self) -> str:
        """Pass a name, quoted or not."""
        token = self.next()
        if token.kind not in ("name", "word"):
            self._place -= 1
            raise self.wrong()
        return token.value

    def qualified(self) -> str:
        """Pass a name with perhaps a schema before it."""
        first = self.name()
        return qualified(first, self.name()) if self.take(".") else qualified(None, first)

    def text(self) -> str:
        """Pass a text, in whatever quotation marks."""
        token = self.next()
        if token.kind not in ("text", "name"):
            self._place -= 1
            raise self.wrong()
        return token.value

    def group(self) -> tuple[Token, ...]:
        """Pass a parenthesis; return what is in it."""
        self.expect("(")
        inner = self.until(lambda: self.at(")"))
        self.expect(")")
        return inner

    def until(self, stop: Callable[[], bool]) -> tuple[Token, ...]:
        """Pass and return all tokens up to one, outside of parentheses, at which to stop."""
        start, depth = self._place, 0
        while self and not (depth == 0 and stop()):
            depth += _opens(self.next())
        return self._tokens[start : self._place]

    def rest(self) -> tuple[Token, ...]:
        """Pass and return all that is left."""
        return self.until(lambda: False)

    def end(self) -> None:
        """Refuse what is left."""
        if self:
            raise self.wrong()

    def wrong(self) -> ValueError:
        """Return the error that the SQL cannot be read from here on."""
        text = f"has the SQL {self.whole!r}, which is not understood"
        if not self:
            return ValueError(f"{text}: it breaks off")
        return ValueError(
            f"{text} from {spell(self._tokens[self._place :])!r} on" if self._place else text
        )


def spell(found: Iterable[Token]) -> str:
    """Return tokens as SQL in the neutral form."""
    return Expression(" ".join(map(str, found))).text


def marked(
    found: Iterable[Token], columns: Collection[str] = (), *, marks_text: bool = False
) -> Expression:
    """Return tokens as an expression in which words that are columns are names."""
    return expression(" ".join(map(str, found)), columns, marks_text=marks_text)


def split(found: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Return the parts between commas outside of parentheses."""
    reader = Reader(found)
    parts = [reader.until(lambda: reader.at(","))]
    while reader.take(","):
        parts.append(reader.until(lambda: reader.at(",")))
    return tuple(parts)


def column_names(found: Sequence[Token], columns: Collection[str]) -> tuple[str, ...]:
    """Read a list of columns; :exc:`ValueError` for one that is none of the table's."""
    names: list[str] = []
    for part in split(found):
        reader = Reader(part)
        names.append(column_name(reader.name(), columns))
        reader.end()
    return tuple(names)


def column_name(name: str, columns: Collection[str]) -> str:
    """Return a column as the table calls it."""
    folded = {column.casefold(): column for column in columns}
    found = name if name in columns else folded.get(name.casefold())
    if found is None:
        raise ValueError(f"names the column {name!r} in SQL, which the table does not have")
    return found


def _is(token: Token | None, word: str) -> bool:
    return token is not None and token.kind in ("word", "sign") and token.value.upper() == word


def _opens(token: Token) -> int:
    return (token.value in ("(", "[")) - (token.value in (")", "]")) if token.kind == "sign" else 0
