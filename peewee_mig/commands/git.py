"""What git knows of the migrations folder; nothing where there is no git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

#: Branches that others start from, where the remote does not say which one that is.
_MAIN = ("main", "master", "trunk")


@dataclass(frozen=True)
class Git:
    """The repository around a folder."""

    folder: Path

    @cached_property
    def is_there(self) -> bool:
        """Whether there is one, with a commit."""
        return self.commit("HEAD") != ""

    @cached_property
    def branch(self) -> str:
        """The branch that is checked out; empty: none."""
        return self._line("symbolic-ref", "--quiet", "--short", "HEAD")

    @cached_property
    def main(self) -> str:
        """The name of the branch that others start from, as far as it can be told."""
        remote = self._line("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
        names = [remote.removeprefix("origin/")] if remote else []
        known = (name for name in (*names, *_MAIN) if self.commit(name) or self._published(name))
        return next(known, "")

    @property
    def upstream(self) -> str:
        """What has the migrations of the others: the main branch, but not if it is this one."""
        if not self.main:
            return ""
        if self._published(self.main):
            return f"origin/{self.main}"
        return "" if self.main == self.branch else self.main

    @property
    def merged(self) -> tuple[str, str] | None:
        """The two sides of the merge under way, or of the last one: this branch, the other."""
        if self.commit("MERGE_HEAD"):
            return "HEAD", "MERGE_HEAD"
        last = self._line("rev-list", "--first-parent", "--merges", "--max-count=1", "HEAD")
        return (f"{last}^1", f"{last}^2") if last else None

    def commit(self, ref: str) -> str:
        """Return the commit that a name stands for; empty: none."""
        return self._line("rev-parse", "--quiet", "--verify", f"{ref}^{{commit}}")

    def migrations(self, ref: str) -> frozenset[str]:
        """Return the names of the modules in the folder at a commit."""
        paths = map(Path, self._run("ls-tree", "--name-only", "-z", ref).split("\0"))
        return frozenset(path.stem for path in paths if path.suffix == ".py")

    def _published(self, name: str) -> bool:
        return bool(self.commit(f"refs/remotes/origin/{name}"))

    def _line(self, *args: str) -> str:
        return next(self._lines(*args), "")

    def _lines(self, *args: str) -> Iterator[str]:
        yield from filter(None, self._run(*args).splitlines())

    def _run(self, *args: str) -> str:
        """Return what git prints; nothing if it fails, or is not there."""
        try:
            done = subprocess.run(  # noqa: S603 (git, with words of ours and names of commits)
                ["git", *args],  # noqa: S607
                cwd=self.folder,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError:
            return ""
        return "" if done.returncode else done.stdout
