"""Landing a pushed database on migrations, when ``migrate`` meets one."""

from __future__ import annotations

from peewee_mig.commands.ask import ConfirmLanding
from peewee_mig.commands.project import Project
from peewee_mig.errors import DeclinedError, RefusedError
from peewee_mig.runner.position import moves
from peewee_mig.runner.run import Runner


def land(
    project: Project, runner: Runner, target: str | None, confirm: ConfirmLanding | None
) -> tuple[str, ...]:
    """Record what a push has made already, before what is missing is applied; return its names.

    :exc:`RefusedError` without ``confirm``; :exc:`DeclinedError` if it says no.
    """
    position = runner.position()
    if position.push is None:
        return ()
    todo = [move.name for move in moves(runner.history, position, target)]
    if not set(todo) & set(position.pending):
        return ()
    if position.push.is_push_begun:
        raise RefusedError(
            "a push was begun here and not finished",
            where=runner.session.label,
            committed="nothing was changed",
            hint="finish it: peewee-mig push, then: peewee-mig migrate",
        )
    if confirm is None:
        raise RefusedError(
            f"this database was pushed at {position.push.finished}: pending migrations would make"
            " what is there already",
            where=runner.session.label,
            committed="nothing was changed",
            hint="peewee-mig baseline records those, then: peewee-mig migrate",
        )
    if not confirm(todo):
        raise DeclinedError("you declined", committed="nothing was changed")
    from peewee_mig.commands.baseline import baseline

    return baseline(project).recorded
