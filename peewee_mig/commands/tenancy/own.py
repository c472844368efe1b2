"""A tenant follows its own history, and nobody else's."""

from __future__ import annotations

from peewee_mig.commands.project import Project
from peewee_mig.errors import MigError, RefusedError
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.lock import NOTHING


def ensure_own_history(project: Project, connection: Connection) -> None:
    """Refuse a tenant whose search_path leads to another schema, or finds its history."""
    if not project.tenant:
        return
    try:
        connection.dialect.ensure_first(connection.session.query)
    except MigError as error:
        error.where = error.where or connection.session.label
        error.committed = NOTHING
        raise
    name = project.history_table
    schema = connection.dialect.borrowed(connection.session.query, name)
    if schema:
        raise RefusedError(
            f"{name} of the schema {schema} is not that of the tenant {project.tenant}",
            where=connection.session.label,
            committed=NOTHING,
            hint=f"leave {schema} out of the search_path in tenant_url; or give the history of the"
            " tenants another name, such as history_table = tenant_history",
        )
