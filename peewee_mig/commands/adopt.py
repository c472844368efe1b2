"""adopt: take over a project whose databases another tool has made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from peewee_mig.commands.adopting.first import First, first_migration
from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.leaving import leaving
from peewee_mig.commands.adopting.moving import Move, planned_move
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.tools import find_tool
from peewee_mig.commands.adopting.values import Found, counted
from peewee_mig.commands.ask import ConfirmMove
from peewee_mig.commands.baseline import Baselined, baseline
from peewee_mig.commands.config import redact
from peewee_mig.commands.generate import Generated, write_generated
from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.errors import DeclinedError, DriftError, MigError, RefusedError
from peewee_mig.history.folder import History, read_history
from peewee_mig.operations import operations_to_json
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Listener, silent
from peewee_mig.runner.execution import with_fields


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was found of the other tool, and what was done.

    ``moved``: the folder of its migrations, and its new name; ``generated``: our first migration,
    none where there is one already; ``baselined``: none where the database has no table yet, and
    in a dry run; ``recording``: what a dry run would record; ``leave``: what is left to do;
    ``behind``: how many operations lead from the database to the models, where the first
    migration is of the database; ``unmodelled``: its tables, where there are no models.
    """

    database: str
    found: Found
    leave: tuple[str, ...]
    moved: Move | None = None
    generated: Generated | None = None
    baselined: Baselined | None = None
    recording: tuple[str, ...] = ()
    behind: int = 0
    unmodelled: tuple[str, ...] = ()
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            **_found_to_json(self.found),
            "moved": {"from": self.moved.old, "to": self.moved.new} if self.moved else None,
            **_generated_to_json(self.generated),
            "recorded": list(self.baselined.recorded if self.baselined else ()),
            "would_record": list(self.recording),
            "accepted": list(self.baselined.accepted if self.baselined else ()),
            "models_differ": bool(self.behind),
            "leave": list(self.leave),
            "dry_run": self.dry_run,
        }


def _found_to_json(found: Found) -> dict[str, Any]:
    return {
        "tool": found.tool,
        "evidence": list(found.evidence),
        "applied": [{"name": each.name, "at": each.at or None} for each in found.applied],
    }


def _generated_to_json(generated: Generated | None) -> dict[str, Any]:
    written: Mapping[str, Any] = generated.to_json() if generated else {}
    names = ("name", "path", "snapshot")
    return {**{name: written.get(name) for name in names}, "operations": _operations(generated)}


def _operations(generated: Generated | None) -> list[dict[str, Any]]:
    return operations_to_json(generated.operations) if generated else []


def adopt(
    project: Project,
    *,
    tool: str | None = None,
    source: str = "models",
    dry_run: bool = False,
    confirm: ConfirmMove | None = None,
    wait_lock: float = 600.0,
    listener: Listener = silent,
) -> Adopted:
    """Write the first migration, record it where its tables are, and say how to leave the other.

    ``tool``: the one that is meant, if there are traces of several; ``source``: ``models`` or
    ``database``. :exc:`RefusedError` if the other tool has pending migrations,
    :exc:`DriftError` if the database is not what the models say; then nothing was changed.
    """
    layout = Layout.of(project.root)
    with open_database(project, create=False) as connection:
        plan = _Adoption(project, layout, connection, source).plan(tool)
    if dry_run:
        return plan.preview(project)
    if plan.result.moved is not None:
        _move(plan.result.moved, project, plan.result.found, confirm)
    try:
        return plan.run(project, wait_lock, listener)
    except MigError as error:
        raise with_fields(
            error, committed=_done(plan.result, project) or error.committed
        ) from error


@dataclass(frozen=True)
class _Plan:
    """What will be done. ``result``: of a dry run; ``first``: the migration to write."""

    result: Adopted
    history: History
    first: First | None = None
    is_there: bool = field(default=True)

    def preview(self, project: Project) -> Adopted:
        """Say what would be written and recorded; refuse what :meth:`run` refuses."""
        if self.first is not None:
            return self.result
        return replace(self.result, recording=baseline(project, dry_run=True).recorded)

    def run(self, project: Project, wait_lock: float, listener: Listener) -> Adopted:
        """Write, then record."""
        generated = None
        if self.first is not None:
            generated = write_generated(
                self.history,
                "initial",
                self.first.operations,
                dry_run=False,
                style=project.style,
            )
        recorded = self._record(project, generated, wait_lock, listener) if self.is_there else None
        return replace(
            self.result, generated=generated, baselined=recorded, recording=(), dry_run=False
        )

    def _record(
        self,
        project: Project,
        generated: Generated | None,
        wait_lock: float,
        listener: Listener,
    ) -> Baselined:
        """Record our first migration, or up to what the database equals of those there are."""
        return baseline(
            project,
            target=generated.name if generated else None,
            force=self.first is not None and self.first.is_accepting,
            wait_lock=wait_lock,
            listener=listener,
        )


