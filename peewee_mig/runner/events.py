"""What a run tells while it runs; text, JSON and progress are listeners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["migration", "statement", "waiting", "progress", "done"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: ``statement`` before it runs, ``done`` after the commit.

    ``waiting``: somebody else is in the way; ``text`` says who. ``progress``: of a loop over
    batches; ``rows``: how many it has done. ``ours``: a statement of our own tables, none of the
    migration.
    """

    kind: Kind
    migration: str = ""
    direction: str = ""
    text: str = ""
    seconds: float = 0.0
    ours: bool = False
    rows: int = 0

    @property
    def is_detail(self) -> bool:
        """Whether only somebody who asks for details wants to see it."""
        return self.kind in ("statement", "migration")

    def __str__(self) -> str:
        """Say it in one line (a statement keeps its lines)."""
        undone = " (backward)" if self.direction == "backward" else ""
        match self.kind:
            case "done":
                return f"  {self.migration}{undone}  {self.seconds:.2f} s"
            case "migration":
                return f"{self.migration}{undone}"
            case "progress":
                return f"    {self.text}"
            case _:
                return self.text


Listener = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Listen to nothing."""
