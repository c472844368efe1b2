"""Questions that only a person can answer; the command line implements the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from peewee_mig.diff.renames import Candidate
from peewee_mig.runner.losses import Loss


@dataclass(frozen=True, slots=True)
class FillQuestion:
    """Which value existing rows get in a column that takes no NULL.

    ``problem``: why the answer before this one is none.
    """

    table: str
    column: str
    type: str
    problem: str = ""


class Ask(Protocol):
    """Somebody who answers."""

    def rename(self, candidate: Candidate) -> bool:
        """Say whether the old object became the new one."""

    def fill(self, question: FillQuestion) -> str | None:
        """Return the value as ``--fill`` takes it; ``None``: decide when migrating."""


#: Says yes to losing these rows.
Confirm = Callable[[Sequence[Loss]], bool]

#: Says yes to recording these migrations, which a push has made already, without running them.
ConfirmLanding = Callable[[Sequence[str]], bool]
