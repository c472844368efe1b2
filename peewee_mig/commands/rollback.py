"""rollback: undo the last migration, the last N, or all after a target."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from peewee_mig.commands.ask import Confirm
from peewee_mig.commands.consent import refuse_losses, refuse_unknown
from peewee_mig.commands.hooking import Hooking
from peewee_mig.commands.migrate import (
    Migrated,
    Shared,
    command_line,
    make_runner,
    open_database,
    run,
    undoing_loses,
)
from peewee_mig.commands.project import Project
from peewee_mig.errors import UsageError
from peewee_mig.history.folder import History, need_history
from peewee_mig.history.recalled import recalled
from peewee_mig.runner.events import Listener, silent
from peewee_mig.runner.placing import Place
from peewee_mig.runner.position import Goal, Position, absolute, moves
from peewee_mig.runner.tasks import Task

RolledBack = Migrated


def rollback(  # noqa: PLR0913 (the options of the command)
    project: Project,
    *,
    target: str | None = None,
    unknown: bool = False,
    dry_run: bool = False,
    fills: Mapping[str, str] | None = None,
    allow_data_loss: Sequence[str] = (),
    confirm: Confirm | None = None,
    wait_lock: float = 600.0,
    listener: Listener = silent,
    shared: Shared | None = None,
) -> RolledBack:
    """Undo migrations, newest first; without a target, the last one.

    ``unknown``: those whose files are gone, from what the database recorded of them; without a
    target, all of them. ``shared``: what runs on other databases read and planned already.

    :exc:`ConsentError` if rows would be lost that neither ``allow_data_loss`` names nor
    ``confirm`` agrees to, :exc:`UsageError` if it names what is not dropped.
    """
    shares = shared is not None  # what one does not need may be for another one
    shared = shared or Shared(need_history(project.directory, project.files))
    files = shared.history
    options = ("--unknown",) if unknown else ()
    with open_database(project, create=False) as connection:

        def consent(tasks: Sequence[Task]) -> None:
            hint = (
                f"peewee-mig {command_line('rollback', target, (), options)} --allow-data-loss NAME"
            )
            # Where nothing is left to undo, or a part is undone, what is named is dropped already;
            # or it is of another database.
            if tasks and position.unfinished is None and not shares:
                refuse_unknown(allow_data_loss, [task.operations for task in tasks])
            found = undoing_loses(tasks, connection)
            refuse_losses(found, allowed=allow_data_loss, confirm=confirm, hint=hint)

        runner = make_runner(project, connection, files, listener, wait_lock)
        if unknown:
            runner = replace(runner, history=_recalled(runner.place()))
        place = runner.place()
        history, position = place.history, place.position
        goal = (
            _known(files, position) if unknown and not target else _goal(history, position, target)
        )
        # A count would go further than asked once a part is undone.
        known = absolute(history, position, goal) if target and goal.startswith("-") else target
        words = target if isinstance(known, Goal) else known
        command = command_line("rollback", words, allow_data_loss, options)
        runner = replace(
            runner,
            command=command,
            allowed=allow_data_loss,
            plans=shared.plans,
            shares=shares,
        )
        hooking = Hooking(project, "rollback", connection.session.label)
        return run(
            runner, goal, fills or {}, consent, dry_run=dry_run, hooking=hooking, files=files
        )


def _recalled(place: Place) -> History:
    return recalled(place.history, place.rows)


def _known(files: History, position: Position) -> str:
    """Return the last applied migration that has a file."""
    return next((name for name in reversed(position.applied) if name in files.modules), "zero")


def _goal(history: History, position: Position, target: str | None) -> str:
    """Return a count as ``-N``, else the target; refuse one that lies ahead.

    Digits that begin with 0 are the number of a migration.
    """
    if target is None:
        return f"-{min(1, len(position.applied))}"
    if re.fullmatch("-?[1-9][0-9]*", target):
        return f"-{target.removeprefix('-')}"
    if any(move.direction == "forward" for move in moves(history, position, target)):
        raise UsageError(
            f"{target} is not applied yet", hint=f"to apply it: peewee-mig migrate {target}"
        )
    return target
