"""Operations with their plan: what a run will do, decided before it starts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from peewee_mig.dialects.base import Capabilities, Dialect
from peewee_mig.errors import MigError, RefusedError, UsageError, same_command
from peewee_mig.history.module import Migration
from peewee_mig.history.reached import Reached
from peewee_mig.operations import describe, invert_all
from peewee_mig.operations.verbs import ChangeRows, Data, Operation, RunPython, in_database
from peewee_mig.plan.fills import answered_by, with_fills
from peewee_mig.plan.planner import Plan, plan
from peewee_mig.runner.misplaced import refuse_misplaced
from peewee_mig.runner.position import Move, after
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Operations and their plan for one database.

    ``title``: what they are together, for messages; ``command``: the subcommand that runs
    them, for the way out of what stops them; ``fills``: those given at run time.
    """

    title: str
    command: str
    operations: tuple[Operation, ...]
    plan: Plan
    direction: str = "forward"
    fills: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_structural(self) -> bool:
        """Whether it changes tables by more than the user's own SQL and functions."""
        return not all(isinstance(each, Data | ChangeRows) for each in in_database(self.operations))

    @property
    def calls(self) -> bool:
        """Whether it calls functions of the user's."""
        return any(isinstance(each, RunPython) for each in in_database(self.operations))

    def where(self, position: int) -> str:
        """Name the work and one of its operations, for messages."""
        return f"{self.title}: {describe(self.operations[position])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Work):
    """A move, its operations (with the fills given at run time) and their plan."""

    move: Move
    migration: Migration
    #: The schema that the move meets.
    before: Schema

    @property
    def is_backward(self) -> bool:
        """Whether the migration is undone."""
        return self.move.direction == "backward"

    @property
    def is_journaled(self) -> bool:
        """Whether each step is committed by itself, and so needs the journal."""
        return self.migration.atomic is False


@dataclass(frozen=True, slots=True)
class Plans:
    """Plans that were made already: a run makes each twice, and so do runs on databases alike.

    Threads may share it: two that plan the same make the same.
    """

    _known: dict[Hashable, tuple[Planned, Plan]] = field(default_factory=dict)

    def plan(self, name: str, of: Planned) -> Plan:
        """Return the plan of a migration, or of its way back; ``name``: what to keep it under."""
        key = (name, type(of.dialect), of.dialect.skips, of.capabilities)
        known = self._known.get(key)
        if known is None or known[0] != of:
            known = (of, plan(of.operations, of.before, of.dialect, of.capabilities))
            self._known[key] = known
        return known[1]


@dataclass(frozen=True, slots=True)
class Planned:
    """All that a plan depends on."""

    operations: tuple[Operation, ...]
    before: Schema
    dialect: Dialect = field(compare=False)  # the key has what differs
    capabilities: Capabilities = field(compare=False)


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes tasks of moves, for one database."""

    reached: Reached
    dialect: Dialect
    capabilities: Capabilities
    fills: Mapping[str, str]
    #: The subcommand as it was given; empty: that of the direction.
    command: str = ""
    #: What somebody consented to lose.
    allowed: Sequence[str] = ()
    plans: Plans = field(default_factory=Plans, compare=False)

    def task(self, move: Move) -> Task:
        """Plan one move from what the database has."""
        migration = self.reached.history.migration(move.name)
        self._refuse_atomic(migration)
        operations, before = migration.operations, self.reached.schema
        if move.direction == "backward":
            operations = invert_all(operations)
        else:
            refuse_misplaced(self.reached, move.name)
        filled, used = with_fills(operations, self.fills)
        try:
            of = Planned(filled, before, self.dialect, self.capabilities)
            planned = self.plans.plan(f"{move.name} {move.direction}", of)
        except MigError as error:
            error.where = ": ".join(filter(None, (move.name, error.where)))
            raise
        return Task(
            title=move.name,
            command=self.command or ("rollback" if move.direction == "backward" else "migrate"),
            operations=filled,
            plan=planned.losing(self.allowed),
            direction=move.direction,
            move=move,
            migration=migration,
            before=before,
            fills={name: self.fills[name] for name in used},
        )

    def tasks(self, moves: Sequence[Move], *, shares: bool = False) -> tuple[Task, ...]:
        """Plan every move; :exc:`UsageError` for a fill that none of them needs.

        ``shares``: other databases are given the same, so it may be for them.
        """
        tasks: list[Task] = []
        planner = self
        for move in moves:
            tasks.append(planner.task(move))
            planner = replace(planner, reached=after(planner.reached, move))
        unused = set(self.fills).difference(*(task.fills for task in tasks))
        if unused and not shares:
            raise self._unused(sorted(unused), tasks)
        return tuple(tasks)

    def _refuse_atomic(self, migration: Migration) -> None:
        """Refuse what the engine cannot do about transactions."""
        calls = any(isinstance(each, RunPython) for each in in_database(migration.operations))
        if migration.atomic is False and self.dialect.name == "sqlite" and not calls:
            raise RefusedError(
                f"{migration.name} wants a transaction for each step (atomic = False);"
                f" on {self.dialect.title} a migration is always one transaction",
                where=str(migration.path),
                hint="remove the line, or split the migration",
            )
        if migration.atomic and not self.dialect.transactional:
            raise RefusedError(
                f"{migration.name} wants to be one transaction (atomic = True);"
                f" {self.dialect.title} commits each statement that changes a table",
                where=str(migration.path),
                hint="remove the line: a run that is interrupted goes on where it stopped",
            )

    def _unused(self, names: Sequence[str], tasks: Sequence[Task]) -> UsageError:
        asked = {answered_by(operation) for task in tasks for operation in task.operations} - {""}
        given = ["--fill", f"{names[0]}={self.fills[names[0]]}"]
        return UsageError(
            f"--fill {', '.join(names)}: no pending migration needs such a value",
            hint=f"those that take one: {', '.join(sorted(asked))}"
            if asked
            else f"none takes one: {same_command(without=given)}",
        )
