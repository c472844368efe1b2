"""What pending migrations would make and a database has already, though nobody recorded it. Pure.

Names decide here: what the recorded migrations do not have, a pending one makes, and the catalog
has. Whether it is the same is for a comparison to say. What SQL of the user's names in between may
be out of the way by then: that is for the run to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from peewee_mig.commands.standing import Standing
from peewee_mig.operations.describe import describe
from peewee_mig.operations.verbs import Apart, Operation, RunSQL, in_database
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.position import reached
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Index, Table
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
    said: frozenset[str] = frozenset()
    for name in todo:
        said |= _said(standing.history.migration(name).operations)
        things = tuple(looking.made_by(name, said))
        if not seen.issuperset(things):
            first = found or Existing(name, things, name)
            found = replace(first, newest=name)
            seen.update(things)
    return found


def _said(operations: Iterable[Operation]) -> frozenset[str]:
    """Return the words of the SQL of the user's, and of what is there by the user's word."""
    listed = tuple(operations)
    own = (each for each in in_database(listed) if isinstance(each, RunSQL))
    texts = [sql for each in own for sql in each.every_statement]
    texts += [describe(each) for one in listed if isinstance(one, Apart) for each in one.schema]
    return frozenset(word for text in texts for word in re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True)
class _Looking:
    standing: Standing

    def made_by(self, name: str, said: frozenset[str]) -> Iterator[str]:
        """Yield what is there of what a migration adds to what is recorded.

        ``said``: words of SQL that runs until then, which may move what it names.
        """
        engine = Engine(self.standing.dialect, self.standing.capabilities)
        before, whole = self._recorded, engine.schema(self.standing.history.schema_at(name))
        after = self.standing.without.managed(whole)
        for table in after:
            old = before.find_table(table.name)
            if old is not None:
                yield from self._parts(old, table, said)
            elif self._is_taken(table.name, said):
                yield f"table {table.name}"
        for each in after.objects:
            if isinstance(each, View | VirtualTable) and self._is_taken(each.name, said):
                yield f"{'view' if isinstance(each, View) else 'virtual table'} {each.name}"

    def _is_taken(self, name: str, said: frozenset[str]) -> bool:
        """Whether something has the name that is not of the recorded migrations."""
        stored = self._stored(name)
        is_foreign = stored in self._relations and stored not in self._own
        return is_foreign and not _is_said(said, name)

    def _parts(self, old: Table, new: Table, said: frozenset[str]) -> Iterator[str]:
        live = self._live.get(self._stored(new.name))
        if live is None:
            return
        columns = {*live.column_names}
        for name in new.column_names:
            is_new = name not in old.column_names and not _is_said(said, new.name, name)
            if is_new and self._stored(name) in columns:
                yield f"column {new.name}.{name}"
        known = {each.name for each in old.indexes}
        there = {each.name for each in live.indexes if not self._serves_key(each, live)}
        for index in new.indexes:
            is_new = index.name not in known and not _is_said(said, index.name)
            if is_new and self._stored(index.name) in there:
                yield f"index {index.name} of {new.name}"

    def _serves_key(self, index: Index, live: Table) -> bool:
        """Whether the server may have made an index for a key: it makes way for another one."""
        keys = [key.columns for key in live.foreign_keys] if self._makes_indexes else []
        return index.columns in keys and not index.unique

    @property
    def _makes_indexes(self) -> bool:
        return self.standing.dialect.indexes_keys

    @cached_property
    def _own(self) -> frozenset[str]:
        """The names that the recorded migrations gave, to whatever kind of object."""
        names = (each.name for each in (*self._recorded, *self._recorded.objects))
        return frozenset(map(self._stored, names))

    @cached_property
    def _recorded(self) -> Schema:
        """The schema that the recorded migrations make."""
        return reached(self.standing.history, self.standing.position).schema

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


def _is_said(said: frozenset[str], *names: str) -> bool:
    """Whether all of some names, without their schemas, are among words."""
    words = (re.findall(r"\w+", bare(name).casefold()) for name in names)
    return said.issuperset(word for each in words for word in each)
