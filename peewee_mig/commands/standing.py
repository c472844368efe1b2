"""What a live database holds and remembers, against the files: for commands that compare."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from peewee_mig.dialects.base import Capabilities, Dialect, Inspection
from peewee_mig.errors import DeniedError, RefusedError, same_command
from peewee_mig.history.folder import History
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations.verbs import Change, Copy, Rename, each_side
from peewee_mig.plan.drift import Drift, drift
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.catalog import Speller, schemas_of, without_excluded, without_own
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.placing import place
from peewee_mig.runner.position import Position, Problem, locate
from peewee_mig.runner.rows import with_rows
from peewee_mig.schema.filtering import EVERYTHING, Filter, joined, referred
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import VirtualTable

#: The key of ``meta`` in a history row under which a baseline keeps what it accepted.
ACCEPTED = "accepted"


@dataclass(frozen=True)
class Standing:
    """A live database, as it was read at one moment.

    ``whole``: the catalog with what is left out, but for our own tables; ``without``: that.
    """

    history: History
    dialect: Dialect
    rows: tuple[Row, ...]
    whole: Inspection
    capabilities: Capabilities
    speller: Speller = field(compare=False)
    without: Filter = EVERYTHING
    #: Tables that are managed besides: those of migrations whose files are gone.
    also: frozenset[str] = frozenset()
    #: Squashes that are applied and not recorded yet; what is wrong with those.
    due: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def catalog(self) -> Inspection:
        """What is there and not left out."""
        return without_excluded(self.whole, self.without)

    @cached_property
    def outside(self) -> Schema:
        """The tables that are there and left out."""
        return self.without.outside(self.whole.schema)

    @cached_property
    def position(self) -> Position:
        """Where it stands."""
        found = locate(self.history, self.rows)
        return replace(found, problems=(*self.problems, *found.problems))

    @cached_property
    def managed(self) -> frozenset[str]:
        """The tables of any snapshot, and of a push: all others are somebody else's."""
        pushed = self.position.push.meta.get("tables", ()) if self.position.push else ()
        names = managed_tables(self.history).union(pushed, self.also)
        return frozenset(each for each in names if not self.without.leaves_out("table", each))

    @property
    def accepted(self) -> tuple[str, ...]:
        """The differences that the last baseline accepted."""
        found = (row.meta.get(ACCEPTED) for row in reversed(self.rows))
        return tuple(next(filter(None, found), ()))

    def absent(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those tables that are left out and that the database does not have."""
        there, stored = self.outside.names, self.dialect.stored_name
        left_out = (each for each in names if self.without.leaves_out("table", each))
        return tuple(sorted(each for each in left_out if stored(each) not in there))

    def against(self, expected: Schema, *, rows: bool = True) -> Drift:
        """Compare the database with a schema; ``rows``: also the reference rows."""
        return self.drift(expected, ours=self.managed, rows=rows)

    def drift(self, expected: Schema, *, ours: Collection[str], rows: bool = True) -> Drift:
        """Compare the database with a schema; ``ours``: tables that are managed besides.

        Of what is left out, both sides of the answer have the same tables: those that keys need.
        ``rows``: look at the reference rows, too.
        """
        whole = Engine(self.dialect, self.capabilities).schema(expected)
        expected = self.without.managed(whole)
        catalog = self.speller.respelled(self.catalog, expected)
        reader = partial(self._with_rows, whole) if rows else None
        found = drift(catalog, expected, self.dialect, ours=ours, rows=reader)
        ensure_seen(found, self.catalog)
        return self._with_outside(found, whole)

    def _with_rows(self, whole: Schema, found: Schema) -> Schema:
        declared = self.without.outside(whole)
        absent = self.absent(declared.names)
        there = Schema.of(each for each in declared if each.name not in absent)
        return with_rows(found, self.dialect, self.speller.query, there)

    def _with_outside(self, found: Drift, whole: Schema) -> Drift:
        """Add what is left out and keys refer to: as it is there, else as it was declared."""
        if not self.without:
            return found
        needed = referred(found.expected) | referred(found.found)
        declared = self.without.outside(whole)
        outside = joined(self.outside, declared, declared.names)
        return replace(
            found,
            expected=joined(found.expected, outside, needed),
            found=joined(found.found, outside, needed),
        )


def left_out_and_absent(what: str, names: Sequence[str]) -> RefusedError:
    """Return the error for tables that somebody else has to make first."""
    return RefusedError(
        f"{what} {', '.join(names)}, which the configuration leaves out, and which the database"
        " does not have",
        committed="nothing was changed",
        hint=f"make it with what owns it, then: {same_command()}; or let peewee-mig make it: take"
        " it out of `exclude` (or into `include`), then: peewee-mig generate",
    )


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
    connection: Connection,
    history: History,
    table: HistoryTable,
    without: Filter,
    *,
    assumes: bool = False,
) -> Standing:
    """Read a database; needs only the right to select. ``assumes``: see :class:`Speller`."""
    query, dialect = connection.session.query, connection.dialect
    schemas = schemas_of(managed_tables(history))
    found = place(history, table.read(query))
    return Standing(
        found.history,
        dialect,
        found.rows,
        without_own(dialect.inspect(query, schemas), table.own),
        connection.session.capabilities(),
        Speller(dialect, query, assumes),
        without,
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
