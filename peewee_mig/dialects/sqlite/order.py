"""The order in which SQLite runs operations. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.operations.verbs import Add, ChangeRows, Drop, Operation
from peewee_mig.schema.objects import ForeignKey


def in_order(operations: Sequence[Operation]) -> list[int]:
    """Return the positions of operations in the order in which they run.

    A foreign key comes before reference rows change, and goes behind them, so that it needs no
    rebuild of its own: nobody looks at keys meanwhile.
    """
    order: list[int] = []
    for position, operation in enumerate(operations):
        place = len(order)
        if isinstance(operation, ChangeRows):
            while place and _is_key(operations[order[place - 1]], Drop):
                place -= 1
        elif _is_key(operation, Add):
            while place and isinstance(operations[order[place - 1]], ChangeRows):
                place -= 1
        order.insert(place, position)
    return order


def _is_key(operation: Operation, verb: type[Add | Drop]) -> bool:
    return isinstance(operation, verb) and isinstance(operation.object, ForeignKey)
