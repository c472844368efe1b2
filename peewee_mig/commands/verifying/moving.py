"""One migration with generated rows in its way: those that its guards refuse make room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peewee_mig.commands.verifying.candidates import Coming
from peewee_mig.commands.verifying.comparing import (
    Values,
    changed_value,
    lost_rows,
    touched,
    values_of,
)
from peewee_mig.commands.verifying.filling import Filler
from peewee_mig.commands.verifying.kept import KeptTable, kept_tables
from peewee_mig.commands.verifying.places import Places
from peewee_mig.errors import GuardError
from peewee_mig.operations import invert_all
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import Alter, Apart, Operation
from peewee_mig.runner.position import Move
from peewee_mig.runner.tasks import Task
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.types import ColumnType

#: The name of a hazard whose acknowledgement says that rows are meant to go.
_LOSS = "data-loss"


@dataclass
class Mover:
    """Makes moves in a database. ``filler``: ``None`` leaves it without rows.

    ``notes``: where rows had to make room, in words.
    """

    places: Places
    filler: Filler | None
    notes: list[str] = field(default_factory=list[str])

    def forward(self, place: int) -> list[str]:
        """Apply the migration behind a place; return which rows it does not keep."""
        return self._move(Move(self.places.names[place], "forward"), place, place + 1)

    def backward(self, place: int) -> list[str]:
        """Undo the migration before a place; return which rows that does not keep."""
        return self._move(Move(self.places.names[place - 1], "backward"), place, place - 1)

    def _move(self, move: Move, start: int, end: int) -> list[str]:
        if self.filler is None:
            self._run(move)
            return []
        before, after = self.places.schemas[start], self.places.schemas[end]
        step = _Step(self, self.filler, self._task(move), before, after)
        kept = kept_tables(step.task.operations, before, after, stirred=self.places.stirred(start))
        return step.run(kept, lambda: self._run(move))

    def _task(self, move: Move) -> Task:
        runner = self.places.runner
        return runner.planner(runner.rows(), {}).task(move)

    def _run(self, move: Move) -> None:
        operations = self._operations(move)
        self.places.outside.before(operations)
        self.places.runner.run("+1" if move.direction == "forward" else "-1", {})
        self.places.outside.after(operations, undone=move.direction == "backward")

    def _operations(self, move: Move) -> tuple[Operation, ...]:
        operations = self.places.runner.history.migration(move.name).operations
        if not any(isinstance(each, Apart) for each in operations):
            return ()
        return operations if move.direction == "forward" else invert_all(operations)


@dataclass(frozen=True)
class _Step:
    """A move, and the schemas that it leads from and to."""

    mover: Mover
    filler: Filler
    task: Task
    before: Schema
    after: Schema

    def run(self, kept: Sequence[KeptTable], make: Callable[[], None]) -> list[str]:
        """Make the move with as many rows as it takes; say which are not kept."""
        harmed = touched(kept, self.task.operations, self.before, self.after)
        read = [each for each in kept if each.old in harmed and each.exactly]
        refusal: GuardError | None = None
        for prepare in (self._fill, self._fill_to_fit, self._make_room, self._empty):
            prepare(refusal)
            counts, values = self.filler.counts(self.before), self._values(read, old=True)
            try:
                make()
            except GuardError as error:
                refusal = error
                continue
            lost = [text for _, text in self._lost(kept, counts)]
            return lost or self._changed(read, values)
        assert refusal is not None  # noqa: S101 (the last attempt was refused, too)
        raise refusal

    def _fill(self, _refusal: GuardError | None) -> None:
        self._filled(nulls=True)

    def _fill_to_fit(self, _refusal: GuardError | None) -> None:
        """Make other rows where some are in the way: without NULL, of values that are cast."""
        self.filler.clear(self._in_the_way(), self.before)
        self._filled(nulls=False)

    def _filled(self, *, nulls: bool) -> None:
        self.filler.fill(self.before, self._coming, nulls=nulls)
        if self.filler.refused:
            tables = ", ".join(self.filler.refused)
            self._note(f"without rows of {tables}: it would refuse them")

    def _make_room(self, refusal: GuardError | None) -> None:
        self.filler.clear(self._in_the_way(), self.before)
        if refusal is not None:
            self._note(f"without some rows: {refusal.message}")

    def _note(self, text: str) -> None:
        back = " (backward)" if self.task.is_backward else ""
        self.mover.notes.append(f"{self.task.title}{back}: {text}")

    def _empty(self, _refusal: GuardError | None) -> None:
        self.filler.clear(self.before.names, self.before)

    def _in_the_way(self) -> frozenset[str]:
        """Return the tables with rows that a guard finds; all of them if nobody can tell."""
        found = {guard.table for guard in self.task.plan.guards if self.filler.finds(guard)}
        return frozenset(found & self.before.names) or self.before.names

    def _values(self, read: Sequence[KeptTable], *, old: bool) -> dict[str, tuple[Values, ...]]:
        runner = self.mover.places.runner
        return values_of(read, runner.session.query, runner.dialect, old=old)

    def _lost(
        self, kept: Sequence[KeptTable], counts: Mapping[str, int]
    ) -> Iterator[tuple[KeptTable, str]]:
        """Yield tables that lost rows that nobody meant to go.

        SQL of the user's may take back on the way down what it has put in.
        """
        meant = self.task.is_backward or _LOSS in self.task.migration.allow
        tables = [each for each in kept if each.exactly or not meant]
        return lost_rows(tables, counts, self.filler.counts(self.after))

    def _changed(
        self, read: Sequence[KeptTable], before: Mapping[str, tuple[Values, ...]]
    ) -> list[str]:
        after = self._values(read, old=False)
        found = (
            changed_value(each, before[each.old], after[each.old]) for each in read if each.columns
        )
        return [text for text in found if text]

    @property
    def _coming(self) -> Coming:
        return Coming(self._next_types, self.task.plan.guards)

    @property
    def _next_types(self) -> dict[tuple[str, str], ColumnType]:
        """Return the types that columns get, by their names before."""
        names, found = Names(), dict[tuple[str, str], ColumnType]()
        for operation in self.task.operations:
            if isinstance(operation, Alter) and not operation.using:
                found.update(_retyped(operation, names))
            names.follow(operation)
        return found


def _retyped(operation: Alter, names: Names) -> Iterator[tuple[tuple[str, str], ColumnType]]:
    column = operation.retyped
    if column is not None:
        table = names.table(operation.table)
        old = names.column(operation.table, column.name)
        if table is not None and old is not None:
            yield (table, old), column.type.plain
