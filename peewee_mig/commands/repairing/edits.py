"""Files that were edited after they were applied, and rows as the files would have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from peewee_mig.commands.repairing.case import Case, data_of
from peewee_mig.commands.repairing.findings import Finding, Update
from peewee_mig.errors import MigError
from peewee_mig.history.module import Migration
from peewee_mig.history.table import Row
from peewee_mig.operations import operations_to_json
from peewee_mig.operations.verbs import Operation
from peewee_mig.plan.fills import with_fills
from peewee_mig.runner.position import Problem
from peewee_mig.runner.recording import applied_by, applied_row
from peewee_mig.schema.codec import canonical

#: The key of ``meta`` under which a row keeps what repair changed of it, by whom and when.
REPAIRED = "repaired"


def new_row(case: Case, name: str) -> Row:
    """Return the row of a migration that is there without having run."""
    migration = case.history.migration(name)
    row = applied_row(
        migration,
        case.history,
        migration.operations,
        started=case.now,
        seconds=0.0,
        meta={},
        state="baselined",
    )
    return replace(row, finished=case.now)


def as_in_its_file(case: Case, row: Row) -> Row:
    """Return the row of an applied migration as its file is now."""
    migration = case.history.migration(row.name)
    operations = operations_to_json(_filled(migration, row))
    return replace(
        row,
        checksum=migration.checksum,
        sha256=migration.sha256,
        schema_hash=case.history.state_at(row.name).hash,
        operations=canonical(operations),
    )


def _filled(migration: Migration, row: Row) -> tuple[Operation, ...]:
    try:
        return with_fills(migration.operations, row.meta.get("fills", {}))[0]
    except MigError:  # an answer that the file as it is now does not take
        return migration.operations


def edited(case: Case, problem: Problem, row: Row) -> Finding:
    """Say what the database has of a file that was edited, and what follows."""
    name = problem.migration
    records = "its file was edited after it was applied"
    if not case.is_as_recorded:
        return Finding("edited", name, records, _words(case), hint=_back(problem))
    if name not in case.told.accept and not _same_data(case, row):
        return Finding(
            "edited",
            name,
            records,
            "the schema is that of the file as it is now; nothing tells whether its statements on"
            " rows, which changed, have run",
            hint=f"git checkout -- {case.history.module_path(name)}, and put the change into a new"
            f" migration; if this database needs none of it: peewee-mig repair --accept {name}",
        )
    mark = {"at": case.now, "by": applied_by(), "checksum": row.checksum}
    changed = as_in_its_file(case, row)
    return Finding(
        "edited",
        name,
        records,
        "the schema is that of the file as it is now",
        "record the file as it is now",
        (Update.between(row, replace(changed, meta={**row.meta, REPAIRED: mark})),),
    )


def _same_data(case: Case, row: Row) -> bool:
    """Whether the file does the same to rows as what was applied."""
    if row.name in case.opaque:
        return False
    return data_of(row.read_operations()) == data_of(case.history.migration(row.name).operations)


def _words(case: Case) -> str:
    """Say what the database has instead of what the file says now."""
    if case.recorded is None:
        return "nothing tells what it should have"
    first = next(iter(case.differences(case.recorded)), None)
    return f"the schema is not that of the file as it is now: {first.words if first else ''}"


def _back(problem: Problem) -> str:
    return problem.hint.partition("; if the database")[0]


def find_edited(case: Case) -> Iterator[Finding]:
    """Yield what is to be said of each edited file."""
    for problem in case.position.problems:
        row = case.row(problem.migration)
        if problem.kind == "edited" and row is not None:
            yield edited(case, problem, row)
