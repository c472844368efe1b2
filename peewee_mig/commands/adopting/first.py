"""The first migration of an adopted project: from its models, or from its database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from peewee_mig.commands.adopting.values import Found
from peewee_mig.commands.generate import outside_of, plan_for_engines, refuse_reserved
from peewee_mig.commands.project import Project
from peewee_mig.commands.pull_choice import chosen
from peewee_mig.commands.standing import Standing, push_words
from peewee_mig.dialects.declaring import declaring
from peewee_mig.dialects.recognize import settle
from peewee_mig.diff import diff
from peewee_mig.errors import HistoryError, RefusedError, UsageError
from peewee_mig.history.folder import History
from peewee_mig.history.table import HistoryTable
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.drift import Drift
from peewee_mig.runner.catalog import Speller, schemas_of, without_own
from peewee_mig.runner.connect import Connection
from peewee_mig.schema.filtering import joined, key_table, referred, sides
from peewee_mig.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class First:
    """What the first migration makes, and how the database differs from it.

    ``lines``: the differences, which are accepted if ``is_accepting``; ``is_there``: whether the
    database has any of it; ``behind``: how many operations lead from it to the models;
    ``unmodelled``: the tables, where there are no models.
    """

    operations: tuple[Operation, ...]
    lines: tuple[str, ...]
    is_there: bool
    is_accepting: bool = False
    behind: int = 0
    unmodelled: tuple[str, ...] = ()


def first_migration(
    project: Project, connection: Connection, history: History, found: Found, *, source: str
) -> First:
    """Decide what the first migration makes. ``source``: ``models`` or ``database``.

    :exc:`HistoryError` if the database remembers migrations of ours that are not here,
    :exc:`RefusedError` if it was pushed;
    :exc:`UsageError` if there is nothing to make it from.
    """
    if source == "models" and not project.models:
        raise UsageError(
            "no models are named",
            hint="say --models MODULE, which peewee-mig init finds; or begin with what the database"
            " has: peewee-mig adopt --from database",
        )
    models = _models(project) if project.models else None
    standing = _standing(project, connection, history, models or Schema.of(()))
    if source == "models" and models is not None:
        return _of_models(project, standing, models)
    return _of_database(project, standing, models, found.tables)


def _models(project: Project) -> Schema:
    from peewee_mig.sources.discover import find_models
    from peewee_mig.sources.read import read_models

    schema = read_models(
        find_models(project.need_models(), root=project.root), project.without
    ).schema
    refuse_reserved(schema, project)
    return schema


def _standing(
    project: Project, connection: Connection, history: History, models: Schema
) -> Standing:
    query, dialect = connection.session.query, connection.dialect
    table = HistoryTable(dialect, project.history_table)
    rows = table.read(query)
    if rows and rows[-1].is_push:
        raise RefusedError(
            push_words(rows[-1]),
            where=connection.session.label,
            committed="nothing was changed",
            hint="write the first migration: peewee-mig generate, then record it: peewee-mig"
            " baseline",
        )
    if rows:
        raise HistoryError(
            f"this database has migrations of peewee-mig already ({rows[-1].name}), whose files"
            " are not here",
            where=connection.session.label,
            hint="check out the version of the code that has them",
        )
    catalog = without_own(dialect.inspect(query, schemas_of(models.names)), table.own)
    facts = connection.session.capabilities()
    speller = Speller(dialect, query)
    return Standing(history, dialect, rows, catalog, facts, speller, project.without)


def _of_models(project: Project, standing: Standing, models: Schema) -> First:
    operations = _from_nothing(project, models)
    plan_for_engines(project, operations, Schema.of(()))
    drift = standing.drift(models, ours=())
    return First(operations, drift.lines, is_there=_is_there(standing, drift))


def _of_database(
    project: Project, standing: Standing, models: Schema | None, others: Collection[str]
) -> First:
    """Take what the database has of the tables of the models; of all tables without models."""
    schema = _all(standing, others) if models is None else _known(standing, models)
    operations = _from_nothing(project, schema)
    if not operations:
        raise UsageError(
            "the database has no table that a first migration could make",
            hint="begin with the models: peewee-mig adopt --from models",
        )
    plan_for_engines(project, operations, Schema.of(()))
    drift = standing.drift(schema, ours=())
    return First(
        operations,
        drift.lines,
        is_there=_is_there(standing, drift),
        is_accepting=True,
        behind=_behind(project, schema, models) if models is not None else 0,
        unmodelled=tuple(sorted(project.without.managed(schema).names)) if models is None else (),
    )


def _from_nothing(project: Project, schema: Schema) -> tuple[Operation, ...]:
    both = sides(Schema.of(()), schema, project.without)
    return (*outside_of(both), *diff(both.before, both.after))


def _behind(project: Project, schema: Schema, models: Schema) -> int:
    both = sides(schema, models, project.without)
    return len(diff(both.before, both.after))


def _all(standing: Standing, others: Collection[str]) -> Schema:
    """Return every table but those of other tools, as models would declare them."""
    every = declaring(standing.whole, standing.dialect)
    whole = standing.without.managed(every)
    whole = whole.with_tables(each for each in whole if each.name not in others)
    outside = standing.without.outside(every)
    return _with_keys_only(standing, chosen(joined(whole, outside, referred(whole)), ()))


def _with_keys_only(standing: Standing, schema: Schema) -> Schema:
    """Return a schema with no more than keys need of what is left out."""
    is_out = standing.without.leaves_out
    return schema.with_tables(key_table(e) if is_out("table", e.name) else e for e in schema)


def _known(standing: Standing, models: Schema) -> Schema:
    """Return the tables that models have as well, in the words of the models where they agree."""
    found = standing.drift(models, ours=()).found
    names = {each.name for each in models.objects}
    settled = settle(found, models)
    kept = replace(settled, objects=tuple(e for e in settled.objects if e.name in names))
    return _with_keys_only(standing, chosen(kept, ()))


def _is_there(standing: Standing, drift: Drift) -> bool:
    managed = standing.without.managed(drift.expected)
    return any(name in drift.found for name in managed.names)
