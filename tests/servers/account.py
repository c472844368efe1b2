"""Who a server runs as: the caller, or somebody without privileges when that is root."""

import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_NOBODY = 65534


@dataclass(frozen=True)
class Account:
    """The user that a server and its set-up programs run as; None: the caller."""

    uid: int | None = None
    gid: int | None = None

    @property
    def options(self):
        """The arguments of :class:`subprocess.Popen` that make a program run as this user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def make(self, folder):
        """Make a new folder that only this user may read."""
        folder.mkdir(mode=0o700)
        self.own(folder)

    def own(self, folder):
        """Give a folder and all that is in it to this user."""
        if self.uid is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_run(self, program):
        """Tell whether this user may run a program (its folder may be hidden from him)."""
        try:
            done = subprocess.run(
                [program, "--version"], cwd="/", capture_output=True, check=False, **self.options
            )
        except OSError:
            return False
        return done.returncode == 0


def account(preferred):
    """Return who a server runs as: ``preferred`` or nobody if the caller is root."""
    if os.geteuid() != 0:
        return Account()
    for name in (preferred, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return Account(_NOBODY, _NOBODY)


def new_folder():
    """Return a new temporary folder that the users of servers may enter."""
    folder = Path(tempfile.mkdtemp(prefix="peewee_mig_", dir=_open_to_all()))
    folder.chmod(0o711)
    return folder


#: Where files are in memory, and how much room a run of all tests leaves there many times over.
_MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp names it
_ROOM = 4 << 30


def _has_room(folder):
    """Whether servers can have their data in memory: DDL is then up to twice as fast."""
    if "TMPDIR" in os.environ or not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= _ROOM


def _open_to_all():
    wanted = _MEMORY if _has_room(_MEMORY) else Path(tempfile.gettempdir())
    if os.geteuid() != 0:
        return wanted
    for folder in (wanted, Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - mkdtemp names it
        if all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents)):
            return folder
    return wanted
