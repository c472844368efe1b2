"""The files of a project: their names, and their texts when asked for. Nothing is imported."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename, dirname

#: Folders that say nothing about how the project changes its databases.
_SKIPPED = {"tests", "test", "node_modules", "site-packages", "__pycache__", "build", "dist"}
#: A migration of our own, which no other tool may take for its.
_OURS = re.compile(r"^from peewee_mig import\b", re.MULTILINE)


@dataclass(frozen=True)
class Layout:
    """A project. ``paths``: of all files, relative to ``root`` with slashes, sorted."""

    root: Path
    paths: tuple[str, ...]
    _texts: dict[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)

    @classmethod
    def of(cls, root: Path) -> Layout:
        """List the files of a folder, but for those of environments, tests and builds."""
        return cls(root, tuple(sorted(_paths(root))))

    def has(self, path: str) -> bool:
        """Whether the file is there."""
        return path in self.paths

    def text(self, path: str) -> str:
        """Return what a file holds; nothing if it is not there or cannot be read."""
        if path not in self._texts:
            try:
                self._texts[path] = (self.root / path).read_text("utf-8-sig", "replace")
            except OSError:
                self._texts[path] = ""
        return self._texts[path]

    def within(self, folder: str, named: re.Pattern[str]) -> tuple[str, ...]:
        """Return the files of a folder with such a name that are none of our migrations."""
        return tuple(
            path
            for path in self.paths
            if dirname(path) == folder and named.fullmatch(basename(path)) and not self.ours(path)
        )

    def folders(
        self, named: re.Pattern[str], marked: re.Pattern[str] | None = None
    ) -> tuple[str, ...]:
        """Return the folders with a file of such a name and such a text.

        Without ``marked`` no text is read: a dump of a database may be large.
        """
        found = (
            dirname(path)
            for path in self.paths
            if named.fullmatch(basename(path))
            and (marked is None or marked.search(self.text(path)))
        )
        return tuple(dict.fromkeys(found))

    def python(self, but: str = "") -> Iterator[str]:
        """Yield the modules of the project that are none of our migrations.

        ``but``: a folder whose modules are left out.
        """
        for path in self.paths:
            inside = bool(but) and path.startswith(f"{but}/")
            if path.endswith(".py") and not inside and not self.ours(path):
                yield path

    def ours(self, path: str) -> bool:
        """Whether a file is a migration of ours."""
        is_numbered = re.fullmatch(r"[0-9]{4}_.*\.py", basename(path)) is not None
        return is_numbered and _OURS.search(self.text(path)) is not None


def normal_path(path: str) -> str:
    """Spell a folder of a setting as the paths of a layout are."""
    return os.path.normpath(path).replace(os.sep, "/") if path else ""


def moved_name(folder: str, tool: str) -> str:
    """Return the name that the folder of a tool gets, to make room for ours."""
    words = re.sub(r"\W", "_", tool)
    return f"{folder}_{words}"


def _paths(root: Path) -> Iterator[str]:
    for place, folders, files in os.walk(root):
        folder = Path(place)
        folders[:] = sorted(name for name in folders if _is_of_project(folder / name))
        yield from ((folder / name).relative_to(root).as_posix() for name in files)


def _is_of_project(folder: Path) -> bool:
    skipped = folder.name.startswith(".") or folder.name in _SKIPPED
    return not skipped and not (folder / "pyvenv.cfg").exists()
