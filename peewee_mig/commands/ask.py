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


@dataclass(frozen=True, slots=True)
class Landing:
    """Migrations that may be recorded without running, since a database has what they make.

    ``reason``: in one sentence; ``is_exact``: it was compared, and these are the ones; else they
    are those that would run.
    """

    reason: str
    names: tuple[str, ...]
    is_exact: bool


#: Says yes to recording migrations without running them.
ConfirmLanding = Callable[[Landing], bool]

#: Says yes to giving a folder (first) another name (second): it has files of another tool.
ConfirmMove = Callable[[str, str], bool]
