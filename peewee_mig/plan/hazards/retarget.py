"""retarget: rows keep their values when a key comes to refer to something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import Add, Drop, Operation
from peewee_mig.plan.hazards.base import Hazard
from peewee_mig.schema.objects import ForeignKey
from peewee_mig.schema.schema import Schema

#: A table and columns of it, by the names before the migration where there are any.
_Place = tuple[str | None, tuple[str | None, ...]]


def find(operations: Sequence[Operation], _before: Schema) -> Iterator[Hazard]:
    """Report keys of which another table or column is referred to; a rename changes neither."""
    names = Names()
    referred: dict[_Place, tuple[_Place, str]] = {}
    for position, operation in enumerate(operations):
        match operation:
            case Drop(object=ForeignKey() as key):
                referred[_place(names, operation.table, key.columns)] = (
                    _place(names, key.referred_table, key.referred_columns),
                    _words(key),
                )
            case Add(object=ForeignKey() as key):
                was = referred.get(_place(names, operation.table, key.columns))
                if was and was[0] != _place(names, key.referred_table, key.referred_columns):
                    yield Hazard("retarget", position, _message(operation.table, key, was[1]))
            case _:
                pass
        names.follow(operation)


def _place(names: Names, table: str, columns: Sequence[str]) -> _Place:
    return names.table(table), tuple(names.column(table, each) for each in columns)


def _words(key: ForeignKey) -> str:
    return f"{key.referred_table} ({', '.join(key.referred_columns)})"


def _message(table: str, key: ForeignKey, was: str) -> str:
    return (
        f"rows keep {table}.{', '.join(key.columns)}: a value that referred to {was} refers to"
        f" {_words(key)}, be it another row"
    )
