"""Full-text tables of SQLite: columns and options, whatever the marks around them.

Source: https://sqlite.org/fts5.html, https://sqlite.org/fts3.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import tokens
from peewee_mig.schema.standalone import VirtualTable

_MODULES = ("fts3", "fts4", "fts5")
_OPTION = re.compile(r"(\w+) =(.*)", re.DOTALL)
_BRACKETS = re.compile(r"\[([^]]*)\]\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FullText:
    """A full-text table. ``columns``: each with what stands behind its name, in capitals."""

    module: str
    columns: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]


def full_text(table: VirtualTable) -> FullText | None:
    """Return the meaning of a virtual table; ``None`` for one of another module."""
    module = table.module.lower()
    if module not in _MODULES:
        return None
    columns, options = list[tuple[str, str]](), dict[str, str]()
    for argument in table.arguments:
        option = _OPTION.fullmatch(argument)
        if option is None:
            columns.append(_column(argument))
        else:
            options[option[1].lower()] = _value(option[1].lower(), option[2].strip())
    return FullText(module, tuple(columns), tuple(sorted(options.items())))


def is_same(one: VirtualTable, other: VirtualTable) -> bool:
    """Whether SQLite makes the same of two declarations."""
    meaning = full_text(one)
    return one == other or (meaning is not None and meaning == full_text(other))


def _column(argument: str) -> tuple[str, str]:
    if brackets := _BRACKETS.fullmatch(argument):
        return brackets[1], brackets[2].upper()
    name, *rest = tokens(argument)
    return name.value, " ".join(each.value for each in rest).upper()


def _value(option: str, text: str) -> str:
    """Return a value without its marks; what is more than one word stays as it is."""
    try:
        words = [each.value for each in tokens(text)]
    except SchemaError:
        return text
    value = words[0] if len(words) == 1 else text
    return " ".join(value.replace(",", " ").split()) if option == "prefix" else value
