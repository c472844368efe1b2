"""What is wrong with a file that is no migration of ours, and what brings one back from git."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from peewee_mig.errors import HistoryError
from peewee_mig.history.naming import SNAPSHOTS

#: What migrations of other tools define, and ours never do.
_OTHER_TOOL = re.compile(
    rb"^def (?:up|upgrade|migrate)\(|^from (?:yoyo|peewee_migrate)\b|^snapshot = Snapshot\(",
    re.MULTILINE,
)


def restore(*paths: Path) -> str:
    """Spell what undoes changes of files that git has."""
    return f"git checkout -- {_words(*paths)}"


def bring_back(module: Path) -> str:
    """Spell what brings a migration and its snapshot back, also if their deletion is committed.

    The newest commit of any branch that has the module is asked for it.
    """
    return bring_back_all([module])


def bring_back_all(modules: Sequence[Path]) -> str:
    """Spell the same for several migrations: the newest commit that has the last one has all."""
    newest = f"git log --all --diff-filter=AM -1 --format=%H -- {_words(modules[-1])}"
    return f"git checkout $({newest}) -- {_words(*(p for each in modules for p in pair(each)))}"


def keep_ours(path: Path) -> str:
    """Spell what ends a merge conflict in a migration or a snapshot: with our side of both."""
    return f"git checkout --ours -- {_words(*pair(path))}"


def pair(path: Path) -> tuple[Path, Path]:
    """Return the paths of a module and its snapshot, given either."""
    folder = path.parent if path.suffix == ".py" else path.parent.parent
    return folder / f"{path.stem}.py", folder / SNAPSHOTS / f"{path.stem}.json"


def _words(*paths: Path) -> str:
    return shlex.join(map(str, paths))


def refuse_other_tool(path: Path, source: bytes) -> None:
    """Raise :exc:`HistoryError` for a migration that another tool wrote: it wants no mending."""
    if _OTHER_TOOL.search(source):
        raise HistoryError(
            f"{path.name} is a migration of another tool",
            where=str(path),
            hint="take over from it: peewee-mig adopt; or name another folder for ours as"
            " `directory` in the configuration",
        )
