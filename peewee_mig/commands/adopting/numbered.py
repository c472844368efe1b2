"""Tools with a folder of numbered modules and a table of their names: most of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import basename

from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.records import Records
from peewee_mig.commands.adopting.values import Found, Rank, counted, records_in


@dataclass(frozen=True, slots=True)
class Numbered:
    """What such a tool writes.

    ``named``: the names of its modules; ``marked``: what their texts have; ``at``: the column of
    its table with the moment, beside ``name``.
    """

    tool: str
    title: str
    module: str
    package: str
    named: re.Pattern[str]
    marked: re.Pattern[str]
    at: str


@dataclass(frozen=True, slots=True)
class Used:
    """How a project uses it: what its configuration says, or what holds without one.

    ``files``: of the configuration; ``folder``: empty where nothing names it.
    """

    table: str
    folder: str = ""
    files: tuple[str, ...] = ()
    command: str = ""


def detect_numbered(
    spec: Numbered, used: Used, layout: Layout, records: Records, *, by_table: bool = True
) -> Found | None:
    """Return what is found of a tool; ``by_table``: its table alone is a trace of it."""
    folder = folder_of(spec, used.folder, layout)
    modules = layout.within(folder, spec.named) if folder is not None else ()
    has_table = records.has(used.table, ("name", spec.at))
    if not (modules or used.files or (by_table and has_table)):
        return None
    applied = records.applied(used.table, "name", spec.at)
    known = {each.name for each in applied}
    names = [PurePosixPath(basename(path)).stem for path in modules]
    return Found(
        spec.tool,
        spec.title,
        Rank.HISTORY,
        evidence=(
            *used.files,
            *([f"{folder}: {counted(len(modules), 'file')}"] if modules else []),
            *([records_in(used.table, applied)] if has_table else []),
        ),
        applied=applied,
        pending=tuple(name for name in names if name not in known),
        command=used.command,
        folder=(folder or "") if modules else "",
        files=used.files,
        tables=(used.table,) if has_table else (),
        module=spec.module,
        package=spec.package,
    )


def folder_of(spec: Numbered, named: str, layout: Layout) -> str | None:
    """Return the folder of the modules: the one that is named, else the first with such ones."""
    if named and layout.within(named, spec.named):
        return named
    found = layout.folders(spec.named, spec.marked)
    return found[0] if found else None
