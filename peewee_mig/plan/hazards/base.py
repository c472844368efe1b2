"""What a hazard is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from peewee_mig.operations.verbs import Operation
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class Hazard:
    """A danger of one operation.

    ``id`` is what ``allow = [...]`` names; ``stops``: ``check`` fails until it is named there.
    """

    id: str
    operation: int
    message: str
    stops: bool = False


#: A rule: the hazards of the operations of one migration. Pure.
Rule = Callable[[Sequence[Operation], Schema], Iterator[Hazard]]
