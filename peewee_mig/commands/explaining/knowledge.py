"""What is known of a project besides the text of an error: models, migrations, the database.

All of it may be missing: an error is explained with what there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from peewee_mig.commands.explaining.waiting import within
from peewee_mig.commands.project import Project
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.url import parse_url
from peewee_mig.errors import MigError
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.catalog import read_catalog, schemas_of
from peewee_mig.runner.connect import connected, engine_of
from peewee_mig.runner.placing import place
from peewee_mig.runner.position import Position
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema

if TYPE_CHECKING:
    from peewee_mig.sources.read import ModelSchema

#: Seconds that looking at the database may take.
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Live:
    """A database that answered."""

    label: str
    schema: Schema
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known; each part may be missing.

    ``user``: as whom the project connects; ``declared`` and ``origins``: of the models;
    ``recorded``: the schema after the newest migration; ``notes``: why something is not known.
    """

    engine: str = ""
    user: str = ""
    declared: Schema | None = None
    origins: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    recorded: Schema | None = None
    live: Live | None = None
    notes: tuple[str, ...] = ()

    @property
    def dialect(self) -> Dialect:
        """The dialect of the engine that speaks; SQLite's where nobody knows."""
        return get_dialect(self.engine or "sqlite")

    @property
    def meant(self) -> tuple[Schema, ...]:
        """The schemas that are known: of the models, of the migrations, of the database."""
        live = self.live.schema if self.live else None
        return tuple(each for each in (self.declared, self.recorded, live) if each is not None)

    @property
    def named(self) -> tuple[Schema, ...]:
        """The same, the one first that has the names that the database made up."""
        return (*self.meant[-1:], *self.meant[:-1]) if self.live else self.meant

    @property
    def schema(self) -> Schema:
        """The schema that says what is meant, as far as any is known."""
        return next(iter(self.meant), Schema())

    def table(self, name: str) -> Table | None:
        """Return the table that a text calls so, as the first schema that has it says."""
        return next(filter(None, (find_table(each, name) for each in self.meant)), None)

    def places(self, table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return where the fields are written, else where the model is."""
        found = [self.origins.get((table, each), "") for each in columns]
        return tuple(filter(None, found)) or tuple(filter(None, [self.origins.get((table, ""))]))


def find_table(schema: Schema, name: str) -> Table | None:
    """Return the table that a database calls so: with its schema or without, in any case."""
    if not name:
        return None
    exact = schema.find_table(name)
    own = name.rpartition(".")[2]
    same = [each for each in schema if bare(each.name).casefold() == own.casefold()]
    return exact or (same[0] if len(same) == 1 else None)


def read_knowledge(
    project: Project, engine: str, *, connect: bool, patience: float | None = None
) -> Knowledge:
    """Read what a project knows; nothing is raised but Ctrl-C.

    ``engine``: the one that speaks, empty where that is not known; ``connect``: ask the
    database too, for ``patience`` seconds at most
    (:data:`PATIENCE`). One of another engine is not asked.
    """
    own = _engine(project)
    notes: list[str] = []
    models = _models(project, notes)
    history = _history(project, notes)
    asked = connect and own and engine in ("", own)
    live = _live(project, history, notes, patience or PATIENCE) if asked else None
    return Knowledge(
        engine or own,
        _user(project) if engine in ("", own) else "",
        models.schema if models else None,
        models.origins if models else {},
        _recorded(history, notes),
        live,
        tuple(notes),
    )


def _engine(project: Project) -> str:
    try:
        return engine_of(project.database, root=project.database_root) if project.database else ""
    except MigError:
        return ""


def _user(project: Project) -> str:
    """Return the user in the address of the database, if that is a URL."""
    try:
        return parse_url(project.database).user if "://" in project.database else ""
    except MigError:
        return ""


def _models(project: Project, notes: list[str]) -> ModelSchema | None:
    """Read the models, if they are named and can be read."""
    if not project.models:
        return None
    from peewee_mig.sources.discover import find_models
    from peewee_mig.sources.read import read_models

    try:
        return read_models(find_models(project.models, root=project.root), project.without)
    except MigError as error:
        notes.append(f"the models were not read: {error.message}")
        return None


def _history(project: Project, notes: list[str]) -> History | None:
    try:
        return read_history(project.directory, project.files)
    except MigError as error:
        notes.append(f"the migrations were not read: {error.message}")
        return None


def _recorded(history: History | None, notes: list[str]) -> Schema | None:
    """Return the schema after the newest migration, if there is one."""
    try:
        return history.last_schema if history and history.names else None
    except MigError as error:
        notes.append(f"the snapshots were not read: {error.message}")
        return None


def _live(
    project: Project, history: History | None, notes: list[str], patience: float
) -> Live | None:
    """Look at the database, from a thread that nobody waits for longer than they like."""
    found = within(patience, lambda: _looked(project, history))
    match found:
        case Live():
            return found
        case MigError():
            words = found.message
        case TimeoutError():
            words = str(found)
        case Exception():
            words = f"{type(found).__name__}: {found}"
        case _:
            raise found
    notes.append(f"the database was not looked at: {words}")
    return None


def _looked(project: Project, history: History | None) -> Live:
    with connected(
        project.database,
        root=project.database_root,
        create=False,
        statement_timeout=PATIENCE,
        skips=project.skips,
        role=project.role,
    ) as connection:
        session, dialect = connection.session, connection.dialect
        session.patience = 0.0
        table = HistoryTable(dialect, project.history_table)
        rows = table.read(session.query)
        names = _recorded(history, []) or Schema()
        catalog = read_catalog(dialect, session.query, table.own, schemas=schemas_of(names.names))
        position = place(history, rows).position if history else None
        return Live(session.label, catalog.schema, position)
