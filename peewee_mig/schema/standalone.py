"""Schema objects that are no tables: views, sequences, types, and raw SQL of the user's.

Each is known by its kind and its name, with its schema if it has one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression, tokens
from peewee_mig.schema.names import qualified


@dataclass(frozen=True, slots=True)
class View:
    """A view that the user declares by its select, in the neutral form of expressions.

    ``needs``: the tables and views that it reads, in any order.
    """

    name: str
    select: Expression
    materialized: bool = False
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Sort what it needs."""
        object.__setattr__(self, "needs", tuple(sorted(self.needs)))


@dataclass(frozen=True, slots=True)
class VirtualTable:
    """A virtual table of SQLite: its module and the module's arguments.

    They are not understood, but their blanks and comments do not count.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the arguments into a normal form, where they can be read."""
        object.__setattr__(self, "arguments", tuple(map(_normal, self.arguments)))

    @property
    def stored_columns(self) -> tuple[str, ...]:
        """The columns of a full-text table that keeps its own rows; empty for all others.

        The language of a row is in no column that can be told from here. Source:
        https://sqlite.org/fts5.html, https://sqlite.org/fts3.html.
        """
        elsewhere = any(self._option(name) is not None for name in _ELSEWHERE)
        return () if elsewhere else self.text_columns

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The columns of a full-text table; empty for all others."""
        if self.module.lower() not in ("fts3", "fts4", "fts5"):
            return ()
        columns = (each for each in self.arguments if not _OPTION.match(each))
        return tuple(next(tokens(each)).value for each in columns)

    @property
    def source(self) -> str:
        """The table or view whose rows a full-text table reads; empty if there is none."""
        found = self._option("content") if self.module.lower() in ("fts4", "fts5") else ""
        return qualified(None, found) if found else ""

    @property
    def source_key(self) -> str:
        """The column that numbers the rows of the source."""
        return self._option("content_rowid") or "rowid"

    def _option(self, name: str) -> str | None:
        """Return the value of an option, without its marks, if it is there."""
        for each in filter(_OPTION.match, self.arguments):
            word, _, *value = tokens(each)
            if word.value.lower() == name:
                return "".join(each.value for each in value if each.kind != "sign")
        return None

    def copied_columns(self, new: VirtualTable) -> tuple[str, ...]:
        """Return the columns whose rows a newer version of the table gets."""
        others = new.stored_columns
        return tuple(name for name in self.stored_columns if name in others)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence that the user names in a field."""

    name: str


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enum type of PostgreSQL: its values in order."""

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a value twice."""
        if not self.values or len(set(self.values)) != len(self.values):
            raise SchemaError(f"the values of the enum type {self.name} are not distinct")


RawKind = Literal["function", "trigger", "extension", "object"]


@dataclass(frozen=True, slots=True)
class RawObject:
    """An object that the user writes in SQL: a function, a trigger, an extension.

    ``create`` and ``drop``: its statements by engine (``sqlite``, ``postgres``, ``mysql``), or
    under ``""`` for all of them; an engine without one does not have the object. ``table``:
    the table that a trigger hangs on, else empty.
    """

    kind: RawKind
    name: str
    create: tuple[tuple[str, str], ...]
    drop: tuple[tuple[str, str], ...]
    table: str = ""
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the statements into an order."""
        for attribute in ("create", "drop", "needs"):
            object.__setattr__(self, attribute, tuple(sorted(getattr(self, attribute))))

    def statement(self, which: Literal["create", "drop"], engine: str) -> str:
        """Return the statement for an engine, empty if it does not have the object."""
        found = dict(self.create if which == "create" else self.drop)
        return found.get(engine, found.get("", ""))


def _normal(argument: str) -> str:
    try:
        return Expression(argument).text
    except SchemaError:
        return argument


#: An argument that is none of a column.
_OPTION = re.compile(r"\w+ =")

#: Options that keep rows, or a part of them, in another place.
_ELSEWHERE = frozenset({"content", "languageid"})

#: The kinds that stand beside the tables.
Standalone = View | VirtualTable | Sequence | EnumType | RawObject


def kind_of(thing: Standalone) -> str:
    """Return the kind in the words of SQL, as operations and messages name it."""
    match thing:
        case View():
            return "view"
        case VirtualTable():
            return "virtual_table"
        case Sequence():
            return "sequence"
        case EnumType():
            return "enum"
        case _:
            return thing.kind


def identity(thing: Standalone) -> tuple[str, str, str]:
    """Return what tells an object from all others: kind, table, name."""
    return (kind_of(thing), thing.table if isinstance(thing, RawObject) else "", thing.name)
