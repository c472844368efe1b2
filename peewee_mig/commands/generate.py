"""generate: compare the models with the last snapshot and write the migration between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from peewee_mig.commands.answers import Answers, decide
from peewee_mig.commands.applied import refuse_applied
from peewee_mig.commands.ask import Ask
from peewee_mig.commands.engines import engines_of
from peewee_mig.commands.fills import ask_fills
from peewee_mig.commands.project import Project
from peewee_mig.commands.style import Style
from peewee_mig.commands.using import with_usings
from peewee_mig.diff import diff
from peewee_mig.errors import RefusedError, UsageError, same_command
from peewee_mig.history.folder import History, read_history
from peewee_mig.history.module import Migration
from peewee_mig.history.naming import next_name, propose_name, slug, words_of
from peewee_mig.history.render import REVIEW, render_module
from peewee_mig.history.verify import ensure_intact
from peewee_mig.history.writing import replace_migration, write_migration
from peewee_mig.operations import describe, operations_to_json, replay
from peewee_mig.operations.verbs import Add, Apart, Drop, Operation, is_opaque
from peewee_mig.plan.fills import answered_by
from peewee_mig.plan.hazards import hazards
from peewee_mig.plan.planner import plan
from peewee_mig.schema.filtering import Filter, Sides, sides
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import ModelSchema, read_models

#: What an empty migration says of data, as comments.
_EXAMPLE = """
# Rows can be changed by functions or by SQL, such as (fill in your own tables):
#
# def fill(models: op.Models) -> None:
#     for people in models.batches(models.Person):
#         for person in people:
#             person.name = person.name.strip()
#             person.save()
#
# and in the list of operations:
#
#     op.run_python(fill, backward=[]),
#     op.run_sql("UPDATE person SET name = trim(name)", backward=[]),
"""


@dataclass(frozen=True, slots=True)
class Generated:
    """A migration that was written, or (no ``path``) would be."""

    needed: bool
    name: str = ""
    path: Path | None = None
    snapshot_path: Path | None = None
    operations: tuple[Operation, ...] = ()
    notes: tuple[str, ...] = ()
    module_text: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "needed": self.needed,
            "name": self.name or None,
            "path": str(self.path) if self.path else None,
            "snapshot": str(self.snapshot_path) if self.snapshot_path else None,
            "operations": operations_to_json(self.operations),
            "notes": list(self.notes),
        }


def generate(  # noqa: PLR0913 (the options of the command)
    project: Project,
    *,
    name: str | None = None,
    empty: bool = False,
    check: bool = False,
    dry_run: bool = False,
    amend: bool = False,
    renames: Sequence[str] = (),
    no_renames: bool = False,
    fills: Mapping[str, str] | None = None,
    usings: Mapping[str, str] | None = None,
    ask: Ask | None = None,
) -> Generated:
    """Write the migration that the models need; nothing if they need none.

    ``check``: only say whether one is needed. ``amend``: rewrite the newest migration.
    """
    history = read_history(project.directory, project.files)
    ensure_intact(history)
    replaced = _newest(project, history) if amend else None
    if replaced is not None:
        history = replace(history, migrations=history.migrations[:-1])
    if empty:
        words, style = name or "empty", project.style
        return write_generated(history, words, (), dry_run=dry_run, style=style, code=_EXAMPLE)
    models = read_models(find_models(project.need_models(), root=project.root), project.without)
    refuse_reserved(models.schema, project)
    before = history.last_schema
    both = sides(before, models.schema, project.without)
    models = replace(models, schema=both.after)
    if check:
        operations = (*outside_of(both), *diff(both.before, both.after))
        return Generated(bool(operations), operations=operations)
    answers = Answers(renames, no_renames, fills or {}, ask, usings=usings or {})
    answers = replace(answers, replaced=replaced.operations if replaced else ())
    operations = (*outside_of(both), *_operations(both.before, models, answers))
    _refuse_referred(operations, before, project.without)
    _refuse_unfilled(operations, before)
    plan_for_engines(project, operations, before)
    if replaced is not None:
        name = name or words_of(replaced.name)
    if not operations:
        return Generated(needed=False)
    old = replaced.name if replaced is not None else ""
    return write_generated(
        history, name, operations, dry_run=dry_run, replaced=old, style=project.style
    )


def outside_of(both: Sides) -> tuple[Operation, ...]:
    """Return what lets the history know the tables that are left out and that keys refer to.

    The database has them, by somebody else.
    """
    added = tuple(Add(each.name, each) for each in both.unknown)
    return (Apart(schema=added),) if added else ()


def _operations(before: Schema, models: ModelSchema, answers: Answers) -> tuple[Operation, ...]:
    renames, fills = decide(before, models, answers)
    operations = diff(before, models.schema, renames, fills)
    if answers.ask is not None:
        asked = ask_fills(operations, answers.ask)
        operations = diff(before, models.schema, renames, {**fills, **asked})
    return with_usings(operations, answers.usings, answers.replaced)


def _refuse_referred(operations: Sequence[Operation], before: Schema, without: Filter) -> None:
    """Refuse to drop a table that one refers to which is left out, and which the history has."""
    dropped = {e.table for e in operations if isinstance(e, Drop) and isinstance(e.object, Table)}
    for table in before:
        keys = (key.referred_table for key in table.foreign_keys)
        for name in keys if without.leaves_out("table", table.name) else ():
            if name in dropped:
                raise RefusedError(
                    f"the models lack table {name}, and a foreign key of {table.name}, which the"
                    " configuration leaves out, refers to it",
                    committed="nothing was written",
                    hint=f"let the history forget {table.name}: peewee-mig generate --empty, write"
                    " op.state_only(op.drop_table(…)) into that, with what op.create_table said,"
                    " then: peewee-mig snapshot NAME",
                )


def _refuse_unfilled(operations: Sequence[Operation], before: Schema) -> None:
    """Refuse a column that rows which the history itself has made would have no value for."""
    for operation in operations:
        table = before.find_table(operation.table) if isinstance(operation, Add) else None
        name = answered_by(operation)
        if name and isinstance(operation, Add) and operation.fill is None and table and table.rows:
            raise RefusedError(
                f"{name} takes no NULL, and {table.name} has reference rows by then: no database"
                " would get past this",
                committed="nothing was written",
                hint=f"{same_command('--fill', f'{name}=VALUE')}; reference rows that give another"
                " value get that afterwards; or give the field a default",
            )


def _newest(project: Project, history: History) -> Any:  # noqa: ANN401 (a Migration)
    if history.head is None:
        raise UsageError("there is no migration to amend", hint="peewee-mig generate")
    newest = history.migration(history.head)
    if newest.replaces:
        raise RefusedError(
            f"{newest.name} replaces other migrations, so it cannot be made anew from the models",
            where=str(newest.path),
            hint=f"write a migration that follows it: {same_command(without=['--amend'])}",
        )
    if len(newest.depends_on) > 1:
        raise UsageError(
            f"{newest.name} joins branches and does nothing: there is nothing to amend",
            hint=same_command(without=["--amend"]),
        )
    refuse_applied(project, newest, "amended")
    _refuse_own(newest, project.without)
    return newest


def _refuse_own(migration: Migration, without: Filter) -> None:
    """Refuse to write anew what nobody but its author can write."""
    own = [e for e in migration.operations if is_opaque(e) and not _is_outside(e, without)]
    if own:
        raise RefusedError(
            f"{migration.name} has operations of yours, which would be gone: {describe(own[0])}",
            where=str(migration.path),
            hint="write one of its own for the models: peewee-mig generate; or edit the file,"
            f" then: peewee-mig snapshot {migration.name}",
        )


def _is_outside(operation: Operation, without: Filter) -> bool:
    """Whether it is what :func:`outside_of` writes."""
    if not isinstance(operation, Apart) or operation.database:
        return False
    added = (each for each in operation.schema if isinstance(each, Add))
    left_out = [each for each in added if without.leaves_out("table", each.table)]
    return len(left_out) == len(operation.schema)


def plan_for_engines(project: Project, operations: Sequence[Operation], before: Schema) -> None:
    """Refuse now what one of the project's databases cannot have."""
    for engine in engines_of(project):
        plan(operations, before, engine.dialect, engine.capabilities)


