"""The databases that a project is for, with what is assumed of their servers offline."""

from __future__ import annotations

from collections.abc import Iterator

from peewee_mig.commands.engine_words import version_numbers
from peewee_mig.commands.project import Project
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities, Dialect
from peewee_mig.plan.unsupported import Engine

#: The word of ``engines`` that names one of the two products of its dialect.
_MARIADB = "mariadb"


def engines_of(project: Project) -> Iterator[Engine]:
    """Yield each engine of a project once."""
    seen = set()
    for word in project.engines:
        dialect = get_dialect(_name(word), skips=project.skips)
        capabilities = _capabilities(word, dialect)
        if (dialect.name, capabilities) not in seen:
            seen.add((dialect.name, capabilities))
            yield Engine(dialect, capabilities)


def assumed_of(project: Project, dialect: Dialect, called: str) -> Capabilities:
    """Return what a project assumes of a dialect; ``called``: by which of its names.

    By the first of ``engines`` with that name, else by the first of the dialect, but by no
    version of MySQL for what is called MariaDB.
    """
    words = [word for word in project.engines if get_dialect(_name(word)).name == dialect.name]
    exact = [word for word in words if _name(word) == called]
    chosen = exact or ([] if called == _MARIADB else words)
    return _capabilities(chosen[0], dialect) if chosen else dialect.assumed


def _name(word: str) -> str:
    return word.partition(":")[0]


def _capabilities(word: str, dialect: Dialect) -> Capabilities:
    name, _, number = word.partition(":")
    version = version_numbers(number)
    if version is None:
        return dialect.assumed
    return Capabilities(version, "MariaDB" if name == _MARIADB else "")
