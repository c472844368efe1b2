"""Runs what compose.yaml says as processes, in its order, from the files of the Dockerfile."""

import os
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

import small_yaml

ROOT = Path(__file__).parents[2]
TIMEOUT = 60


def built(place, *, ignoring=(), dockerfile=ROOT / "Dockerfile"):
    """Lay out the working folder of the image as its last stage copies it; return it."""
    folder = place / "image"
    folder.mkdir()
    patterns = [*(ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines(), *ignoring]
    for sources, target in copies(dockerfile):
        for source in sources:
            _copy(source, folder / target, patterns, several=target.endswith("/"))
    return folder


def stages(dockerfile=ROOT / "Dockerfile"):
    """Return the instructions of each stage: word and rest, lines joined."""
    text = re.sub(r"\\\n\s*", "", dockerfile.read_text(encoding="utf-8"))
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    found = []
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, rest.strip()))
    return found


def copies(dockerfile=ROOT / "Dockerfile", stage=-1):
    """Yield what a stage copies from the context: the sources and the target."""
    for word, rest in stages(dockerfile)[stage]:
        if word == "COPY" and "--from" not in rest:
            *sources, target = rest.split()
            yield sources, target


def is_sent(path, patterns):
    """Whether a file of the context is sent: the last pattern that it, or what holds it, has."""
    sent = True
    around = [path, *path.parents]
    for pattern in filter(None, patterns):
        if pattern.startswith("#"):
            continue
        word = pattern.removeprefix("!").removeprefix("**/")
        deep = "**/" in pattern
        for each in around:
            if fnmatch(each.name if deep else each.as_posix(), word) and each.name:
                sent = pattern.startswith("!")
    return sent


def _copy(source, target, patterns, *, several):
    path = ROOT / source
    assert path.exists(), f"the Dockerfile copies {source}, which is not there"
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.is_file() and is_sent(file.relative_to(ROOT), patterns):
            inside = file.relative_to(path) if path.is_dir() else file.name if several else ""
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target / inside)


class Door:
    """A PostgreSQL server that asks for a password, on a port where nobody answers until it opens.

    Whoever knows the password gets a database of the tests' server, whatever it is called.
    """

    def __init__(self, url, password):
        self._parts = urlsplit(url)
        self._password = password.encode()
        self._listening = None
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def open(self):
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def close(self):
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None

    def is_open(self):
        return self._listening is not None

    def _accept(self, listening):
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with closing(client), suppress(OSError, struct.error):
            request = _packet(client)
            while _code(request) in (80877103, 80877104):  # encryption
                client.sendall(b"N")
                request = _packet(client)
            if _code(request) == 196608 and not self._lets_in(client):
                return
            address = (self._parts.hostname, self._parts.port or 5432)
            with closing(socket.create_connection(address)) as server:
                server.sendall(self._renamed(request))
                there = threading.Thread(target=_pump, args=(client, server), daemon=True)
                there.start()
                _pump(server, client)

    def _lets_in(self, client):
        client.sendall(b"R" + struct.pack("!II", 8, 3))
        assert _exactly(client, 1) == b"p"
        if _packet(client)[4:].rstrip(b"\0") == self._password:
            return True
        fields = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "app"\0\0'
        client.sendall(b"E" + struct.pack("!I", len(fields) + 4) + fields)
        return False

    def _renamed(self, request):
        """Name the user and the database as the tests' server knows them."""
        if _code(request) != 196608:
            return request
        words = request[8:].rstrip(b"\0").split(b"\0")
        values = dict(zip(words[::2], words[1::2], strict=True))
        values[b"user"] = (self._parts.username or "postgres").encode()
        values[b"database"] = self._parts.path.lstrip("/").encode()
        body = b"".join(key + b"\0" + value + b"\0" for key, value in values.items()) + b"\0"
        return struct.pack("!II", len(body) + 8, 196608) + body


def _packet(client):
    head = _exactly(client, 4)
    return head + _exactly(client, struct.unpack("!I", head)[0] - 4)


def _code(packet):
    return struct.unpack("!I", packet[4:8])[0]


def _exactly(client, size):
    found = b""
    while len(found) < size:
        part = client.recv(size - len(found))
        if not part:
            raise OSError
        found += part
    return found


