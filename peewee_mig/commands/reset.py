"""reset: drop what the history made in a database for development, migrate anew, and seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from peewee_mig.commands.ask import Confirm
from peewee_mig.commands.consent import refuse_losses, refuse_unknown
from peewee_mig.commands.migrate import Migrated, make_runner, migrate, open_database, spell_steps
from peewee_mig.commands.project import Project
from peewee_mig.commands.push_rules import refuse_place
from peewee_mig.commands.reset_made import Made, made_by
from peewee_mig.commands.reset_plan import Doomed, doom, is_there
from peewee_mig.commands.reset_run import Dropper, Seen
from peewee_mig.commands.seed import Ran, Seeded, Tell, choice_of, seed
from peewee_mig.commands.seed_units import Wanted
from peewee_mig.dialects.sessions import EmbeddedSession
from peewee_mig.errors import FailedError, MigError, UnreachableError
from peewee_mig.history.folder import History, ensure_folder, read_history
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.history.verify import ensure_complete, ensure_intact
from peewee_mig.runner.catalog import read_catalog
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.execution import with_fields
from peewee_mig.runner.lock import NOTHING
from peewee_mig.runner.losses import Loss
from peewee_mig.runner.position import Move
from peewee_mig.runner.run import Done

#: What to do where nothing may be dropped.
_INSTEAD = "peewee-mig migrate applies what is missing, peewee-mig rollback undoes migrations"


@dataclass(frozen=True, slots=True)
class Reset:
    """What a reset dropped and applied, or (``statements``) what it would run.

    ``kept``: what the history may have made and stays; ``pending``: what is applied after it;
    ``seeds``: what is run then, ``seeded``: what those that ran did.
    """

    database: str
    dropped: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    kept: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    applied: tuple[Done, ...] = ()
    seeds: tuple[str, ...] = ()
    seeded: tuple[Ran, ...] = ()
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "dropped": list(self.dropped),
            "losses": [{"name": each.name, "rows": each.rows} for each in self.losses],
            "kept": list(self.kept),
            "pending": list(self.pending),
            "applied": [
                {"name": each.name, "seconds": round(each.seconds, 3)} for each in self.applied
            ],
            "seeds": list(self.seeds),
            "seeded": [each.to_json() for each in self.seeded],
            "statements": list(self.statements),
            "warnings": list(self.warnings),
        }


#: Shows what a reset of a database will drop, and what it keeps.
Show = Callable[[str, Doomed, Sequence[str]], None]


def reset(  # noqa: PLR0913 (the options of the command)
    project: Project,
    *,
    environ: Mapping[str, str],
    dry_run: bool = False,
    allow_data_loss: Sequence[str] = (),
    confirm: Confirm | None = None,
    show: Show | None = None,
    seeds: bool = True,
    tell: Tell = lambda _: None,
    wait_lock: float = 600.0,
    listener: Listener = silent,
) -> Reset:
    """Drop all that files, records and pushes name, with our own tables; migrate, and seed.

    ``seeds``: run those of the project, if it has any; ``tell`` is told each.

    ``dry_run`` runs nothing, and is therefore allowed everywhere. :exc:`RefusedError` where a
    reset is not allowed, the files are broken, or what is not of the history needs what goes;
    :exc:`ConsentError` if rows would be lost that neither ``allow_data_loss`` names nor
    ``confirm`` agrees to. Then nothing was changed.
    """
    if not dry_run:
        refuse_place(project, environ, "reset is for development", _INSTEAD)
    history = read_history(project.directory, project.files)
    ensure_complete(history)
    ensure_intact(history)
    names = _seeds(project, history) if seeds else ()
    with open_database(project, create=False) as connection:
        target = _Target(project, connection, history, listener, wait_lock, names)
        target.refuse_unplannable()
        result = target.drop(allow_data_loss, confirm, show, dry_run=dry_run)
    if dry_run or not history.names:
        return result
    try:
        migrated = migrate(project, wait_lock=wait_lock, listener=listener)
    except MigError as error:
        raise _placed(error) from error
    result = _with(result, migrated)
    return _seeded(result, project, tell, wait_lock, listener) if names else result


def _seeds(project: Project, history: History) -> tuple[str, ...]:
    """Import and choose the seeds while all is still there; without tables there are none."""
    if not (project.seeds and history.names):
        return ()
    return tuple(unit.name for unit in choice_of(project, Wanted()).run)


def _seeded(
    result: Reset, project: Project, tell: Tell, wait_lock: float, listener: Listener
) -> Reset:
    try:
        done: Seeded = seed(project, wait_lock=wait_lock, tell=tell, listener=listener)
    except MigError as error:
        told = "" if error.committed == NOTHING else f"; seeded: {error.committed}"
        raise with_fields(error, committed=f"all is dropped and migrated{told}") from error
    return replace(result, seeded=done.ran, warnings=(*result.warnings, *done.warnings))


def _placed(error: MigError) -> MigError:
    """Say that the way back is behind us."""
    told = "" if error.committed == NOTHING else f"; {error.committed}"
    return with_fields(error, committed=f"what the history had made is dropped{told}")


def _with(result: Reset, migrated: Migrated) -> Reset:
    warnings = (*result.warnings, *migrated.warnings)
    return replace(result, applied=migrated.applied, warnings=warnings)


@dataclass(frozen=True)
class _Target:
    """The database of a project, how to wait for it, and what is to be run at its end."""

    project: Project
    connection: Connection
    history: History
    listener: Listener
    wait_lock: float
    seeds: tuple[str, ...]

    @property
    def table(self) -> HistoryTable:
        return HistoryTable(self.connection.dialect, self.project.history_table)

    def refuse_unplannable(self) -> None:
        """Refuse files that this database could not follow, while all is still there."""
        runner = make_runner(self.project, self.connection, self.history, wait_lock=self.wait_lock)
        runner.planner((), {}).tasks([Move(name, "forward") for name in self.history.names])

    def drop(
        self,
        allowed: Sequence[str],
        confirm: Confirm | None,
        show: Show | None,
        *,
        dry_run: bool,
    ) -> Reset:
        seen = self.see()
        if any(not row.is_push for row in seen.rows or ()):
            ensure_folder(self.history.directory, self.history.files)
        made, doomed = self._made(seen.rows), seen.doomed
        label = self.connection.session.label
        if show is not None:
            show(label, doomed, made.kept)
        if not any(row.is_reset_begun for row in seen.rows or ()):  # else a part is dropped already
            refuse_unknown(allowed, [doomed.operations])
        dropper = self._dropper(seen)
        dropper.check()
        result = Reset(
            label,
            doomed.dropped,
            doomed.losses,
            made.kept,
            self.history.names,
            seeds=self.seeds,
            warnings=() if seen.rows is not None else (self._unread,),
        )
        if dry_run:
            spelled = _spelled(dropper, self.history, self.seeds)
            return replace(result, statements=tuple(spelled))
        hint = "peewee-mig reset --allow-data-loss NAME"
        refuse_losses(doomed.losses, allowed=allowed, confirm=confirm, hint=hint)
        if doomed.operations or is_there(self.table.dialect, self.connection, self.table.own.names):
            dropper.run()
        return result

    def see(self, *, is_readable: bool = True) -> Seen:
        """Read what is there, and what is to be dropped of it.

        ``is_readable``: the records were so; else they are left alone, since a question that
        fails would end a transaction.
        """
        query, dialect = self.connection.session.query, self.connection.dialect
        rows = self._rows() if is_readable else None
        made = self._made(rows)
        catalog = read_catalog(dialect, query, self.table.own, schemas=made.schemas)
        return Seen(rows, catalog, doom(made, catalog, self.connection))

    def _rows(self) -> tuple[Row, ...] | None:
        """Read the records; ``None`` if somebody has changed their table beyond reading."""
        try:
            return self.table.read(self.connection.session.query)
        except UnreachableError:
            raise
        except (FailedError, ValueError, TypeError):
            return None

    def _made(self, rows: Sequence[Row] | None) -> Made:
        return made_by(self.history, rows or (), self.connection.dialect.name)

    @property
    def _unread(self) -> str:
        return (
            f"the records in {self.table.name} cannot be read:"
            " only what the files name is dropped, and the records"
        )

    def _dropper(self, seen: Seen) -> Dropper:
        return Dropper(
            self.connection,
            self.table,
            seen,
            partial(self.see, is_readable=seen.rows is not None),
            self.listener,
            self.wait_lock,
            self.project.lock_timeout,
        )


def _spelled(dropper: Dropper, history: History, seeds: Sequence[str]) -> Iterator[str]:
    """Yield the statements: on SQLite of a run on a copy of the schema, else from the catalog."""
    session = dropper.connection.session
    if isinstance(session, EmbeddedSession):
        yield from _run_on_copy(dropper, session)
    else:
        yield from spell_steps(dropper.shown.doomed.work.plan.steps, session.query)
        yield f"-- then drops {dropper.table.name}"
    if history.names:
        yield f"-- then applies {', '.join(history.names)} (peewee-mig sql prints them)"
    if seeds:
        yield f"-- then runs the seeds {', '.join(seeds)}"


def _run_on_copy(dropper: Dropper, session: EmbeddedSession) -> Iterator[str]:
    told: list[Event] = []
    with session.rehearsal(rows_of=[dropper.table.name]) as copy:
        replace(dropper, listener=told.append).rehearse(copy)
    yield from (event.text for event in told if event.kind == "statement")
