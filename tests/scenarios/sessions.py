"""Pages of Markdown with terminal sessions: write their files, run their commands, compare.

A page runs from top to bottom in one empty folder:

* A block with ``title="models.py"`` is written to that file. If the file is there and the block
  holds only classes, they replace the classes of the same names.
* A ``console`` block is a session: each ``$ `` begins a command, what follows is its output,
  ``[exit 5]`` is an exit code other than 0. With ``type="y,A1,^D"`` the session has a terminal
  and somebody who types these answers (``^D`` closes the input).
* A ``layout`` block names a project of another tool (tests/adopting): its files and database take
  the place of all files but ``peewee_mig.toml``.
* ``console elsewhere``: somebody else runs it (.ci/run, the first screen of README.md).
* What stands in an HTML comment runs as well, but readers do not see it.
* ``postgresql://localhost/app``, ``…/prototype`` and ``mysql://localhost/app`` are empty databases
  of servers that the tests start.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import pty
import re
import select
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: What differs from run to run -> what stands for it on a page.
VARYING = (
    (re.compile(r"\b\d+\.\d\d s\b"), "0.01 s"),
    (re.compile(r'("seconds": )[\d.]+'), r"\g<1>0.01"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00"), "2026-05-01T09:30:00.000+00:00"),
    # duration, user and host, version in the statement that records a migration
    (re.compile(r"[\d.e-]+, '[^']+@[^']+', '[\d.]+'"), "0.01, 'ada@laptop', '0.1.0'"),
    (re.compile(r"(?<=, by )[\w.-]+@[\w.-]+(?=, with peewee-mig)"), "ada@laptop"),
    (re.compile(r'(?<="applied_by": ")[^"]+'), "ada@laptop"),
    (re.compile(r'(INSERT INTO "peewee_mig_history") .*'), r"\1 (...) VALUES (...);"),
    (re.compile(r"(?<=\bon )SQLite 3(\.\d+)+"), "SQLite 3.45.1"),
    (re.compile(r'(?<="server": ")SQLite 3(\.\d+)+'), "SQLite 3.45.1"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)
HOME = "/home/ada/project"
#: URL on a page -> the fixture that makes such a database.
SERVERS = {
    "postgresql://localhost/app": "postgres",
    "postgresql://localhost/prototype": "postgres",
    "mysql://localhost/app": "mysql",
}
TIMEOUT = 60
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "peewee",
        "sqlite3",
        *(
            ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for folder in ("cli", "commands")
            for path in sorted((ROOT / "peewee_mig" / folder).glob("[a-z]*.py"))
        ),
    ]
)


@dataclass(frozen=True)
class Command:
    """A command of a session, and what the page says that it prints."""

    source: str
    output: str

    @property
    def line(self) -> str:
        """Return what the shell gets."""
        return re.sub(r"\\\n(> )?", " ", self.source)


@dataclass(frozen=True)
class Shell:
    """An empty folder with ``peewee-mig`` on its path.

    ``servers``: what a page calls a database -> where it is.
    """

    folder: Path
    tools: Path
    servers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, place: Path, servers: Mapping[str, str]) -> Shell:
        """Make the folder and the programs."""
        shell = cls(place / "project", place / "bin", servers)
        shell.folder.mkdir()
        shell.tools.mkdir()
        shell._program("python", f'exec {shlex.quote(sys.executable)} "$@"')
        shell._program("peewee-mig", f'exec {shlex.quote(sys.executable)} -m peewee_mig "$@"')
        return shell

    def run(self, line: str, typed: Sequence[str] | None = None) -> str:
        """Run a command; return what it prints, and its exit code unless that is 0."""
        for name, url in self.servers.items():
            line = line.replace(name, url)
        if typed is not None:
            code, output = self._with_terminal(line, typed)
        elif line.startswith("peewee-mig ") and not re.search(r"[|&;<>$`*]", line):
            code, output = self._forked(shlex.split(line)[1:])
        else:
            done = subprocess.run(
                ["bash", "-c", line],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=TIMEOUT,
                check=False,
            )
            code, output = done.returncode, done.stdout.decode()
        text = output.replace(str(self.folder), HOME).replace(str(self.folder.parent), "/home/ada")
        text = self._by_their_names(text)
        if text and not text.endswith("\n"):
            text += "\n"
        return text + (f"[exit {code}]\n" if code else "")

    def lay_out(self, files: Mapping[str, str]) -> None:
        """Put files in place of those that are there; ``database.sql`` makes the database."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "peewee_mig.toml":
                path.unlink()
        for title, text in files.items():
            if title != "database.sql":
                self.write(title, text)
        with closing(sqlite3.connect(self.folder / "library.db")) as connection:
            connection.executescript(files["database.sql"])

    def _by_their_names(self, text: str) -> str:
        """Call databases as the page does."""
        for name, url in self.servers.items():
            text = text.replace(url, name)
        return text

    def write(self, title: str, text: str) -> None:
        """Write a file, or replace classes in it."""
        path = self.folder / title
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".py" and path.exists() and _only_classes(text):
            text = _replace_classes(path.read_text(encoding="utf-8"), text)
        path.write_text(text, encoding="utf-8")

    def _program(self, name: str, body: str) -> None:
        path = self.tools / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "HOME": str(self.folder.parent),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",  # models change faster than the clock of a cache
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_COUNT": "3",
            "GIT_CONFIG_KEY_0": "user.name",
            "GIT_CONFIG_VALUE_0": "Ada",
            "GIT_CONFIG_KEY_1": "user.email",
            "GIT_CONFIG_VALUE_1": "ada@example.com",
            "GIT_CONFIG_KEY_2": "init.defaultBranch",
            "GIT_CONFIG_VALUE_2": "main",
        }

    def _forked(self, args: Sequence[str]) -> tuple[int, str]:
        """Run the program in an interpreter of its own that has imported it already."""
        output = self.folder.parent / "output"
        process = _FORKS.Process(
            target=_child, args=(args, str(self.folder), self._environment(), str(output))
        )
        process.start()
        process.join(TIMEOUT)
        assert process.exitcode is not None, f"still running: {args}"
        return process.exitcode, output.read_text(encoding="utf-8")

    def _with_terminal(self, line: str, typed: Sequence[str]) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self._environment(),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        output = _converse(ours, list(typed))
        os.close(ours)
        return process.wait(TIMEOUT), output.replace("\r\n", "\n")


