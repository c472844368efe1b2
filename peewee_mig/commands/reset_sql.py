"""What SQL of the user's in migrations makes beside what we know: told from its first words. Pure.

Only what a statement creates and the words DROP … IF EXISTS can take away is known here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from peewee_mig.dialects.base import Unmanaged
from peewee_mig.operations.verbs import RunSQL
from peewee_mig.schema.names import bare, qualified

_BLANK = r"(?:\s+|--[^\n]*(?:\n|$)|\#[^\n]*(?:\n|$)|/\*.*?\*/)"
_PART = r'(?:"(?:[^"]|"")+"|`(?:[^`]|``)+`|[^\W\d][\w$]*)'
_NAME = rf"{_PART}(?:\s*\.\s*{_PART})?"
_KINDS = (
    r"TABLE|MATERIALIZED\s+VIEW|VIEW|TRIGGER|FUNCTION|PROCEDURE|EVENT|RULE|TYPE|DOMAIN|SEQUENCE"
)
_CREATE = re.compile(
    rf"{_BLANK}*CREATE\s+(?:OR\s+REPLACE\s+)?"
    r"(?:(?:UNLOGGED|VIRTUAL|CONSTRAINT|RECURSIVE|AGGREGATE|ALGORITHM\s*=\s*\w+"
    r"|DEFINER\s*=\s*\S+|SQL\s+SECURITY\s+\w+)\s+)*"
    rf"({_KINDS})\s+(IF\s+NOT\s+EXISTS\s+)?({_NAME})",
    re.IGNORECASE | re.DOTALL,
)
_DROP = re.compile(
    rf"{_BLANK}*(DROP\s+(?:{_KINDS}|INDEX|EXTENSION|AGGREGATE|COLLATION|CAST|SCHEMA|POLICY"
    r"|TEXT\s+SEARCH\s+(?:CONFIGURATION|DICTIONARY)|FOREIGN\s+TABLE|EVENT\s+TRIGGER)\s+)"
    rf"(IF\s+EXISTS\s+)?(?=({_NAME}))",
    re.IGNORECASE | re.DOTALL,
)
_ON = re.compile(rf"\bON\s+({_NAME})", re.IGNORECASE)
_TO = re.compile(rf"\bTO\s+({_NAME})", re.IGNORECASE)

_CASCADE = re.compile(r"\s+CASCADE\s*;?\s*$", re.IGNORECASE)
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|.""", re.DOTALL)
_DEFAULT = re.compile(r"\bDEFAULT\b|:?=", re.IGNORECASE)

#: What may read tables, or hang on them, so that it goes before them.
_CODE = frozenset({"view", "materialized view", "trigger", "function", "procedure", "rule"})

#: What a catalog lists by its kind and name.
_LISTED = _CODE | {"event"}


@dataclass(frozen=True, slots=True)
class SqlObject:
    """What a statement creates: its kind in small letters, its name, and what drops it."""

    kind: str
    name: str
    drop: str

    @property
    def is_code(self) -> bool:
        """Whether it may read tables, and so goes before them."""
        return self.kind in _CODE

    def is_there(self, found: Collection[Unmanaged]) -> bool:
        """Whether a catalog has it, as far as catalogs list it."""
        name = bare(self.name).casefold()
        listed = (each for each in found if each.kind == self.kind)
        names = {bare(each.name.partition("(")[0]).casefold() for each in listed}
        return self.kind not in _LISTED or name in names


def sql_objects(operations: Iterable[RunSQL], engine: str) -> Iterator[SqlObject]:
    """Yield what statements create, oldest first.

    Not what is created only IF NOT EXISTS, unless the way back drops it: it may be somebody else's.
    """
    for operation in operations:
        back = operation.statements_back(engine) or ()
        dropped = {_name(match[3], engine) for match in map(_DROP.match, back) if match}
        for sql in operation.statements(engine):
            match = _CREATE.match(sql)
            if match and (not match[2] or _name(match[3], engine) in dropped):
                yield _object(sql, match, engine)


def if_exists(drop: str, engine: str) -> str:
    """Return a statement that drops something, if it is there; empty if it does anything else.

    A schema takes nothing along: what is in it may be somebody else's. So one of MySQL's, which is
    a whole database, stays.
    """
    match = _DROP.match(drop)
    if match is None:
        return ""
    rest = drop[match.end() :]
    if match[1].split()[-1].upper() == "SCHEMA":
        if engine == "mysql":
            return ""
        rest = _CASCADE.sub("", rest)
    return f"{match[1]}IF EXISTS {rest}"


def _object(sql: str, match: re.Match[str], engine: str) -> SqlObject:
    kind = " ".join(match[1].split())
    drop = f"DROP {kind.upper()} IF EXISTS {match[3]}"
    if engine == "postgres" and kind.upper() in ("TRIGGER", "RULE"):
        place = (_TO if kind.upper() == "RULE" else _ON).search(sql, match.end())
        drop += f" ON {place[1]}" if place else ""
    if engine == "postgres" and kind.upper() in ("FUNCTION", "PROCEDURE"):
        drop += _arguments(sql[match.end() :])  # others may have the name with other arguments
    return SqlObject(kind.lower(), _name(match[3], engine), drop)


def _arguments(sql: str) -> str:
    """Return the arguments of a function in parentheses, without defaults; empty if it has none."""
    parts, depth = [""], 0
    for token in _TOKEN.findall(sql.lstrip()):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth == 0:
            break
        if (token, depth) == (",", 1):
            parts.append("")
        elif not token.startswith(("--", "/*")):
            parts[-1] += token
    words = (" ".join(_DEFAULT.split(part)[0].split()) for part in parts)
    listed = ", ".join(words)
    return f"{listed})" if listed else ""


def _name(text: str, engine: str) -> str:
    """Return the one text for a name in SQL; PostgreSQL folds what has no quotation marks."""
    parts = [_plain(part, engine) for part in re.findall(_PART, text)]
    schema = None if len(parts) == 1 or parts[0] == "main" else parts[0]
    return qualified(schema, parts[-1])


def _plain(part: str, engine: str) -> str:
    mark = part[0]
    if mark in ('"', "`"):
        return part[1:-1].replace(mark * 2, mark)
    return part.lower() if engine == "postgres" else part
