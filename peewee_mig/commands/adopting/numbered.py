"""Tools with a folder of numbered modules and a table of their names: most of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
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
    table = records.spelled(used.table)
    applied = records.applied(table, "name", spec.at)
    known = {each.name for each in applied}
    folder = folder_of(spec, used.folder, layout, known)
    modules = layout.within(folder, spec.named) if folder is not None else ()
    has_table = records.has(table, ("name", spec.at))
    if not (modules or used.files or (by_table and has_table)):
        return None
    return Found(
        spec.tool,
        spec.title,
        Rank.HISTORY,
        evidence=(
            *used.files,
            *([f"{folder or '.'}: {counted(len(modules), 'file')}"] if modules else []),
            *([records_in(table, applied)] if has_table else []),
        ),
        applied=applied,
        pending=tuple(name for each in modules if (name := _name(each)) not in known),
        command=used.command,
        folder=(folder or "") if modules else "",
        files=used.files,
        tables=(table,) if has_table else (),
        module=spec.module,
        package=spec.package,
        missing="" if has_table else table,
    )


def folder_of(
    spec: Numbered, named: str, layout: Layout, known: Collection[str] = ()
) -> str | None:
    """Return the folder of the modules: the one that is named, else the likeliest with such ones.

    ``known``: what the database has recorded, which tells the folders of several databases apart.
    """
    if named and layout.within(named, spec.named):
        return named

    def recorded(folder: str) -> int:
        return sum(_name(path) in known for path in layout.within(folder, spec.named))

    return max(layout.folders(spec.named, spec.marked), key=recorded, default=None)


def _name(path: str) -> str:
    return PurePosixPath(basename(path)).stem
