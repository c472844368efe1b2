"""Seeds: functions that give a database the rows that it should begin with.

They stand in a module that the setting ``seeds`` names, and ``peewee-mig seed`` runs them::

    from peewee_mig.seeds import seed, upsert


    @seed()
    def roles():
        upsert(Role, key="name", rows=[{"name": "admin"}, {"name": "reader"}])
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee_mig.errors import UsageError
from peewee_mig.sources.counts import Counts

__all__ = ["Counts", "Unit", "seed", "upsert"]

F = TypeVar("F", bound=Callable[..., object])

#: The variable of a module that lists the seeds declared in it, in their order.
DECLARED = "__peewee_mig_seeds__"


@dataclass(frozen=True, slots=True)
class Unit:
    """A seed. ``function`` takes the database, if ``takes_database``; else nothing.

    ``tracked``: it runs once, until its code changes; ``module``, ``line``: where it is declared.
    """

    name: str
    function: Callable[..., object]
    after: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    takes_database: bool = False
    tracked: bool = False
    module: str = ""
    line: int = 0


def seed(
    name: str = "",
    *,
    after: Sequence[str] = (),
    tags: Sequence[str] = (),
    tracked: bool = False,
) -> Callable[[F], F]:
    """Declare a function as a seed; it may be called as before.

    It takes the Peewee database that is seeded, or nothing. ``name``: else that of the function;
    ``after``: names of seeds that run before it; ``tags``: words to choose it by. The tag
    ``production`` allows it in environments that are marked so; one that is the name of an
    environment limits it to that. ``tracked``: it is recorded in the database that it ran, and it
    runs there again only when its code has changed. :exc:`UsageError` for what cannot be a seed.
    """

    def declare(function: F) -> F:
        frame = sys._getframe(1)  # noqa: SLF001 (a decorator may hide the function of the module)
        unit = Unit(
            _name_of(name, function),
            function,
            _words("after", after),
            _words("tags", tags),
            _takes_database(function),
            _flag(tracked),
            frame.f_globals.get("__name__", ""),
            frame.f_lineno,
        )
        for space in _spaces(function, frame.f_globals):
            space.setdefault(DECLARED, []).append(unit)
        return function

    if callable(name):
        raise UsageError("@seed stands without parentheses", hint="write @seed()")
    return declare


def upsert(
    model: Any,  # noqa: ANN401 (a class of Peewee's, which has no types)
    *,
    key: str | Sequence[str],
    rows: Iterable[Mapping[str, Any]],
) -> Counts:
    """Insert the rows that are missing, update those that differ, all or none of them.

    ``key``: the fields by which a row is found; ``rows``: fields and values. A field that a row
    does not name is left alone, or gets its default in a new row. Rows that are not named stay.
    :exc:`UsageError` for fields that are unknown, and where a key does not tell rows apart.
    """
    from peewee_mig.sources.upserting import upsert as bring

    return bring(model, key, rows)


def _spaces(function: Callable[..., object], around: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the modules that a seed may be looked for in: of the function, of its decorator."""
    own: dict[str, Any] = getattr(inspect.unwrap(function), "__globals__", around)
    return [own] if own is around else [own, around]


def _flag(tracked: object) -> bool:
    if not isinstance(tracked, bool):
        raise UsageError(f"tracked of a seed is True or False, not {tracked!r}")
    return tracked


def _name_of(name: object, function: object) -> str:
    if not inspect.isfunction(function):
        raise UsageError(f"@seed declares functions, not {function!r}")
    found = name or function.__name__
    if not isinstance(found, str) or found.strip() != found or found.startswith("-"):
        raise UsageError(f"{found!r} is no name of a seed", hint="write a word, such as roles")
    return found


def _words(option: str, words: object) -> tuple[str, ...]:
    if isinstance(words, str) or not isinstance(words, Iterable):
        raise UsageError(f"{option} of a seed is no list", hint=f"such as {option}=[{words!r}]")
    found = tuple(words)
    if not all(isinstance(word, str) for word in found):
        raise UsageError(f"{option} of a seed is no list of texts: {list(found)!r}")
    return found


def _takes_database(function: Callable[..., object]) -> bool:
    if (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    ):
        raise UsageError("a seed is a plain function, neither async nor a generator")
    needed = [
        each
        for each in inspect.signature(function).parameters.values()
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]
    if len(needed) > 1 or any(each.kind is each.KEYWORD_ONLY for each in needed):
        raise UsageError("a seed takes the database, or nothing", hint="give others a default")
    return bool(needed)
