"""A history on one engine, place by place: the schema at each, and what its catalog was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from peewee_mig.commands.standing import managed_tables
from peewee_mig.commands.verifying.kept import mentions
from peewee_mig.commands.verifying.outside import Outside
from peewee_mig.dialects.base import Inspection, Unmanaged
from peewee_mig.history import chain
from peewee_mig.operations.verbs import Add, Operation, is_opaque
from peewee_mig.plan.drift import Drift, drift, drift_between, words
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.catalog import Speller, read_catalog, schemas_of
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.rows import with_rows
from peewee_mig.runner.run import Runner
from peewee_mig.schema.schema import Schema

#: Kinds of objects that a migration leaves alone, whatever it does to a table.
_ALONE = frozenset({"function", "materialized view", "procedure", "trigger", "view"})


@dataclass(frozen=True)
class Places:
    """The places of a history: 0 is before the first migration.

    ``seen``: the catalog at each place that the way up has reached; ``loose``: what was made
    there by SQL of the user's, and nothing of ours describes; ``lent``: tables that stand for
    those of somebody else.
    """

    runner: Runner
    seen: list[Inspection] = field(default_factory=list[Inspection])
    loose: list[tuple[Unmanaged, ...]] = field(default_factory=list[tuple[Unmanaged, ...]])
    lent: set[str] = field(default_factory=set[str])

    @property
    def outside(self) -> Outside:
        """What somebody else makes in the database."""
        connection = Connection(self.runner.dialect, self.runner.session)
        return Outside(connection, self.read, self.lent)

    @property
    def names(self) -> tuple[str, ...]:
        """The migrations, in the order in which they are applied."""
        return self.runner.history.names

    @cached_property
    def schemas(self) -> tuple[Schema, ...]:
        """The schema at each place, without what the engine cannot have."""
        history = self.runner.history
        engine = Engine(self.runner.dialect, self.runner.session.capabilities())
        known: dict[tuple[str, ...], Schema] = {}
        found = []
        for count in range(len(self.names) + 1):
            parents = {name: history.parents[name] for name in self.names[:count]}
            heads = chain.heads(parents)
            known[heads] = known.get(heads) or engine.schema(history.schema_of(heads))
            found.append(known[heads])
        return tuple(found)

    def read(self) -> Inspection:
        """Read the catalog."""
        runner = self.runner
        query, own = runner.session.query, runner.table.own
        return read_catalog(runner.dialect, query, own, schemas=schemas_of(self._managed))

    def reached(self, place: int) -> list[str]:
        """Compare the catalog with the snapshot of a place that is new; return what differs."""
        catalog = self.read()
        seen = self._drift(catalog, place)
        self.seen.append(catalog)
        self.loose.append((*seen.attached, *seen.apart))
        return [each.words for each in seen.differences] + (self._lost(place) if place else [])

    def differing(self, place: int) -> list[str]:
        """Compare the catalog with what it was when the place was reached first."""
        now, then = self.read(), self.seen[place]
        if (now.schema, now.unmanaged) == (then.schema, then.unmanaged):  # cheap, and the rule
            return []
        found = drift_between(now, then, self.schemas[place], self.runner.dialect)
        gone = [f"{words(each)} is missing" for each in found.missing]
        more = [f"{words(each)} is still there" for each in found.attached]
        return [*(each.words for each in found.differences), *gone, *more]

    def stirred(self, place: int) -> frozenset[str]:
        """Return the tables whose values triggers may change."""
        triggers = [each for each in self.seen[place].unmanaged if each.kind == "trigger"]
        return frozenset(
            table.name
            for table in self.schemas[place]
            for each in triggers
            if each.table == table.name or mentions(each.detail, table)
        )

    def _drift(self, catalog: Inspection, place: int) -> Drift:
        expected, dialect = self.schemas[place], self.runner.dialect
        catalog = self._speller.respelled(catalog, expected)
        query = self.runner.session.query
        return drift(
            catalog,
            expected,
            dialect,
            ours=self._managed,
            rows=lambda found: with_rows(found, dialect, query),
        )

    def _lost(self, place: int) -> list[str]:
        """Return what SQL of the user's made, and a migration without any has dropped."""
        operations = self.runner.history.migration(self.names[place - 1]).operations
        if any(map(is_opaque, operations)):
            return []
        before = self.loose[place - 1]
        left = {_key(each) for each in self.loose[place]}
        kept = {table.name for table in self.schemas[place]}
        gone = [
            each for each in before if _key(each) not in left and _stays(each, kept, operations)
        ]
        return [f"{words(each)} is gone" for each in gone]

    @cached_property
    def _managed(self) -> frozenset[str]:
        return managed_tables(self.runner.history)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.runner.dialect, self.runner.session.query)


def _key(each: Unmanaged) -> tuple[str, str, str]:
    return each.kind, each.name, each.table


def _stays(each: Unmanaged, kept: Collection[str], operations: Sequence[Operation]) -> bool:
    """Whether nothing that a migration does takes an object along."""
    if each.table and each.table not in kept:
        return False
    if each.kind in _ALONE:
        return True
    return not any(_changes(operation, each.table) for operation in operations)


def _changes(operation: Operation, table: str) -> bool:
    """Whether an operation changes a table by more than an addition."""
    return getattr(operation, "table", "") == table and not isinstance(operation, Add)
