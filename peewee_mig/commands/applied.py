"""Whether a migration is applied, for commands that work without a database too."""

from __future__ import annotations

from peewee_mig.commands.project import Project
from peewee_mig.errors import MigError, RefusedError, same_command
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.connect import connected


def refuse_applied(project: Project, name: str, done: str) -> None:
    """Refuse to touch a migration that the configured database has; without one, allow it."""
    if name in _applied(project):
        raise RefusedError(
            f"{name} is applied to the configured database and cannot be {done}",
            hint=f"write a new migration; or undo this one first: peewee-mig rollback, then:"
            f" {same_command()}",
        )


def _applied(project: Project) -> set[str]:
    """Return what the configured database has; nothing if it does not answer."""
    if not project.database:
        return set()
    try:
        database, root, role = project.database, project.database_root, project.role
        with connected(database, root=root, create=False, role=role) as connection:
            table = HistoryTable(connection.dialect, project.history_table)
            return {row.name for row in table.read(connection.session.query)}
    except MigError:
        return set()
