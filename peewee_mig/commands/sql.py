"""sql: what ``migrate`` would run, offline, for any dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee_mig.commands.project import Project
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities, Dialect, Statement
from peewee_mig.diff import diff
from peewee_mig.errors import UsageError
from peewee_mig.history.folder import read_history
from peewee_mig.history.verify import ensure_intact
from peewee_mig.operations import describe, invert_all
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import plan
from peewee_mig.runner.connect import engine_of
from peewee_mig.schema.objects import Schema


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
    """Print migrations (default: all), or with ``schema`` the schema after the last of them."""
    history = read_history(project.directory)
    ensure_intact(history)
    spoken = get_dialect(dialect or _engine(project))
    capabilities = _capabilities(spoken, server_version)
    chosen = [history.find(name) for name in names] or list(history.names)
    assumption = f"{spoken.title} {'.'.join(map(str, capabilities.version))}"
    if schema:
        last = chosen[-1] if chosen else None
        parts = _whole(history.schema_at(last), spoken, capabilities)
    else:
        parts = []
        for name in reversed(chosen) if backward else chosen:
            operations = history.migration(name).operations
            before = history.schema_before(name)
            if backward:
                operations, before = invert_all(operations), history.schema_at(name)
            parts += [f"-- {name}{' (backward)' if backward else ''}"]
            parts += spell(operations, before, spoken, capabilities)
    text = "\n".join(parts)
    return SqlText(text, spoken.name, (f"for {assumption}, on a database without drift",))


def spell(
    operations: Sequence[Operation], before: Schema, dialect: Dialect, capabilities: Capabilities
) -> Iterator[str]:
    """Yield statements with their semicolons; guards and live steps get a comment line."""
    planned = plan(operations, before, dialect, capabilities)
    for guard in planned.guards:
        yield f"-- stops if {words(guard)}"
    if not planned.steps:
        yield from (f"-- nothing to run for: {describe(each)}" for each in operations)
    for step in planned.steps:
        if isinstance(step, Statement):
            yield _ended(step.sql)
        else:
            if step.note:
                yield f"-- {step.note}"
            yield from map(_ended, step.preview())


def _whole(schema: Schema, dialect: Dialect, capabilities: Capabilities) -> list[str]:
    operations = diff(Schema(), schema)
    return list(spell(operations, Schema(), dialect, capabilities)) if operations else []


def _ended(statement: str) -> str:
    return f"{statement.rstrip().rstrip(';')};"


def _engine(project: Project) -> str:
    if not project.database:
        return next(iter(project.engines), "sqlite")
    return engine_of(project.database, root=project.database_root)


def _capabilities(dialect: Dialect, version: str | None) -> Capabilities:
    if version is None:
        return dialect.assumed
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", version):
        raise UsageError(
            f"--server-version {version!r} is no version", hint="write numbers, such as 15 or 10.11"
        )
    return Capabilities(tuple(int(part) for part in version.split(".")))
