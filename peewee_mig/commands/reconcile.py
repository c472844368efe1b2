"""The SQL between a live database and what should be there; printed, never run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from peewee_mig.commands.renamed import turned_round
from peewee_mig.commands.sql import held_back, spell, spell_guards
from peewee_mig.dialects.base import (
    Statement,
    Step,
)
from peewee_mig.dialects.sessions import EmbeddedSession
from peewee_mig.diff import Renames, diff
from peewee_mig.errors import MigError, RefusedError
from peewee_mig.operations import describe
from peewee_mig.operations.verbs import Alter, Operation
from peewee_mig.plan.drift import Drift, words
from peewee_mig.plan.hazards import Hazard, hazards
from peewee_mig.plan.planner import Plan, plan
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Event
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.rows import tables_with_rows
from peewee_mig.runner.tasks import Work
from peewee_mig.schema.objects import Column

#: ``forward``: from the database as it is to what is expected; ``backward``: the other way.
Way = Literal["forward", "backward"]


def operations_of(drift: Drift, way: Way, renames: Renames) -> tuple[Operation, ...]:
    """Return the operations of a way between the two; ``renames`` of the way forward."""
    if way == "forward":
        return diff(drift.found, drift.expected, renames)
    return diff(drift.expected, drift.found, turned_round(renames))


def spell_way(
    drift: Drift, way: Way, connection: Connection, *, renames: Renames, rows_of: str
) -> tuple[str, ...]:
    """Return the statements of a way, with comments on what they lose and on what is left out.

    ``rows_of``: the history table, for the copy on which SQLite makes them.
    """
    try:
        operations = operations_of(drift, way, renames)
        return (*_spell(drift, operations, way, connection, rows_of), *_left_out(drift))
    except MigError as error:
        return (f"-- cannot be planned: {error.message}", *_left_out(drift))


def _spell(
    drift: Drift,
    operations: Sequence[Operation],
    way: Way,
    connection: Connection,
    rows_of: str,
) -> list[str]:
    if not operations:
        return []
    before = drift.found if way == "forward" else drift.expected
    notes = [_note(each) for each in hazards(operations, before) if each.id != "guard"]
    notes += [f"-- check by hand: {words}" for words in _native(operations)]
    dialect, capabilities = connection.dialect, connection.session.capabilities()
    if way == "backward":
        return [*notes, *_wrapped(spell(operations, before, dialect, capabilities), connection)]
    planned = plan(operations, before, dialect, capabilities)
    statements = _wrapped(_exact(operations, planned, connection, rows_of), connection)
    return [*notes, *spell_guards(planned.guards, dialect), *statements]


def _exact(
    operations: Sequence[Operation], planned: Plan, connection: Connection, rows_of: str
) -> Iterable[str]:
    """Return the statements for this very database."""
    if isinstance(connection.session, EmbeddedSession):
        return _run_on_copy(operations, planned, connection, connection.session, rows_of)
    return _resolved(operations, planned, connection)


def _run_on_copy(
    operations: Sequence[Operation],
    planned: Plan,
    connection: Connection,
    session: EmbeddedSession,
    rows_of: str,
) -> list[str]:
    shown: list[str] = []

    def listen(event: Event) -> None:
        if event.kind == "statement":
            shown.append(event.text)

    work = Work(title="diff", command="diff", operations=tuple(operations), plan=planned)
    tables = [rows_of, *tables_with_rows(planned.before)]
    with session.rehearsal(rows_of=tables) as copy, copy.transaction(wait=0):
        Execution(copy, connection.dialect, listen).run(work)
    return shown


def _resolved(
    operations: Sequence[Operation], planned: Plan, connection: Connection
) -> Iterator[str]:
    for step in planned.steps:
        statements = _resolved_step(step, connection)
        yield from held_back(statements, step, planned.guards, operations, connection.dialect)


def _resolved_step(step: Step, connection: Connection) -> Iterator[str]:
    """Yield statements; what an earlier one has to make first is assumed."""
    if isinstance(step, Statement):
        yield f"{step.sql};"
        return
    try:
        yield from (f"{sql};" for sql in step.resolve(connection.session.query))
    except RefusedError as error:
        yield f"-- {step.note or error.message}"
        yield from (f"{sql};" for sql in step.preview())


def _wrapped(statements: Iterable[str], connection: Connection) -> list[str]:
    """Put statements into one transaction, where the engine has one that holds them."""
    found = list(statements)
    if connection.dialect.transactional:
        found = ["BEGIN;", *found, "COMMIT;"]
    if isinstance(connection.session, EmbeddedSession):  # a rebuild would delete rows that refer
        found = ["PRAGMA foreign_keys = OFF;", *found, "PRAGMA foreign_keys = ON;"]
    return found


def _note(hazard: Hazard) -> str:
    """Say what is dangerous, without what a migration would do about it."""
    danger, _, _ = hazard.message.partition(";")
    return f"-- {hazard.id}: {danger}"


def _native(operations: Sequence[Operation]) -> Iterator[str]:
    """Name the columns whose types only this database has: nobody knows the casts of those."""
    for operation in operations:
        match operation:
            case Alter(old=Column() as old, new=Column() as new) if _is_native(old, new):
                yield describe(operation)
            case _:
                pass


def _is_native(*columns: Column) -> bool:
    return any(column.type.native for column in columns)


def _left_out(drift: Drift) -> Iterator[str]:
    for each in drift.attached:
        yield f"-- not planned: {words(each)}"
    for each in drift.missing:
        yield f"-- not planned: {words(each)} is missing"
