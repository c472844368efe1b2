"""push: make the live database what the models say, without a migration: for prototypes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee_mig.commands.answers import Answers
from peewee_mig.commands.ask import Confirm
from peewee_mig.commands.consent import refuse_losses, refuse_unknown
from peewee_mig.commands.generate import refuse_reserved
from peewee_mig.commands.hooking import Hooking, hooked
from peewee_mig.commands.migrate import open_database, spell_steps
from peewee_mig.commands.project import Project
from peewee_mig.commands.push_plan import Proposal, Proposer
from peewee_mig.commands.push_rules import refuse_history, refuse_place
from peewee_mig.commands.push_run import Pusher
from peewee_mig.commands.standing import Standing, managed_tables
from peewee_mig.dialects.sessions import EmbeddedSession
from peewee_mig.errors import RefusedError
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations import describe, operations_to_json
from peewee_mig.plan.engine_types import typed_schema
from peewee_mig.runner.catalog import Speller, schemas_of, without_own
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Event, Listener, silent
from peewee_mig.runner.placing import place
from peewee_mig.runner.rows import tables_with_rows
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did, or (``statements``) what it would run.

    ``warnings``: why it would be refused.
    """

    database: str
    proposal: Proposal
    done: bool = False
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def up_to_date(self) -> bool:
        """Whether the database matched the models already."""
        return not self.proposal.operations

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "operations": operations_to_json(self.proposal.operations),
            "lines": list(self.proposal.lines),
            "losses": [{"name": each.name, "rows": each.rows} for each in self.proposal.losses],
            "left_alone": {
                "objects": list(self.proposal.left),
                "tables": list(self.proposal.strangers),
            },
            "statements": list(self.statements),
            "warnings": list(self.warnings),
            "pushed": self.done,
            "up_to_date": self.up_to_date,
        }


#: Shows what a push to a database will do.
Show = Callable[[str, Proposal], None]


def push(  # noqa: PLR0913 (the options of the command)
    project: Project,
    *,
    answers: Answers,
    environ: Mapping[str, str],
    dry_run: bool = False,
    allow_data_loss: Sequence[str] = (),
    confirm: Confirm | None = None,
    over_history: bool = False,
    prune: bool = False,
    show: Show | None = None,
    wait_lock: float = 600.0,
    listener: Listener = silent,
) -> Pushed:
    """Bring the database to the models, and mark it as pushed.

    ``dry_run`` runs nothing, and is therefore allowed everywhere. ``show`` is called before
    anything runs. :exc:`RefusedError` where a push is not allowed, rows are in the way, or a
    question is open; :exc:`ConsentError` if rows would be lost that neither
    ``allow_data_loss`` names nor ``confirm`` agrees to.
    """
    if not dry_run:
        refuse_place(project, environ)
    models = read_models(find_models(project.need_models(), root=project.root), project.without)
    refuse_reserved(models.schema, project)
    with open_database(project, create=not dry_run) as connection:
        models = replace(models, schema=typed_schema(models.schema, connection.dialect.name))
        target = _Target(project, connection, models.schema, listener, wait_lock)
        standing = target.read()
        warnings = _weighed(standing.rows, over_history=over_history, dry_run=dry_run)
        command = _command(answers, over_history=over_history, prune=prune)
        proposal = Proposer(connection, models, answers, command, prune).propose(standing)
        database = connection.session.label
        if show is not None:
            show(database, proposal)
        pusher = target.pusher(standing)
        if not proposal.operations:
            if not dry_run and any(row.is_push_begun for row in standing.rows):
                pusher.run(proposal)  # it was killed before it could say that it is done
            return Pushed(database, proposal, warnings=warnings)
        if not any(row.is_push_begun for row in standing.rows):  # else it is dropped already
            refuse_unknown(allow_data_loss, [proposal.operations])
        proposal = proposal.losing(allow_data_loss)
        pusher.check(proposal)
        if dry_run:
            statements = tuple(_spelled(pusher, proposal))
            return Pushed(database, proposal, statements=statements, warnings=warnings)
        refuse_losses(
            proposal.losses,
            allowed=allow_data_loss,
            confirm=confirm,
            hint=f"peewee-mig {command} --allow-data-loss NAME",
        )
        _hooked(project, pusher, proposal)
        return Pushed(database, proposal, done=True)


def _hooked(project: Project, pusher: Pusher, proposal: Proposal) -> None:
    """Push between the hooks."""
    changes = [describe(each) for each in proposal.operations]
    done: list[str] = []
    hooking = Hooking(project, "push", pusher.connection.session.label)
    hooking.before(names=changes)
    with hooked(hooking, names=lambda: done):
        pusher.run(proposal)
        done += changes


def _weighed(rows: Sequence[Row], *, over_history: bool, dry_run: bool) -> tuple[str, ...]:
    """Refuse what migrations have made; return that as a warning where nothing is run."""
    try:
        refuse_history(rows, over_history=over_history)
    except RefusedError as error:
        if not dry_run:
            raise
        return (f"{error.message}, so a push is refused. next: {error.hint}",)
    return ()


def _command(answers: Answers, *, over_history: bool, prune: bool) -> str:
    """Return the subcommand as it was given, for the way out of what stops it."""
    flags = {"--over-history": over_history, "--prune": prune}
    return " ".join(["push", *answers.options, *(flag for flag, given in flags.items() if given)])


@dataclass(frozen=True)
class _Target:
    """The database of a project, and how to wait for it."""

    project: Project
    connection: Connection
    declared: Schema
    listener: Listener
    wait_lock: float

    @property
    def table(self) -> HistoryTable:
        return HistoryTable(self.connection.dialect, self.project.history_table)

    def read(self) -> Standing:
        """Read where the database stands; the files only if it ever followed them."""
        query, dialect = self.connection.session.query, self.connection.dialect
        rows = self.table.read(query)
        follows = any(not row.is_push for row in rows)
        directory, files = self.project.directory, self.project.files
        history = read_history(directory, files) if follows else History(directory)
        schemas = schemas_of((*self.declared.names, *managed_tables(history)))
        catalog = without_own(dialect.inspect(query, schemas), self.table.own)
        capabilities = self.connection.session.capabilities()
        found, speller = place(history, rows), Speller(dialect, query)
        return Standing(
            found.history,
            dialect,
            found.rows,
            catalog,
            capabilities,
            speller,
            self.project.without,
            problems=found.problems,
        )

    def pusher(self, shown: Standing) -> Pusher:
        return Pusher(
            self.connection,
            self.table,
            shown,
            self.read,
            self.listener,
            self.wait_lock,
            self.project.lock_timeout,
        )


def _spelled(pusher: Pusher, proposal: Proposal) -> Iterator[str]:
    """Yield the statements: on SQLite of a run on a copy of the schema, else from the catalog."""
    session = pusher.connection.session
    if not isinstance(session, EmbeddedSession):
        yield from spell_steps(proposal.work.plan.steps, session.query)
        yield f"-- then marks the push in {pusher.table.name}"
        return
    told: list[Event] = []
    tables = [pusher.table.name, *tables_with_rows(proposal.work.plan.before)]
    with session.rehearsal(rows_of=tables) as copy:
        replace(pusher, listener=told.append).rehearse(proposal, copy)
    yield from (event.text for event in told if event.kind == "statement")
