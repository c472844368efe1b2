"""Asks the guards of a run: rows that are in the way stop it before anything changes."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.dialects.base import Dialect, Guard, LiveStep, Query
from peewee_mig.errors import GuardError, MigError
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.fills import answered_by
from peewee_mig.plan.guards import traced_back
from peewee_mig.plan.hazards.guard import words
from peewee_mig.runner.tasks import Work


def ask_early(tasks: Sequence[Work], dialect: Dialect, query: Query) -> None:
    """Ask the guards of a whole run that can be asked before its first statement."""
    earlier: list[Operation] = []
    for task in tasks:
        if not earlier:
            _check(task, query)
        for guard in task.plan.guards:
            traced = traced_back(guard, earlier)
            if traced is not None:
                _ask(traced, guard, task, dialect, query)
        earlier += task.operations


def ask(task: Work, dialect: Dialect, query: Query) -> None:
    """Ask the guards of one work, just before it."""
    _check(task, query)
    for guard in task.plan.guards:
        _ask(guard, guard, task, dialect, query)


def _check(task: Work, query: Query) -> None:
    """Let each step refuse what it could not do half-way through the work."""
    for step in task.plan.steps:
        if isinstance(step, LiveStep):
            try:
                step.check(query)
            except MigError as error:
                error.where = error.where or task.where(step.operations[0])
                raise


def _ask(guard: Guard, original: Guard, task: Work, dialect: Dialect, query: Query) -> None:
    """Stop if rows are in the way; ``original`` names things as the migration does."""
    count_sql, sample_sql = dialect.guard_sql(guard)
    count = query(count_sql)[0][0]
    if not count:
        return
    sample = [", ".join(map(str, row)) for row in query(sample_sql)]
    shown = f" (such as {'; '.join(sample)})" if sample else ""
    raise GuardError(
        f"{count} row{'s are' if count > 1 else ' is'} in the way: {words(original)}{shown}",
        where=task.where(original.operation),
        hint=_way_out(original, task),
    )


def _way_out(guard: Guard, task: Work) -> str:
    command = task.command
    answer = answered_by(task.operations[guard.operation])
    if answer and guard.kind in ("rows", "nulls") and not guard.limit:
        return f"peewee-mig {command} --fill {answer}=VALUE"
    return f"change or delete these rows, then: peewee-mig {command}"
