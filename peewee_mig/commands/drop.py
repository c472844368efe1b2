"""drop: delete the newest migration, which no database has yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.applied import refuse_applied
from peewee_mig.commands.project import Project
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import remove_migration


@dataclass(frozen=True, slots=True)
class Dropped:
    """The migration that is gone."""

    name: str

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {"dropped": self.name}


def drop(project: Project, *, name: str) -> Dropped:
    """Delete a module and its snapshot; :exc:`HistoryError` if another depends on it."""
    history = read_history(project.directory, project.files)
    full = history.find(name)
    refuse_applied(project, history.migration(full), "dropped")
    remove_migration(history, full)
    return Dropped(full)
