"""sql: what ``migrate`` would run, offline, for any dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.engine_words import version_numbers
from peewee_mig.commands.engines import assumed_of
from peewee_mig.commands.project import Project
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.asked import Guard
from peewee_mig.dialects.base import Capabilities, Dialect, Statement, Step
from peewee_mig.diff import diff
from peewee_mig.errors import UsageError, same_command
from peewee_mig.history.folder import read_history
from peewee_mig.history.verify import ensure_intact
from peewee_mig.operations import describe, invert_all
from peewee_mig.operations.verbs import Operation, in_database, is_silent
from peewee_mig.plan.fills import answered_by
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import plan
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.connect import engine_of
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class SqlText:
    """Statements as text, and what was assumed."""

    text: str
    dialect: str
    assumptions: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {"dialect": self.dialect, "assumptions": list(self.assumptions), "sql": self.text}


def sql(
    project: Project,
    *,
    names: Sequence[str] = (),
    dialect: str | None = None,
    server_version: str | None = None,
    backward: bool = False,
    schema: bool = False,
) -> SqlText:
    """Print migrations (default: all), or with ``schema`` the schema after the last of them.

    The full name of a file that a squash replaces is that file: a database may have a part.
    """
    history = read_history(project.directory, project.files)
    ensure_intact(history)
    engine = spoken_by(project, dialect, server_version)
    spoken, capabilities = engine.dialect, engine.capabilities
    whole = [history.as_written(name) for name in names]
    chosen = [(each.find(name), each) for name, each in zip(names, whole, strict=True)]
    chosen = chosen or [(name, history) for name in history.names]
    if schema:
        last = chosen[-1][1].schema_at(chosen[-1][0]) if chosen else Schema()
        parts = _whole(last, spoken, capabilities)
    else:
        parts = []
        for name, files in reversed(chosen) if backward else chosen:
            operations = files.migration(name).operations
            before = files.schema_before(name)
            if backward:
                operations, before = invert_all(operations), files.schema_at(name)
            parts += [f"-- {name}{' (backward)' if backward else ''}"]
            parts += spell(operations, before, spoken, capabilities)
    text = "\n".join(parts)
    return SqlText(text, spoken.name, (assumption(engine),))


def spoken_by(project: Project, dialect: str | None, server_version: str | None) -> Engine:
    """Return the engine that SQL is for: as given, else that of the database of the project."""
    word = dialect or _engine(project)
    spoken = get_dialect(word, skips=project.skips)
    return Engine(spoken, _given(server_version) or assumed_of(project, spoken, word.lower()))


def assumption(engine: Engine) -> str:
    """Say what SQL for an engine is good for."""
    version = ".".join(map(str, engine.capabilities.version))
    return (
        f"for {engine.dialect.called(engine.capabilities)} {version}, on a database without drift"
    )


def spell(
    operations: Sequence[Operation], before: Schema, dialect: Dialect, capabilities: Capabilities
) -> Iterator[str]:
    """Yield statements with their semicolons; guards and live steps get comment lines."""
    planned = plan(operations, before, dialect, capabilities)
    yield from (f"-- left out: {words}" for words in planned.left_out)
    yield from spell_guards(planned.asked_first, dialect)
    if not planned.steps:
        yield from (f"-- nothing to run for: {describe(each)}" for each in operations)
    silent = (each for each in in_database(operations) if is_silent(each, dialect.name))
    if planned.steps:
        yield from (f"-- nothing on {dialect.title} for: {describe(each)}" for each in silent)
    for number, step in enumerate(planned.steps):
        yield from held_back(_spell_step(step), step, planned.guards, operations, dialect)
        yield from spell_guards(planned.asked_behind(number), dialect)


def _spell_step(step: Step) -> Iterator[str]:
    if isinstance(step, Statement):
        yield _ended(step.sql)
        return
    if step.note:
        yield f"-- {step.note}"
    yield from map(_ended, step.preview())


def spell_guards(guards: Sequence[Guard], dialect: Dialect) -> Iterator[str]:
    """Yield for each guard what to look at: a printed statement cannot stop."""
    for guard in guards:
        count, _ = dialect.guard_sql(guard)
        yield f"-- migrate stops if {words(guard)}"
        yield as_comment(f"LOOK FIRST, this script does not: it must find 0 rows: {count};")


def held_back(
    statements: Iterable[str],
    step: Step,
    guards: Sequence[Guard],
    operations: Sequence[Operation],
    dialect: Dialect,
) -> Iterator[str]:
    """Yield the statements of a step as comments if they would invent values.

    Where no transaction holds DDL, MySQL and MariaDB give existing rows of a new NOT NULL
    column an empty value without a word.
    """
    columns = [] if dialect.transactional else _without_value(step, guards, operations)
    if not columns:
        yield from statements
        return
    yield f"-- NOT RUN: it would fill existing rows of {', '.join(columns)} with empty values"
    yield from map(as_comment, statements)


def as_comment(text: str) -> str:
    """Put comment marks before each line."""
    return "\n".join(f"-- {line}" for line in text.splitlines())


def _without_value(
    step: Step, guards: Sequence[Guard], operations: Sequence[Operation]
) -> list[str]:
    """Return the columns of a step that become NOT NULL and get no value."""
    return [
        name
        for guard in guards
        if guard.operation in step.operations
        and guard.kind in ("rows", "nulls")
        and not guard.limit
        and (name := answered_by(operations[guard.operation]))
    ]


def _whole(schema: Schema, dialect: Dialect, capabilities: Capabilities) -> list[str]:
    operations = diff(Schema(), schema)
    return list(spell(operations, Schema(), dialect, capabilities)) if operations else []


def _ended(statement: str) -> str:
    return f"{statement.rstrip().rstrip(';')};"


def _engine(project: Project) -> str:
    if not project.database:
        return next(iter(project.engines), "sqlite").partition(":")[0]
    return engine_of(project.database, root=project.database_root)


def _given(version: str | None) -> Capabilities | None:
    numbers = version_numbers(version) if version is not None else None
    if version is not None and numbers is None:
        raise UsageError(
            f"--server-version {version!r} is no version",
            hint="write numbers, such as 15 or 10.11:"
            f" {same_command('--server-version', 'VERSION')}",
        )
    return Capabilities(numbers) if numbers else None
