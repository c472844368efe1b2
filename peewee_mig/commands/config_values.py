"""The settings of a file, and how the raw value of each is read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from peewee_mig.commands import style
from peewee_mig.commands.config_extends import EXTENDS
from peewee_mig.commands.engine_words import engine_word
from peewee_mig.errors import UsageError

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def text(value: object, where: str) -> str:
    """Read a text; :exc:`UsageError` for what is none."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise UsageError(f"{where} is not a text", hint="give a text, or leave the setting out")


def _own_table(value: object, where: str) -> str:
    """Read the name of our table, which lies where the database puts new ones."""
    name = text(value, where)
    if "." in name:
        raise UsageError(
            f"{where} is {name!r}, with a schema",
            hint=f"write {name.rpartition('.')[2]}; on PostgreSQL it lies in the first schema of"
            " search_path, which the address can set: ?options=-csearch_path%3Daudit,public",
        )
    return name


def _list(value: object, where: str) -> tuple[str, ...]:
    items = re.split(r"[,\n]", value) if isinstance(value, str) else value
    if isinstance(items, list | tuple) and all(isinstance(item, str) for item in items):
        return tuple(item.strip() for item in items if item.strip())
    raise UsageError(f"{where} is not a list of texts", hint='such as ["app.models"]')


def _engines(value: object, where: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(engine_word(each, where) for each in _list(value, where)))


def _unsupported(value: object, where: str) -> str:
    return _choice(value, where, ("refuse", "skip"))


def _log(value: object, where: str) -> str:
    return _choice(value, where, ("text", "json"))


def _choice(value: object, where: str, choices: Sequence[str]) -> str:
    if (word := text(value, where)) in choices:
        return word
    raise UsageError(f"{where} is {word!r}", hint=f"one of {', '.join(choices)}")


def _file_name(value: object, where: str) -> str:
    return style.file_name(text(value, where), where)


def _format_command(value: object, where: str) -> str:
    return style.format_command(text(value, where), where)


def flag(value: object, where: str) -> bool:
    """Read true or false, in the words of any file; :exc:`UsageError` for others."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE + _FALSE:
        return word in _TRUE
    raise UsageError(f"{where} is {value!r}", hint="true or false")


def _seconds(value: object, where: str) -> float:
    try:
        seconds = -1.0 if isinstance(value, bool) else float(str(value))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < math.inf:
        raise UsageError(f"{where} is {value!r}", hint="a number of seconds, such as 60")
    return seconds


#: Every setting of a file, and how its raw value is read.
KEYS: Mapping[str, Callable[[object, str], Any]] = {
    EXTENDS: text,
    "models": _list,
    "database": text,
    "directory": text,
    "engines": _engines,
    "unsupported": _unsupported,
    "production": flag,
    "development": flag,
    "history_table": _own_table,
    "role": text,
    "seeds": _list,
    "hooks": _list,
    "include": _list,
    "exclude": _list,
    "file_name": _file_name,
    "format_command": _format_command,
    "lock_timeout": _seconds,
    "statement_timeout": _seconds,
    "tenants": text,
    "tenant_url": text,
    "log": _log,
}
