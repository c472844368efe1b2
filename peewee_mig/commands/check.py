"""check: the offline gate. Files, chain, checksums, snapshots, models, hazards, git."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peewee_mig.commands.check_touches import misspelled
from peewee_mig.commands.engines import engines_of
from peewee_mig.commands.project import Project
from peewee_mig.diff import diff
from peewee_mig.errors import HistoryError, MigError
from peewee_mig.history.folder import History, ensure_folder, read_history
from peewee_mig.history.module import Migration
from peewee_mig.history.verify import finding_of, verify
from peewee_mig.operations import describe
from peewee_mig.plan.fills import answered_by
from peewee_mig.plan.hazards import Hazard, hazards
from peewee_mig.plan.planner import plan
from peewee_mig.schema.filtering import sides

if TYPE_CHECKING:
    from peewee_mig.sources.discover import Declared


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend; ``severity`` is error or warning."""

    file: str
    message: str
    hint: str = ""
    line: int | None = None
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Checked:
    """All findings."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing has to be mended."""
        return not any(finding.severity == "error" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        fields = ("file", "line", "message", "hint", "severity")
        return {
            "ok": self.ok,
            "findings": [{f: getattr(each, f) for f in fields} for each in self.findings],
        }


def check(project: Project, *, declared: Sequence[Declared] = (), asks_git: bool = True) -> Checked:
    """Check the history against itself, git and the models; needs no database.

    ``declared``: models, in place of those that the project names.
    """
    if not project.models:  # else they are ahead of a folder that does not exist
        ensure_folder(project.directory, project.files)
    try:
        history = read_history(project.directory, project.files)
    except HistoryError as error:
        found = finding_of(error)
        return Checked(
            (Finding(shown_path(found.file, project), found.message, found.hint, found.line),)
        )
    broken = [
        Finding(shown_path(each.file, project), each.message, each.hint, each.line)
        for each in verify(history)
    ]
    sound = [] if broken else [*_unacknowledged(project, history)]
    if not broken:
        sound += _models(project, history, declared)
    outside = _outside_git(project, history) if asks_git else ()
    return Checked((*broken, *sound, *outside))


def _unacknowledged(project: Project, history: History) -> Iterator[Finding]:
    """Find hazards that ``allow`` does not name, and what an engine cannot have."""
    for migration in history.migrations:
        before = history.schema_before(migration.name)
        file = shown_path(migration.path, project)
        for hazard in hazards(migration.operations, before):
            if hazard.stops and hazard.id not in migration.allow:
                words = describe(migration.operations[hazard.operation])
                hint = f'after a review, add "{hazard.id}" to allow = [...] in the file'
                way = _answer(migration, hazard, history)
                yield Finding(file, f"{hazard.id}: {words}: {hazard.message}", f"{way}{hint}")
        for name, meant in misspelled(migration.operations, before):
            message = f"touches names {name!r}, which is not in the schema"
            yield Finding(file, message, f"did you mean {meant!r}?", severity="warning")
        for engine in engines_of(project):
            try:
                plan(migration.operations, before, engine.dialect, engine.capabilities)
            except MigError as error:
                yield Finding(file, error.message, error.hint)


def _answer(migration: Migration, hazard: Hazard, history: History) -> str:
    """Return how the newest migration is made anew with the value that it lacks."""
    column = answered_by(migration.operations[hazard.operation])
    if hazard.id != "guard" or not column or history.heads != (migration.name,):
        return ""
    command = f"peewee-mig generate --amend --fill {shlex.quote(f'{column}=VALUE')}"
    return f"give existing rows a value: {command}; or "


def _models(project: Project, history: History, declared: Sequence[Declared]) -> Iterator[Finding]:
    if not project.models and not declared:
        return
    from peewee_mig.sources.discover import find_models
    from peewee_mig.sources.read import read_models

    found = declared or find_models(project.models, root=project.root)
    models = read_models(found, project.without)
    both = sides(history.last_schema, models.schema, project.without)
    lines = [describe(operation) for operation in diff(both.before, both.after)]
    if lines:
        listed = f" {lines[0]}" if len(lines) == 1 else "".join(f"\n    {line}" for line in lines)
        yield Finding(
            shown_path(project.directory, project),
            f"the models are ahead of the migrations:{listed}",
            "peewee-mig generate",
        )


def _outside_git(project: Project, history: History) -> Iterator[Finding]:
    """Find files of the history that a commit would not take along."""
    for name in (*history.names, *history.replaced):
        for path in (history.module_path(name), history.snapshot_path(name)):
            if not path.is_file():
                continue
            shown, state = shown_path(path, project), _git_state(path)
            if state == "ignored":
                message = f"git ignores {path.name}: it would be missing in every other checkout"
                yield Finding(shown, message, f"git add --force {shown}")
            elif state == "untracked":
                message = f"git does not know {path.name} yet"
                yield Finding(shown, message, f"git add {shown}")


def _git_state(path: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (git, with a path of the project)
            ["git", "status", "--porcelain", "--ignored", "--", path.name],  # noqa: S607
            cwd=path.parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return {"??": "untracked", "!!": "ignored"}.get(done.stdout[:2], "")


def shown_path(path: Path, project: Project) -> str:
    """Return a path as the user knows it: from the root of the project."""
    return str(path.relative_to(project.root) if path.is_relative_to(project.root) else path)
