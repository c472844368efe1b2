"""snapshot: compute the snapshot of a migration again after a hand edit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee_mig.commands.project import Project
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import rewrite_snapshot


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The snapshot that was written."""

    name: str
    path: Path

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {"name": self.name, "path": str(self.path)}


def snapshot(project: Project, *, name: str) -> Rewritten:
    """Write the snapshot that the operations of a migration make."""
    history = read_history(project.directory, project.files)
    full = history.find(name)
    return Rewritten(full, rewrite_snapshot(history, full))
