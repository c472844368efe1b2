"""What a live database holds and remembers, against the files: for commands that compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

from peewee_mig.dialects.base import Capabilities, Dialect, Inspection
from peewee_mig.errors import DeniedError, RefusedError, same_command
from peewee_mig.history.folder import History
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations.verbs import Change, Copy, Rename, each_side
from peewee_mig.plan.drift import Drift, drift
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.catalog import Speller, read_catalog, schemas_of
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.placing import place
from peewee_mig.runner.position import Position, Problem, locate
from peewee_mig.runner.rows import with_rows
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import VirtualTable

#: The key of ``meta`` in a history row under which a baseline keeps what it accepted.
ACCEPTED = "accepted"


@dataclass(frozen=True)
class Standing:
    """A live database, as it was read at one moment."""

    history: History
    dialect: Dialect
    rows: tuple[Row, ...]
    catalog: Inspection
    capabilities: Capabilities
    speller: Speller = field(compare=False)
    #: Tables that are managed besides: those of migrations whose files are gone.
    also: frozenset[str] = frozenset()
    #: Squashes that are applied and not recorded yet; what is wrong with those.
    due: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def position(self) -> Position:
        """Where it stands."""
        found = locate(self.history, self.rows)
        return replace(found, problems=(*self.problems, *found.problems))

    @cached_property
    def managed(self) -> frozenset[str]:
        """The tables of any snapshot, and of a push: all others are somebody else's."""
        pushed = self.position.push.meta.get("tables", ()) if self.position.push else ()
        return managed_tables(self.history).union(pushed, self.also)

    @property
    def accepted(self) -> tuple[str, ...]:
        """The differences that the last baseline accepted."""
        found = (row.meta.get(ACCEPTED) for row in reversed(self.rows))
        return tuple(next(filter(None, found), ()))

    def against(self, expected: Schema, *, rows: bool = True) -> Drift:
        """Compare the database with a schema; ``rows``: also the reference rows."""
        return self.drift(expected, ours=self.managed, rows=rows)

    def drift(self, expected: Schema, *, ours: Collection[str], rows: bool = True) -> Drift:
        """Compare the database with a schema; ``ours``: tables that are managed besides.

        ``rows``: look at the reference rows, too.
        """
        expected = Engine(self.dialect, self.capabilities).schema(expected)
        catalog = self.speller.respelled(self.catalog, expected)
        reader = self._with_rows if rows else None
        found = drift(catalog, expected, self.dialect, ours=ours, rows=reader)
        ensure_seen(found, self.catalog)
        return found

    def _with_rows(self, found: Schema) -> Schema:
        return with_rows(found, self.dialect, self.speller.query)


def ensure_seen(drift: Drift, *catalogs: Inspection) -> None:
    """Refuse differences of which nobody can tell whether they are only hidden from the role."""
    grant = next((each.hidden for each in catalogs if each.hidden), "")
    if grant and drift.words:
        raise DeniedError(
            "this role does not see all tables and columns, so what differs cannot be told",
            hint=grant,
        )


def refuse_due(due: Collection[str], label: str) -> None:
    """Refuse to write records while that of a squash is due."""
    for name in due:
        raise RefusedError(
            f"{name} is applied, by the migrations that it replaces, and not recorded yet",
            where=label,
            committed="nothing was changed",
            hint=f"record it, running nothing: peewee-mig migrate {name}, then: {same_command()}",
        )


def push_words(push: Row) -> str:
    """Say that a database was pushed, and what to do about it."""
    if push.is_reset_begun:
        return "a reset was begun here and not finished; next: peewee-mig reset"
    if push.is_push_begun:
        return "a push was begun here and not finished; next: peewee-mig push"
    return f"this database was pushed at {push.finished}; next: peewee-mig baseline"


def read_standing(
    connection: Connection, history: History, table: HistoryTable, *, assumes: bool = False
) -> Standing:
    """Read a database; needs only the right to select. ``assumes``: see :class:`Speller`."""
    query, dialect = connection.session.query, connection.dialect
    schemas = schemas_of(managed_tables(history))
    found = place(history, table.read(query))
    return Standing(
        found.history,
        dialect,
        found.rows,
        read_catalog(dialect, query, table.own, schemas=schemas),
        connection.session.capabilities(),
        Speller(dialect, query, assumes),
        due=tuple(each.name for each in found.due),
        problems=found.problems,
    )


def tables_of(row: Row) -> frozenset[str]:
    """Return the names of all tables that the operations of a row name."""
    found: set[str] = set()
    for operation in each_side(row.read_operations()):
        match operation:
            case Rename(whole=True):
                found |= {operation.old, operation.new}
            case Copy():
                found |= {operation.table, operation.source}
            case _ if isinstance(operation, Change):
                found.add(operation.table)
            case _:
                pass
    return frozenset(found)


def managed_tables(history: History) -> frozenset[str]:
    """Return the names of all tables that any snapshot has, with the virtual ones."""
    snapshots = tuple(map(history.snapshot, history.names))
    virtual = (each for one in snapshots for each in one.objects if isinstance(each, VirtualTable))
    tables = (name for one in snapshots for name in one.tables)
    return frozenset([*tables, *(each.name for each in virtual)])