def refuse_reserved(schema: Schema, project: Project) -> None:
    """Refuse tables that SQLite or we keep for ourselves."""
    own = (project.history_table.lower(), "sqlite_", "peewee_mig_")
    reserved = [name for name in schema.names if name.lower().startswith(own)]
    if reserved:
        raise UsageError(
            f"the name of table {reserved[0]} is reserved",
            hint="give the model another table_name (not sqlite_..., peewee_mig_... or what the"
            f" setting history_table names, {project.history_table})",
        )


def write_generated(
    history: History,
    name: str | None,
    operations: tuple[Operation, ...],
    *,
    dry_run: bool,
    replaced: str = "",
    style: Style,
    code: str = "",
) -> Generated:
    """Write the migration that follows a history, in place of the replaced one if there is one.

    ``code``: what stands before the operations.
    """
    before = history.last_schema
    words = (
        slug(name) if name else propose_name(_named_after(operations), first=history.head is None)
    )
    words = words if words == words_of(replaced) else slug(style.words(words))
    full = next_name(history.names, words)
    found = hazards(operations, before)
    notes: dict[int, list[str]] = {}
    for hazard in found:
        notes.setdefault(hazard.operation, []).append(f"{hazard.id}: {hazard.message}")
    text = render_module(
        operations,
        depends_on=[history.head] if history.head else [],
        review=REVIEW,
        notes=notes,
        code=code,
    )
    result = Generated(
        needed=True,
        name=full,
        operations=operations,
        notes=(*(f"{h.id}: {h.message}" for h in found if h.stops), *_warnings(operations, before)),
        module_text=text,
    )
    if dry_run:
        return result
    if replaced:
        migration = replace_migration(
            read_history(history.directory, history.files), replaced, full, text
        )
    else:
        migration = write_migration(history, full, text)
    snapshot = history.snapshot_path(full)
    notes_of_style = style.format([migration])
    return replace(
        result,
        path=migration.path,
        snapshot_path=snapshot,
        notes=(*result.notes, *notes_of_style),
    )


def _named_after(operations: Sequence[Operation]) -> Sequence[Operation]:
    """Return those operations that say what a migration is for."""
    return [each for each in operations if not isinstance(each, Apart)] or operations


def _warnings(operations: Sequence[Operation], before: Schema) -> list[str]:
    """Say what a database will refuse although the schema allows it."""
    return [
        f"{table.name}.{name} takes no NULL, but its foreign key says SET NULL: MariaDB and MySQL"
        " refuse that, the others fail when a row is deleted"
        for table in replay(operations, before)
        for key in table.foreign_keys
        if "SET NULL" in (key.on_delete, key.on_update)
        for name in key.columns
        if not table.column(name).null and before.find_table(table.name) != table
    ]
