"""Landing on migrations, when ``migrate`` meets a database that has already what they make."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peewee_mig.commands.ask import ConfirmLanding, Landing
from peewee_mig.commands.existing import Existing, find_existing
from peewee_mig.commands.lost import refuse_begun
from peewee_mig.commands.matching import Matching
from peewee_mig.commands.project import Project
from peewee_mig.commands.standing import Standing, left_out_and_absent, read_standing
from peewee_mig.errors import BusyError, DeclinedError, DriftError, MigError, RefusedError
from peewee_mig.history import chain
from peewee_mig.history.folder import History
from peewee_mig.history.table import Row
from peewee_mig.history.verify import ensure_complete
from peewee_mig.operations.verbs import Add, Apart
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.position import Position, moves
from peewee_mig.runner.run import Runner

_NOTHING = "nothing was changed"

#: A target that leads nowhere else.
_HERE = "+0"


@dataclass(frozen=True, slots=True)
class Landed:
    """What was recorded, and the target of the run that follows.

    A database may have more than a target asks for: that is no reason to undo it.
    """

    names: tuple[str, ...]
    target: str | None


def land(
    project: Project,
    runner: Runner,
    target: str | None,
    confirm: ConfirmLanding | None,
    *,
    fills: Mapping[str, str],
) -> Landed:
    """Record what is there already, before what is missing is applied.

    What a push has made, and what somebody else did: another tool, ``create_tables()``, a
    person. :exc:`RefusedError` without ``confirm``; :exc:`DeclinedError` if it says no;
    :exc:`DriftError` if what is there differs.
    """
    nothing = Landed((), target)
    found = runner.place()
    position = found.position
    if not position.pending or (position.push is None and _is_for_runner(position)):
        return nothing
    todo = _todo(found.history, position, target)
    if not todo:
        return nothing
    landing = (
        _after_push(position.push, runner, todo)
        if position.push is not None
        else _after_others(project, runner, target, _with_fills(runner.command, fills))
    )
    if landing is None:
        return nothing
    if confirm is None:
        raise RefusedError(
            landing.reason,
            where=runner.session.label,
            committed=_NOTHING,
            hint=f"record those: peewee-mig baseline, then: peewee-mig {runner.command}",
        )
    if not confirm(landing):
        raise DeclinedError("you declined", committed=_NOTHING)
    from peewee_mig.commands.baseline import baseline

    recorded = baseline(project).recorded
    goal = _HERE if todo[-1] in recorded else todo[-1]
    return Landed(recorded, target and goal)


def _with_fills(command: str, fills: Mapping[str, str]) -> str:
    given = [word for each in fills.items() for word in ("--fill", "=".join(each))]
    return shlex.join([*shlex.split(command), *given])


def _todo(history: History, position: Position, target: str | None) -> list[str]:
    """Return the migrations that a run applies; none where it only goes back."""
    names = [move.name for move in moves(history, position, target)]
    return [name for name in names if name in position.pending]


def _is_for_runner(position: Position) -> bool:
    """Whether the runner has something to finish or to refuse before anything else."""
    return position.unfinished is not None or bool(position.problems)


def _after_push(push: Row, runner: Runner, todo: list[str]) -> Landing:
    if push.is_push_begun:
        raise RefusedError(
            "a push was begun here and not finished",
            where=runner.session.label,
            committed=_NOTHING,
            hint="finish it: peewee-mig push, then: peewee-mig baseline, then: peewee-mig migrate",
        )
    reason = (
        f"this database was pushed at {push.finished}: pending migrations would make"
        " what is there already"
    )
    return Landing(reason, tuple(todo), is_exact=False)


def _after_others(
    project: Project, runner: Runner, target: str | None, again: str
) -> Landing | None:
    """Return what can be recorded; ``None`` if nothing that is pending is there.

    ``again``: the subcommand of the run, with its fills.

    Another runner may be at work: only what was seen between two equal readings of the records
    counts. Where one holds a table, the catalog tells nothing yet, and the run waits for it.
    """
    ensure_complete(runner.history)
    while True:
        try:
            standing = _read(project, runner)
        except BusyError:
            return None
        if _is_for_runner(standing.position):
            return None
        todo = _todo(standing.history, standing.position, target)
        _refuse_absent(standing, todo)
        found = find_existing(standing, todo)
        if found is None:
            return None
        if runner.place().rows == standing.rows:
            refuse_begun(runner.table, runner.session, todo)
            return _Judging(standing, found, runner.session.label, again).landing()


def _refuse_absent(standing: Standing, todo: Sequence[str]) -> None:
    """Refuse migrations that count on tables of somebody else which are not there yet."""
    for name in todo:
        parts = (e for e in standing.history.migration(name).operations if isinstance(e, Apart))
        told = (each for one in parts if not one.database for each in one.schema)
        missing = standing.absent(each.table for each in told if isinstance(each, Add))
        if missing:
            raise left_out_and_absent(f"{name} counts on", missing)


def _read(project: Project, runner: Runner) -> Standing:
    connection = Connection(runner.dialect, runner.session)
    return read_standing(connection, runner.history, runner.table, project.without)


@dataclass(frozen=True)
class _Judging:
    """What is there already, against what the pending migrations would make."""

    standing: Standing
    found: Existing
    label: str
    again: str

    def landing(self) -> Landing:
        """Return what can be recorded; :exc:`DriftError` if the database is no step on the way."""
        pending = self.standing.position.pending
        equal = [place for place in Matching(self.standing).equal() if place in pending]
        if not equal:
            raise self._differs()
        needed = {equal[-1], *chain.ancestors(equal[-1], self.standing.history.parents)}
        names = [name for name in pending if name in needed]
        return Landing(
            f"{self.found.migration} would make what this database has already: {self.found}",
            tuple(names),
            is_exact=True,
        )

    def _differs(self) -> MigError:
        name = self.found.newest
        drift = self.standing.against(self.standing.history.schema_at(name))
        return DriftError(
            f"{self.found.migration} would make what this database has already: {self.found}; and"
            f" it is not as {name} says",
            lines=drift.lines,
            where=self.label,
            committed=_NOTHING,
            hint=f"print the SQL that makes it so: peewee-mig diff {name} --plan, then:"
            f" peewee-mig baseline {name}; or accept the difference: peewee-mig baseline {name}"
            f" --force; or remove what is in the way, then: peewee-mig {self.again}",
        )
