"""Hooks: functions of a project that are called around the commands that change a database.

They stand in a module that the setting ``hooks`` names::

    from peewee_mig.hooks import Moment, after, before


    @before("migrate", "rollback")
    def page_the_team(moment: Moment) -> None:
        if moment.production:
            notify(f"{moment.database}: {', '.join(each.name for each in moment.migrations)}")
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from peewee_mig.errors import MigError, UsageError

__all__ = ["Hook", "Moment", "Moved", "after", "before"]

#: The commands that hooks are called around.
Command = Literal["migrate", "rollback", "push", "seed"]
Side = Literal["before", "after"]

F = TypeVar("F", bound=Callable[..., object])

#: The variable of a module that lists the hooks declared in it, in their order.
DECLARED = "__peewee_mig_hooks__"


@dataclass(frozen=True, slots=True)
class Moved:
    """A migration; ``direction``: ``forward`` or ``backward``."""

    name: str
    direction: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What a hook is told.

    ``database``: without a password; ``env``: empty where none was named. ``migrations``: before,
    those that are to be made; after, those that were, each committed. ``names``: of the seeds, or
    in words what a push changes. ``error``: what stopped the command, if anything did.
    """

    command: Command
    database: str
    env: str = ""
    production: bool = False
    migrations: tuple[Moved, ...] = ()
    names: tuple[str, ...] = ()
    seconds: float = 0.0
    error: MigError | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """A function that is called on one side of some commands."""

    side: Side
    commands: tuple[Command, ...]
    function: Callable[[Moment], object]


def before(*commands: Command) -> Callable[[F], F]:
    """Declare a function that is called before a command changes anything, after all questions.

    It takes a :class:`Moment`. What it raises stops the command: nothing was changed then.
    A command with nothing to do, and ``--dry-run``, call none.
    """
    return _declaring("before", commands)


def after(*commands: Command) -> Callable[[F], F]:
    """Declare a function that is called once a command has ended, also if it was stopped.

    It takes a :class:`Moment`. What was committed stays, whatever the function does.
    """
    return _declaring("after", commands)


def _declaring(side: Side, commands: tuple[Command, ...]) -> Callable[[F], F]:
    known = get_args(Command)
    wrong = [each for each in commands if each not in known]
    if wrong or not commands:
        named = ", ".join(f"{each!r}" for each in wrong) or "nothing"
        raise UsageError(
            f"@{side} names {named}, which is no command with hooks",
            hint=f"write @{side}({known[0]!r}); the commands are {', '.join(known)}",
        )

    def declare(function: F) -> F:
        _refuse_misfit(side, function)
        function.__globals__.setdefault(DECLARED, []).append(Hook(side, commands, function))
        return function

    return declare


def _refuse_misfit(side: Side, function: object) -> None:
    if not inspect.isfunction(function) or inspect.iscoroutinefunction(function):
        raise UsageError(f"@{side} declares plain functions, not {function!r}")
    try:
        inspect.signature(function).bind(None)
    except TypeError as error:
        raise UsageError(
            f"the hook {function.__name__!r} cannot be called with one argument",
            hint=f"write def {function.__name__}(moment: Moment) -> None:",
        ) from error
