"""What a reset drops: decided from the live catalog, whatever the records say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from peewee_mig.commands.reset_made import Made
from peewee_mig.commands.reset_sql import SqlObject
from peewee_mig.dialects.base import Dialect, Inspection
from peewee_mig.dialects.preflight import WAY_OUT, Checked, Unread
from peewee_mig.diff import diff
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Drop, Operation
from peewee_mig.plan.drift import drift
from peewee_mig.plan.planner import plan
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.losses import Loss, losses
from peewee_mig.runner.tasks import Work
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import RawObject, Standalone, View, VirtualTable, kind_of

#: The work of a reset, in messages.
TITLE = "reset"


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a reset drops. ``dropped``: in words; ``losses``: the rows that go with it."""

    work: Work
    dropped: tuple[str, ...]
    losses: tuple[Loss, ...]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What drops it."""
        return self.work.operations


def doom(made: Made, catalog: Inspection, connection: Connection) -> Doomed:
    """Plan to drop what is there of what a history made; :exc:`RefusedError` if others need it."""
    dialect, query = connection.dialect, connection.session.query
    capabilities = connection.session.capabilities()
    ours = {dialect.stored_name(name) for name in made.tables}
    declared = Engine(dialect, capabilities).schema(Schema((), _beside(made)))
    found = drift(catalog, declared, dialect, ours=ours).found
    _refuse_referred(found, catalog.schema)
    there = [each for each in made.sql if each.is_there(catalog.unmanaged) and not _is_view(each)]
    code = [_raw(each, n, dialect.name) for n, each in enumerate(there) if each.is_code]
    rest = [_raw(each, n, dialect.name) for n, each in enumerate(there) if not each.is_code]
    operations = (*_drops(code), *diff(found, Schema()), *_drops(rest))
    before = found.with_objects([*found.objects, *code, *rest])
    planned = plan(operations, before, dialect, capabilities)
    _refuse_read(found, made, connection)
    work = Work(title=TITLE, command=TITLE, operations=operations, plan=planned)
    return Doomed(work, tuple(_words(operations)), losses([operations], dialect, query))


def _beside(made: Made) -> tuple[Standalone, ...]:
    """Return what stands beside the tables, with the views of the user's own SQL."""
    known = [each for each in made.objects if not isinstance(each, VirtualTable)]
    names = {each.name for each in known if isinstance(each, View)}
    views: list[View] = []
    for each in made.sql:
        if _is_view(each) and each.name not in names:
            needs = (*names, *(view.name for view in views))  # it may read all that were before it
            materialized = each.kind.startswith("materialized")
            views.append(View(each.name, Expression("SELECT 1"), materialized, needs))
    return (*known, *{view.name: view for view in views}.values())


def _is_view(thing: SqlObject) -> bool:
    return thing.kind.endswith("view")


def _raw(thing: SqlObject, number: int, engine: str) -> RawObject:
    """Return it as an object of its own, however often its name occurs."""
    drop = ((engine, thing.drop),)
    return RawObject("object", f"{thing.kind} {thing.name} ({number})", drop, drop)


def _drops(things: Iterable[RawObject]) -> list[Operation]:
    return [Drop(each.name, each) for each in reversed([*things])]


def _refuse_referred(found: Schema, tables: Schema) -> None:
    """Refuse to drop a table that one of somebody else's refers to."""
    for table in tables:
        for key in table.foreign_keys if table.name not in found else ():
            if key.referred_table in found:
                raise RefusedError(
                    f"a foreign key of {table.name}, which is not of this history, refers to"
                    f" {key.referred_table}, which a reset drops",
                    where=f"{table.name} ({', '.join(key.columns)})",
                    committed="nothing was changed",
                    hint="drop that key by hand, or declare the table in a model;"
                    " then: peewee-mig reset",
                )


def _refuse_read(found: Schema, made: Made, connection: Connection) -> None:
    """Refuse to drop what somebody else's view reads.

    The plan says nothing of views over views, nor on PostgreSQL of anything behind drops in the
    user's own words, which may be of such a view. Here they are of what the history made.
    """
    dialect, query = connection.dialect, connection.session.query
    known = found.with_objects(e for e in found.objects if not isinstance(e, RawObject))
    planned = plan(diff(known, Schema()), known, dialect, connection.session.capabilities())
    steps = (each for each in planned.steps if isinstance(each, Checked))
    needs = [need for step in steps for need in step.needs if isinstance(need, Unread)]
    views = [each.name for each in known.objects if isinstance(each, View)]
    over_views = [replace(need, table=name) for name in views for need in needs[-1:]]
    raw = {bare(e.name) for e in (*made.objects, *made.sql) if isinstance(e, RawObject | SqlObject)}
    for need in (*needs, *over_views):
        readers = sorted({*need.readers(query, dialect)})
        others = [each for each in readers if each.partition(" ")[2] not in raw]
        if others:
            kind = "view" if need.table in views else "table"
            raise RefusedError(
                f"{', '.join(others)} {'needs' if len(others) == 1 else 'need'} the {kind}"
                f" {need.table}, which is dropped",
                where=f"{TITLE}: drop {kind} {need.table}",
                committed="nothing was changed",
                hint=WAY_OUT,
            )


def _words(operations: Iterable[Operation]) -> Iterator[str]:
    for operation in operations:
        match operation:
            case Drop(object=Table()):
                yield f"table {operation.table}"
            case Drop(object=RawObject(kind="object", name=name)):
                yield name.partition(" (")[0]
            case Drop(object=thing) if isinstance(thing, Standalone):
                yield f"{kind_of(thing).replace('_', ' ')} {thing.name}"
            case _:
                pass


def is_there(dialect: Dialect, connection: Connection, names: Iterable[str]) -> list[str]:
    """Return those tables that the database has."""
    query = connection.session.query
    return [name for name in names if dialect.has_table(query, name)]
