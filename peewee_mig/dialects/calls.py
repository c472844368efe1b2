"""What the user wrote as steps: a function of the migration file, and SQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from peewee_mig.dialects.base import LiveStep, Query
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import RunPython
from peewee_mig.schema.schema import Schema

#: SQL that begins, behind comments, with a word that a transaction holds on every engine.
_ROWS_ONLY = re.compile(
    r"(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|/\*.*?\*/)*"
    r"(INSERT|UPDATE|DELETE|REPLACE|SELECT|WITH|DO|SET(?!\s+STATEMENT))\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Call(LiveStep):
    """A function of the migration file, called with models of a schema: that of its place.

    ``function``: ``None`` where only the history row of the migration is left.
    """

    name: str
    schema: Schema = field(repr=False)
    operations: tuple[int, ...] = ()
    function: Callable[..., object] | None = field(default=None, compare=False, repr=False)

    @property
    def note(self) -> str:
        """Say what is called: it is no SQL."""
        return f"calls {self.name}() of the migration file, with models as of here"

    @property
    def is_deferring(self) -> bool:
        """Whether checks of rows may be put off until the transaction ends."""
        keys = (each.deferrable for table in self.schema for each in table.foreign_keys)
        uniques = (each.deferrable for table in self.schema for each in table.uniques)
        return any(keys) or any(uniques)

    @property
    def statement(self) -> str:
        """The call as a comment of SQL, for lists of statements."""
        return f"-- {self.note}"

    def check(self, query: Query) -> None:
        """Refuse a call of what nobody has any more."""
        del query
        if self.function is None:
            raise RefusedError(
                f"{self.name}() is a function of the file of this migration,"
                " and the file is not here",
                hint="bring the file back (version control has it, or the release that applied"
                " it), undo what is newer: peewee-mig rollback --unknown, then:"
                " peewee-mig rollback",
            )

    def preview(self) -> tuple[str, ...]:
        """Return nothing: what a function runs is known when it has run."""
        return ()

    def resolve(self, query: Query) -> tuple[str, ...]:
        """Return a comment, for people; the runner calls the function."""
        del query
        return (self.statement,)


def calls(operation: RunPython, engine: str, schema: Schema, position: int) -> tuple[Call, ...]:
    """Return the call of the function for an engine, if there is one."""
    name = operation.called(engine)
    return (Call(name, schema, (position,), operation.functions.get(name)),) if name else ()


def changes_rows_only(sql: str) -> bool:
    """Whether a statement of a user's changes rows or session settings, and no table."""
    return _ROWS_ONLY.match(sql) is not None
