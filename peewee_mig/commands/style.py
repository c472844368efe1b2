"""How a project wants the files that are written: their names, and a formatter of its own."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peewee_mig.errors import HistoryError, UsageError

if TYPE_CHECKING:
    from peewee_mig.history.module import Migration

#: What ``file_name`` may hold besides letters, digits and underscores.
FIELDS = ("slug", "date", "time")

#: Where ``format_command`` names the files; without it they come last.
PLACE = "{files}"

#: Seconds that a formatter may take.
_PATIENCE = 60.0


def utc() -> dt.datetime:
    """Return the time of the names."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Style:
    """``file_name``: what follows the number; ``format_command``: run in ``root``, empty: none."""

    root: Path = Path()
    file_name: str = "{slug}"
    format_command: str = ""
    now: Callable[[], dt.datetime] = utc

    def words(self, slug: str) -> str:
        """Return what follows the number in the name of a migration."""
        now = self.now()
        fields = {"slug": slug, "date": f"{now:%Y%m%d}", "time": f"{now:%H%M%S}"}
        return re.sub(r"\{(\w+)\}", lambda match: fields[match[1]], self.file_name)

    def format(self, migrations: Sequence[Migration]) -> tuple[str, ...]:
        """Run the formatter on modules that were written; return what went wrong, in words.

        A module that does something else afterwards gets its text back.
        """
        if not self.format_command or not migrations:
            return ()
        said = tuple(self._run([str(each.path) for each in migrations]))
        undone = filter(None, map(_undone, migrations))
        return (*said, *undone)

    def _run(self, paths: Sequence[str]) -> Iterator[str]:
        import subprocess

        try:
            done = subprocess.run(  # noqa: S603 (the project's own command)
                _command(self.format_command, paths),
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            why = getattr(error, "strerror", None) or f"not done after {_PATIENCE:.0f} seconds"
            yield f"format_command failed: {self.format_command}: {why}"
            return
        if done.returncode:
            words = (done.stderr or done.stdout).strip().partition("\n")[0]
            yield (
                f"format_command failed (exit code {done.returncode}): {self.format_command}"
                f"{f': {words}' if words else ''}"
            )


def _command(text: str, paths: Sequence[str]) -> list[str]:
    words = shlex.split(text)
    place = words.index(PLACE) if PLACE in words else len(words)
    return [*words[:place], *paths, *words[place + 1 :]]


def _undone(migration: Migration) -> str:
    """Put back a module that the formatter made another migration of; say so."""
    from peewee_mig.history.module import load_module

    try:
        if load_module(migration.path).checksum == migration.checksum:
            return ""
    except HistoryError:
        pass
    migration.path.write_bytes(migration.source)
    return (
        f"format_command changed what {migration.path.name} does, not only how it looks;"
        " the file is as it was written"
    )


def file_name(value: str, where: str) -> str:
    """Read the template of names; :exc:`UsageError` for one that names no file well."""
    rest = value
    for name in FIELDS:
        rest = rest.replace(f"{{{name}}}", "x")
    if "{slug}" in value and re.fullmatch(r"[a-z0-9_]+", rest):
        return value
    fields = ", ".join(f"{{{name}}}" for name in FIELDS)
    raise UsageError(
        f"{where} is {value!r}, which names no migration",
        hint=f"{{slug}} has to be in it, besides a-z, digits, underscores and {fields};"
        " the number is put before it",
    )


def format_command(value: str, where: str) -> str:
    """Read the command; :exc:`UsageError` for one that no shell could split into words."""
    try:
        if shlex.split(value):
            return value
        why = "it is empty"
    except ValueError as error:
        why = str(error).lower()
    raise UsageError(f"{where} is no command: {why}", hint="such as: ruff format {files}")
