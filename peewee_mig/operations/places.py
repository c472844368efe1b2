"""Places of a schema that can be touched, and what it means that two touch the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

#: Definitions, rows, names of relations, and objects beside the tables.
Scope = Literal["schema", "rows", "name", "object"]

#: Parts of a place: that it is there, all of it. Others are one column, key, index, ...
HERE, ALL = "", "*"

#: Stands for the table that nobody named.
ANY = "any table"

#: The part of a table's rows that a trigger is: it takes part in each change of them.
TRIGGERS = "triggers"


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be touched: a part of a table (or of what stands beside them).

    Letter case does not count: some engines do not tell such names apart.
    """

    scope: Scope
    table: str = field(compare=False)
    part: str = field(compare=False, default=HERE)
    key: tuple[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Leave letter case out of what is compared."""
        object.__setattr__(self, "key", (self.table.casefold(), self.part.casefold()))

    def __str__(self) -> str:
        """Name the place."""
        kind, _, name = self.part.partition(" ")
        match self.scope:
            case "name":
                return f"the name {self.table}"
            case "object":
                return self.table
            case "schema" if kind == "column":
                return f"column {self.table}.{name}"
            case "schema":
                of = self.part not in (HERE, ALL)
                return f"the {self.part} of {self.table}" if of else f"table {self.table}"
            case _:
                return f"the rows of {self.table}{f' ({name})' if name else ''}"

    def holds(self, other: Place) -> bool:
        """Whether a change of this place changes the other one."""
        (table, part), (other_table, other_part) = self.key, other.key
        if (self.scope, table) != (other.scope, other_table):
            return False
        return part in (ALL, other_part) or (other_part == ALL and part != HERE)


@dataclass(frozen=True, slots=True)
class Touches:
    """What an operation reads and writes.

    ``words``: those of a text of the user's, which reads every table that they name. ``made``:
    tables and objects that were not there before. ``unknown``: nobody knows what it touches.
    """

    reads: frozenset[Place] = frozenset()
    writes: frozenset[Place] = frozenset()
    words: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    unknown: bool = False

    def meeting(self, other: Touches) -> Place | None:
        """Return a place that one of the two writes and the other touches, if there is one."""
        if self.unknown or other.unknown:
            return self._unknown(other) or other._unknown(self)
        found = [*self._changed_in(other), *other._changed_in(self)]
        return min(found, key=vagueness, default=None)

    def _changed_in(self, other: Touches) -> Iterator[Place]:
        """Yield what this writes and the other touches."""
        for place in self.writes:
            for each in (*other.reads, *other.writes):
                if place.holds(each):
                    yield min(place, each, key=vagueness)
            if place.scope in ("schema", "object") and _is_said(other.words, place.key[0]):
                yield place

    def _unknown(self, other: Touches) -> Place | None:
        """Return what the other touches that is not known to be out of reach of this."""
        if not self.unknown:
            return None
        if other.unknown:
            return Place("rows", ANY, ALL)
        touched = [*other.writes, *(each for each in other.reads if each.scope == "rows")]
        touched = [each for each in touched if each.scope != "name"]
        near = (each for each in touched if not self._is_apart(each, other))
        return min(near, key=vagueness, default=None)

    def _is_apart(self, place: Place, other: Touches) -> bool:
        """Whether this cannot know of a place: the other makes it, and it is not mentioned."""
        table = place.key[0]
        return table in other.made and not _is_said(self.words, table)


def _is_said(words: frozenset[str], name: str) -> bool:
    """Whether all words of a name, without its schema, are among words."""
    return bool(words) and words.issuperset(re.findall(r"\w+", name.rpartition(".")[2]))


def vagueness(place: Place) -> tuple[bool, bool, str, str]:
    """Return what sorts places: a column tells more than its table, a table more than its rows."""
    return not place.part.startswith("column "), place.scope != "schema", place.table, place.part