def _pump(source, target):
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Compose:
    """The services of a compose file. ``door``: the database, which is not started as a process.

    ``environment``: of whoever calls compose; ``changed``: replaces texts of the file.
    """

    def __init__(self, image, door, environment=None, changed=None):
        text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
        for old, new in (changed or {}).items():
            assert old in text
            text = text.replace(old, new)
        self.services = small_yaml.load(_interpolated(text, environment or {}))["services"]
        self.image = image
        self.door = door
        self.port = Door("//", "").port
        self.processes = {}
        self._started = []
        self.order = []
        self._bin = _programs(image.parent)

    def up(self):
        """Start the services; return the exit codes of those that ended, by their names."""
        codes = {}
        for name in self._sorted():
            if all(self._is_met(*each, codes) for each in self._needs(name).items()):
                self.order.append(name)
                if self.services[name].get("image", "").startswith("postgres"):
                    continue
                self.start(name)
        return codes

    def start(self, name, command=None, **environment):
        """Start a service, or another command in its place."""
        process = subprocess.Popen(
            command or self.services[name].get("command") or _default_command(),
            cwd=self.image,
            env={**self._environment(name), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._started.append(process)
        self.processes[name] = process
        return process

    def run(self, name, command, **environment):
        """Run a command in place of that of a service (``docker compose run``)."""
        process = self.start(name, shlex.split(command), **environment)
        output, _ = process.communicate(timeout=TIMEOUT)
        return process.returncode, output

    def is_healthy(self, name):
        """Run the health check of a service once."""
        first, *command = self.services[name]["healthcheck"]["test"]
        assert first == "CMD"
        if command[0] == "pg_isready":
            assert "--host=127.0.0.1" in command, "else the server of the set-up answers too"
            return self.door.is_open()
        done = subprocess.run(
            command, cwd=self.image, env=self._environment(name), capture_output=True, check=False
        )
        return done.returncode == 0

    def down(self):
        for process in self._started:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            process.stdout.close()

    def output(self, name):
        output, _ = self.processes[name].communicate(timeout=TIMEOUT)
        return output

    def _needs(self, name):
        return self.services[name].get("depends_on", {})

    def _sorted(self):
        waiting, done = dict(self.services), []
        while waiting:
            ready = next(name for name in waiting if set(self._needs(name)) <= set(done))
            done.append(ready)
            del waiting[ready]
        return done

    def _is_met(self, name, need, codes):
        if name not in self.order:
            return False
        if need["condition"] == "service_healthy":
            return _wait_until(lambda: self.is_healthy(name))
        assert need["condition"] == "service_completed_successfully"
        if name not in codes:
            codes[name] = self.processes[name].wait(TIMEOUT)
        return codes[name] == 0

    def _environment(self, name):
        """Only what the file and the image say: nothing of this machine but the system's path."""
        values = self.services[name]["environment"]
        known = {key: "" if value is None else str(value) for key, value in values.items()}
        known["DATABASE_URL"] = known["DATABASE_URL"].replace(
            "@db/", f"@127.0.0.1:{self.door.port}/"
        )
        return {
            **known,
            "PATH": f"{self._bin}:{os.defpath}",
            "PYTHONPATH": str(self._bin.parent / "site"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "PORT": str(self.port),
        }


def _default_command():
    (command,) = [rest for word, rest in stages()[-1] if word == "CMD"]
    return small_yaml.load(f"command: {command}")["command"]


def _programs(place):
    """Make the ``/venv`` of the image: ``python``, ``peewee-mig``, and the package alone."""
    programs, site = place / "venv" / "bin", place / "venv" / "site"
    if not programs.exists():
        programs.mkdir(parents=True)
        site.mkdir()
        (site / "peewee_mig").symlink_to(ROOT / "peewee_mig")
        start = "from peewee_mig.cli.main import main; main()"
        for name, options in (("python", ""), ("peewee-mig", f"-P -c {shlex.quote(start)} ")):
            path = programs / name
            path.write_text(
                f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {options}"$@"\n', encoding="utf-8"
            )
            path.chmod(0o755)
    return programs


def _interpolated(text, environment):
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: environment.get(m[1]) or m[2], text)


def _wait_until(condition):
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False
