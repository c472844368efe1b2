"""rebase: put our migrations behind those of others, after a merge of two branches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from peewee_mig.commands.engines import engines_of
from peewee_mig.commands.project import Project
from peewee_mig.commands.sides import Sides, WhichIsMine, find_sides
from peewee_mig.errors import MigError, RefusedError, UsageError, same_command
from peewee_mig.history import chain
from peewee_mig.history.branches import Clash, Fork, clash_between
from peewee_mig.history.folder import History, need_history
from peewee_mig.history.rebasing import followers, rebased
from peewee_mig.history.verify import ensure_readable
from peewee_mig.history.writing import Moved, write_moved
from peewee_mig.plan.planner import plan


@dataclass(frozen=True, slots=True)
class Rebased:
    """What got another place. ``onto``: what it stands behind; empty: there was nothing to do.

    ``reason``: how the sides were told apart; ``clash``: why a database that has what was
    moved will not take what it was put behind.
    """

    onto: str = ""
    moved: tuple[tuple[str, str], ...] = ()
    written: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    reason: str = ""
    clash: Clash | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "onto": self.onto or None,
            "moved": [{"old": old, "new": new} for old, new in self.moved],
            "written": list(map(str, self.written)),
            "removed": list(map(str, self.removed)),
            "reason": self.reason or None,
            "commutes": self.clash is None,
            "clash": str(self.clash) if self.clash else None,
            "notes": list(self.notes),
        }


def rebase(
    project: Project,
    *,
    names: Sequence[str] = (),
    onto: str | None = None,
    dry_run: bool = False,
    any_order: bool = False,
    ask: WhichIsMine | None = None,
) -> Rebased:
    """Put the migrations of one side behind the other; ``names``: those that are ours.

    :exc:`RefusedError` names the operation that does not fit there; nothing is written then.
    """
    history = need_history(project.directory, project.files)
    history.files.ensure_writable(history.directory)
    ensure_readable(history)
    if len(history.heads) < 2:  # noqa: PLR2004 (two sides)
        return _nothing(history, names)
    sides = find_sides(project, history, names, ask)
    target = _target(history, sides, onto)
    past = {target, *chain.ancestors(target, history.parents)}
    groups = _groups(history, sides.mine, past)
    _refuse_left(history, groups)
    if any_order:
        _refuse_misfit(history, sides.mine, target)
    moved = rebased(history, groups, target, any_order=any_order)
    _plan_for_engines(project, history, moved)
    theirs = [
        name for name in history.names if name in past and not _is_shared(name, sides, history)
    ]
    clash = None if any_order else clash_between(history, [e.old for e in moved], theirs)
    result = _result(history, target, moved, sides.reason, clash)
    if dry_run:
        return result
    write_moved(history, moved)
    return replace(result, notes=project.style.format([each.migration for each in moved]))


def _nothing(history: History, names: Sequence[str]) -> Rebased:
    for name in names:
        history.find(name)
    return Rebased()


def _target(history: History, sides: Sides, onto: str | None) -> str:
    """Return the migration to go behind: of the others, or the one that was named."""
    if onto is not None:
        found = history.find(onto)
        own = {name for head in sides.mine for name in _past(history, head)}
        if found in own.difference(*(_past(history, head) for head in sides.theirs)):
            raise UsageError(
                f"{found} is one of those that are to be moved",
                hint=f"name another one: {same_command('--onto', sides.theirs[0])}",
            )
        if followers(history, [found]) != (found,):
            raise UsageError(
                f"{found} is not a newest migration: another one depends on it",
                hint="; or: ".join(same_command("--onto", each) for each in sides.theirs),
            )
        return found
    if len(sides.theirs) > 1:
        raise UsageError(
            f"there are several to go behind: {' and '.join(sides.theirs)}",
            hint="; or: ".join(same_command("--onto", each) for each in sides.theirs),
        )
    return sides.theirs[0]


def _groups(history: History, mine: Sequence[str], past: set[str]) -> tuple[tuple[str, ...], ...]:
    """Return what each of our newest migrations takes along, each migration once."""
    seen = {*past}
    groups: list[tuple[str, ...]] = []
    for head in mine:
        side = [name for name in history.names if name in _past(history, head) - seen]
        seen |= {*side}
        groups.append(tuple(side))
    return tuple(groups)


def _refuse_left(history: History, groups: Sequence[Sequence[str]]) -> None:
    """Refuse to take away what a migration depends on that stays."""
    gone = {name for side in groups for name in side}
    for name, on in history.parents.items():
        if name not in gone and (needed := gone.intersection(on)):
            raise UsageError(
                f"{name} depends on {min(needed)}, which would move, and is not yours",
                hint=f"move it as well: {same_command(name)}",
            )


def _past(history: History, head: str) -> frozenset[str]:
    return chain.ancestors(head, history.parents) | {head}


def _is_shared(name: str, sides: Sides, history: History) -> bool:
    return all(name in _past(history, head) for head in sides.mine)


def _refuse_misfit(history: History, mine: Sequence[str], target: str) -> None:
    """Refuse to vouch for an order that does not even lead to one schema."""
    for head in mine:
        misfit = Fork(history, (head, target)).misfit
        if misfit is not None:
            raise RefusedError(
                f"the order of {head} and {target} matters: {misfit}",
                where=str(history.directory),
                committed="nothing was changed",
                hint=same_command(without=["--any-order"]),
            )


def _plan_for_engines(project: Project, history: History, moved: Sequence[Moved]) -> None:
    """Refuse now what one of the project's databases cannot have there."""
    known = history.without({each.old for each in moved})
    for each in moved:
        before = known.schema_of(each.migration.depends_on)
        for engine in engines_of(project):
            try:
                plan(each.migration.operations, before, engine.dialect, engine.capabilities)
            except MigError as error:
                error.where = ": ".join(filter(None, (each.old, error.where)))
                raise
        known = known.followed_by(each.migration, each.snapshot)


def _result(
    history: History, onto: str, moved: Sequence[Moved], reason: str, clash: Clash | None
) -> Rebased:
    names = tuple((each.old, each.migration.name) for each in moved)
    kept = {new for _, new in names}
    gone = [old for old, _ in names if old not in kept]
    return Rebased(
        onto,
        names,
        tuple(path for _, new in names for path in _files(history, new)),
        tuple(path for old in gone for path in _files(history, old)),
        reason,
        clash,
    )


def _files(history: History, name: str) -> tuple[Path, Path]:
    return history.module_path(name), history.snapshot_path(name)
