"""What an error says: its kind, the engine that speaks, the names in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from peewee_mig.commands.explaining import (
    general_words,
    mysql_words,
    postgres_words,
    sqlite_words,
)
from peewee_mig.commands.explaining.pattern import Pattern

_PATTERNS: tuple[Pattern, ...] = (
    *postgres_words.PATTERNS,
    *mysql_words.PATTERNS,
    *sqlite_words.PATTERNS,
    *general_words.PEEWEE,
    *general_words.PIECES,
)

#: What PostgreSQL adds in its DETAIL line.
_KEY_DETAIL = re.compile(
    r"Key \((?P<columns>.+?)\)=\((?P<value>.*?)\)"
    r'(?: is not present in table "(?P<referred>[^"]+)"'
    r'| is still referenced from table "(?P<referring>[^"]+)"| already exists| is duplicated)'
)

#: The fields that our own errors add, from the diagnosis of a driver.
_FIELD = re.compile(r"^[ \t]*(?P<name>table|constraint): (?P<value>\S+)[ \t]*$", re.MULTILINE)

#: A statement in the text, as far as it tells what it works on.
_STATEMENT = re.compile(
    r"(?:^[ \t]*(?:LINE \d+:|SQL:|statement:)?[ \t]*|[\"'(])"
    r"(?P<verb>INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM|ALTER TABLE|TRUNCATE(?: TABLE)?"
    r"|CREATE (?:UNIQUE )?INDEX .*? ON|CREATE TABLE|DROP TABLE)\s+(?:IF (?:NOT )?EXISTS )?"
    r"(?:ONLY )?(?P<table>(?:[\"`]?[\w$]+[\"`]?\.)?[\"`]?[\w$]+[\"`]?)",
    re.IGNORECASE | re.MULTILINE,
)

#: The statement that a call of Peewee in a traceback runs.
_CALLS = {
    "DELETE": re.compile(r"\.delete_instance\(|\.delete(?:_by_id)?\("),
    "INSERT": re.compile(r"\.(?:create|insert|insert_many|bulk_create)\("),
}

#: How many characters of a text are read.
_LONGEST = 20_000

#: What MariaDB calls a table while ALTER TABLE makes it anew.
_TEMPORARY = "#sql"

#: What PostgreSQL lists under "other objects depend on it".
_DEPENDENT = re.compile(
    r"(?:^|DETAIL:|detail:)[ \t]*(?P<dependent>[^\n:]+?) depends on ", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Said:
    """An error, read.

    ``engine``: ``sqlite``, ``postgres``, ``mysql``, or empty where several say the same.
    ``names``: such as ``table``, ``column``, ``columns`` (with commas), ``constraint``,
    ``value``, ``referred``. ``verb``: the first word of the statement, in capitals, where the
    text has it. ``dependents``: what depends on something, in the words of the server.
    """

    kind: str
    engine: str
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    verb: str = ""
    dependents: tuple[str, ...] = ()

    def name(self, key: str) -> str:
        """Return a name, empty if the text does not have it."""
        return self.names.get(key, "")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        found = self.name("columns") or self.name("column")
        return tuple(map(_unquoted, found.split(","))) if found else ()


def read_error(text: str, statement: str = "") -> Said | None:
    """Read the text of an error, in whatever it stands; ``None``: no kind is known.

    ``statement``: the SQL that failed, where it is known apart from the text. Of a long text,
    such as a log, the end counts.
    """
    text = text[-_LONGEST:]
    text = text.replace("\\'", "'").replace('\\"', '"')  # as Python shows the arguments of an error
    for pattern in _PATTERNS:
        found = pattern.search(text)
        if found:
            return _said(pattern, found, text, statement)
    return None


def _said(pattern: Pattern, found: re.Match[str], text: str, statement: str) -> Said:
    names = {key: value for key, value in found.groupdict().items() if value}
    _add_places(names)
    if names.get("table", "").startswith(_TEMPORARY):
        del names["table"]
    rest = f"{text[: found.start()]}\n{text[found.end() :]}"  # whose words are no statement
    verb = _add_from_statement(names, pattern.kind, statement or rest)
    for key, value in _details(text):
        names.setdefault(key, value)
    dependents = dict.fromkeys(each["dependent"].strip() for each in _DEPENDENT.finditer(text))
    return Said(pattern.kind, pattern.engine, names, verb, tuple(dependents))


def _add_places(names: dict[str, str]) -> None:
    """Split SQLite's ``author.first, author.last``."""
    places = [each.strip().rpartition(".") for each in names.pop("places", "").split(",")]
    if places[0][0]:
        names["table"] = places[0][0]
        names["columns"] = ", ".join(column for _, _, column in places)


def _details(text: str) -> Iterator[tuple[str, str]]:
    detail = _KEY_DETAIL.search(text)
    if detail:
        yield from ((key, value) for key, value in detail.groupdict().items() if value)
    for each in _FIELD.finditer(text):
        yield each["name"], each["value"]


def _add_from_statement(names: dict[str, str], kind: str, text: str) -> str:
    """Add the table that a statement works on, if nothing else says it; return the verb."""
    found = _STATEMENT.search(text)
    if found is None:
        return next((verb for verb, call in _CALLS.items() if call.search(text)), "")
    verb = found["verb"].split()[0].upper()
    if "table" not in names and kind not in _NO_TABLE:
        names["table"] = _bare(found["table"])
    return verb


#: Kinds whose table is not the one of the statement, or that have none.
_NO_TABLE = frozenset({"missing_table", "missing_function", "missing_extension", "syntax"})


def _bare(name: str) -> str:
    return name.replace('"', "").replace("`", "")


def _unquoted(name: str) -> str:
    return name.strip().strip("`\"'")
