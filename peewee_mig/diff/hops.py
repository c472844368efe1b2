"""Operations that may go before the user's own SQL or Python, so that more of them fold. Pure.

Only where the user said what that touches, and the operation is about other tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee_mig.operations.verbs import Add, Alter, Drop, Operation, RunPython, RunSQL
from peewee_mig.schema.objects import Column, ForeignKey, Index, Table


def earlier(operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations, each before the last data operation that has nothing to do with it."""
    found: list[Operation] = []
    for each in operations:
        found.insert(_place(each, found), each)
    return found


def _place(operation: Operation, before: Sequence[Operation]) -> int:
    """Return where an operation goes among those before it: as a rule behind them."""
    tables = _tables(operation)
    for place in range(len(before) - 1, -1, -1) if tables else ():
        other = before[place]
        if isinstance(other, RunSQL | RunPython):
            touched = _touched(other)
            return place if touched is not None and not tables & touched else len(before)
        others = _tables(other)
        if not isinstance(other, Add) or not others or tables & others:
            break
    return len(before)


def _tables(operation: Operation) -> frozenset[str]:
    """Return the tables that an operation is about, if it can move; none: it cannot."""
    match operation:
        case Add(object=Table(foreign_keys=keys) as table):
            return frozenset({table.name, *(key.referred_table for key in keys)})
        case Add(object=ForeignKey() as key) | Drop(object=ForeignKey() as key):
            return frozenset({operation.table, key.referred_table})
        case Add(object=Column() | Index()) | Drop(object=Column() | Index()):
            return frozenset({operation.table})
        case Alter(old=Column(), using=()):
            return frozenset({operation.table})
        case _:
            return frozenset()


def _touched(operation: RunSQL | RunPython) -> frozenset[str] | None:
    """Return the names that a data operation touches: tables, and what may be one."""
    if operation.touches is None:
        return None
    words = [each.split(".") for each in operation.touches]
    return frozenset(".".join(some[:end]) for some in words for end in range(1, len(some) + 1))
