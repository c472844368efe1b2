"""What a run tells while it runs; text, JSON and progress are listeners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

Kind = Literal["migration", "statement", "executed", "waiting", "locked", "progress", "done"]

#: What a kind always says in JSON, also where it is nothing.
_ALWAYS: dict[str, tuple[str, ...]] = {
    "executed": ("seconds", "waited", "rows"),
    "locked": ("seconds",),
    "progress": ("rows",),
    "done": ("seconds",),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: ``statement`` before it runs, ``done`` after the commit.

    ``executed``: a statement has run, in ``seconds``, after it had ``waited`` (seconds, from when
    it was tried first) for locks of others, and changed ``rows``, if the driver says how many.
    ``waiting``: somebody else is in the way; ``text`` says who. ``locked``: the migration lock is
    ours, after ``seconds``. ``progress``: of a loop over batches; ``rows``: how many it has done.
    ``ours``: a statement of our own tables, none of the migration.
    """

    kind: Kind
    migration: str = ""
    direction: str = ""
    text: str = ""
    seconds: float = 0.0
    ours: bool = False
    waited: float = 0.0
    rows: int | None = None

    @property
    def is_detail(self) -> bool:
        """Whether only somebody who asks for details wants to see it."""
        return self.kind in ("statement", "migration")

    @property
    def is_measure(self) -> bool:
        """Whether it only measures what another event has told already."""
        return self.kind in ("executed", "locked")

    def to_json(self) -> dict[str, Any]:
        """Return what ``--log json`` prints: the kind, and the fields that say something."""
        always = _ALWAYS.get(self.kind, ())
        found: dict[str, Any] = {"event": self.kind}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name != "kind" and (each.name in always or value != each.default):
                found[each.name] = round(value, 4) if isinstance(value, float) else value
        return found

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
