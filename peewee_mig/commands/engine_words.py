"""The words of ``engines``: a database, and the version that is assumed of it offline."""

from __future__ import annotations

import re

from peewee_mig.errors import UsageError

#: Word -> the first numbers of its versions. No version of MySQL is 10 or more.
ENGINES = {
    "sqlite": range(3, 4),
    "postgres": range(9, 100),
    "mysql": range(5, 10),
    "mariadb": range(10, 100),
}
_ALIASES = {"postgresql": "postgres"}


def engine_word(text: str, where: str) -> str:
    """Return ``postgres:18`` for one entry of ``engines``; :exc:`UsageError` if it is none."""
    said, colon, number = (part.strip() for part in text.partition(":"))
    name = _ALIASES.get(said, said)
    if name not in ENGINES:
        raise UsageError(f"{where} is {text!r}", hint=f"one of {', '.join(ENGINES)}")
    if not colon:
        return name
    version = version_numbers(number)
    if version is None or version[0] not in ENGINES[name]:
        raise UsageError(f"{where} is {text!r}: {name} has no such version", hint=_known(version))
    return f"{name}:{number}"


def version_numbers(text: str) -> tuple[int, ...] | None:
    """Return the numbers of a version; ``None``: it is none."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", text):
        return None
    return tuple(int(part) for part in text.split("."))


def _known(version: tuple[int, ...] | None) -> str:
    """Say how a version is written, of which database there is such a one, if of any."""
    fits = [name for name, majors in ENGINES.items() if version and version[0] in majors]
    spelled = ".".join(map(str, version or ()))
    such = [f"{name}:{spelled}" for name in fits] or ["postgres:18", "mariadb:11.4", "sqlite"]
    return f"write the version of the server, such as {' or '.join(such)}"
