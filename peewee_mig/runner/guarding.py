"""Asks the guards of a run: rows that are in the way stop it before anything changes."""

from __future__ import annotations

import shlex
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from peewee_mig.dialects.asked import Guard
from peewee_mig.dialects.base import Dialect, LiveStep, Query
from peewee_mig.errors import FailedError, GuardError, MigError, RefusedError, RowsError
from peewee_mig.operations.verbs import Alter, Operation
from peewee_mig.plan.fills import answered_by
from peewee_mig.plan.guard_names import named_after, traced_back
from peewee_mig.plan.hazards.guard import words
from peewee_mig.runner.mending import look, mending
from peewee_mig.runner.tasks import Work

#: How many hexadecimal digits of bytes are shown.
_DIGITS = 32


def ask_early(tasks: Sequence[Work], dialect: Dialect, query: Query) -> None:
    """Ask the guards of a whole run that can be asked before its first statement."""
    earlier: list[Operation] = []
    found: list[_InTheWay] = []
    for task in tasks:
        if not earlier:
            _check(task, query)
        for guard in task.plan.guards:
            traced = traced_back(guard, earlier)
            if traced is not None:
                found += _ask(traced, guard, task, dialect, query)
        earlier += task.operations
    _stop(found, tasks)


def ask(task: Work, dialect: Dialect, query: Query) -> None:
    """Ask the guards of one work, just before it."""
    _check(task, query)
    ask_these(task.plan.asked_first, task, dialect, query)


def ask_these(guards: Iterable[Guard], task: Work, dialect: Dialect, query: Query) -> None:
    """Ask some of the guards of a work, in whose names the database is now."""
    asked = (_ask(guard, guard, task, dialect, query) for guard in guards)
    _stop([each for found in asked for each in found], [task])


def _check(task: Work, query: Query) -> None:
    """Let each step refuse what it could not do half-way through the work."""
    for step in task.plan.steps:
        if isinstance(step, LiveStep):
            try:
                step.check(query)
            except MigError as error:
                error.where = error.where or task.where(step.operations[0])
                raise


@dataclass(frozen=True)
class _InTheWay:
    """Rows that a guard found.

    ``guard``: as the migration names things; ``sample``: values; ``mending``: statements of
    which each clears them away; ``look``: the one that shows them first.
    """

    guard: Guard
    task: Work
    count: int
    sample: tuple[str, ...]
    mending: tuple[str, ...] = ()
    look: str = ""

    @property
    def where(self) -> str:
        return self.task.where(self.guard.operation)

    @property
    def message(self) -> str:
        """Say it in the names that things will have: those are the ones of the models."""
        named, sample = self._named, "; ".join(self.sample)
        rows = f"{self.count} row{'s are' if self.count > 1 else ' is'} in the way"
        if self._is_of_fill:
            column = f"{named.table}.{', '.join(named.columns)}"
            lacking = f"{named.referred_table} has no such row"
            return f"{rows}: {column} would get {sample or 'a value'}, and {lacking}"
        return f"{rows}: {words(named)}{f' (such as {sample})' if sample else ''}"

    @property
    def answers(self) -> tuple[str, ...]:
        """The columns whose values, given with ``--fill``, clear the way; none: nothing given."""
        guard = self.guard
        if self._is_of_fill or (guard.kind == "violated" and guard.filled):
            return tuple(self._filled)
        answer = answered_by(self.task.operations[guard.operation])
        fits = answer and guard.kind in ("rows", "nulls") and not guard.limit
        return (answer,) if fits else ()

    @property
    def way(self) -> str:
        """What to do with the rows first."""
        operation = self.task.operations[self.guard.operation]
        if self.guard.kind == "values" and isinstance(operation, Alter):
            null = getattr(operation.old, "null", False)
            either = "set these values to NULL or delete the rows" if null else "delete these rows"
            return f"no other value would fit: say what these become ({self._using}), or {either}"
        if self.guard.kind == "rows" and self.guard.limit:
            return "give each row a value of its own before this is unique, or leave one row"
        if self.guard.kind == "left" and self.task.command.startswith(("push", "rollback")):
            column = f"{self.guard.table}.{self.guard.columns[0]}"
            return f"change these rows, or lose the values (--allow-data-loss {column})"
        if self.guard.kind == "changed":
            return self._settling
        if self.guard.kind == "missing":
            return "insert these rows again"
        return "change or delete these rows"

    @property
    def _settling(self) -> str:
        """What to do with reference rows that somebody changed; an applied file stays as it is."""
        if self.task.direction == "backward":
            return f"give these rows the values that {self.task.title} declares"
        return "declare these values, or overwrite them (over=True in the migration)"

    @property
    def _using(self) -> str:
        """Where an expression for the new values is said."""
        if self.task.command.startswith("push"):
            return "--using"
        back = self.task.command.startswith("rollback")
        return f"{'using_back' if back else 'using'} in the migration"

    @property
    def _is_of_fill(self) -> bool:
        """Whether it is the value of a fill that refers to nothing, not one of the rows."""
        given = self.guard.filled
        if self.guard.kind != "orphans" or not given:
            return False
        alone = len(self.guard.columns) == 1
        values = {_shown(getattr(each.fill, "value", "")) for each in given}
        return all(each.added for each in given) or (alone and set(self.sample) == values)

    @property
    def _filled(self) -> Iterator[str]:
        """Yield the columns with a fill as ``--fill`` calls them."""
        tables = {self.guard.table, self._named.table}
        columns = {each.column for each in self.guard.filled} | {*self._named.columns}
        for operation in self.task.operations:
            table, _, column = answered_by(operation).rpartition(".")
            if table in tables and column in columns and getattr(operation, "fill", None):
                yield f"{table}.{column}"

    @cached_property
    def _named(self) -> Guard:
        return named_after(self.guard, self.task.operations)


