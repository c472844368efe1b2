"""What upserts did to rows; counted for whoever wants to tell of it. Needs no Peewee."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were inserted, were updated, and were as they should be already."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: Self) -> Counts:
        """Sum up."""
        return Counts(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )

    def __str__(self) -> str:
        """Say what there is of, such as ``2 inserted, 1 unchanged``; empty for nothing."""
        kinds = ("inserted", "updated", "unchanged")
        counts = [(getattr(self, kind), kind) for kind in kinds]
        return ", ".join(f"{count} {kind}" for count, kind in counts if count)


_told: ContextVar[list[Counts] | None] = ContextVar("peewee_mig_counts", default=None)


@contextmanager
def counted() -> Iterator[list[Counts]]:
    """Collect what upserts do while the context lasts."""
    told: list[Counts] = []
    token = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(token)


def tell(counts: Counts) -> None:
    """Say what was done, if somebody collects it."""
    told = _told.get()
    if told is not None:
        told.append(counts)