@dataclass(frozen=True)
class _Adoption:
    project: Project
    layout: Layout
    connection: Connection
    source: str

    def plan(self, tool: str | None) -> _Plan:
        """Look for the other tool, and decide what to do; refuse what cannot be."""
        found = find_tool(self.layout, self._records, tool)
        self._refuse_unfinished(found)
        moved = planned_move(found, self.layout, self.project.directory)
        directory = self.project.directory
        history = History(directory) if moved else read_history(directory)
        leave = leaving(
            found,
            self.layout,
            self.connection.dialect,
            moved.new if moved else found.folder,
            ours=directory,
        )
        result = Adopted(self._label, found, leave, moved, dry_run=True)
        return _Plan(result, history) if history.names else self._first(result, history)

    def _first(self, result: Adopted, history: History) -> _Plan:
        first = first_migration(
            self.project, self.connection, history, result.found, source=self.source
        )
        if first.lines and not first.is_accepting and first.is_there:
            raise self._differs(first, result.found)
        style = self.project.style
        generated = write_generated(history, "initial", first.operations, dry_run=True, style=style)
        result = replace(
            result,
            generated=generated,
            recording=(generated.name,) if first.is_there else (),
            behind=first.behind,
            unmodelled=first.unmodelled,
        )
        return _Plan(result, history, first, is_there=first.is_there)

    def _refuse_unfinished(self, found: Found) -> None:
        if found.problem:
            raise RefusedError(
                found.problem,
                where=self._label,
                committed="nothing was changed",
                hint=f"{found.remedy}, then: peewee-mig adopt",
            )
        if found.pending:
            count = counted(len(found.pending), "migration")
            verb = "is" if len(found.pending) == 1 else "are"
            raise RefusedError(
                f"{count} of {found.tool} {verb} pending in this database:"
                f" {', '.join(found.pending)}",
                where=self._label,
                committed="nothing was changed",
                hint=self._way_on(found),
            )

    def _way_on(self, found: Found) -> str:
        """Say how to apply what is pending, or that its records may be elsewhere."""
        if found.missing:
            return (
                f"there is no table {found.missing} here. If {found.tool} keeps its records"
                " elsewhere, and nothing is pending there, do without them: name a folder of ours"
                " as `directory` in the configuration, then: peewee-mig generate, then: peewee-mig"
                f" baseline; or, if nothing was ever applied here: {found.command}"
            )
        if any(map(self.layout.ours, self.layout.paths)):
            return (
                f"apply it with the code from before peewee-mig took over: {found.command}. Then,"
                " with this one: peewee-mig adopt"
            )
        return (
            f"apply what is pending: {found.command}; or delete the files of what nobody wants."
            " Then: peewee-mig adopt"
        )

    def _differs(self, first: First, found: Found) -> DriftError:
        again = f"let {found.tool} do it; or " if found.tool == "peewee-db-evolve" else ""
        return DriftError(
            f"the database differs from the models in {counted(len(first.lines), 'place')}",
            lines=first.lines,
            where=self._label,
            committed="nothing was changed",
            hint=f"{again}begin with what the database has: peewee-mig adopt --from database, then"
            " write the rest as the second migration: peewee-mig generate; or let the models"
            " follow the database: peewee-mig pull --update",
        )

    @property
    def _label(self) -> str:
        return self.connection.session.label

    @property
    def _records(self) -> Records:
        database = self.project.need_database()
        url = redact(database) if "://" in database else "DATABASE"
        return Records(self.connection.dialect, self.connection.session.query, url)


def _move(move: Move, project: Project, found: Found, confirm: ConfirmMove | None) -> None:
    """Give the folder of the other tool another name, if somebody says so."""
    if confirm is None:
        raise RefusedError(
            f"{move.old} has the migrations of {found.tool}, and ours belong there, too",
            where=str(project.directory),
            committed="nothing was changed",
            hint=f"peewee-mig adopt --yes calls that folder {move.new}; or choose another folder"
            " for ours as `directory` in the configuration",
        )
    if not confirm(move.old, move.new):
        raise DeclinedError("you declined", committed="nothing was changed")
    move.make(project.root)


def _done(result: Adopted, project: Project) -> str:
    """Say what is on disk when writing or recording has failed."""
    name = result.generated.name if result.generated else ""
    there = [name] if name and (project.directory / f"{name}.py").exists() else []
    moved = [f"{result.moved.old} is called {result.moved.new}"] if result.moved else []
    return "; ".join([*moved, *(f"{each} is written, and not recorded" for each in there)])
