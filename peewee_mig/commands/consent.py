"""Consent: rows are lost only if somebody said so by name, or on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.commands.ask import Confirm
from peewee_mig.errors import ConsentError
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.losses import losses, unallowed
from peewee_mig.runner.tasks import Task


def refuse_losses(
    connection: Connection,
    tasks: Sequence[Task],
    *,
    allowed: Sequence[str],
    confirm: Confirm | None,
    hint: str,
) -> None:
    """Raise :exc:`ConsentError` if undoing would lose rows and nobody consented."""
    undone = [o for task in tasks if task.is_backward for o in task.operations]
    found = losses(undone, connection.dialect, connection.session.query)
    open_losses = unallowed(found, allowed)
    if not open_losses or (confirm is not None and confirm(open_losses)):
        return
    words = ", ".join(
        f"{loss.name} ({loss.rows} row{'' if loss.rows == 1 else 's'})" for loss in open_losses
    )
    raise ConsentError(
        f"this would lose data: {words}",
        committed="nothing was changed",
        hint=hint.replace(
            "--allow-data-loss NAME",
            " ".join(f"--allow-data-loss {loss.name}" for loss in open_losses),
        ),
    )
