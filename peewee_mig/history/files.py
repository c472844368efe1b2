"""Where the files of a history are: in a folder, or in a package that may be an archive."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from peewee_mig.errors import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class Files(Protocol):
    """What reads the files of a history; their paths are those that messages name."""

    def entries(self, folder: Path) -> list[Path]:
        """Return what is in a folder; :exc:`OSError` as :meth:`pathlib.Path.iterdir`."""

    def read(self, path: Path) -> bytes:
        """Return what is in a file; :exc:`OSError` as :meth:`pathlib.Path.read_bytes`."""

    def is_file(self, path: Path) -> bool:
        """Whether a file is there."""

    def is_there(self, path: Path) -> bool:
        """Whether a folder or a file is there."""

    def ensure_writable(self, folder: Path) -> None:
        """Raise :exc:`UsageError` where nothing can ever be written."""


class OnDisk:
    """Files of the file system."""

    def entries(self, folder: Path) -> list[Path]:
        """Return what is in a folder."""
        return list(folder.iterdir())

    def read(self, path: Path) -> bytes:
        """Return what is in a file."""
        return path.read_bytes()

    def is_file(self, path: Path) -> bool:
        """Whether a file is there."""
        return path.is_file()

    def is_there(self, path: Path) -> bool:
        """Whether a folder or a file is there."""
        return path.exists()

    def ensure_writable(self, folder: Path) -> None:
        """Let everything pass: what cannot be written says so itself."""


@dataclass(frozen=True)
class InPackage:
    """Files of a package that are no files of the file system, such as those of a zip file.

    ``root``: their folder; ``at``: what stands for it in paths.
    """

    root: Traversable
    at: Path

    def entries(self, folder: Path) -> list[Path]:
        """Return what is in a folder."""
        there = self._find(folder)
        if not there.is_dir():
            raise NotADirectoryError(str(folder)) if there.is_file() else FileNotFoundError(folder)
        return [folder / each.name for each in there.iterdir()]

    def read(self, path: Path) -> bytes:
        """Return what is in a file; an archive that is damaged is a file that cannot be read."""
        try:
            return self._find(path).read_bytes()
        except OSError:
            raise
        except Exception as error:  # each kind of archive has errors of its own
            raise OSError(errno.EIO, f"{type(error).__name__}: {error}") from error

    def is_file(self, path: Path) -> bool:
        """Whether a file is there."""
        return self._find(path).is_file()

    def is_there(self, path: Path) -> bool:
        """Whether a folder or a file is there."""
        there = self._find(path)
        return there.is_dir() or there.is_file()

    def ensure_writable(self, folder: Path) -> None:
        """Refuse: an archive is read only."""
        raise UsageError(
            f"{folder} is inside of an archive, which is read only",
            hint="name the folder of the sources with --directory",
        )

    def _find(self, path: Path) -> Traversable:
        found = self.root
        for part in path.relative_to(self.at).parts:
            found = found.joinpath(part)
        return found


ON_DISK = OnDisk()
