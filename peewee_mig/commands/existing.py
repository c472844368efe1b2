"""What pending migrations would make and a database has already, though nobody recorded it. Pure.

Names decide here: what the recorded migrations do not have, a pending one makes, and the catalog
has. Whether it is the same is for a comparison to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from peewee_mig.commands.standing import Standing
from peewee_mig.history import chain
from peewee_mig.plan.unsupported import Engine
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import View, VirtualTable

#: Kinds of objects beside ours that take the name of a table, in the words of catalogs.
_RELATIONS = ("table", "view", "sequence")


@dataclass(frozen=True, slots=True)
class Existing:
    """The first migration of a run that makes what is there, and what that is, in words.

    ``newest``: the last one that makes more of what is there.
    """

    migration: str
    things: tuple[str, ...]
    newest: str

    def __str__(self) -> str:
        """Return one line for people."""
        shown = ", ".join(self.things[:_SHOWN])
        more = len(self.things) - _SHOWN
        return f"{shown} and {more} more" if more > 0 else shown


_SHOWN = 5


def find_existing(standing: Standing, todo: Sequence[str]) -> Existing | None:
    """Return what pending migrations make that is there; ``None`` if it is nothing."""
    looking = _Looking(standing)
    found: Existing | None = None
    seen: set[str] = set()
    for name in todo:
        things = tuple(looking.made_by(name))
        if not seen.issuperset(things):
            first = found or Existing(name, things, name)
            found = replace(first, newest=name)
            seen.update(things)
    return found


@dataclass(frozen=True)
class _Looking:
    standing: Standing

    def made_by(self, name: str) -> Iterator[str]:
        """Yield what is there of what a migration adds to what is recorded."""
        engine = Engine(self.standing.dialect, self.standing.capabilities)
        before, after = self._recorded, engine.schema(self.standing.history.schema_at(name))
        for table in after:
            old = before.find_table(table.name)
            if old is not None:
                yield from self._parts(old, table)
            elif self._stored(table.name) in self._relations:
                yield f"table {table.name}"
        for each in after.objects:
            is_relation = isinstance(each, View | VirtualTable) and each not in before.objects
            if is_relation and self._is_new(each.name, before) and each.name in self._relations:
                yield f"{'view' if isinstance(each, View) else 'virtual table'} {each.name}"

    def _parts(self, old: Table, new: Table) -> Iterator[str]:
        live = self._live.get(self._stored(new.name))
        if live is None:
            return
        columns = {*live.column_names}
        for name in new.column_names:
            if name not in old.column_names and self._stored(name) in columns:
                yield f"column {new.name}.{name}"
        known, there = ({each.name for each in one.indexes} for one in (old, live))
        for index in new.indexes:
            if index.name not in known and self._stored(index.name) in there:
                yield f"index {index.name} of {new.name}"

    @staticmethod
    def _is_new(name: str, before: Schema) -> bool:
        return all(each.name != name for each in before.objects)

    @cached_property
    def _recorded(self) -> Schema:
        """The schema that the recorded migrations make."""
        history, applied = self.standing.history, self.standing.position.applied
        newest = chain.heads({name: history.parents[name] for name in applied})
        return history.schema_of(newest)

    @cached_property
    def _live(self) -> dict[str, Table]:
        return {table.name: table for table in self.standing.catalog.schema}

    @cached_property
    def _relations(self) -> frozenset[str]:
        """The names that are taken in the place where tables have theirs."""
        catalog = self.standing.catalog
        others = (
            each.name
            for each in catalog.unmanaged
            if not each.table and any(word in each.kind for word in _RELATIONS)
        )
        objects = (each.name for each in catalog.schema.objects)
        return frozenset([*self._live, *others, *objects])

    def _stored(self, name: str) -> str:
        return self.standing.dialect.stored_name(name)
