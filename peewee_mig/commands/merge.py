"""merge: join the newest migrations of several branches, which commute."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee_mig.commands.project import Project
from peewee_mig.errors import RefusedError, same_command
from peewee_mig.history.branches import ANY_ORDER, Clash, Fork
from peewee_mig.history.folder import need_history
from peewee_mig.history.naming import PROPOSED, next_name, slug, words_of
from peewee_mig.history.render import render_module
from peewee_mig.history.verify import ensure_readable
from peewee_mig.history.writing import write_migration


@dataclass(frozen=True, slots=True)
class Merged:
    """The migration that joins ``heads``; without a ``path`` nothing was written."""

    heads: tuple[str, ...] = ()
    name: str = ""
    path: Path | None = None
    snapshot_path: Path | None = None
    module_text: str = ""
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "heads": list(self.heads),
            "name": self.name or None,
            "path": str(self.path) if self.path else None,
            "snapshot": str(self.snapshot_path) if self.snapshot_path else None,
            "notes": list(self.notes),
        }


def merge(
    project: Project,
    *,
    name: str | None = None,
    dry_run: bool = False,
    any_order: bool = False,
) -> Merged:
    """Write a migration without operations that depends on all the newest ones.

    ``any_order``: the user vouches that their order does not matter, as far as that is not known.
    :exc:`RefusedError` if they do not commute.
    """
    history = need_history(project.directory, project.files)
    history.files.ensure_writable(history.directory)
    ensure_readable(history)
    if len(history.heads) < 2:  # noqa: PLR2004 (two to join)
        return Merged()
    fork = Fork(history, history.heads)
    clash = fork.misfit if any_order else fork.clash
    if clash is not None:
        raise _refused(clash, fork, any_order=any_order)
    words = slug(name) if name else _proposed(history.heads)
    full = next_name(history.names, slug(project.style.words(words)))
    text = render_module(
        (),
        depends_on=history.heads,
        summary=f"Join {' and '.join(history.heads)}.",
        allow=[ANY_ORDER] if fork.clash else (),
    )
    if dry_run:
        return Merged(history.heads, full, module_text=text)
    migration = write_migration(history, full, text)
    notes = project.style.format([migration])
    return Merged(history.heads, full, migration.path, history.snapshot_path(full), text, notes)


def _proposed(heads: tuple[str, ...]) -> str:
    words = f"merge_{'_and_'.join(words_of(head) for head in heads)}"
    return words if len(words) <= PROPOSED else "merge"


def _refused(clash: Clash, fork: Fork, *, any_order: bool) -> RefusedError:
    way = "put the one that is applied nowhere else behind the other: peewee-mig rebase"
    if fork.misfit is None and not any_order:
        way += f"; or, if you know that their order does not matter: {same_command('--any-order')}"
    return RefusedError(
        f"{clash.one} and {clash.other} do not commute: {clash}",
        where=str(fork.history.directory),
        committed="nothing was changed",
        hint=way,
    )
