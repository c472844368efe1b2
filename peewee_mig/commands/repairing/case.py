"""What repair looks at: rows, journal and catalog of one moment, and what a person said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeGuard

from peewee_mig.commands.matching import Place
from peewee_mig.commands.standing import Standing, tables_of
from peewee_mig.errors import MigError, SchemaError
from peewee_mig.history import chain
from peewee_mig.history.folder import History
from peewee_mig.history.journal import Entry
from peewee_mig.history.reached import Reached
from peewee_mig.history.stored import Stored
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations import replay
from peewee_mig.operations.verbs import Add, ChangeRows, Data, Operation, RunSQL, in_database
from peewee_mig.runner.position import Position, beyond, reached
from peewee_mig.schema.compare import Difference
from peewee_mig.schema.objects import Index, Table
from peewee_mig.schema.schema import Schema

#: A user's SQL that makes an index: its name.
_CREATE_INDEX = re.compile(
    r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?"
    r"[\"`\[]?(\w+)",
    re.IGNORECASE,
)

#: Hashes how tables are defined now, or all that a statement names (``Dialect.fingerprint``).
Fingerprint = Callable[[Sequence[str], str], str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says that nothing in the database proves.

    ``at``: the migration that the database has, where it equals several; ``accept``:
    migrations that did here what their files say now; ``done``, ``not_done``: numbers of
    steps of what was begun.
    """

    at: str | None = None
    accept: tuple[str, ...] = ()
    done: tuple[int, ...] = ()
    not_done: tuple[int, ...] = ()


@dataclass(frozen=True)
class Case:
    """A database, with the rows as they will be when what was found so far is put right.

    ``stored``: the rows as they are; ``found``: the history table as the catalog has it;
    ``fingerprint``: ``None`` where no statement is committed by itself; ``opaque``: names of
    rows whose operations nobody knows; ``now``: the time that new rows get.
    """

    standing: Standing
    table: HistoryTable
    stored: tuple[Stored, ...] = ()
    found: Table | None = None
    journal: Mapping[tuple[str, str], tuple[Entry, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[Entry, ...]]
    )
    fingerprint: Fingerprint | None = None
    told: Told = Told()
    now: str = ""
    opaque: frozenset[str] = frozenset()

    def with_rows(self, rows: Sequence[Row], opaque: Iterable[str] = ()) -> Case:
        """Return the same with other rows."""
        opaque = self.opaque.union(opaque)
        known = {
            *self.history.names,
            *(old for each in self.history.migrations for old in each.was),
        }
        gone = [row for row in rows if row.name not in known | opaque and not row.is_push]
        also = frozenset(name for row in gone for name in tables_of(row))
        return replace(
            self, standing=replace(self.standing, rows=tuple(rows), also=also), opaque=opaque
        )

    def with_names(self, renamed: Mapping[str, str]) -> Case:
        """Return the same with other names of rows."""
        journal = {
            (renamed.get(old, old), way): found for (old, way), found in self.journal.items()
        }
        opaque = frozenset(renamed.get(old, old) for old in self.opaque)
        rows = [replace(row, name=renamed.get(row.name, row.name)) for row in self.rows]
        return replace(self, journal=journal, opaque=opaque).with_rows(rows)

    @property
    def history(self) -> History:
        """The files."""
        return self.standing.history

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows as they will be."""
        return self.standing.rows

    @property
    def position(self) -> Position:
        """Where the database stands by them."""
        return self.standing.position

    @cached_property
    def recorded(self) -> Schema | None:
        """The schema that the applied migrations make, also those ahead; ``None``: unknown."""
        schema = self.schema_of(self.position.applied)
        try:
            for row in beyond(self.history, self.position):
                if row.name in self.opaque:
                    return None
                schema = replay(row.read_operations(), schema)
        except MigError:
            return None
        return schema

    @cached_property
    def is_as_recorded(self) -> bool:
        """Whether the database is what the rows say."""
        return self.recorded is not None and self.fits(self.recorded)

    def fits(self, schema: Schema) -> bool:
        """Whether the database has a schema, but for what a baseline accepted."""
        return not self.differences(schema)

    def differences(self, schema: Schema) -> list[Difference]:
        """Return what differs from a schema, but for what a baseline accepted.

        Nor does an index count that the user's own SQL made: no snapshot knows of it.
        """
        drift = self.standing.against(schema, rows=False).without(self.standing.accepted)
        return [each for each in drift.differences if not self._is_by_own_sql(each)]

    def _is_by_own_sql(self, each: Difference) -> bool:
        is_extra = each.expected is None and isinstance(each.found, Index)
        return is_extra and getattr(each.found, "name", None) in self._own_indexes

    @cached_property
    def _own_indexes(self) -> frozenset[str]:
        """The names of the indexes that only SQL of the user's makes."""
        operations = [each for one in self.history.migrations for each in one.operations]
        own = (each for each in in_database(operations) if isinstance(each, RunSQL))
        texts = (sql for each in own for sql in each.every_statement)
        made = {name for sql in texts for name in _CREATE_INDEX.findall(sql)}
        known = {each.object.name for each in operations if _adds_index(each)}
        return frozenset(made - known)

    def schema_of(self, names: Iterable[str]) -> Schema:
        """Return what migrations whose files are here make."""
        wanted = {*names}
        late = tuple(each for each in self.position.late if each not in wanted)
        applied = tuple(each for each in self.history.names if each in wanted)
        return Reached(self.history, applied, late).schema

    @property
    def reached(self) -> Reached:
        """What the database has, by the rows as they will be."""
        return reached(self.history, self.position)

    def row(self, name: str) -> Row | None:
        """Return the row of that name."""
        return next((row for row in self.rows if row.name == name), None)

    def entries(self, name: str, direction: str) -> tuple[Entry, ...]:
        """Return what the journal has of a migration in one direction."""
        return self.journal.get((name, direction), ())


def _adds_index(operation: Operation) -> TypeGuard[Add]:
    return isinstance(operation, Add) and isinstance(operation.object, Index)


def wanted(history: History, place: Place) -> frozenset[str]:
    """Return all that a database at a place has."""
    return frozenset({place, *chain.ancestors(place, history.parents)}) if place else frozenset()


def data_of(operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations that change rows in ways that no schema shows."""
    return [each for each in in_database(operations) if isinstance(each, Data | ChangeRows)]


def replayed(row: Row, schema: Schema) -> Schema | None:
    """Return what a row makes of a schema; ``None`` if it does not fit."""
    try:
        return replay(row.read_operations(), schema)
    except SchemaError:
        return None
