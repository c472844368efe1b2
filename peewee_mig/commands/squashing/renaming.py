"""Operations whose functions have other names now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from peewee_mig.operations.verbs import Apart, BySQL, Operation, RunPython


def with_functions(
    operations: Iterable[Operation], names: Mapping[str, str]
) -> tuple[Operation, ...]:
    """Return the operations with the new names of the functions that they call."""
    return tuple(_renamed(each, names) for each in operations)


def _renamed(operation: Operation, names: Mapping[str, str]) -> Operation:
    match operation:
        case RunPython():
            back = operation.backward
            functions = {names.get(name, name): f for name, f in operation.functions.items()}
            return replace(
                operation,
                forward=_by_engine(operation.forward, names),
                backward=None if back is None else _by_engine(back, names),
                functions=functions,
            )
        case Apart():
            return replace(operation, database=with_functions(operation.database, names))
        case _:
            return operation


def _by_engine(by: BySQL, names: Mapping[str, str]) -> BySQL:
    return tuple((engine, names.get(name, name)) for engine, name in by)
