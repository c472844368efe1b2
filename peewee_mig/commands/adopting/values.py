"""What is found of another tool."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """How much a trace says: of several tools, only those of the highest rank count."""

    CALLS = 1
    FILES = 2
    EVOLVES = 3
    HISTORY = 4


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that the other tool has recorded, and when, as its table says it."""

    name: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Another tool, and what it says of this project and this database.

    ``title``: it, for people; ``folder``: of its migrations, relative to the project;
    ``files``: what else of the project is its own; ``tables``: where it keeps its records in the
    database; ``missing``: that place, if this database lacks it; ``module``: how Python imports
    it, ``package``: how it is installed; ``command``: applies what is pending; ``problem``: why
    nobody can tell what is applied, ``remedy``: what to do about that.
    """

    tool: str
    title: str
    rank: Rank
    evidence: tuple[str, ...]
    applied: tuple[Applied, ...] = ()
    pending: tuple[str, ...] = ()
    command: str = ""
    folder: str = ""
    files: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    module: str = ""
    package: str = ""
    problem: str = ""
    remedy: str = ""
    missing: str = ""


def counted(count: int, thing: str) -> str:
    """Spell a number of things."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def records_in(table: str, applied: tuple[Applied, ...]) -> str:
    """Say what a table of records holds."""
    if not applied:
        return f"table {table}: none applied"
    last = applied[-1]
    when = f" ({last.at})" if last.at else ""
    return f"table {table}: {len(applied)} applied, the last one {last.name}{when}"
