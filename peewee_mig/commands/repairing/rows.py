"""What is wrong with the history table itself and with single rows: stages of the diagnosis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from peewee_mig.commands.repairing.case import Case
from peewee_mig.commands.repairing.findings import (
    Define,
    Delete,
    Finding,
    Follow,
    Rename,
    Update,
    Write,
    listed,
)
from peewee_mig.errors import HistoryError
from peewee_mig.history.folder import History
from peewee_mig.history.stored import Stored
from peewee_mig.history.table import Row
from peewee_mig.operations import operations_to_json
from peewee_mig.schema.codec import canonical
from peewee_mig.schema.objects import Table

#: What a stage gives: findings, and the case as it is when they are put right.
Found = tuple[list[Finding], Case]


def find_missing_columns(case: Case) -> Found:
    """Find the columns that somebody took from the table."""
    if case.found is None:
        return [], case
    table, has = case.table, set(case.found.column_names)
    if not {"id", "name"} <= has:
        raise HistoryError(
            f"the table {table.name} is none of ours: it has no column id or no column name",
            hint="rename it, or give ours another name: history_table in the configuration",
        )
    missing = [each for each in table.definition.columns if each.name not in has]
    if not missing:
        return [], case
    names, quoted = [each.name for each in missing], table.dialect.quote(table.name)
    definitions = (table.dialect.column_definition(each, null=True) for each in missing)
    defines = [Define(f"ALTER TABLE {quoted} ADD COLUMN {each}") for each in definitions]
    rows = [_restored(each, case.history) for each in case.stored]
    finding = Finding(
        "table",
        "",
        f"{table.name} has no column {listed(names)}",
        proposal="add it, with what the files say",
        writes=(*defines, *(Update(each.row, tuple(names), each.number) for each in rows)),
    )
    return [finding], replace(case, stored=tuple(rows))


def _restored(stored: Stored, history: History) -> Stored:
    """Return a row with what its file says where it says nothing."""
    row = stored.row
    if row.name not in history.names or row.is_push:
        return stored
    migration = history.migration(row.name)
    row = replace(
        row,
        checksum=row.checksum or migration.checksum,
        sha256=row.sha256 or migration.sha256,
        schema_hash=row.schema_hash or history.state_at(row.name).hash,
    )
    if row.operations == "[]" and "operations" not in stored.broken:
        row = replace(row, operations=canonical(operations_to_json(migration.operations)))
    return replace(stored, row=row)


def find_unreadable(case: Case) -> Found:
    """Find the rows that cannot be read, and say what of them can be restored."""
    findings: list[Finding] = []
    rows: list[Stored] = []
    opaque: set[str] = set()
    for stored in case.stored:
        if not stored.row.name:
            findings.append(_nameless(stored))
            continue
        restored = _mended(stored, case) if stored.broken else stored
        if stored.broken:
            findings.append(_unreadable(stored, restored))
        if "operations" in restored.broken:
            opaque.add(stored.row.name)
        rows.append(restored)
    case = replace(case, stored=tuple(rows), opaque=frozenset(opaque))
    return findings, case


def _nameless(stored: Stored) -> Finding:
    return Finding(
        "unreadable",
        "",
        f"row {stored.number} of the history has no name",
        proposal="delete it: it tells nothing",
        writes=(Delete("", stored.number),),
    )


def _unreadable(stored: Stored, restored: Stored) -> Finding:
    name = stored.row.name
    records = (
        f"the row cannot be read: {listed(f'{key} {why}' for key, why in stored.broken.items())}"
    )
    if "operations" in restored.broken:
        return Finding(
            "unreadable",
            name,
            records,
            "nothing here tells what it did",
            hint=f"restore {name}.py as it was applied (git log --diff-filter=D -- '*{name}.py'),"
            " then: peewee-mig repair",
        )
    words = [
        f"{key} as {_shown(getattr(restored.row, key))}" for key in stored.broken if key != "format"
    ]
    lost = " (answers given, accepted differences and the like are lost)"
    return Finding(
        "unreadable",
        name,
        records,
        proposal=f"write {listed(words or ['it anew'])}{lost if 'meta' in stored.broken else ''}",
        writes=(Update(restored.row, _columns(stored, restored), stored.number),),
    )


def _columns(stored: Stored, restored: Stored) -> tuple[str, ...]:
    """Return the columns that were restored."""
    changed = Update.between(stored.row, restored.row).columns
    return tuple(dict.fromkeys([*stored.broken, *changed]))


def _shown(value: object) -> str:
    if isinstance(value, str):
        return "its file says" if value.startswith("[") else value or "empty"
    return json.dumps(value)


def _mended(stored: Stored, case: Case) -> Stored:
    """Return a row with defaults, and with the operations of a file that is the same."""
    row, history, broken = stored.row, case.history, dict(stored.broken)
    file = history.migration(row.name) if row.name in history.names else None
    if file is not None and broken.keys() & {"checksum", "sha256", "schema_hash"}:
        if row.checksum == file.checksum or row.sha256 == file.sha256:
            row = replace(row, checksum=file.checksum, sha256=file.sha256)
        row = replace(row, schema_hash=row.schema_hash or history.state_at(row.name).hash)
    if "operations" in broken and file is not None and _is_same(row, file.checksum, file.sha256):
        row = replace(row, operations=canonical(operations_to_json(file.operations)))
        del broken["operations"]
    if row.is_push and "meta" in broken:
        begun = {} if case.standing.dialect.transactional else {"begun": True}
        row = replace(row, meta={"tables": [], **begun})
    return Stored(stored.number, row, broken)


def _is_same(row: Row, checksum: str, sha256: str) -> bool:
    return row.sha256 == sha256 or row.checksum == checksum


def find_duplicates(case: Case) -> Found:
    """Find rows of the same name; and the index that would not have let them in."""
    findings: list[Finding] = []
    kept: dict[int, Row] = {}
    named = sorted(case.stored, key=lambda each: each.row.name)
    for name, group in groupby(named, key=lambda each: each.row.name):
        twins = list(group)
        best = _best(twins, case)
        kept[best.number] = best.row
        if len(twins) > 1:
            others = [each for each in twins if each is not best]
            findings.append(_twins(name, best, others))
    rows = [kept[number] for number in sorted(kept)]
    if case.found is not None and not _is_unique(case.found):
        findings.append(_no_index(case))
    return findings, case.with_rows(rows)


def _best(twins: Sequence[Stored], case: Case) -> Stored:
    """Return the row to keep: one under work, else the newest that is as its file."""
    name = twins[0].row.name
    file = case.history.migration(name) if name in case.history.names else None

    def worth(stored: Stored) -> tuple[bool, bool, int]:
        row = stored.row
        at_work = row.is_unfinished and bool(case.entries(name, row.direction))
        same = file is not None and _is_same(row, file.checksum, file.sha256)
        return at_work, same, stored.number

    return max(twins, key=worth)


def _twins(name: str, best: Stored, others: Sequence[Stored]) -> Finding:
    return Finding(
        "duplicate",
        name,
        f"{len(others) + 1} rows have this name",
        proposal=f"keep the one of {best.row.started or 'row ' + str(best.number)}, delete"
        f" {'the other' if len(others) == 1 else 'the others'}",
        writes=tuple(Delete(name, each.number) for each in others),
    )


def _is_unique(table: Table) -> bool:
    unique = (index.columns for index in table.indexes if index.unique and not index.where)
    return ("name",) in {*unique, *(each.columns for each in table.uniques)}


def _no_index(case: Case) -> Finding:
    (index,) = case.table.definition.indexes
    return Finding(
        "table",
        "",
        f"{case.table.name} has lost the index that keeps names unique",
        proposal="create it again",
        writes=(Define(case.table.dialect.create_index(case.table.name, index)),),
    )


def find_renamed(case: Case) -> Found:
    """Find files that were renamed by hand: a row without a file, a file like it without a row."""
    position, names = case.position, set(case.history.names)
    declared = dict(position.renamed)
    gone = [row for row in case.rows if row.name not in names | declared.keys() and not row.is_push]
    free = [case.history.migration(name) for name in position.pending]
    matches = {
        row.name: [each.name for each in free if _is_same(row, each.checksum, each.sha256)]
        for row in gone
    }
    findings: list[Finding] = []
    renamed = dict(declared)
    for old, news in matches.items():
        rivals = [other for other, found in matches.items() if set(found) & set(news)]
        if len(news) == 1 and rivals == [old]:
            renamed[old] = news[0]
            findings.append(_rename(case, old, news[0]))
        elif news:
            findings.append(_many(old, news))
    return findings, case.with_names(renamed)


def _rename(case: Case, old: str, new: str) -> Finding:
    writes: list[Write] = [Rename(old, new)]
    if any(name == old for name, _ in case.journal):
        writes.append(Follow(old, new))
    return Finding(
        "renamed",
        old,
        "it is applied, but its file is gone",
        f"the file {new}.py does the same, and is not recorded",
        f"give the row the name {new}",
        tuple(writes),
    )


def _many(old: str, news: Sequence[str]) -> Finding:
    return Finding(
        "renamed",
        old,
        "it is applied, but its file is gone",
        f"{listed(sorted(news))} {'does' if len(news) == 1 else 'do'} the same: nothing tells which"
        " file it became",
        hint=f'put `was = ["{old}"]` into the right one, then: peewee-mig migrate',
    )
