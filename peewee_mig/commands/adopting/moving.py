"""The folder of another tool's migrations, where ours shall be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from peewee_mig.commands.adopting.layout import Layout, moved_name
from peewee_mig.commands.adopting.values import Found
from peewee_mig.errors import FailedError, RefusedError


@dataclass(frozen=True, slots=True)
class Move:
    """A folder gets another name; both are relative to the project."""

    old: str
    new: str

    def make(self, root: Path) -> None:
        """Rename it, at once or not at all."""
        try:
            (root / self.old).rename(root / self.new)
        except OSError as error:
            raise FailedError(
                f"{self.old} cannot be called {self.new}: {error.strerror}",
                where=str(root / self.old),
                committed="nothing was changed",
                hint="check the permissions of the folder above it",
            ) from error


def planned_move(found: Found, layout: Layout, directory: Path) -> Move | None:
    """Return the move that makes room; ``None``: the folder is not that of the other tool.

    :exc:`RefusedError` if it cannot be moved: it has migrations of ours, too, or its new name
    is taken.
    """
    if not found.folder or (layout.root / found.folder).resolve() != directory.resolve():
        return None
    mixed = [path for path in layout.paths if path.startswith(f"{found.folder}/")]
    if ours := [path for path in mixed if layout.ours(path)]:
        raise RefusedError(
            f"{found.folder} has migrations of {found.tool} and of peewee-mig ({ours[0]})",
            where=str(directory),
            committed="nothing was changed",
            hint=f"move those of {found.tool} into a folder of their own",
        )
    new = moved_name(found.folder, found.tool)
    if (layout.root / new).exists():
        raise RefusedError(
            f"{found.folder} is of {found.tool}, and its new name is taken: {new}",
            where=str(directory),
            committed="nothing was changed",
            hint=f"move {found.folder} yourself, or choose another folder for ours as `directory`"
            " in the configuration",
        )
    return Move(found.folder, new)
