"""An error with all that is known about it, and the answer to it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peewee_mig.commands.explaining.finding import Found, find
from peewee_mig.commands.explaining.kind import Kind
from peewee_mig.commands.explaining.kinds import KINDS
from peewee_mig.commands.explaining.knowledge import Knowledge
from peewee_mig.commands.explaining.said import Said
from peewee_mig.errors import SchemaError
from peewee_mig.operations.describe import object_words
from peewee_mig.schema.objects import ForeignKey
from peewee_mig.schema.schema import Schema

#: Where each server lists its sessions.
_SESSIONS = {"postgres": "SELECT * FROM pg_stat_activity", "mysql": "SHOW FULL PROCESSLIST"}

#: A name in a text of a kind.
_NAMED = re.compile(r"\{(\w+)\}")

#: The names of a text that are told, where nothing better is known.
_TOLD = {
    "object": "",
    "index": "index",
    "host": "host",
    "constraint": "constraint",
    "table": "table",
    "referred": "refers to",
    "view": "view",
    "database": "database",
    "user": "user",
    "value": "value",
    "type": "type",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What is possible, and the next command."""

    possible: tuple[str, ...] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """An error, what is known, and what it is about."""

    said: Said
    knowledge: Knowledge
    found: Found

    @property
    def kind(self) -> Kind:
        """The kind of the error."""
        return KINDS[self.said.kind]

    @property
    def table(self) -> str:
        """The table, as the models call it."""
        return self.found.table.name if self.found.table else self.said.name("table")

    @property
    def column(self) -> str:
        """The only column, or the first."""
        return next(iter(self.found.columns), "")

    @property
    def places(self) -> tuple[str, ...]:
        """Where the fields, or the model, are written."""
        if self.table or self.said.kind.startswith("missing"):
            return self.knowledge.places(self.table, self.found.columns)
        origins = self.knowledge.origins
        return tuple(origins[each] for each in self._candidates() if each in origins)

    def _candidates(self) -> Iterator[tuple[str, str]]:
        """Yield the columns that can be meant, where the text does not say which one."""
        length = re.search(r"\(\d+\)", self.said.name("type"))
        ending = f"CHAR{length[0]}" if length and not self.column else "\0"
        for table in self.schema:
            for column in table.columns:
                if column.name == self.column or str(column.type).endswith(ending):
                    yield table.name, column.name

    @property
    def line(self) -> str:
        """The place, without the name behind it: ``models.py:12``; empty if there are several."""
        return self.places[0].split(" ")[0] if len({*self.places}) == 1 else ""

    @property
    def schema(self) -> Schema:
        """What is meant to be there."""
        return self.knowledge.schema

    @property
    def is_made(self) -> bool:
        """Whether the constraint is being made, over rows that are there."""
        return self.said.verb in ("ALTER", "CREATE")

    def where(self, columns: tuple[str, ...]) -> str:
        """Spell the condition on the value that the error names, if that is of one column."""
        value = self.said.name("value")
        if not value or len(columns) != 1:
            return ""
        return f" WHERE {self.quoted(columns[0])} = {self.knowledge.dialect.text_sql(value)}"

    def quoted(self, *names: str) -> str:
        """Quote names for the database, with commas between."""
        return self.knowledge.dialect.quote_all(names)

    def quoted_table(self, name: str) -> str:
        """Quote the name of a table for the database; one that is no name stays as it is."""
        try:
            return self.knowledge.dialect.quote_table(name)
        except SchemaError:
            return name

    def spelled(self, text: str) -> str:
        """Put the names into a text; empty if it has one that is not known."""
        known = {**self.said.names, "line": self.line, "table": self.table, "column": self.column}
        known |= {f"sql_{name}": self.quoted_table(word) for name, word in known.items() if word}
        known |= self._made_up()
        if all(known.get(name) for name in _NAMED.findall(text)):
            return _NAMED.sub(lambda found: known[found[1]], text)
        return ""

    def _made_up(self) -> dict[str, str]:
        """Return what the texts of kinds name besides."""
        name = self.knowledge.dialect.text_sql(self.said.name("name"))
        return {
            "sessions": _SESSIONS.get(self.knowledge.engine, ""),
            "definition": f"SELECT sql FROM sqlite_master WHERE name = {name}",
            "sql_default": self.quoted_table(f"{self.table}_default") if self.table else "",
        }

    def general(self) -> Advice:
        """Return what the kind alone says."""
        possible = tuple(filter(None, map(self.spelled, self.kind.possible)))
        if self.line:
            last = f"change {self.line}, then: peewee-mig generate"
        else:
            last = "peewee-mig diff --models" if self.schema.tables else "peewee-mig status"
        return Advice(possible, next(filter(None, [*map(self.spelled, self.kind.next), last])))

    def change(self, then: str = "peewee-mig generate") -> str:
        """Say to change the line of the model, as far as it is known, and the command after."""
        return f"change {self.line or 'the field'}, then: {then}"


def open_case(said: Said, knowledge: Knowledge) -> Case:
    """Find what an error is about."""
    return Case(said, knowledge, find(said, knowledge))


def facts(case: Case) -> tuple[tuple[str, str], ...]:
    """Return what the error is about: a label and its words each."""
    return tuple(dict.fromkeys([*_about(case), *_differing(case), *_needed(case)]))


def _about(case: Case) -> Iterator[tuple[str, str]]:
    found = case.found
    if found.words:
        yield "constraint", found.words
        yield from _told(case, "value", "view")
    elif found.table and found.columns:
        for name in found.columns:
            column = found.table.find_column(name)
            words = object_words(found.table.name, column) if column else ""
            yield "column", words.removeprefix("column ") or f"{found.table.name}.{name}"
        yield from _told(case, "constraint", "referred", "view", "value", "type")
    else:
        if case.column:
            yield "column", f"{case.table}.{case.column}" if case.table else case.column
        yield from _told(case, *_TOLD)
    yield from (("model", place) for place in case.places)


def _told(case: Case, *names: str) -> Iterator[tuple[str, str]]:
    """Yield names of the text, each once."""
    said = case.said
    thing = said.name("name")
    if thing and "object" in names:
        yield said.name("object").lower() or "name", thing
    for name in names:
        words = said.name(name)
        if name != "object" and words not in ("", thing) and not (name == "table" and case.column):
            yield _TOLD[name], words


def _differing(case: Case) -> Iterator[tuple[str, str]]:
    """Say that the database has another action for a foreign key than is declared."""
    live, meant = case.found.live, case.found.constraint
    if isinstance(live, ForeignKey) and isinstance(meant, ForeignKey):
        one, other = (each.on_delete or "no action" for each in (live, meant))
        if one != other:
            yield "differs", f"on_delete: the database has {one}, the models {other}"


def _needed(case: Case) -> Iterable[tuple[str, str]]:
    return (("needed by", each) for each in case.said.dependents)
