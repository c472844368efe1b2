"""What a push will do: decided from the live database and the models, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from peewee_mig.commands.answers import Answers, decide
from peewee_mig.commands.fills import ask_fills
from peewee_mig.commands.push_rules import refuse_referred
from peewee_mig.commands.standing import Standing, left_out_and_absent
from peewee_mig.commands.using import with_usings
from peewee_mig.dialects.base import Dialect, Query
from peewee_mig.diff import Renames, diff
from peewee_mig.diff.former import formerly
from peewee_mig.operations import describe
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import Add, Alter, Drop, Operation
from peewee_mig.plan.drift import Drift
from peewee_mig.plan.hazards.data_loss import is_overwritten
from peewee_mig.plan.planner import plan
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.losses import Loss, losses
from peewee_mig.runner.tasks import Work
from peewee_mig.schema.filtering import Sides, sides
from peewee_mig.schema.objects import Column, ForeignKey, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.read import ModelSchema

#: Tables of other histories in the same database begin so: no push drops them.
_OWN = "peewee_mig_"

#: The kinds of what stands apart that --prune drops.
_TABLES = ("table", "virtual table")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a push will do, as it is shown before anything runs.

    ``schema``: that of the models; ``lines``: the operations in words, with the rows that
    they meet; ``losses``: the rows that would be lost; ``left``: what hangs on managed tables
    and stays as it is; ``strangers``: tables that are left alone.
    """

    schema: Schema
    work: Work
    lines: tuple[str, ...]
    losses: tuple[Loss, ...]
    left: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What leads from the database to the models."""
        return self.work.operations

    def losing(self, allowed: Sequence[str]) -> Proposal:
        """Return it without questions about values that somebody consented to lose."""
        return replace(self, work=replace(self.work, plan=self.work.plan.losing(allowed)))


@dataclass(frozen=True)
class Proposer:
    """Compares a live database with models, and asks what the two cannot tell.

    ``command``: the subcommand with the answers that it was given, for the way out of what
    stops it.
    """

    connection: Connection
    models: ModelSchema
    answers: Answers
    command: str
    prune: bool

    def propose(self, standing: Standing) -> Proposal:
        """Plan a push; :exc:`RefusedError`, :exc:`QuestionError` for what has no safe answer."""
        found = self._drift(standing, self.models.schema)
        work = self._work(standing, found)
        query, dialect = self.connection.session.query, self.connection.dialect
        managed = {dialect.stored_name(name) for name in found.found.names}
        gone = {  # with all that hangs on it
            dialect.stored_name(each.table)
            for each in work.operations
            if isinstance(each, Drop) and isinstance(each.object, Table)
        }
        managed -= {dialect.stored_name(each.name) for each in standing.outside}
        refuse_referred(work.operations, standing.whole.schema, managed, dialect)
        return Proposal(
            standing.without.managed(self.models.schema),
            work,
            tuple(_lines(work.operations, dialect, query)),
            losses([work.operations], dialect, query),
            left=tuple(
                f"{each.kind} {each.name}" for each in found.attached if each.table not in gone
            ),
            strangers=tuple(each.name for each in found.apart if each.kind in _TABLES),
        )

    def _drift(self, standing: Standing, declared: Schema) -> Drift:
        dialect = self.connection.dialect
        ours = {dialect.stored_name(name) for name in (*standing.managed, *self._renamed())}
        if self.prune:
            there = standing.catalog.schema
            names = (*there.names, *(each.name for each in there.virtual_tables))
            ours |= {name for name in names if not name.startswith(_OWN)}
        return standing.drift(declared, ours=ours)

    def _renamed(self) -> Iterator[str]:
        """Yield tables that somebody calls the former ones of models: they are ours as well."""
        yield from self.models.renamed_tables.values()
        yield from (option.partition(":")[0] for option in self.answers.renames)

    def _work(self, standing: Standing, found: Drift) -> Work:
        """Find the operations; ask for a value only where rows lack one."""
        both = self._sides(standing, found.found)
        models = replace(self.models, schema=both.after)
        renames, fills = decide(both.before, models, self.answers)
        former = self._by_former_names(standing, found, renames)
        before, after = self._sides(standing, former).before, both.after
        work = self._planned(before, diff(before, after, renames, fills))
        if self.answers.ask is None:
            return work
        asked = ask_fills(list(self._without_value(work)), self.answers.ask)
        if not asked:
            return work
        return self._planned(before, diff(before, after, renames, {**fills, **asked}))

    def _sides(self, standing: Standing, found: Schema) -> Sides:
        """Return what was found and the models; refuse keys to tables that are not there."""
        missing = standing.absent(standing.without.outside(self.models.schema).names)
        if missing:
            raise left_out_and_absent("foreign keys refer to", missing)
        return sides(found, self.models.schema, standing.without)

    def _by_former_names(self, standing: Standing, found: Drift, renames: Renames) -> Schema:
        """Return what was found, also in the words of models that had another name so far."""
        if not (renames.tables or renames.columns):
            return found.found
        declared = formerly(found.found, self.models.schema, renames)
        return self._drift(standing, declared).found

    def _planned(self, before: Schema, operations: tuple[Operation, ...]) -> Work:
        operations = with_usings(operations, self.answers.usings)
        capabilities = self.connection.session.capabilities()
        planned = plan(operations, before, self.connection.dialect, capabilities)
        return Work(title="push", command=self.command, operations=operations, plan=planned)

    def _without_value(self, work: Work) -> Iterator[Operation]:
        for guard in work.plan.guards:
            if guard.kind in ("rows", "nulls"):
                count_sql, _ = self.connection.dialect.guard_sql(guard)
                if self.connection.session.query(count_sql)[0][0]:
                    yield work.operations[guard.operation]


def _lines(operations: Iterable[Operation], dialect: Dialect, query: Query) -> Iterator[str]:
    """Say what operations do, and to how many rows where that matters."""
    counts = _Counts(dialect, query, Names())
    for operation in operations:
        yield ": ".join(filter(None, (_described(operation), counts.words(operation))))
        counts.names.follow(operation)


def _described(operation: Operation) -> str:
    """Describe an operation; a key that goes has the name that the engine made up, or nobody's."""
    match operation:
        case Drop(object=ForeignKey() as key):
            return describe(replace(operation, object=replace(key, name=None)))
        case _:
            return describe(operation)


