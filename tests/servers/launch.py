"""Start a server under its keeper, and wait until it answers."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from servers import keeper
from servers.binaries import MissingError

_PATIENCE = 60
_PAUSE = 0.05
_LAST_LINES = 12


def free_port():
    """Return a port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def set_up(command, folder, account):
    """Run a program that prepares the data; :exc:`MissingError` with its words if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **account.options,
    )
    if done.returncode != 0:
        raise MissingError(f"{Path(command[0]).name} failed: {_tail(done.stdout)}")


def start(command, folder, account, *, alive, stop=signal.SIGKILL):
    """Start a server whose keeper ends it with the signal ``stop`` when the run is over."""
    uid, gid = ("", "") if account.uid is None else (account.uid, account.gid)
    parts = [sys.executable, keeper.__file__, alive, folder, int(stop), uid, gid, *command]
    with (folder / "keeper.log").open("ab") as log:
        subprocess.run(
            [str(part) for part in parts],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=True,
        )


def wait_until_answers(ask, folder):
    """Return when the server tells by ``ask`` where its data is.

    :exc:`MissingError` with the log if it never does, or if it is not in ``folder``: then
    somebody else's server took the port meanwhile.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            data = ask()
        except Exception as error:
            if (folder / keeper.ENDED).exists() or time.monotonic() > deadline:
                raise MissingError(f"no answer ({error}): {_logs(folder)}") from error
            time.sleep(_PAUSE)
        else:
            break
    if not Path(data).is_relative_to(folder):
        raise MissingError(f"another server answers, with its data in {data}")


def _logs(folder):
    files = (folder / "server.log", folder / "keeper.log")
    return _tail("".join(file.read_text(errors="replace") for file in files if file.exists()))


def _tail(text):
    return " | ".join(text.split("\n")[-_LAST_LINES:]).strip(" |")
