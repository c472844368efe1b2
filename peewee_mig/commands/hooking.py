"""Calls the hooks of a project around what a command does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from peewee_mig.commands.project import Project
from peewee_mig.errors import HookError, MigError, same_command
from peewee_mig.hooks import DECLARED, Command, Hook, Moment, Moved, Side
from peewee_mig.runner.execution import with_fields
from peewee_mig.runner.tasks import Task


@dataclass
class Hooking:
    """The hooks of one command on one database; those of a side are called once at most."""

    project: Project
    command: Command
    database: str
    begun: float | None = field(default=None, init=False)

    @cached_property
    def hooks(self) -> tuple[Hook, ...]:
        """The hooks that the project names; :exc:`ModelError` for a module that fails."""
        return tuple(_hooks(self.project)) if self.project.hooks else ()

    def before(self, migrations: Sequence[Moved] = (), names: Sequence[str] = ()) -> None:
        """Call what comes before; :exc:`MigError` stops the command, nothing was changed."""
        if self.begun is not None:
            return
        self.begun = time.monotonic()
        try:
            self._call("before", migrations=tuple(migrations), names=tuple(names))
        except MigError:
            self.begun = None
            raise

    def before_tasks(self, tasks: Sequence[Task]) -> None:
        """Call what comes before migrations."""
        if tasks:
            self.before([Moved(each.move.name, each.direction) for each in tasks])

    def after(
        self,
        migrations: Sequence[Moved] = (),
        names: Sequence[str] = (),
        error: MigError | None = None,
    ) -> None:
        """Call what comes after, if what comes before was called."""
        if self.begun is None:
            return
        seconds = time.monotonic() - self.begun
        self._call(
            "after",
            migrations=tuple(migrations),
            names=tuple(names),
            seconds=seconds,
            error=error,
        )

    def _call(self, side: Side, **told: object) -> None:
        place = self.project
        moment = Moment(self.command, self.database, place.env, place.production)
        moment = replace(moment, **told)  # type: ignore[arg-type]  # fields of a Moment
        for hook in self.hooks:
            if hook.side == side and self.command in hook.commands:
                _called(hook, moment, place)


def nothing() -> tuple[()]:
    """Return that nothing was done."""
    return ()


@contextmanager
def hooked(
    hooking: Hooking,
    done: Callable[[], Sequence[Moved]] = nothing,
    names: Callable[[], Sequence[str]] = nothing,
) -> Iterator[None]:
    """Call what comes after, however the block ends; ``done``, ``names``: what it did by then."""
    try:
        yield
    except MigError as error:
        _after_failure(hooking, done(), names(), error)
        raise
    hooking.after(done(), names())


def _after_failure(
    hooking: Hooking, done: Sequence[Moved], names: Sequence[str], error: MigError
) -> None:
    """Call what comes after; the failure itself is what is reported."""
    try:
        hooking.after(done, names, error)
    except MigError as other:
        said = f"{other.message} ({other.original})" if other.original else other.message
        error.original = "\n".join(filter(None, [error.original, said]))


def _hooks(project: Project) -> Iterator[Hook]:
    from peewee_mig.sources.seeding import import_own

    for module in import_own(project.hooks, project.models, project.root, named_by="hooks"):
        yield from getattr(module, DECLARED, ())


def _called(hook: Hook, moment: Moment, project: Project) -> None:
    from peewee_mig.sources.importing import calling, users_line

    label = f"the hook {hook.function.__name__!r} ({hook.side} {moment.command})"
    try:
        with calling(project.root):
            hook.function(moment)
    except MigError as error:
        raise with_fields(
            error, where=error.where or users_line(error, project.root) or label
        ) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise HookError(
            f"{label} failed",
            where=users_line(error, project.root) or "",
            original=said,
            committed=_committed(hook, moment),
            hint=_way_on(hook, moment),
        ) from error


def _way_on(hook: Hook, moment: Moment) -> str:
    """Return what to do; a command that is done is not said again: it would do more."""
    if hook.side == "before" or moment.error is not None:
        return f"correct that, then: {same_command()}"
    return f"correct that; {moment.command} itself is done, and is not to be run again for it"


def _committed(hook: Hook, moment: Moment) -> str:
    if hook.side == "before":
        return "nothing was changed"
    done = [*(each.name for each in moment.migrations), *moment.names]
    return ", ".join(done) or "nothing was changed"
