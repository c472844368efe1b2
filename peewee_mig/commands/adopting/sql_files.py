"""Numbered SQL files, run by hand or by a script, with a table of versions or without."""

from __future__ import annotations

import re
from posixpath import basename, splitext

from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Applied, Found, Rank, counted, records_in

#: Of dbmate (a row for each) and golang-migrate (one row, beside it ``dirty``).
TABLE = "schema_migrations"
_NAMED = re.compile(r"[Vv]?[0-9].*(?<!\.down)(?<!\.rollback)\.sql")


def detect(layout: Layout, records: Records) -> Found | None:
    """Look for a folder of such files."""
    folder = _folder(layout, records)
    if folder is None:
        return None
    files = layout.within(folder, _NAMED)
    applied = _applied(files, records)
    known = {each.name for each in applied}
    has_table = records.has(TABLE, ("version",))
    return Found(
        "sql",
        "SQL files" if has_table else "SQL files (they keep no history)",
        Rank.HISTORY if has_table else Rank.FILES,
        evidence=(
            f"{folder or '.'}: {counted(len(files), 'file')}",
            *([records_in(TABLE, applied)] if has_table else []),
        ),
        applied=applied,
        pending=tuple(n for f in files if (n := _name(f)) not in known) if has_table else (),
        command="run them as you did the others",
        folder=folder,
        tables=(TABLE,) if has_table else (),
        problem=_failed(records),
        remedy="repair what that one left half done, and say so: migrate force VERSION",
    )


def _folder(layout: Layout, records: Records) -> str | None:
    """Return the folder with most of what the table says; the first one where it says nothing."""
    folders = layout.folders(_NAMED)
    return max(
        folders, key=lambda each: len(_applied(layout.within(each, _NAMED), records)), default=None
    )


def _failed(records: Records) -> str:
    """Say which migration golang-migrate has left half done."""
    rows = records.rows(TABLE, ("dirty", "version"))
    failed = next((version for dirty, version in rows if dirty), None)
    return "" if failed is None else f"{TABLE} says that version {failed} has failed (dirty)"


def _applied(files: tuple[str, ...], records: Records) -> tuple[Applied, ...]:
    versions = [_number(str(row[0])) for row in records.rows(TABLE, ("version",))]
    if records.has(TABLE, ("version", "dirty")) and versions:
        return tuple(Applied(_name(f)) for f in files if _number(_name(f)) <= max(versions))
    return tuple(Applied(_name(f)) for f in files if _number(_name(f)) in versions)


def _name(path: str) -> str:
    return splitext(basename(path))[0]


def _number(name: str) -> int:
    """Return the number with which a name begins."""
    found = re.match(r"[Vv]?([0-9]+)", name)
    return int(found[1]) if found else 0
