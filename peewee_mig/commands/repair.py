"""repair: say from the catalog what is really there, and put our own records right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Any

from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.commands.repairing.case import Case, Told
from peewee_mig.commands.repairing.diagnosis import find_repairs
from peewee_mig.commands.repairing.findings import (
    Clear,
    Define,
    Diagnosis,
    Finding,
    Write,
    journal_of,
)
from peewee_mig.commands.standing import Standing, managed_tables
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.sessions import ServerSession, Session
from peewee_mig.errors import DeclinedError, FailedError, LockedError, MigError, RefusedError
from peewee_mig.history.folder import History, need_history
from peewee_mig.history.stored import read_stored
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.verify import ensure_intact
from peewee_mig.runner.catalog import Speller, schemas_of, without_own
from peewee_mig.runner.connect import Connection, need_file
from peewee_mig.runner.events import Listener, silent
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.lock import Holder, find_holder, held, unlock_sql
from peewee_mig.runner.placing import as_recorded
from peewee_mig.runner.recording import Recorder, utc_now
from peewee_mig.runner.telling import Teller
from peewee_mig.schema.filtering import Filter

#: Says yes to putting right what was found: gets the findings and their statements.
ConfirmRepair = Callable[[Sequence[Finding], Sequence[str]], bool]

_NOTHING = "nothing was changed"


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was found; ``done``: whether ``statements`` have run.

    ``notes``: what is not wrong, though it may look so; ``dry_run``: nobody was asked;
    ``command``: what does it without a question.
    """

    database: str
    table: HistoryTable
    findings: tuple[Finding, ...] = ()
    statements: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    done: bool = False
    dry_run: bool = False
    command: str = "peewee-mig repair --yes"

    @property
    def left(self) -> tuple[Finding, ...]:
        """What a change of our rows does not put right."""
        return tuple(each for each in self.findings if not each.is_repairable)

    @property
    def exit_code(self) -> int:
        """0: all is right; 1: something waits for a yes or is left; 5: rows cannot help."""
        if not self.findings:
            return 0
        if self.done:
            return 1 if self.left else 0
        return 1 if self.statements else 5

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "findings": [each.to_json(self.table) for each in self.findings],
            "statements": list(self.statements),
            "notes": list(self.notes),
            "done": self.done,
            "ok": self.exit_code == 0,
        }


def repair(
    project: Project,
    *,
    unlock: bool = False,
    dry_run: bool = False,
    told: Told | None = None,
    confirm: ConfirmRepair | None = None,
    wait_lock: float = 600.0,
    listener: Listener = silent,
) -> Repaired:
    """Find what is wrong with our records, and put right what can be, if ``confirm`` says so.

    ``unlock``: remove the lock of a runner of which a person says that it is gone. ``told``:
    what a person says besides. Without ``confirm`` nothing is changed. Never touches a table
    of the user's. :exc:`HistoryError`: the files are broken, which comes first;
    :exc:`LockedError`: another runner is at work; :exc:`DeclinedError`: the answer was no.
    """
    with open_database(project, create=False) as connection:
        need_file(connection)
        table = HistoryTable(connection.dialect, project.history_table)
        connection.session.patience = wait_lock
        ask = None if dry_run else confirm
        work = _Work(project, connection, table, told or Told(), ask, wait_lock, listener)
        holder = find_holder(connection.session, connection.dialect, table.own)
        result = work.unlock(holder, unlock=unlock)
        is_free = result.done or holder is None or holder.life == "gone"
        if is_free or not result.findings:
            result = work.repair(result, is_free=is_free)
        return replace(result, dry_run=dry_run)


