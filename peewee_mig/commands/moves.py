"""``--rename`` between two tables: a column that moved."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from peewee_mig.diff.moves import Sides
from peewee_mig.diff.renames import Renames
from peewee_mig.errors import UsageError
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class Move:
    """An option that names two tables. ``was``: the table that gets the column, before."""

    option: str
    source: Table
    old: str
    was: Table
    table: Table
    new: str

    @classmethod
    def of(cls, before: Schema, after: Schema, decided: Renames, old: str, new: str) -> Move | None:
        """Read an option; ``None``: it is no move between two tables that are there."""
        source, _, column = old.rpartition(".")
        target, _, name = new.rpartition(".")
        left = before.find_table(decided.old_table(source)) or before.find_table(source)
        table = after.find_table(target) or after.find_table(decided.new_table(target))
        was = before.find_table(decided.old_table(table.name)) if table else None
        if left is None or table is None or left == was:
            return None
        if was and source in decided.tables and _is_renamed(before, was, source, column, name):
            return None  # both tables have other names now, and the old ones are meant
        if was is None:
            raise UsageError(
                f"--rename {old}:{new}: {table.name} is a new table, without rows that could take"
                " values",
                hint="make the table, then move the column: two migrations; or write an INSERT"
                " with op.run_sql",
            )
        return cls(f"{old}:{new}", left, column, was, table, name)

    def decide(self, after: Schema, decided: Renames, origin: str) -> Renames:
        """Add the answer, unless it is in the history; :exc:`UsageError` if it cannot be."""
        is_there = self.was.find_column(self.new) and self.table.find_column(self.new)
        if self.source.find_column(self.old) is None and is_there:
            return decided
        self._refuse_names(after.find_table(decided.new_table(self.source.name)), origin)
        if self.source.column(self.old).type != self.table.column(self.new).type:
            raise self._refused(
                f"{self.old} is {self.source.column(self.old).type},"
                f" {self.new} is {self.table.column(self.new).type}",
                "move it with the type it has, change the type in a second migration",
            )
        if Sides(self.source, self.was).relation is None:
            raise self._refused(
                f"no foreign key tells which row of {self.source.name} a row of"
                f" {self.table.name} gets its value from, or more than one does",
                "add the column, copy the values with op.run_sql, then drop the other one",
            )
        return decided.with_move(self.table.name, self.new, (self.source.name, self.old))

    def _refuse_names(self, left: Table | None, origin: str) -> None:
        if self.source.find_column(self.old) is None:
            problem = f"{origin} has no column {self.source.name}.{self.old}"
            raise self._refused(problem, f"it has: {', '.join(self.source.column_names)}")
        if self.table.find_column(self.new) is None:
            problem = f"the model of {self.table.name} has no column {self.new}"
            raise self._refused(problem, f"it has: {', '.join(self.table.column_names)}")
        if self.was.find_column(self.new) is not None:
            problem = f"{self.table.name}.{self.new} is not new"
            raise self._refused(problem, "a column that was there keeps its values")
        if left is not None and left.find_column(self.old) is not None:
            problem = f"the model of {left.name} still has {self.old}"
            raise self._refused(problem, "take it out of the model, or copy it with op.run_sql")

    def _refused(self, problem: str, hint: str) -> UsageError:
        return UsageError(f"--rename {self.option}: {problem}", hint=hint)


def _is_renamed(before: Schema, was: Table, source: str, old: str, new: str) -> bool:
    """Whether the column that stays is in the table that had the name ``source``."""
    return was == before.find_table(source) and bool(
        was.find_column(old) and not was.find_column(new)
    )


def with_moves(
    before: Schema,
    after: Schema,
    decided: Renames,
    declared: Renames,
    given: Iterable[Move],
    origin: str,
) -> Renames:
    """Add the answers of options, and of a migration that is written anew, to those so far."""
    for place, source in declared.moves.items():
        with suppress(UsageError):  # the models do not ask for it any more
            known = Move.of(before, after, decided, ".".join(source), ".".join(place))
            decided = known.decide(after, decided, origin) if known else decided
    for move in given:
        decided = move.decide(after, decided, origin)
    return decided
