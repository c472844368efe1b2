"""One way in which a database says what went wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of an engine (empty: of any), and the kind of error that it is.

    ``words``: a regular expression; its named groups are the names that the text has.
    """

    engine: str
    kind: str
    words: str

    def search(self, text: str) -> re.Match[str] | None:
        """Find it anywhere in a text."""
        return re.search(self.words, text)


def patterns(engine: str, *rows: tuple[str, str]) -> tuple[Pattern, ...]:
    """Return the patterns of an engine from pairs of a kind and its words."""
    return tuple(Pattern(engine, kind, words) for kind, words in rows)
