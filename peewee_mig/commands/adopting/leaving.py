"""How to leave another tool: what of it is still in files, sources and the database. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import basename

from peewee_mig.commands.adopting.calls import Line, called, creating, imported
from peewee_mig.commands.adopting.layout import Layout
from peewee_mig.commands.adopting.values import Found
from peewee_mig.dialects.base import Dialect

#: Files that name the packages of a project.
_REQUIREMENTS = re.compile(
    r"(?:.*requirements.*\.(?:txt|in)|pyproject\.toml|setup\.(?:cfg|py)|Pipfile)"
)


#: Endings of what tools keep beside their migrations.
_KEPT = {".py", ".sql", ".mako", ".md", ".txt", ".json", ".ini", ""}


def leaving(
    found: Found, layout: Layout, dialect: Dialect, folder: str, *, ours: Path
) -> tuple[str, ...]:
    """Return what to do, in order.

    ``folder``: where its migrations are now; ``ours``: where those of ours are.
    """
    is_whole = _is_whole(found.folder, layout, ours if folder == found.folder else None)
    return (
        *_calls(found, layout),
        *_files(found, folder, is_whole=is_whole),
        *_packages(found.package, layout),
        *_tables(found, dialect),
    )


def _calls(found: Found, layout: Layout) -> Iterator[str]:
    uses = imported(layout, found.module, found.folder) if found.module else ()
    if uses:
        yield f"take {found.module} out of the source: {_places(uses)}"
    if found.tool == "peewee-db-evolve" and (evolving := called(layout, {"evolve"})):
        yield f"remove the calls of evolve(): {_places(evolving)}"
    if made := creating(layout, found.folder):
        yield (
            f"remove the calls that make tables at start-up: {_places(made)}. They make the"
            " tables of a migration before it runs, and change none that is there;"
            " `peewee-mig migrate` before the start does both"
        )


def _is_whole(folder: str, layout: Layout, ours: Path | None) -> bool:
    """Whether a folder has nothing but what a tool keeps there; no database, and none of ours."""
    if ours is not None and ours.resolve().is_relative_to((layout.root / folder).resolve()):
        return False
    files = (path for path in layout.paths if path.startswith(f"{folder}/"))
    return all(PurePosixPath(path).suffix in _KEPT and not layout.ours(path) for path in files)


def _files(found: Found, folder: str, *, is_whole: bool) -> Iterator[str]:
    outside = [each for each in found.files if not each.startswith(f"{found.folder}/")]
    whole = f"{folder}/" if is_whole else f"the migrations of {found.tool} in {folder}/"
    gone = ([whole] if folder else []) + outside
    if gone:
        yield f"when every environment has been recorded, delete {' and '.join(gone)}"


def _packages(package: str, layout: Layout) -> Iterator[str]:
    words = re.escape(package).replace(r"\-", "[-_]")
    pattern = re.compile(rf"(?<![\w-]){words}(?![\w-])", re.IGNORECASE)
    for path in layout.paths if package else ():
        if _REQUIREMENTS.fullmatch(basename(path)):
            for number, line in enumerate(layout.text(path).splitlines(), 1):
                if pattern.search(line):
                    yield f"take {package} out of {path}:{number}"


def _tables(found: Found, dialect: Dialect) -> Iterator[str]:
    if found.tables:
        drops = " ".join(f"DROP TABLE {dialect.quote_table(each)};" for each in found.tables)
        yield f"its records stay in each database until you drop them: {drops}"


def _places(lines: tuple[Line, ...]) -> str:
    return ", ".join(each.place for each in lines)
