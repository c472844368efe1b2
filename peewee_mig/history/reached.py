"""The schema of what is applied, in whatever order that came. Pure.

As a rule it is that after the newest applied migration. After a merge or a rebase a database may
have what stands later in the files, and lack what stands before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from peewee_mig.errors import HistoryError, SchemaError
from peewee_mig.history import chain
from peewee_mig.history.folder import History
from peewee_mig.operations.replay import replay
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True)
class Reached:
    """What a database has.

    ``applied``: in the order of the files; ``late``: what applied migrations depend on and
    was put before them after they had been applied.
    """

    history: History
    applied: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> Schema:
        """The schema that it has; :exc:`HistoryError` if what is applied does not fit."""
        if self._is_beginning:
            return self.history.schema_at(self.applied[-1] if self.applied else None)
        heads = chain.heads({name: self.history.parents[name] for name in self.applied})
        if not self.late:
            return self.history.schema_of(heads)
        past = {*heads, *(each for name in heads for each in self._past(name))} - {*self.late}
        listed = [name for name in self.history.names if name in past]
        try:
            return replay(
                (each for name in listed for each in self.history.migration(name).operations),
                Schema(),
            )
        except SchemaError as error:
            raise HistoryError(
                f"what is applied does not fit together: {error.message}",
                where=error.where,
                hint="see what the database has: peewee-mig repair",
            ) from error

    def with_(self, name: str) -> Reached:
        """Return what a database has when a migration is applied."""
        if self._is_beginning and self.history.line[name] == len(self.applied):
            return Reached(self.history, (*self.applied, name))
        wanted = {*self.applied, name}
        late = tuple(each for each in self.late if each != name)
        applied = tuple(each for each in self.history.names if each in wanted)
        return Reached(self.history, applied, late)

    def without(self, name: str) -> Reached:
        """Return what a database has when a migration is undone."""
        applied = tuple(each for each in self.applied if each != name)
        needed = {each for one in applied for each in self._past(one)} if self.late else set()
        return Reached(self.history, applied, tuple(e for e in self.late if e in needed))

    def beyond(self, name: str) -> tuple[str, ...]:
        """Return what is applied although a migration does not depend on it."""
        if self._is_beginning and self.history.line[name] >= len(self.applied):
            return ()
        past = {name, *self._past(name)}
        return tuple(each for each in self.applied if each not in past)

    @cached_property
    def _is_beginning(self) -> bool:
        """Whether the first migrations of a line are applied, and no others: as a rule."""
        line = self.history.line
        return bool(line) and (not self.applied or line[self.applied[-1]] == len(self.applied) - 1)

    def _past(self, name: str) -> frozenset[str]:
        return chain.ancestors(name, self.history.parents)
