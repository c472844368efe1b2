"""What is wrong with a file of the history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a file of the history, and the way out."""

    file: Path
    message: str
    hint: str
    line: int | None = None

    @property
    def where(self) -> str:
        """The file, and the line if it is known."""
        return f"{self.file}:{self.line}" if self.line else str(self.file)
