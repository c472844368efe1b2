"""What a run would do, as values: for programs; ``--dry-run`` prints the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.migrate import (
    database_warnings,
    make_runner,
    open_database,
    spelled,
    undoing_loses,
)
from peewee_mig.commands.project import Project
from peewee_mig.history.folder import need_history
from peewee_mig.history.verify import ensure_complete, ensure_intact
from peewee_mig.operations import describe
from peewee_mig.runner.losses import Loss
from peewee_mig.runner.position import Direction


@dataclass(frozen=True, slots=True)
class PlannedMigration:
    """A migration that a run would apply or undo.

    ``operations``: in words; ``statements``: SQL for this database, with comments.
    """

    name: str
    direction: Direction
    operations: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do; ``losses``: rows that would be gone, which need consent."""

    database: str
    migrations: tuple[PlannedMigration, ...] = ()
    losses: tuple[Loss, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.migrations

    def to_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {
            "database": self.database,
            "migrations": [
                {
                    "name": each.name,
                    "direction": each.direction,
                    "operations": list(each.operations),
                    "statements": list(each.statements),
                }
                for each in self.migrations
            ],
            "losses": [{"name": each.name, "rows": each.rows} for each in self.losses],
            "warnings": list(self.warnings),
        }


def plan_run(project: Project, target: str | None, fills: Mapping[str, str]) -> Plan:
    """Plan what ``migrate`` would do; changes nothing and asks the guards that can be asked."""
    history = need_history(project.directory, project.files)
    ensure_complete(history)
    with open_database(project, create=False) as connection:
        runner = make_runner(project, connection, history)
        position = runner.position()
        if position.pending or target is not None:
            ensure_intact(history)
        tasks = runner.plan_run(target, fills)
        statements = dict(spelled(tasks, runner, target, fills)) if tasks else {}
        return Plan(
            connection.session.label,
            tuple(
                PlannedMigration(
                    task.title,
                    task.move.direction,
                    tuple(map(describe, task.operations)),
                    statements[task.move],
                )
                for task in tasks
            ),
            undoing_loses(tasks, runner),
            tuple(database_warnings(position, runner)),
        )
