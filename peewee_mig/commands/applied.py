"""Whether a migration is applied, for commands that work without a database too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from peewee_mig.commands.project import Project
from peewee_mig.errors import MigError, RefusedError, same_command
from peewee_mig.history.module import Migration
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.connect import connected


def refuse_applied(project: Project, migration: Migration, done: str) -> None:
    """Refuse to touch a migration that the configured database has; without one, allow it.

    Where a project has tenants, it is refused if one of them has it.
    """
    names = {migration.name, *migration.was}
    where = next((each for each in _databases(project) if names & _applied(each)), None)
    if where is not None:
        which = f"the tenant {where.tenant}" if where.tenant else "the configured database"
        undo = f"; or undo this one first: peewee-mig rollback, then: {same_command()}"
        raise RefusedError(
            f"{migration.name} is applied to {which} and cannot be {done}",
            hint=f"write a new migration{'' if where.tenant else undo}",
        )


def applied_names(project: Project) -> set[str]:
    """Return what the configured database has, or any tenant; nothing if it does not answer."""
    return set[str]().union(*map(_applied, _databases(project)))


def _databases(project: Project) -> Iterator[Project]:
    """Yield the project with each of its databases; no tenant if their source does not answer."""
    if project.tenants and not project.tenant:
        from peewee_mig.commands.tenants import need_tenants

        with suppress(MigError):
            tenants = need_tenants(project)
            yield from map(tenants.project_of, tenants.chosen)
    elif project.database:
        yield project


def _applied(project: Project) -> set[str]:
    """Return what a database has; nothing if it does not answer."""
    try:
        database, root, role = project.database, project.database_root, project.role
        with connected(database, root=root, create=False, role=role) as connection:
            table = HistoryTable(connection.dialect, project.history_table)
            return {row.name for row in table.read(connection.session.query)}
    except MigError:
        return set()
