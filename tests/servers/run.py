"""One run of the tests: its folder, and the servers that all of its processes share."""

import fcntl
import json
import os
import shutil
import time
from pathlib import Path

from servers import mariadb, postgres
from servers.account import new_folder
from servers.binaries import MissingError

#: Engine -> the variable with the URL of an administrator, which replaces our own server.
OVERRIDES = {"postgres": "PEEWEE_MIG_TEST_POSTGRES", "mysql": "PEEWEE_MIG_TEST_MYSQL"}

_START = {"postgres": postgres.start, "mysql": mariadb.start}
_PATIENCE = 20
_PAUSE = 0.02


class Run:
    """The folder of a run, as seen by one of its processes."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._alive = None
        self._urls = {}
        self._noted = set()

    @classmethod
    def begin(cls):
        """Start a run; its servers live until :meth:`end`, or as long as this process."""
        run = cls(new_folder())
        run._alive = (run.folder / "alive").open("wb")
        fcntl.lockf(run._alive, fcntl.LOCK_EX)
        return run

    def end(self):
        """Stop the servers, and return when they and the folder are gone."""
        self._alive.close()
        deadline = time.monotonic() + _PATIENCE
        while any((self.folder / engine).exists() for engine in _START):
            if time.monotonic() > deadline:
                raise TimeoutError(f"a server does not end: {self.folder}")
            time.sleep(_PAUSE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def admin(self, engine):
        """Return an administrator's URL, starting the server if this is the first call.

        :exc:`MissingError` if the engine cannot be had; the answer is the same all through
        the run.
        """
        override = os.environ.get(OVERRIDES[engine])
        if override:
            return override
        if engine not in self._urls:
            self._urls[engine] = self._shared(engine)
        return self._urls[engine]

    def note(self, engine):
        """Remember that a test used an engine."""
        if engine not in self._noted:
            (self.folder / f"{engine}.used").touch()
            self._noted.add(engine)

    def used(self, engine):
        """Tell whether any process of the run used an engine."""
        return (self.folder / f"{engine}.used").exists()

    def _shared(self, engine):
        answer = self.folder / f"{engine}.json"
        with (self.folder / f"{engine}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not answer.exists():
                answer.write_text(json.dumps(self._start(engine)), encoding="utf-8")
        found = json.loads(answer.read_text(encoding="utf-8"))
        if "missing" in found:
            raise MissingError(found["missing"])
        return found["url"]

    def _start(self, engine):
        folder = self.folder / engine
        try:
            url = _START[engine](folder, alive=self.folder / "alive")
        except (MissingError, OSError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            return {"missing": str(error)}
        return {"url": url}
