"""Consent: rows are lost only if somebody said so by name, or on a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from peewee_mig.commands.ask import Confirm
from peewee_mig.errors import ConsentError, DeclinedError, UsageError, nearest, same_command
from peewee_mig.operations.verbs import Operation
from peewee_mig.runner.losses import Loss, droppable, unallowed


def refuse_unknown(allowed: Sequence[str], migrations: Sequence[Sequence[Operation]]) -> None:
    """Raise :exc:`UsageError` for a consent to lose what nothing drops: it is misspelled."""
    known = droppable(migrations)
    unknown = [name for name in allowed if name not in ("all", *known)]
    if unknown:
        raise UsageError(
            f"--allow-data-loss {unknown[0]}: nothing of that name is dropped",
            committed="nothing was changed",
            hint=_meant(unknown[0], known),
        )


def refuse_losses(
    found: Sequence[Loss], *, allowed: Sequence[str], confirm: Confirm | None, hint: str
) -> None:
    """Raise :exc:`ConsentError` if rows would be lost and nobody consented.

    :exc:`DeclinedError`: ``confirm`` asked, and the answer was no. ``hint``: the command,
    with ``--allow-data-loss NAME`` for the options that answer.
    """
    open_losses = unallowed(found, allowed)
    if not open_losses:
        return
    if confirm is not None:
        if confirm(open_losses):
            return
        raise DeclinedError("you declined", committed="nothing was changed")
    names = [*allowed, *(loss.name for loss in open_losses)]
    options = " ".join(f"--allow-data-loss {shlex.quote(name)}" for name in names)
    raise ConsentError(
        f"this would lose data: {_words(open_losses)}",
        committed="nothing was changed",
        hint=hint.replace("--allow-data-loss NAME", options),
    )


def _meant(name: str, known: Sequence[str]) -> str:
    """Return the way out for a name that nothing has which is dropped."""
    option = ["--allow-data-loss", name]
    if not known:
        return f"nothing is dropped: {same_command(without=option)}"
    near, there = nearest(name, known), f"dropped are: {', '.join(known)}"
    return f"{same_command(option[0], near, in_place_of=option)}; {there}" if near else there


def _words(found: Sequence[Loss]) -> str:
    return ", ".join(
        f"{loss.name} ({loss.rows} row{'' if loss.rows == 1 else 's'})" for loss in found
    )
