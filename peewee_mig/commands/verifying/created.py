"""What the migrations made against what ``create_tables`` of Peewee makes of the models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from peewee_mig.commands.project import Project
from peewee_mig.dialects.base import Inspection, Unmanaged
from peewee_mig.dialects.recognize import without_declared
from peewee_mig.diff import diff
from peewee_mig.history.records import OwnTables
from peewee_mig.plan.drift import drift_between, words
from peewee_mig.plan.planner import plan
from peewee_mig.plan.unsupported import Engine
from peewee_mig.runner.catalog import read_catalog, schemas_of, without_excluded
from peewee_mig.runner.connect import Connection
from peewee_mig.runner.execution import Execution
from peewee_mig.runner.tasks import Work
from peewee_mig.schema.compare import Difference
from peewee_mig.schema.names import bare
from peewee_mig.schema.objects import ForeignKey, Index, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, RawObject, kind_of
from peewee_mig.sources.creating import Uncreated


@dataclass(frozen=True, slots=True)
class Compared:
    """``lines``: what differs, in words; ``notes``: what does, and why that is no finding."""

    lines: tuple[str, ...]
    notes: tuple[str, ...]


def compare_with_models(project: Project, migrated: Inspection, fresh: Connection) -> Compared:
    """Create the tables of the models in an empty database, and compare it with a migrated one.

    What Peewee cannot create is excused by its name, and nothing else.
    """
    from peewee_mig.sources.creating import create_tables
    from peewee_mig.sources.discover import find_models
    from peewee_mig.sources.read import read_models

    found = find_models(project.need_models(), root=project.root)
    dialect = fresh.dialect
    engine = Engine(dialect, fresh.session.capabilities())
    declared = engine.schema(read_models(found, project.without).schema)
    _make_needed(declared, fresh)
    models = [each for each in found if isinstance(each, type)]
    uncreated = create_tables(models, dialect.name, fresh.session.raw)
    migrated = without_excluded(migrated, project.without)
    made = read_catalog(
        dialect,
        fresh.session.query,
        OwnTables(),
        schemas=schemas_of(declared.names),
        without=project.without,
    )
    here, there = (without_declared(each, declared, dialect) for each in (migrated, made))
    seen = drift_between(here, there, declared, dialect)
    excuses = _Excuses(declared, uncreated)
    lines = [each.words for each in seen.differences if not excuses.covers(each)]
    lines += [f"{words(each)} is missing" for each in seen.missing]
    return Compared(tuple(lines), (*excuses.notes(), *_by_hand(seen.attached)))


def _make_needed(declared: Schema, fresh: Connection) -> None:
    """Make what tables need and Peewee does not make: enum types and extensions."""
    needed = [each for each in declared.objects if _is_needed(each)]
    operations = diff(Schema(), Schema((), tuple(needed)))
    planned = plan(operations, Schema(), fresh.dialect, fresh.session.capabilities())
    work = Work(
        title="what the models need", command="check --verify", operations=operations, plan=planned
    )
    Execution(fresh.session, fresh.dialect).together(
        lambda: Execution(fresh.session, fresh.dialect).run(work), structural=True
    )


def _is_needed(thing: object) -> bool:
    is_raw = isinstance(thing, RawObject) and thing.kind in ("extension", "function")
    return isinstance(thing, EnumType) or is_raw


def _by_hand(attached: Iterable[Unmanaged]) -> Iterator[str]:
    """Name what the migrations made by SQL of the user's."""
    listed = [words(each) for each in attached]
    if listed:
        yield f"not of the models, but of SQL in a migration: {', '.join(listed)}"


@dataclass(frozen=True)
class _Excuses:
    """What Peewee did not create of declared tables."""

    declared: Schema
    uncreated: tuple[Uncreated, ...]

    def covers(self, each: Difference) -> bool:
        """Whether a difference is one that Peewee left out, or cannot create."""
        return any(self._is_of(each, excuse) for excuse in self.uncreated)

    def _is_of(self, each: Difference, excuse: Uncreated) -> bool:
        """Tell by table and part; what was found is that of the migrations."""
        if excuse.table != each.table or each.expected is not None:
            return False
        match each.found:
            case Table():
                return not excuse.columns and not excuse.index
            case ForeignKey(columns=columns):
                return bool(excuse.columns) and columns == excuse.columns
            case Index() as index:
                return bool(excuse.index) and index.name in self._names(excuse)
            case _:
                return False

    def _names(self, excuse: Uncreated) -> set[str]:
        """Return what the index may be called: after the table, where its name is taken."""
        table = self.declared.find_table(excuse.table)
        columns = (
            {index.columns for index in table.indexes if index.name == excuse.index}
            if table
            else set()
        )
        derived = {"_".join((bare(excuse.table), *each)) for each in columns}
        return {excuse.index, f"{bare(excuse.table)}_{excuse.index}", *derived}

    def _is_declared(self, each: Uncreated) -> bool:
        """Whether the engine could have it."""
        table = self.declared.find_table(each.table)
        if table is None or not each.index:
            return table is not None
        return not self._names(each).isdisjoint(index.name for index in table.indexes)

    def notes(self) -> Iterator[str]:
        """Say what Peewee does not create."""
        for each in self.uncreated:
            if self._is_declared(each):
                yield f"create_tables does not make {_what(each)}: {each.why}"
        for thing in self.declared.objects:
            kind = kind_of(thing).replace("_", " ")
            if kind not in ("sequence", "virtual table"):
                yield f"create_tables makes no {kind}: {thing.name}"


def _what(each: Uncreated) -> str:
    if each.columns:
        return f"the foreign key of {each.table} on ({', '.join(each.columns)})"
    return f"index {each.index} of {each.table}" if each.index else f"table {each.table}"
