"""diff: how a live database differs from what should be there; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from peewee_mig.commands.matching import Place
from peewee_mig.commands.migrate import open_database
from peewee_mig.commands.project import Project
from peewee_mig.commands.reconcile import Way, operations_of, spell_way
from peewee_mig.commands.renamed import by_former_names, renames_towards
from peewee_mig.commands.standing import (
    Standing,
    ensure_seen,
    managed_tables,
    push_words,
    read_standing,
)
from peewee_mig.diff.renames import Renames
from peewee_mig.errors import MigError, UsageError
from peewee_mig.history import chain
from peewee_mig.history.folder import History, need_history, read_history
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.verify import ensure_chained
from peewee_mig.operations import operations_to_json, replay
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.drift import Drift, drift_between
from peewee_mig.runner.catalog import Speller, read_catalog, schemas_of
from peewee_mig.runner.connect import Connection, connected
from peewee_mig.runner.position import beyond, reached, resolve
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.paths import is_dotted_path

#: The value of AGAINST that means the models; no migration can be called so.
MODELS = "models"


@dataclass(frozen=True, slots=True)
class Drifted:
    """What differs. ``accepted``: lines that a baseline stored and that are left out.

    ``target``: the migration with which a baseline would accept it, if there is one;
    ``statements``: of the plan, if one was asked for; ``pushed_at``: when the database was
    pushed, if that push was not landed.
    """

    database: str
    against: str
    drift: Drift
    target: str = ""
    accepted: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    statements: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pushed_at: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing on managed tables differs."""
        return not self.drift.words

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "database": self.database,
            "against": self.against,
            "drift": list(self.drift.lines),
            "attached": [asdict(each) for each in self.drift.attached],
            "unmanaged": [asdict(each) for each in self.drift.apart],
            "accepted": list(self.accepted),
            "operations": operations_to_json(self.operations),
            "statements": list(self.statements),
            "notes": list(self.notes),
            "push": self.pushed_at or None,
            "ok": self.is_clean,
        }


def find_drift(
    project: Project,
    *,
    against: str | None = None,
    folder: Path | None = None,
    everything: bool = False,
    plan: bool = False,
    way: Way = "forward",
) -> Drifted:
    """Compare the database with ``against``; needs only the right to select.

    ``against``: ``models``, ``head``, ``zero``, a migration, or another database (a relative
    file begins at ``folder``); default: what is recorded. ``everything``: accepted
    differences too; ``plan``: with the statements of a ``way``.
    """
    needs_none = against == MODELS or _is_database(against)
    history = (read_history if needs_none else need_history)(project.directory, project.files)
    if not needs_none:
        ensure_chained(history)
    with open_database(project, create=False) as connection:
        table = HistoryTable(connection.dialect, project.history_table)
        standing = read_standing(connection, history, table, project.without, assumes=True)
        found = _Comparison(project, connection, standing, folder or Path())
        label, whole = found.compare(against)
        stored = () if everything or _is_database(against) else standing.accepted
        accepted = tuple(each for each in whole.exact if each in stored)
        drift = whole.without(accepted)
        renames = found.renames(against, drift)
        drift = by_former_names(standing, drift, renames)
        return Drifted(
            connection.session.label,
            label,
            drift,
            found.acceptor(against, label),
            accepted,
            operations=_operations(drift, way, renames),
            statements=spell_way(drift, way, connection, renames=renames, rows_of=table.name)
            if plan
            else (),
            notes=(*_notes(standing, against), *standing.catalog.notes, *standing.speller.notes),
            pushed_at=standing.position.push.finished if standing.position.push else "",
        )


