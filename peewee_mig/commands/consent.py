"""Consent: rows are lost only if somebody said so by name, or on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.commands.ask import Confirm
from peewee_mig.errors import ConsentError, DeclinedError
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.losses import Loss, losses, unallowed
from peewee_mig.runner.tasks import Task


def refuse_losses(
    connection: Connection,
    tasks: Sequence[Task],
    *,
    allowed: Sequence[str],
    confirm: Confirm | None,
    hint: str,
) -> None:
    """Raise :exc:`ConsentError` if undoing would lose rows and nobody consented.

    :exc:`DeclinedError`: ``confirm`` asked, and the answer was no.
    """
    open_losses = unallowed(_found(connection, tasks), allowed)
    if not open_losses:
        return
    if confirm is not None:
        if confirm(open_losses):
            return
        raise DeclinedError("you declined", committed="nothing was changed")
    raise ConsentError(
        f"this would lose data: {_words(open_losses)}",
        committed="nothing was changed",
        hint=hint.replace(
            "--allow-data-loss NAME",
            " ".join(f"--allow-data-loss {loss.name}" for loss in open_losses),
        ),
    )


def _found(connection: Connection, tasks: Sequence[Task]) -> tuple[Loss, ...]:
    undone = [o for task in tasks if task.is_backward for o in task.operations]
    return losses(undone, connection.dialect, connection.session.query)


def _words(found: Sequence[Loss]) -> str:
    return ", ".join(
        f"{loss.name} ({loss.rows} row{'' if loss.rows == 1 else 's'})" for loss in found
    )