def _layout(name: str) -> dict[str, str]:
    """Return the files of a project of another tool, with the models of all of them."""
    pages = (ROOT / "tests" / "adopting" / f"{each}.md" for each in ("models", name))
    blocks = (block for page in pages for block in BLOCK.finditer(page.read_text("utf-8")))
    return {block[2].split('"')[1]: block[3] for block in blocks}


def run_page(text: str, place: Path, database: Callable[[str], str]) -> str:
    """Run a page; return it with the output that the commands have now.

    ``database``: makes an empty database by the name of its fixture, and returns its URL.
    """
    servers = {name: database(of) for name, of in SERVERS.items() if name in text}
    shell = Shell.in_folder(place, servers)
    parts, end = [], 0
    for block in BLOCK.finditer(text):
        parts.append(text[end : block.start(3)])
        parts.append(_run_block(shell, block))
        end = block.end(3)
    return "".join([*parts, text[end:]])


def has_sessions(text: str) -> bool:
    """Whether there is something to run."""
    return any(block[1] == "console" for block in BLOCK.finditer(text))


def normal(text: str) -> str:
    """Replace what differs from run to run."""
    for pattern, constant in VARYING:
        text = pattern.sub(constant, text)
    return text


def commands(session: str) -> Iterator[Command]:
    """Read the commands of a session with their outputs."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        source = re.match(r"(?:[^\n]*\\\n)*[^\n]*\n", part)
        assert source, part
        yield Command(source[0].removesuffix("\n"), part[source.end() :])


def _run_block(shell: Shell, block: re.Match[str]) -> str:
    if block[1] == "layout":
        shell.lay_out(_layout(block[3].strip()))
    if title := re.search(r'title="([^"]+)"', block[2]):
        shell.write(title[1], block[3])
        return block[3]
    if block[1] != "console" or "elsewhere" in block[2]:
        return block[3]
    typed = re.search(r'type="([^"]*)"', block[2])
    answers = typed[1].split(",") if typed else None
    return "".join(
        f"$ {each.source}\n{_now(each, shell.run(each.line, answers))}"
        for each in commands(block[3])
    )


def _now(command: Command, output: str) -> str:
    """Keep what the page says if it says the same."""
    same = normal(command.output.rstrip("\n")) == normal(output.rstrip("\n"))
    gap = "\n" if command.output.endswith("\n\n") else ""
    return command.output if same else normal(output) + gap


def _child(args: Sequence[str], folder: str, environment: dict[str, str], output: str) -> None:
    """Become a process that a shell started in this folder."""
    from peewee_mig.cli.main import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = True
    sys.path[:] = ["", *(each for each in sys.path if not each.startswith(str(ROOT / "tests")))]
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.argv = ["peewee-mig", *args]
    main()


def _converse(terminal: int, typed: list[str]) -> str:
    """Type an answer at each prompt (a line that has not ended); return the whole screen."""
    screen = b""
    while select.select([terminal], [], [], TIMEOUT)[0]:
        try:
            shown = os.read(terminal, 4096)
        except OSError:  # the last program has closed the terminal
            break
        if not shown:
            break
        screen += shown
        if screen.endswith(b" ") and typed:
            answer = typed.pop(0)
            os.write(terminal, b"\x04" if answer == "^D" else f"{answer}\n".encode())
    assert not typed, f"nobody asked for {typed}: {screen.decode()}"
    return screen.decode()


def _only_classes(text: str) -> bool:
    return all(isinstance(node, ast.ClassDef) for node in ast.parse(text).body)


def _replace_classes(old: str, new: str) -> str:
    for node in ast.parse(new).body:
        assert isinstance(node, ast.ClassDef)
        source = "\n".join(new.splitlines()[node.lineno - 1 : node.end_lineno])
        found = re.search(rf"^class {node.name}\b.*?(?=^\S|\Z)", old, re.MULTILINE | re.DOTALL)
        body = f"{source}\n\n\n"
        old = f"{old[: found.start()]}{body}{old[found.end() :]}" if found else f"{old}\n\n{body}"
    return old.rstrip("\n") + "\n"
