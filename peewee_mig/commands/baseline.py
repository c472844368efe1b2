"""baseline: record the migrations that a database has already, by comparison; runs none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from peewee_mig.commands.gone import left_by_gone, tables_of_gone
from peewee_mig.commands.lost import refuse_begun
from peewee_mig.commands.matching import Matching, Place
from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.commands.standing import ACCEPTED, Standing, read_standing, refuse_due
from peewee_mig.errors import DriftError, HistoryError, RefusedError, UsageError, same_command
from peewee_mig.history import chain
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.restoring import bring_back
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.history.verify import ensure_intact
from peewee_mig.operations.verbs import has_data
from peewee_mig.plan.drift import Drift
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Listener, silent
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.lock import held
from peewee_mig.runner.position import resolve
from peewee_mig.runner.recording import Recorder, applied_row, utc_now

#: The command that finishes what was begun in a direction.
_FINISHING = {"forward": "migrate", "backward": "rollback"}


@dataclass(frozen=True, slots=True)
class Baselined:
    """What was recorded. ``target``: the newest migration that the database has, or zero.

    ``pending``: those that it lacks; ``accepted``: differences that ``diff`` leaves out from
    now on.
    """

    database: str
    target: str
    pending: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    push_landed: bool = False
    changed: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "target": self.target,
            "pending": list(self.pending),
            "recorded": list(self.recorded),
            "forgotten": list(self.forgotten),
            "accepted": list(self.accepted),
            "push_landed": self.push_landed,
            "changed": self.changed,
        }


def baseline(
    project: Project,
    *,
    target: str | None = None,
    force: bool = False,
    replace_gone: bool = False,
    dry_run: bool = False,
    wait_lock: float = 600.0,
    listener: Listener = silent,
) -> Baselined:
    """Record exactly what leads to a target (default: the newest that the database equals).

    ``force``: accept and store what differs from the target. :exc:`DriftError` if the
    database equals none, or not the target; then nothing was changed. ``replace_gone``: the
    rows whose files are gone go, too, if nothing is there that only they made. ``dry_run``: say
    what would be recorded.
    """
    history = read_history(project.directory, project.files)
    ensure_intact(history)
    _refuse_empty(history)
    with open_database(project, create=False) as connection:
        books = _Books(project, connection, history, target, force, replace_gone, listener)
        connection.session.patience = wait_lock
        result, changes = books.decide()
    if changes.is_empty or dry_run:
        return result
    with open_database(project, create=True) as connection:
        connection.session.patience = wait_lock
        return replace(books, connection=connection).record(wait_lock)


def _refuse_empty(history: History) -> None:
    if not history.names:
        raise UsageError(
            f"there are no migrations in {history.directory} yet",
            hint="peewee-mig generate, then: peewee-mig baseline",
        )


@dataclass(frozen=True, slots=True)
class _Changes:
    """What is written into the history table: names to delete, old to new names, rows."""

    deleted: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    inserted: tuple[str, ...]
    updated: tuple[Row, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.deleted or self.renamed or self.inserted or self.updated)


@dataclass(frozen=True)
class _Books:
    """A database, and what shall be recorded in it."""

    project: Project
    connection: Connection
    history: History
    target: str | None
    force: bool
    replace_gone: bool
    listener: Listener

    def decide(self) -> tuple[Baselined, _Changes]:
        """Compare, and say what to record; refuse what cannot be."""
        standing = read_standing(self.connection, self.history, self.table, self.project.without)
        label = self.connection.session.label
        refuse_due(standing.due, label)
        if self.replace_gone:
            standing = replace(standing, also=tables_of_gone(standing))
        _refuse_unsound(standing, label, replace_gone=self.replace_gone)
        refuse_begun(self.table, self.connection.session, standing.position.pending)
        name, drift = _goal(standing, self.target, label, force=self.force)
        if self.replace_gone and not self.force:
            _refuse_left(standing, name, label)
        accepted = drift.exact if name else ()
        changes = _changes(standing, name, accepted)
        return _result(standing, label, name, accepted, changes), changes

    def record(self, wait: float) -> Baselined:
        """Decide again under the lock, and write all of it in one transaction."""
        session, dialect = self.connection.session, self.connection.dialect
        execution = Execution(session, dialect, self.listener, self.project.lock_timeout)
        own = self.table.own
        with held(session, dialect, own, wait=wait, listener=self.listener) as lock:
            run = partial(execution.teller.run, ours=True)
            recorder = Recorder(session, replace(self.table, owner=lock.owner), run)
            if not dialect.transactional:
                recorder.prepare()

            def write() -> Baselined:
                result, changes = self.decide()
                recorder.prepare()
                self._write(recorder, changes, result)
                return result

            return execution.together(write, wait=wait)

    def _write(self, recorder: Recorder, changes: _Changes, result: Baselined) -> None:
        for name in changes.deleted:
            recorder.delete(name)
        for old, new in changes.renamed:
            recorder.rename(old, new)
        for row in changes.updated:
            recorder.replace(row)
        for name in changes.inserted:
            recorder.insert(self._row(name, result.accepted if name == result.target else ()))

    @property
    def table(self) -> HistoryTable:
        return HistoryTable(self.connection.dialect, self.project.history_table)

    def _row(self, name: str, accepted: tuple[str, ...]) -> Row:
        migration = self.history.modules[name]
        return applied_row(
            migration,
            self.history,
            migration.operations,
            started=utc_now(),
            seconds=0.0,
            meta=_meta({}, accepted),
            state="baselined",
        )


def _refuse_unsound(standing: Standing, label: str, *, replace_gone: bool) -> None:
    """Refuse records that contradict the files, or tell of work that is not finished.

    ``replace_gone``: not those whose files are gone, which go.
    """
    position = standing.position
    if replace_gone:
        left = [each for each in position.problems if each.kind not in ("gone", "skipped")]
        position = replace(position, problems=tuple(left), ahead=())
    position.ensure_sound()
    if position.unfinished is not None:
        name, command = position.unfinished.name, _FINISHING[position.unfinished.direction]
        raise HistoryError(
            f"{name} was begun in this database and not finished",
            where=label,
            hint=f"finish it first: peewee-mig {command}",
        )
    if position.ahead:
        path = standing.history.module_path(position.ahead[-1].name)
        raise HistoryError(
            f"{position.ahead[-1].name} is recorded in this database, but its file is not here",
            where=label,
            hint=f"{bring_back(path)}, then: {same_command()}; or, if it will never come back:"
            " peewee-mig baseline --replace",
        )


def _refuse_left(standing: Standing, name: Place, label: str) -> None:
    """Refuse to forget the rows of what is there still."""
    left = tuple(left_by_gone(standing, standing.history.schema_at(name)))
    if left:
        raise DriftError(
            f"the database has more than {name or 'zero'}: the files that made it are gone",
            lines=left,
            where=label,
            committed="nothing was changed",
            hint="restore those files; or drop it by hand, then: peewee-mig baseline --replace; or"
            f" leave it there: peewee-mig baseline {name or 'zero'} --replace --force",
        )


def _goal(
    standing: Standing, target: str | None, label: str, *, force: bool
) -> tuple[Place, Drift]:
    """Return the migration to record (``None``: zero) and what differs from it."""
    if target is None and force:
        nearest, _ = Matching(standing).nearest()
        raise UsageError(
            "--force needs a TARGET, from which the difference is stored",
            hint=f"the nearest is: peewee-mig baseline {nearest or 'zero'} --force",
        )
    if target is None:
        name = _newest_equal(standing, label)
        return name, standing.against(standing.history.schema_at(name))
    history = standing.history
    name = history.head if target == "head" else resolve(history, target)
    drift = standing.against(history.schema_at(name))
    if drift.lines and not force:
        raise _not_the_target(drift, name or "zero", standing, label)
    return name, drift


def _newest_equal(standing: Standing, label: str) -> Place:
    """Return the newest migration that the database equals, unless data may be missing.

    What lies before all that it equals is taken for done only where nothing is recorded at all:
    then its age explains it.
    """
    equal = list(Matching(standing).equal())
    if not equal:
        raise _equals_none(standing, label)
    names: list[Place] = [None, *standing.history.names]
    recorded = standing.position.applied
    since = min(map(names.index, (equal[0], *recorded[-1:])))
    between = names[since + 1 : names.index(equal[-1]) + 1]
    unknown = [
        name
        for name in standing.position.pending
        if name in between and _has_data(standing.history, name)
    ]
    if unknown:
        raise _ambiguous(standing, equal, unknown, label)
    return equal[-1]


def _has_data(history: History, name: str) -> bool:
    return has_data(history.migration(name).operations)


def _changes(standing: Standing, name: Place, accepted: tuple[str, ...]) -> _Changes:
    history, position = standing.history, standing.position
    wanted = _wanted(history, name)
    new_names = dict(position.renamed)
    rows = {new_names.get(row.name, row.name): row for row in standing.rows if not row.is_push}
    kept = [replace(row, name=new) for new, row in rows.items() if new in wanted]
    updated = [
        (row, replace(row, meta=_meta(row.meta, accepted if row.name == name else ())))
        for row in kept
    ]
    return _Changes(
        deleted=(
            *((position.push.name,) if position.push else ()),
            *(row.name for new, row in reversed(rows.items()) if new not in wanted),
        ),
        renamed=tuple((old, new) for old, new in position.renamed if new in wanted),
        inserted=tuple(each for each in history.names if each in wanted and each not in rows),
        updated=tuple(after for before, after in updated if after != before),
    )


def _wanted(history: History, name: Place) -> set[str]:
    return {name, *chain.ancestors(name, history.parents)} if name else set()


def _meta(meta: Mapping[str, Any], accepted: tuple[str, ...]) -> dict[str, Any]:
    """Return what a row keeps besides, with these differences."""
    others = {key: value for key, value in meta.items() if key != ACCEPTED}
    return {**others, ACCEPTED: list(accepted)} if accepted else others


def _result(
    standing: Standing, label: str, name: Place, accepted: tuple[str, ...], changes: _Changes
) -> Baselined:
    push, wanted = standing.position.push, _wanted(standing.history, name)
    return Baselined(
        label,
        name or "zero",
        pending=tuple(each for each in standing.history.names if each not in wanted),
        recorded=changes.inserted,
        forgotten=tuple(each for each in changes.deleted if push is None or each != push.name),
        accepted=accepted,
        push_landed=push is not None,
        changed=not changes.is_empty,
    )


def _equals_none(standing: Standing, label: str) -> DriftError:
    nearest, drift = Matching(standing).nearest()
    name = nearest or "zero"
    message = f"the database equals no migration; the nearest is {name}"
    return _differs(message, drift, name, standing, label)


def _not_the_target(drift: Drift, name: str, standing: Standing, label: str) -> DriftError:
    count = len(drift.lines)
    message = f"the database differs from {name} in {count} place{'' if count == 1 else 's'}"
    return _differs(message, drift, name, standing, label)


def _differs(message: str, drift: Drift, name: str, standing: Standing, label: str) -> DriftError:
    push = standing.position.push
    is_begun = push is not None and push.is_push_begun
    finish = "finish the push that was begun here: peewee-mig push; or " if is_begun else ""
    return DriftError(
        message,
        lines=drift.lines,
        where=label,
        committed="nothing was changed",
        hint=f"{finish}print the SQL that reconciles it: peewee-mig diff {name} --plan; or"
        f" accept the difference: peewee-mig baseline {name} --force; or let the models follow the"
        " database, then: peewee-mig generate",
    )


def _ambiguous(
    standing: Standing, equal: Sequence[Place], unknown: Sequence[str], label: str
) -> RefusedError:
    gone = standing.position.ahead or standing.position.problems
    option = " --replace" if gone else ""
    candidates = [name or "zero" for name in equal]
    names: list[Place] = [None, *standing.history.names]
    is_behind = names.index(unknown[0]) <= names.index(equal[0])
    run = f"run it: peewee-mig migrate {unknown[0]}; or " if is_behind and not gone else ""
    return RefusedError(
        f"the schema does not tell whether the data migration {unknown[0]} has run",
        where=label,
        committed="nothing was changed",
        hint=f"{run}say which one the database has: "
        + ", or ".join(f"peewee-mig baseline {name}{option}" for name in candidates),
    )
