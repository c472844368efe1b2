"""show: all about one migration: what it does, its SQL, its dangers, when it was applied."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from peewee_mig.commands.drawing.diagram import SIGNS, Status
from peewee_mig.commands.graph import not_known
from peewee_mig.commands.project import Project
from peewee_mig.commands.sql import assumption, spell, spoken_by
from peewee_mig.errors import MigError, UsageError
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.naming import number_of
from peewee_mig.history.render import REVIEW
from peewee_mig.history.table import HistoryTable, Row
from peewee_mig.operations import describe, invert_all, operations_to_json
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.hazards import hazards
from peewee_mig.runner.connect import connected
from peewee_mig.runner.placing import place
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import identity, kind_of


@dataclass(frozen=True, slots=True)
class Danger:
    """A hazard of an operation; ``allowed``: the migration names it in ``allow``."""

    id: str
    message: str
    stops: bool
    allowed: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An operation in words, with its hazards."""

    words: str
    dangers: tuple[Danger, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What a database remembers of a migration.

    ``name``: under which; ``state``: of the row (``applied``, ``baselined``, ``running``), or
    ``edited`` if the file does something else by now; ``seconds``: how long it took; ``by``: user
    and host; ``version``: that of peewee-mig; ``fills``: values given at run time.
    """

    name: str
    state: str
    direction: str
    started: str
    finished: str
    seconds: float
    by: str
    version: str
    fills: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "name": self.name,
            "state": self.state,
            "direction": self.direction,
            "started": self.started,
            "finished": self.finished or None,
            "seconds": self.seconds,
            "applied_by": self.by,
            "tool_version": self.version,
            "fills": list(self.fills),
        }


@dataclass(frozen=True, slots=True)
class Detail:
    """One migration.

    ``path``: of its file, ``None`` if only a database knows it; ``followers``: what depends on it;
    ``changes``: what becomes of tables and of what stands beside them; ``asked``: whether a
    database was, then ``record`` is what it has; ``sql`` is ``None`` where nothing says what the
    migration meets, or the engine cannot do it, and ``notes`` say why.
    """

    name: str
    operations: tuple[Operation, ...]
    steps: tuple[Step, ...]
    path: Path | None = None
    docstring: str = ""
    depends_on: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    atomic: bool | None = None
    changes: tuple[str, ...] = ()
    schema: str = ""
    sql: str | None = None
    dialect: str = ""
    assumed: str = ""
    backward: bool = False
    asked: bool = False
    record: Record | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "name": self.name,
            "path": str(self.path) if self.path else None,
            "docstring": self.docstring,
            "depends_on": list(self.depends_on),
            "followed_by": list(self.followers),
            "replaces": list(self.replaces),
            "was": list(self.was),
            "atomic": self.atomic,
            "operations": operations_to_json(self.operations),
            "lines": [step.words for step in self.steps],
            "hazards": [
                {
                    "operation": number,
                    "id": danger.id,
                    "message": danger.message,
                    "stops": danger.stops,
                    "allowed": danger.allowed,
                }
                for number, step in enumerate(self.steps)
                for danger in step.dangers
            ],
            "changes": list(self.changes),
            "schema": self.schema or None,
            "dialect": self.dialect or None,
            "sql": self.sql,
            "backward": self.backward,
            "asked": self.asked,
            "record": self.record.to_json() if self.record else None,
            "notes": list(self.notes),
        }


def show(
    project: Project,
    *,
    name: str,
    dialect: str | None = None,
    server_version: str | None = None,
    backward: bool = False,
    offline: bool = False,
) -> Detail:
    """Tell of the migration of that name or number, and what the configured database has of it.

    A migration without a file is found in the history of the database. A database that does not
    answer is a note. ``backward``: the SQL of the way back.
    """
    history = read_history(project.directory, project.files)
    memory = _memory(project, offline=offline)
    try:
        full = name if name in history.replaced else history.find(name)
    except UsageError:
        row = _recorded(name, memory.rows)
        if row is None:
            raise
        return _from_row(row, memory)
    whole = history.as_written(full)
    detail = _with_sql(
        _from_file(full, whole), project, whole, (dialect, server_version), backward=backward
    )
    record = _record(full, history, memory)
    return replace(detail, asked=memory.asked, record=record, notes=(*detail.notes, *memory.notes))


@dataclass(frozen=True, slots=True)
class _Memory:
    """The rows of a database, if it was asked; else why not."""

    rows: tuple[Row, ...] = ()
    asked: bool = False
    notes: tuple[str, ...] = ()


def _memory(project: Project, *, offline: bool) -> _Memory:
    if offline or not project.database:
        return _Memory()
    root, role = project.database_root, project.role
    try:
        with connected(project.database, root=root, create=False, role=role) as connection:
            table = HistoryTable(connection.dialect, project.history_table)
            return _Memory(table.read(connection.session.query), asked=True)
    except MigError as error:
        return _Memory(notes=(not_known(error),))


def _recorded(name: str, rows: Sequence[Row]) -> Row | None:
    """Find the only row of a name, of a beginning of it, or of a number."""
    found = [row for row in rows if row.name == name and not row.is_push]
    if not found and name.isdecimal():
        numbered = (row for row in rows if row.name[:1].isdecimal())
        found = [row for row in numbered if number_of(row.name) == int(name)]
    elif not found:
        found = [row for row in rows if row.name.startswith(name) and not row.is_push]
    return found[0] if len(found) == 1 else None


def _from_row(row: Row, memory: _Memory) -> Detail:
    operations = row.read_operations()
    return Detail(
        row.name,
        operations,
        tuple(Step(describe(each)) for each in operations),
        schema=row.schema_hash,
        asked=True,
        record=_record_of(row, row.state),
        notes=(*memory.notes, "its file is not here: this is what the database remembers"),
    )


def _from_file(name: str, history: History) -> Detail:
    migration = history.migration(name)
    before, after = history.schema_before(name), history.schema_at(name)
    return Detail(
        name,
        migration.operations,
        tuple(_steps(migration.operations, before, migration.allow)),
        migration.path,
        _docstring(migration.source),
        migration.depends_on,
        tuple(each for each, on in history.parents.items() if name in on),
        migration.replaces,
        migration.was,
        migration.atomic,
        tuple(_changes(before, after)),
        history.snapshot(name).schema,
    )


def _docstring(source: bytes) -> str:
    """Return what a module says of itself, but for what all of them say."""
    paragraphs = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")
    return "\n\n".join(each for each in paragraphs if " ".join(each.split()) != REVIEW)


def _steps(operations: Sequence[Operation], before: Schema, allow: Sequence[str]) -> Iterator[Step]:
    found = hazards(operations, before)
    for number, operation in enumerate(operations):
        dangers = (
            Danger(each.id, each.message, each.stops, each.id in allow)
            for each in found
            if each.operation == number
        )
        yield Step(describe(operation), tuple(dangers))


def _changes(before: Schema, after: Schema) -> Iterator[str]:
    """Name what came, went and changed, with a sign before each."""
    for name in sorted(before.names | after.names):
        old, new = before.find_table(name), after.find_table(name)
        if old != new:
            yield f"{_sign(old, new)} {name}"
    one = {identity(each): each for each in before.objects}
    other = {identity(each): each for each in after.objects}
    for key in sorted(one.keys() | other.keys()):
        old_object, new_object = one.get(key), other.get(key)
        if old_object != new_object and (thing := new_object or old_object):
            kind = kind_of(thing).replace("_", " ")
            yield f"{_sign(old_object, new_object)} {kind} {thing.name}"


def _sign(old: object, new: object) -> str:
    status: Status = "added" if old is None else "removed" if new is None else "changed"
    return SIGNS[status]


def _with_sql(
    detail: Detail,
    project: Project,
    history: History,
    given: tuple[str | None, str | None],
    *,
    backward: bool,
) -> Detail:
    engine = spoken_by(project, *given)
    operations, before = detail.operations, history.schema_before(detail.name)
    detail = replace(detail, dialect=engine.dialect.name, backward=backward)
    detail = replace(detail, assumed=assumption(engine))
    try:
        if backward:
            operations, before = invert_all(operations), history.schema_at(detail.name)
        lines = spell(operations, before, engine.dialect, engine.capabilities)
        return replace(detail, sql="\n".join(lines))
    except MigError as error:
        way = "rolled back" if backward else "applied"
        called = engine.dialect.called(engine.capabilities)
        note = f"it cannot be {way} on {called}: {error.message}"
        return replace(detail, notes=(note,))


def _record(name: str, history: History, memory: _Memory) -> Record | None:
    found = place(history, memory.rows)
    position = found.position
    names = {new: old for old, new in position.renamed}
    row = next((each for each in found.rows if each.name == names.get(name, name)), None)
    if row is None:
        return None
    edited = any(each.migration == name and each.kind == "edited" for each in position.problems)
    return _record_of(row, "edited" if edited else row.state)


def _record_of(row: Row, state: str) -> Record:
    fills = row.meta.get("fills", {})
    return Record(
        row.name,
        state,
        row.direction,
        row.started,
        row.finished,
        row.duration,
        row.applied_by,
        row.tool_version,
        tuple(f"{name}={value}" for name, value in fills.items()),
    )