def _ask(
    guard: Guard, original: Guard, task: Work, dialect: Dialect, query: Query
) -> Iterator[_InTheWay]:
    """Count and sample the rows; ``original`` names things as the migration does."""
    count_sql, sample_sql = dialect.guard_sql(guard)
    try:
        count = query(count_sql)[0][0]
        if not count:
            dialect.rehearse(query, guard)
    except RowsError as error:
        raise _refused(original, task, error) from error
    except (FailedError, RefusedError) as error:  # such as an expression of the user's
        error.where = error.where or task.where(guard.operation)
        raise
    if count:
        rows = query(sample_sql)
        sample = tuple(", ".join(map(_shown, row)) for row in rows)
        statements = _mending(guard, task, rows, dialect)
        yield _InTheWay(original, task, count, sample, statements, look(guard, dialect))


def _mending(
    guard: Guard, task: Work, rows: Sequence[Sequence[object]], dialect: Dialect
) -> tuple[str, ...]:
    """Return statements that clear the way; where no other value fits, only NULL is one."""
    operation = task.operations[guard.operation]
    found = mending(guard, rows, dialect)
    if guard.kind != "values" or not isinstance(operation, Alter) or not found:
        return found
    null = getattr(operation.old, "null", False)
    return (found[0].replace(" = VALUE ", " = NULL ", 1), *found[1:]) if null else found[1:]


def _refused(guard: Guard, task: Work, error: RowsError) -> GuardError:
    """Say it in our words where only the server knows what a type takes, and counts nothing.

    PostgreSQL tells beforehand since version 16 only (``pg_input_is_valid``).
    """
    named = named_after(guard, task.operations)
    return GuardError(
        f"rows are in the way: {words(named)} (the server says: {error.original})",
        where=task.where(guard.operation),
        hint=f"change or delete these rows, then: peewee-mig {task.command}",
    )


def _shown(value: object) -> str:
    """Spell a value for people: bytes by their first digits, and also a text without letters."""
    if isinstance(value, bytes | bytearray | memoryview):
        digits = bytes(value).hex()
        return f"x'{digits[:_DIGITS]}{'…' if digits[_DIGITS:] else ''}'"
    text = "NULL" if value is None else str(value)
    return text if text.strip() else f"'{text}'"


def _stop(found: Sequence[_InTheWay], tasks: Sequence[Work]) -> None:
    """Raise :exc:`GuardError` with all that is in the way, so that one more run is enough."""
    if not found:
        return
    first, *others = found
    also = dict.fromkeys(f"{each.message} ({each.where})" for each in others)
    hint = _way_out(found, dict(ChainMap(*(dict(each.fills) for each in tasks))))
    raise GuardError(first.message, where=first.where, original="\n".join(also), hint=hint)


def _way_out(found: Sequence[_InTheWay], fills: Mapping[str, str]) -> str:
    answers = dict.fromkeys(answer for each in found for answer in each.answers)
    given = [word for each in fills.items() for word in ("--fill", "=".join(each))]
    command = shlex.join([*shlex.split(found[0].task.command), *given])
    command = _with_answers(command, tuple(answers))
    if all(each.answers for each in found):
        return f"peewee-mig {command}"
    others = [each for each in found if not each.answers]
    ways = list(dict.fromkeys(each.way for each in others))
    way = ways[0] if len(ways) == 1 else "change or delete these rows"
    then = f"then: peewee-mig {command}"
    statements = zip(*(each.mending for each in others), strict=False)
    pasted = [f"{', then: '.join(dict.fromkeys(each))}, {then}" for each in statements]
    first = "".join(f"look at them: {each.look}; " for each in others if each.look)
    return f"{first}{way}: {'; or: '.join(pasted)}" if pasted else f"{first}{way}, {then}"


def _with_answers(command: str, answers: Sequence[str]) -> str:
    """Ask for values in a command, in the place of those that it has."""
    kept: list[str] = []
    given = iter(shlex.split(command))
    for word in given:
        option = [word, next(given)] if word == "--fill" else [word]
        if option[-1].partition("=")[0] not in answers:
            kept += option
    asked = [word for answer in answers for word in ("--fill", f"{answer}=VALUE")]
    return shlex.join([*kept, *asked])