@dataclass(frozen=True)
class _Work:
    project: Project
    connection: Connection
    table: HistoryTable
    told: Told
    confirm: ConfirmRepair | None
    wait: float
    listener: Listener
    #: The time that all new rows get, so that what is shown is what runs.
    now: str = field(default_factory=utc_now)

    # The lock.

    def unlock(self, holder: Holder | None, *, unlock: bool) -> Repaired:
        """Remove the lock of an owner that is gone: proved, or said with ``unlock``."""
        nothing = Repaired(self._session.label, self.table)
        if holder is None:
            free = "nobody holds the migration lock"
            return replace(nothing, notes=(free,) if unlock else ())
        if holder.life == "gone":
            return self._remove(holder, nothing, "peewee-mig repair --yes")
        if not unlock:
            return nothing  # whoever wants the lock waits for it, or says who has it
        if holder.life == "alive":
            raise self._is_alive(holder)
        return self._remove(holder, nothing, "peewee-mig repair --unlock --yes")

    def _remove(self, holder: Holder, nothing: Repaired, command: str) -> Repaired:
        sql = unlock_sql(self._dialect, self.table.own, holder)
        finding = Finding(
            "lock",
            "",
            f"the migration lock is held by {holder.row}",
            "its session is gone"
            if holder.life == "gone"
            else "nothing tells whether its session is gone: make sure that it is",
            "remove the lock",
            (Define(sql),),
        )
        shown = replace(nothing, findings=(finding,), statements=(sql,), command=command)
        if not self._agreed(shown.findings, shown.statements):
            return shown
        self._run_own(sql)
        return replace(shown, done=True)

    def _is_alive(self, holder: Holder) -> LockedError:
        end = f", or end it: {holder.ending}" if holder.ending else ""
        return LockedError(
            f"the migration lock is held by {holder}",
            where=self._session.label,
            committed=_NOTHING,
            hint=f"wait for it{end}; the next run then takes the lock by itself",
        )

    # The records.

    def repair(self, before: Repaired, *, is_free: bool) -> Repaired:
        """Find what is wrong; show it, and put it right; ``is_free``: nobody else is at work."""
        try:
            return self._repaired(before, is_free=is_free)
        except MigError as error:
            if before.done:
                error.committed = "the lock was removed"
            raise

    def _repaired(self, before: Repaired, *, is_free: bool) -> Repaired:
        history = need_history(self.project.directory, self.project.files)
        ensure_intact(history)
        diagnosis = self._diagnose(history) if is_free else self._first(history)
        shown = Repaired(
            self._session.label,
            self.table,
            (*before.findings, *diagnosis.findings),
            (*before.statements, *_spelled(diagnosis, self.table)),
            (*before.notes, *diagnosis.notes),
            command=_command(self.told),
        )
        if not diagnosis.writes:
            return replace(shown, done=before.done)
        if not self._agreed(diagnosis.findings, shown.statements[len(before.statements) :]):
            return shown
        self._write(history, diagnosis)
        return replace(shown, done=True)

    def _first(self, history: History) -> Diagnosis:
        """Diagnose when another runner, who is at work, is done."""
        with held(
            self._session, self._dialect, self.table.own, wait=self.wait, listener=self.listener
        ):
            return self._diagnose(history)

    def _diagnose(self, history: History) -> Diagnosis:
        accept = tuple(map(history.find, self.told.accept))
        told = replace(self.told, accept=accept)
        without = self.project.without
        case = read_case(self.connection, history, self.table, without, told, self.now)
        return find_repairs(case)

    def _write(self, history: History, shown: Diagnosis) -> None:
        """Diagnose again under the lock, and write; all in one transaction, if it can hold it."""
        session, dialect, own = self._session, self._dialect, self.table.own
        execution = Execution(session, dialect, self.listener, self.project.lock_timeout)
        with held(session, dialect, own, wait=self.wait, listener=self.listener) as lock:
            table = replace(self.table, owner=lock.owner)
            if dialect.transactional:
                execution.together(
                    lambda: self._all(history, shown, table, shown.writes), wait=self.wait
                )
                return
            self._refuse_changes(history, shown)
            Recorder(session, table, self._run_own).prepare()
            for alone, group in groupby(shown.writes, key=lambda each: isinstance(each, Define)):
                writes = tuple(group)
                if alone:
                    self._run(writes, table)
                else:
                    execution.together(partial(self._run, writes, table))

    def _all(
        self, history: History, shown: Diagnosis, table: HistoryTable, writes: Iterable[Write]
    ) -> None:
        self._refuse_changes(history, shown)
        Recorder(self._session, table, self._run_own).prepare()
        self._run(writes, table)

    def _refuse_changes(self, history: History, shown: Diagnosis) -> None:
        if self._diagnose(history).writes != shown.writes:
            raise RefusedError(
                "the database changed while this was being looked at",
                where=self._session.label,
                committed=_NOTHING,
                hint="run peewee-mig repair again",
            )

    def _run(self, writes: Iterable[Write], table: HistoryTable) -> None:
        for write in writes:
            sql = write.sql(table)
            if self._run_own(sql) == 0 and not isinstance(write, Clear | Define):
                raise FailedError(
                    "the migration lock was lost: somebody removed its row, or took it over",
                    statement=sql,
                    hint="see what the others did with peewee-mig status, then run it again",
                )

    def _agreed(self, findings: Sequence[Finding], statements: Sequence[str]) -> bool:
        """Ask; without anybody to ask, no."""
        if self.confirm is None:
            return False
        if not self.confirm(findings, statements):
            raise DeclinedError("you declined", committed=_NOTHING)
        return True

    def _run_own(self, sql: str) -> int:
        return Teller(self._session, self.listener).run(sql, ours=True)

    @property
    def _session(self) -> Session:
        return self.connection.session

    @property
    def _dialect(self) -> Dialect:
        return self.connection.dialect


def _spelled(diagnosis: Diagnosis, table: HistoryTable) -> tuple[str, ...]:
    return tuple(write.sql(table) for write in diagnosis.writes)


def _command(told: Told) -> str:
    """Spell the command with the words of a person, and with the yes."""
    options = [f" --at {told.at}"] if told.at else []
    options += [f" --accept {name}" for name in told.accept]
    options += [f" --done {number}" for number in told.done]
    options += [f" --not-done {number}" for number in told.not_done]
    return f"peewee-mig repair{''.join(options)} --yes"


def read_case(
    connection: Connection,
    history: History,
    table: HistoryTable,
    without: Filter,
    told: Told,
    now: str,
) -> Case:
    """Read a database with our records, also broken ones; needs only the right to select."""
    dialect, session = connection.dialect, connection.session
    query = session.query
    catalog = dialect.inspect(query, schemas_of(managed_tables(history)))
    found = catalog.schema.find_table(table.name)
    columns = [] if found is None else found.column_names
    readable = {"id", "name"} <= set(columns)
    stored = read_stored(table, query, columns) if readable else ()
    history = as_recorded(history, {each.row.name for each in stored})
    standing = Standing(
        history,
        dialect,
        (),
        without_own(catalog, table.own),
        session.capabilities(),
        Speller(dialect, query),
        without,
    )
    return Case(
        standing,
        table,
        stored,
        found,
        journal_of(table).read_all(query),
        partial(dialect.fingerprint, query) if isinstance(session, ServerSession) else None,
        told,
        now,
    )