@dataclass(frozen=True)
class _Counts:
    """Counts rows of tables and values of columns by the names that they will have."""

    dialect: Dialect
    query: Query
    names: Names

    def words(self, operation: Operation) -> str:
        match operation:
            case Drop(object=Column(name=name)):
                return self._values(operation.table, name)
            case Alter(old=Column(name=name)) if is_overwritten(operation):
                return self._values(operation.table, name)
            case (
                Drop(object=Table())
                | Add(object=Column(null=False) | PrimaryKey())
                | Alter(old=Column() | PrimaryKey())
            ):
                return self._rows(operation.table)
            case _:
                return ""

    def _rows(self, table: str) -> str:
        before = self.names.table(table)
        if before is None:
            return ""
        count = self._count(before)
        return f"{count or 'no'} row{'' if count == 1 else 's'}"

    def _values(self, table: str, column: str) -> str:
        before, name = self.names.table(table), self.names.column(table, column)
        if before is None or name is None:
            return ""
        count = self._count(before, f" WHERE {self.dialect.quote(name)} IS NOT NULL")
        return f"{count or 'no'} row{' has' if count == 1 else 's have'} a value"

    def _count(self, table: str, where: str = "") -> int:
        place = self.dialect.quote_table(table)
        found: int = self.query(f"SELECT count(*) FROM {place}{where}")[0][0]
        return found
