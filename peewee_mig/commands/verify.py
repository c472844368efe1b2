"""check --verify: run the whole history in scratch databases, and compare at each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any

from peewee_mig.commands.check import Checked, Finding, check, shown_path
from peewee_mig.commands.migrate import make_runner
from peewee_mig.commands.project import Project
from peewee_mig.commands.standing import managed_tables
from peewee_mig.commands.verifying.choosing import Choice, choose
from peewee_mig.commands.verifying.created import compare_with_models
from peewee_mig.commands.verifying.reaching import refuse_reaching
from peewee_mig.commands.verifying.walk import TroubleError, Walk
from peewee_mig.errors import FailedError, MigError
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.verify import verify
from peewee_mig.runner.catalog import schemas_of
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.events import Listener, silent
from peewee_mig.runner.scratch import Scratch


@dataclass(frozen=True, slots=True)
class Engine:
    """What was verified on one engine; ``server``: its name and version."""

    engine: str
    server: str
    migrations: int
    rows: int
    seconds: float
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unverified:
    """An engine that could not be had, and why; ``called``: by the words of the configuration."""

    engine: str
    called: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What ``check`` found offline, and what running the history found."""

    checked: Checked
    engines: tuple[Engine, ...] = ()
    unverified: tuple[Unverified, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the offline ones first."""
        return (*self.checked.findings, *(f for each in self.engines for f in each.findings))

    @property
    def ok(self) -> bool:
        """Whether nothing has to be mended, and something was verified."""
        return Checked(self.findings).ok and bool(self.engines)

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            **Checked(self.findings).to_json(),
            "ok": self.ok,
            "verified": [
                {
                    "engine": each.engine,
                    "server": each.server,
                    "migrations": each.migrations,
                    "rows": each.rows,
                    "seconds": round(each.seconds, 3),
                    "ok": not each.findings,
                    "notes": list(each.notes),
                }
                for each in self.engines
            ],
            "not_verified": [asdict(each) for each in self.unverified],
        }


def verify_by_running(
    project: Project,
    *,
    scratch: Sequence[str] = (),
    rows: bool = True,
    listener: Listener = silent,
) -> Verified:
    """Check offline, then run every migration up, down to zero and up again, on each engine.

    ``scratch``: URLs of servers that may make databases; ``rows``: generate some, and see
    whether they are kept. A history that is broken offline is not run. Nothing that is there
    already is touched. :exc:`FailedError` if no engine can be had, or the chosen one fails.
    """
    checked = check(project)
    try:
        history = read_history(project.directory, project.files)
        broken = bool(verify(history))
    except MigError:
        return Verified(checked)
    if broken:
        return Verified(checked)
    with choose(project, scratch) as choices:
        results = [_verified(project, history, each, listener, rows=rows) for each in choices]
    engines = tuple(each for each in results if isinstance(each, Engine))
    unverified = tuple(each for each in results if isinstance(each, Unverified))
    if not engines:
        first = unverified[0]
        raise FailedError(f"nothing was verified: {first.called}: {first.reason}", hint=first.hint)
    return Verified(checked, engines, unverified)


def _verified(
    project: Project, history: History, choice: Choice, listener: Listener, *, rows: bool
) -> Engine | Unverified:
    """Verify on one engine, unless it cannot be had."""
    place = choice.place
    if place is None:
        return Unverified(choice.engine, choice.called, choice.reason, choice.hint)
    try:
        refuse_reaching(history, place)
        with _new(place, project, history) as connection:
            found = _Verification(project, history, choice, place, connection)
            return found.run(rows=rows, listener=listener)
    except MigError as error:
        if choice.chosen:
            raise
        return Unverified(choice.engine, choice.called, error.message, error.hint)


def _new(place: Scratch, project: Project, history: History) -> AbstractContextManager[Connection]:
    schemas = sorted(schemas_of(managed_tables(history)))
    return place.new(skips=project.skips, schemas=schemas)


@dataclass(frozen=True)
class _Verification:
    """The history of a project in one scratch database."""

    project: Project
    history: History
    choice: Choice
    place: Scratch
    connection: Connection
    notes: list[str] = field(default_factory=list[str])

    def run(self, *, rows: bool, listener: Listener) -> Engine:
        """Go all ways; the first migration that is wrong ends them."""
        started = monotonic()
        runner = make_runner(self.project, self.connection, self.history, listener)
        walk = Walk(runner, with_rows=rows, notes=self.notes)
        findings = list(self._findings(walk))
        notes = (*self.choice.differing(self.connection), *self.notes, *walk.empty_tables())
        return Engine(
            self.choice.engine,
            self._server,
            len(self.history.migrations),
            walk.rows,
            monotonic() - started,
            tuple(findings),
            tuple(dict.fromkeys(notes)),
        )

    def _findings(self, walk: Walk) -> Iterator[Finding]:
        try:
            walk.up()
            yield from self._against_models(walk)
            walk.down_and_up()
        except TroubleError as error:
            file = shown_path(error.migration.path, self.project)
            message = f"on {self._server}, {error.migration.name}: {error.message}"
            yield Finding(file, message, error.hint)

    def _against_models(self, walk: Walk) -> Iterator[Finding]:
        if not self.project.models:
            self.notes.append("no models are configured, so nothing was compared with them")
            return
        with _new(self.place, self.project, self.history) as fresh:
            compared = compare_with_models(self.project, walk.reached, fresh)
        self.notes.extend(compared.notes)
        if compared.lines:
            first, more = compared.lines[0], len(compared.lines) - 1
            yield Finding(
                shown_path(self.project.directory, self.project),
                f"on {self._server}, the migrations lead to another schema than create_tables"
                f" of the models: {first}{f' (and {more} more)' if more else ''}",
                "peewee-mig generate; where it finds nothing, say in the models what is missing",
            )

    @property
    def _server(self) -> str:
        facts = self.connection.session.capabilities()
        version = ".".join(map(str, facts.version))
        return f"{self.connection.dialect.called(facts)} {version}"
