"""A tenant follows its own history, and nobody else's."""

from __future__ import annotations

from peewee_mig.commands.project import Project
from peewee_mig.errors import RefusedError
from peewee_mig.runner.connect import Connection


def ensure_own_history(project: Project, connection: Connection) -> None:
    """Refuse a tenant whose search_path finds the history of another schema."""
    if not project.tenant:
        return
    name = project.history_table
    schema = connection.dialect.borrowed(connection.session.query, name)
    if schema:
        raise RefusedError(
            f"{name} of the schema {schema} is not that of the tenant {project.tenant}",
            where=connection.session.label,
            committed="nothing was changed",
            hint=f"leave {schema} out of the search_path in tenant_url; or give the history of the"
            " tenants another name, such as history_table = tenant_history",
        )
