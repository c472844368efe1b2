"""squash --remove: delete the files that a squash replaces, once no database needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.errors import RefusedError, UsageError
from peewee_mig.history import replaced
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.verify import ensure_chained, ensure_complete
from peewee_mig.history.writing import remove_files


@dataclass(frozen=True, slots=True)
class Removed:
    """The migrations whose files are gone. ``database``: the one that was asked, if any."""

    name: str
    removed: tuple[str, ...]
    database: str

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "name": self.name,
            "removed": list(self.removed),
            "database": self.database or None,
        }


def remove(project: Project, *, name: str, dry_run: bool = False) -> Removed:
    """Delete modules and snapshots of what a squash replaces.

    :exc:`RefusedError` while the configured database has rows of them: then it needs them.
    """
    history = read_history(project.directory, project.files)
    history.files.ensure_writable(history.directory)
    ensure_chained(history)
    ensure_complete(history)
    full = history.find(name)
    if not history.migration(full).replaces:
        raise UsageError(f"{full} replaces no other migration", hint=_squashes(history))
    inside = replaced.members(full, replaced.stand_ins(history.modules))
    doomed = tuple(each for each in history.modules if each in inside)
    database = _refuse_needed(project, full, inside)
    if not dry_run:
        for each in reversed(doomed):
            remove_files(history, each)
    return Removed(full, doomed, database)


def _squashes(history: History) -> str:
    found = [each.name for each in history.migrations if each.replaces]
    if found:
        return f"those that do: {', '.join(found)}"
    return "make one: peewee-mig squash --all"


def _refuse_needed(project: Project, full: str, inside: frozenset[str]) -> str:
    """Refuse while the configured database has rows of what goes; return what it is called."""
    if not project.database:
        return ""
    with open_database(project, create=False) as connection:
        table = HistoryTable(connection.dialect, project.history_table)
        names = [row.name for row in table.read(connection.session.query) if row.name in inside]
        if names:
            raise RefusedError(
                f"this database has {names[-1]}, and not {full} yet, which replaces it",
                where=connection.session.label,
                committed="nothing was removed",
                hint=f"peewee-mig migrate, then: peewee-mig squash --remove {full}",
            )
        return connection.session.label