@dataclass(frozen=True)
class _Comparison:
    project: Project
    connection: Connection
    standing: Standing
    folder: Path

    def compare(self, against: str | None) -> tuple[str, Drift]:
        """Return the name of what the database is compared with, and what differs."""
        if against is not None and _is_database(against):
            return self._with_database(against)
        label, expected = self._expected(against)
        return label, self.standing.against(expected)

    def _expected(self, against: str | None) -> tuple[str, Schema]:
        if self._is_recorded(against):
            return _recorded(self.standing)
        if against == MODELS:
            return "the models", self._models()
        name = self._place(against)
        return name or "zero", self.standing.history.schema_at(name)

    def renames(self, against: str | None, drift: Drift) -> Renames:
        """Return what the history renames on the way to what the database is compared with."""
        if _is_database(against) or self._is_recorded(against):
            return Renames()
        return renames_towards(self._place(against), self.standing, drift)

    def acceptor(self, against: str | None, label: str) -> str:
        """Return the migration whose row can keep what a baseline accepts, if it is one."""
        is_here = label in self.standing.history.names and against != MODELS
        return label if is_here and not _is_database(against) else ""

    def _is_recorded(self, against: str | None) -> bool:
        return against is None and any(not row.is_push for row in self.standing.rows)

    def _place(self, against: str | None) -> Place:
        """Return the migration that is meant; the models are taken to be behind the newest."""
        history = self.standing.history
        if against is None or against in ("head", MODELS):
            return history.head
        return resolve(history, _stem(against))

    def _models(self) -> Schema:
        from peewee_mig.sources.discover import find_models
        from peewee_mig.sources.read import read_models

        models = find_models(self.project.need_models(), root=self.project.root)
        return read_models(models, self.project.without).schema

    def _with_database(self, against: str) -> tuple[str, Drift]:
        root = self.project.root if is_dotted_path(against) else self.folder
        here = self.connection.dialect
        with connected(against, root=root, create=False) as other:
            if other.dialect.name != here.name:
                raise UsageError(
                    f"a database of {_product(self.connection)} cannot be compared with one of"
                    f" {_product(other)}",
                    hint="compare each with the history: peewee-mig diff",
                )
            own = HistoryTable(here, self.project.history_table).own
            _, declared = self._expected(None)
            schemas = schemas_of((*declared.names, *managed_tables(self.standing.history)))
            query, label = other.session.query, other.session.label
            there = read_catalog(
                other.dialect, query, own, schemas=schemas, without=self.project.without
            )
            there = Speller(other.dialect, query, assumes=True).respelled(there, declared)
        respelled = self.standing.speller.respelled(self.standing.catalog, declared)
        found = drift_between(respelled, there, declared, here)
        ensure_seen(found, respelled, there)
        return label, found


def _product(connection: Connection) -> str:
    return connection.dialect.called(connection.session.capabilities())


def _is_database(against: str | None) -> bool:
    """Whether a text is a URL, a file or a dotted path; no name of a migration has these."""
    text = against or ""
    return any(mark in text for mark in ":/.") and _stem(text) == text


def _stem(against: str) -> str:
    """Return the name of the migration whose file it is."""
    path = Path(against)
    return path.stem if path.suffix in (".py", ".json") else against


def _recorded(standing: Standing) -> tuple[str, Schema]:
    """Return the schema that the recorded migrations make, also those whose files are gone."""
    history, position = standing.history, standing.position
    newest = _newest(history, position.applied)
    schema = reached(history, position).schema
    ahead = beyond(history, position)
    for row in ahead:
        schema = replay(row.read_operations(), schema)
    names = [*newest, *(row.name for row in ahead)]
    return names[-1] if names else "zero", schema


def _newest(history: History, applied: tuple[str, ...]) -> tuple[str, ...]:
    return chain.heads({name: history.parents[name] for name in applied})


def _operations(drift: Drift, way: Way, renames: Renames) -> tuple[Operation, ...]:
    """Return the operations of a way; none where there is no way, which the plan then says."""
    try:
        return operations_of(drift, way, renames)
    except MigError:
        return ()


def _notes(standing: Standing, against: str | None) -> Iterator[str]:
    position = standing.position
    if position.push is not None:
        yield push_words(position.push)
    elif against is None and not standing.rows and standing.history.names:
        yield "nothing is recorded in this database; next: peewee-mig baseline"
    if position.unfinished is not None:
        yield f"{position.unfinished.name} was begun and not finished; see peewee-mig status"
    for problem in position.problems:
        yield f"{problem.message}; next: {problem.hint}"
