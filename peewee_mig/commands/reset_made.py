"""What a history made in a database: all that its files, its rows and a push ever named. Pure."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from peewee_mig.commands.reset_sql import SqlObject, if_exists, sql_objects
from peewee_mig.errors import MigError
from peewee_mig.history.folder import History
from peewee_mig.history.table import Row
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    Drop,
    Operation,
    Rename,
    RunSQL,
    each_side,
    in_database,
)
from peewee_mig.runner.catalog import schemas_of
from peewee_mig.schema.objects import Table
from peewee_mig.schema.standalone import RawObject, Standalone, VirtualTable, identity

_Identity = tuple[str, str, str]

#: What reading a row that somebody damaged raises.
_UNREADABLE = (MigError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Made:
    """What may be in the database since the history made it.

    ``tables``: by every name that they had, with virtual ones; ``objects``: what stands beside
    them, as it was defined last; ``sql``: what the user's own SQL creates, oldest first;
    ``kept``: extensions, which may have been there before and serve others.
    """

    tables: frozenset[str]
    objects: tuple[Standalone, ...] = ()
    sql: tuple[SqlObject, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def schemas(self) -> frozenset[str]:
        """The schemas of all of it."""
        beside = (each.name for each in (*self.objects, *self.sql))
        return schemas_of((*self.tables, *beside))


def made_by(history: History, rows: Sequence[Row], engine: str) -> Made:
    """Collect what the files and the rows tell; rows that cannot be read tell nothing."""
    recorded = [_operations(row) for row in rows]
    listed = [*(each.operations for each in history.migrations), *recorded]
    operations = [each for one in listed for each in each_side(one)]
    things = _beside(history, operations)
    present = _present(recorded)
    sql = tuple(
        dict.fromkeys(sql_objects((e for e in operations if isinstance(e, RunSQL)), engine))
    )
    tables = {
        *_tables(history, operations),
        *(each.name for each in things.values() if isinstance(each, VirtualTable)),
        *(each.name for each in sql if each.kind == "table"),
        *(name for row in rows for name in row.meta.get("tables", ())),
    }
    tables -= set(_on_paper(history, rows)) - {each.name for each in sql}
    beside = (_gentle(e, engine, present) for e in things.values() if not _is_kept(e))
    return Made(
        frozenset(tables),
        tuple(each for each in beside if each is not None),
        tuple(each for each in sql if each.kind != "table"),
        tuple(sorted(f"extension {each.name}" for each in things.values() if _is_kept(each))),
    )


def _on_paper(history: History, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the tables that only the tracked schema was told of: somebody else made them."""
    listed = [each for one in history.migrations for each in one.operations]
    for row in rows:
        with contextlib.suppress(*_UNREADABLE):
            listed += row.read_operations()
    told = (each for one in listed if isinstance(one, Apart) for each in one.schema)
    yield from set(_added(told)).difference(_added(in_database(listed)))


def _added(operations: Iterable[Operation]) -> Iterator[str]:
    for each in operations:
        if isinstance(each, Add) and isinstance(each.object, Table):
            yield each.table


def _operations(row: Row) -> tuple[Operation, ...]:
    """Return the operations that a row keeps; none if somebody damaged it."""
    try:
        return tuple(each_side(row.read_operations()))
    except _UNREADABLE:
        return ()


def _tables(history: History, operations: Iterable[Operation]) -> Iterator[str]:
    for name in history.names:
        yield from history.snapshot(name).tables
    for operation in operations:
        match operation:
            case Add(object=Table()) | Drop(object=Table()):
                yield operation.table
            case Rename(kind="table" | "virtual_table"):
                yield from (operation.old, operation.new)
            case _:
                pass


def _beside(history: History, operations: Iterable[Operation]) -> dict[_Identity, Standalone]:
    """Return what stands beside tables; what is defined again counts as it was last."""
    found: dict[_Identity, Standalone] = {}
    for operation in operations:
        match operation:
            case Add(object=thing) | Alter(new=thing) if isinstance(thing, Standalone):
                found[identity(thing)] = thing
            case Drop(object=thing) if isinstance(thing, Standalone):
                found.setdefault(identity(thing), thing)
            case _:
                pass
    snapshots = (each for name in history.names for each in history.snapshot(name).objects)
    return {**{identity(each): each for each in snapshots}, **found}


def _present(recorded: Iterable[Iterable[Operation]]) -> set[_Identity]:
    """Return what the rows say is there."""
    found: set[_Identity] = set()
    for operation in (each for one in recorded for each in one):
        match operation:
            case Add(object=thing) if isinstance(thing, Standalone):
                found.add(identity(thing))
            case Drop(object=thing) if isinstance(thing, Standalone):
                found.discard(identity(thing))
            case _:
                pass
    return found


def _is_kept(thing: Standalone) -> bool:
    return isinstance(thing, RawObject) and thing.kind == "extension"


def _gentle(thing: Standalone, engine: str, present: set[_Identity]) -> Standalone | None:
    """Let what no catalog tells of be dropped only if it is there, or if the rows say so."""
    if not isinstance(thing, RawObject) or thing.kind != "object":
        return thing
    drop = thing.statement("drop", engine)
    gentle = if_exists(drop, engine)
    if not gentle and identity(thing) not in present:
        return None
    return replace(thing, drop=((engine, gentle or drop),)) if drop else None
