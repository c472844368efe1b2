"""Keep a server for as long as a run of the tests lives, then stop it and remove its data.

Run as a program of its own, so that it survives whatever kills the run:
``keeper.py ALIVE FOLDER SIGNAL UID GID COMMAND…``. The run holds a lock on the file ALIVE,
which the system releases when the process ends, however it ends. UID may be empty.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

#: The file that says that the server has ended, wanted or not.
ENDED = "ended"

_PATIENCE = 10


def main(alive, folder, how, uid, gid, *command):
    """Start the command in the folder; stop it when the run is over."""
    who = {"user": int(uid), "group": int(gid), "extra_groups": []} if uid else {}
    folder = Path(folder)
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **who
        )
    threading.Thread(target=_stop_after, args=(alive, server, int(how)), daemon=True).start()
    server.wait()
    (folder / ENDED).touch()
    _wait_until_over(alive)
    shutil.rmtree(folder, ignore_errors=True)
    # A run that was killed leaves this to us; the last of several keepers finds it empty.
    shutil.rmtree(folder.parent, ignore_errors=True)


def _stop_after(alive, server, how):
    _wait_until_over(alive)
    server.send_signal(how)
    try:
        server.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGKILL)


def _wait_until_over(alive):
    try:
        with Path(alive).open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH)
    except FileNotFoundError:
        return


if __name__ == "__main__" and os.fork() == 0:  # the caller need not wait for it
    os.setsid()
    main(*sys.argv[1:])
