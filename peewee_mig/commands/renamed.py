"""What the history renames between a database and another place of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from peewee_mig.commands.answers import given_renames
from peewee_mig.commands.matching import Place
from peewee_mig.commands.standing import Standing
from peewee_mig.diff.former import formerly
from peewee_mig.diff.renames import Renames
from peewee_mig.history import chain
from peewee_mig.operations import invert_all
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import Change, Operation, in_schema
from peewee_mig.plan.drift import Drift
from peewee_mig.runner.position import beyond
from peewee_mig.schema.schema import Schema


def renames_towards(place: Place, standing: Standing, drift: Drift) -> Renames:
    """Return what migrations rename between the recorded ones and a place.

    Only renames that fit: the database has the old name and lacks the new one.
    """
    names = Names()
    for operation in _operations_towards(place, standing):
        names.follow(operation)
    declared = _renames_of(names, drift.expected)
    return given_renames(drift.found, drift.expected, (), declared)


def by_former_names(standing: Standing, drift: Drift, renames: Renames) -> Drift:
    """Return a drift with what was found also in the words of what had another name so far."""
    if not (renames.tables or renames.columns):
        return drift
    declared = formerly(drift.found, drift.expected, renames)
    return replace(drift, found=standing.against(declared).found)


def turned_round(renames: Renames) -> Renames:
    """Return the renames of the way back."""
    return Renames(
        {new: old for old, new in renames.tables.items()},
        {(renames.old_table(t), new): old for (t, old), new in renames.columns.items()},
    )


def _operations_towards(place: Place, standing: Standing) -> tuple[Operation, ...]:
    """Return what is undone and applied on the way; a user's own SQL renames nothing we know."""
    history, position = standing.history, standing.position
    wanted = {place, *chain.ancestors(place, history.parents)} if place else set()
    left = [name for name in position.applied if name not in wanted]
    taken = [name for name in position.pending if name in wanted]
    undone = [history.migration(name).operations for name in left]
    undone += [row.read_operations() for row in beyond(history, position)]
    applied = [history.migration(name).operations for name in taken]
    return (*invert_all(_known(undone)), *_known(applied))


def _known(migrations: Iterable[Iterable[Operation]]) -> list[Operation]:
    return [e for some in migrations for e in in_schema(some) if isinstance(e, Change)]


def _renames_of(names: Names, after: Schema) -> Renames:
    found = Renames()
    for virtual in after.virtual_tables:
        was = names.table(virtual.name)
        if was is not None and was != virtual.name:
            found = found.with_table(was, virtual.name)
    for table in after:
        was = names.table(table.name)
        if was is not None and was != table.name:
            found = found.with_table(was, table.name)
        for column in table.column_names:
            old = names.column(table.name, column)
            if old is not None and old != column:
                found = found.with_column(table.name, old, column)
    return found
