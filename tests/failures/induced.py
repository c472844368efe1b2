"""A failure as a value, and a project that it is made in.

A case makes a project fail, says what the command must answer, and lets the way out that it
prints ("next: …") be executed, as it stands. Then the command, or what it aimed at, has to succeed.

What is printed is read by one rule for all cases (:func:`ways_out`): a command stands at the end of
its part, at the beginning or after ": "; parts are joined by "; " or ", or" (other ways out) and
"then" (the same way). Words for people in a part that has to come first are no way out.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import peewee

from peewee_mig.cli.main import call
from peewee_mig.sources import importing

PROGRAMS = frozenset(
    [
        "createdb",
        "export",
        "git",
        "mariadb",
        "mkdir",
        "mv",
        "peewee-mig",
        "pip",
        "psql",
        "rm",
        "unset",
    ]
)
STATEMENTS = frozenset(["ALTER", "CREATE", "DELETE", "DROP", "GRANT", "REASSIGN", "UPDATE"])

#: A text in quotation marks, or what joins two parts of a hint; ``then``: of the same way.
_PIECE = re.compile(
    r"(?P<text>(?<![\w'])'[^']*'|\"[^\"]*\"|`[^`]*`|\$\([^)]*\))"
    r"|(?P<then>[,;]?\s+(?:and\s+)?then:?\s+(?:run:?\s+)?)"
    r"|(?P<other>;\s+(?:or:?\s+)?|,\s+or:?\s+)"
)
_NEXT = re.compile(r"\bnext: (.+)$", re.MULTILINE)
_ESCAPE = re.compile(r"\x1b\[\d*m")


@dataclass(frozen=True)
class Case:
    """``setup``: makes the project; ``command``: fails with ``code`` and ``says`` all of this.

    ``take``: which of the ways out that are printed; ``values``: what a person writes in the
    place of words such as VALUE; ``meanwhile``: what goes on while the way out is tried;
    ``quick``: engines of the quick profile; the first one if it is not told.
    ``aim``: what has to succeed at last (the command itself, if it is not told); ``check``: looks
    at the result. ``prose``: the way out is for a person, nothing is executed.
    """

    name: str
    engines: tuple[str, ...]
    setup: Callable[[Project], None]
    command: str
    code: int
    says: tuple[str, ...]
    take: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    meanwhile: Callable[[Project], contextlib.AbstractContextManager[Any]] | None = None
    aim: str | None = None
    check: Callable[[Project], bool] | None = None
    prose: bool = False
    quick: tuple[str, ...] | None = None

    def is_quick(self, engine: str) -> bool:
        return engine in (self.engines[:1] if self.quick is None else self.quick)


@dataclass(frozen=True)
class Answer:
    """What the program said."""

    code: int
    text: str

    @property
    def hints(self) -> list[str]:
        return list(dict.fromkeys(_NEXT.findall(self.text)))


@dataclass
class Project:
    """A folder of a user's. ``database``: of the fixture; none for SQLite in ``app.db``."""

    folder: Path
    engine: str
    database: Any = None
    log: list[str] = field(default_factory=list)
    #: What a setup leaves for its case: a user of the server, words of a person, a session.
    role: str = ""
    port: int = 0
    values: dict[str, str] = field(default_factory=dict)
    writer: Any = None

    @property
    def url(self) -> str:
        return self.database.url if self.database else "sqlite:///app.db"

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, pattern: str, old: str, new: str) -> None:
        """Change the one file of that pattern by hand."""
        (path,) = self.folder.glob(pattern)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def remove(self, pattern: str) -> None:
        for path in self.folder.glob(pattern):
            path.unlink()

    def configure(self, url: str = "", **settings: str) -> None:
        lines = {"models": '["models"]', "database": f'"{url or self.url}"', **settings}
        self.write("peewee_mig.toml", "".join(f"{key} = {text}\n" for key, text in lines.items()))

    def models(self, *classes: str) -> None:
        self.write("models.py", "\n\n".join(["from peewee import *", *classes]) + "\n")

    def cli(self, line: str) -> Answer:
        """Run the program in this process, as if it were one of its own."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = call(shlex.split(line)[1:])
        self._forget_modules()
        text = _ESCAPE.sub("", output.getvalue())
        assert "Traceback" not in text
        assert "a bug in peewee_mig" not in text, text
        self.log.append(f"$ {line}\n{text}[exit {code}]")
        return Answer(code, text)

    def done(self, line: str) -> None:
        answer = self.cli(line)
        assert answer.code == 0, self.story()

    def sql(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner."""
        if not statements:
            return []
        if self.database:
            return self.database.sql(*statements)
        import sqlite3

        with contextlib.closing(sqlite3.connect("app.db", isolation_level=None)) as connection:
            return [connection.execute(each).fetchall() for each in statements][-1]

    def sh(self, line: str) -> int:
        done = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, check=False, timeout=60
        )
        self.log.append(f"$ {line}\n{done.stdout}{done.stderr}[exit {done.returncode}]")
        return done.returncode

    def git(self, *lines: str) -> None:
        script = " && ".join(f"git {line}" for line in lines)
        assert self.sh(script) == 0, self.story()

    def execute(self, line: str) -> int:
        """Do what a person does who pastes a line: in a shell, or in a client of the database."""
        word, _, rest = line.partition(" ")
        if word in STATEMENTS:
            self.log.append(f"> {line}")
            self.sql(line.rstrip(";"))
            return 0
        match word:
            case "peewee-mig" if "--plan" in line:  # it prints SQL, which the owner then runs
                return self._run_script(self.cli(line))
            case "peewee-mig" if rest.startswith("repair"):  # a person says yes
                return self.cli(f"{line} --yes").code
            case "peewee-mig":
                return self.cli(line).code
            case "export":
                name, _, value = shlex.split(rest)[0].partition("=")
                os.environ[name] = value
            case "unset":
                del os.environ[rest]
            case "createdb":  # the client may not be installed where the tests run
                self.sql(f"CREATE DATABASE {shlex.split(line)[-1]}")
            case "mariadb":
                self.sql(shlex.split(line)[-1])
            case "psql":  # on the maintenance database
                self.database._administer(shlex.split(line)[-1])
            case _:
                return self.sh(line)
        return 0

    def _run_script(self, printed: Answer) -> int:
        statements = re.sub(r"^(--|\.bail).*$", "", printed.text, flags=re.MULTILINE).split(";\n")
        self.sql(*filter(None, map(str.strip, statements)))
        return 0

    def story(self) -> str:
        return "\n".join(["", *self.log])

    def _forget_modules(self) -> None:
        """Forget the user's modules, which the next process would read anew."""
        names = {
            name
            for name, module in sys.modules.items()
            if str(getattr(module, "__file__", None)).startswith(str(self.folder))
        }
        importing._evicted.update(
            model for model in importing.descendants(peewee.Model) if model.__module__ in names
        )
        for name in names:
            del sys.modules[name]


def ways_out(hint: str) -> list[list[str]]:
    """Return the ways out of a hint, each as the commands to execute one after the other."""
    found: list[list[str]] = []
    then = False
    for part, joint in _parts(hint):
        command = _command(part)
        if then:
            found[-1].append(command)
        else:
            found.append([command])
        then = joint == "then"
    return [way for way in found if all(way)]


def _parts(hint: str) -> list[tuple[str, str]]:
    """Split a hint; return each part with what joins it to the next one."""
    parts, start = [], 0
    for piece in _PIECE.finditer(hint):
        if piece.lastgroup != "text":
            parts.append((hint[start : piece.start()], str(piece.lastgroup)))
            start = piece.end()
    return [*parts, (hint[start:], "")]


def _command(part: str) -> str:
    """Return the command that a part ends with; empty if it is for people only."""
    for begin in (0, *(found.end() for found in re.finditer(r": ", part))):
        word = part[begin:].split(" ", maxsplit=1)[0]
        if word in PROGRAMS | STATEMENTS:
            return part[begin:].strip()
    return ""


def try_out(case: Case, project: Project) -> bool:
    """Induce the failure, look at the answer, execute the way out; return whether it helped."""
    case.setup(project)
    project.log.append("--- the failure")
    answer = project.cli(case.command)
    assert answer.code == case.code, project.story()
    missing = [each for each in case.says if each not in answer.text]
    assert not missing, f"not said: {missing}{project.story()}"
    assert answer.hints, f"no way out is said{project.story()}"
    ways = [ways_out(hint) for hint in answer.hints]
    if case.prose:
        assert not any(ways), project.story()
        return False
    assert all(len(way) > case.take for way in ways), f"no command is printed{project.story()}"
    chosen = [step for way in ways for step in way[case.take]]
    project.log.append("--- the way out")
    with case.meanwhile(project) if case.meanwhile else contextlib.nullcontext():
        last = _follow(case, project, chosen)
    aim = case.aim if case.aim is not None else _aim(case.command, last)
    if aim:
        assert project.cli(aim).code == 0, f"it does not help{project.story()}"
    if case.check:
        assert case.check(project), f"it is not as it should be{project.story()}"
    return True


def _follow(case: Case, project: Project, way: list[str]) -> str:
    """Execute the steps of a way out; return the last one."""
    for step in way:
        line = step
        for word, value in {**case.values, **project.values}.items():
            line = re.sub(rf"\b{word}\b", lambda _, value=value: value, line)
        code = project.execute(line)
        assert code == 0, f"{line} fails{project.story()}"
    return way[-1]


def _aim(command: str, last: str) -> str:
    """Return the command, unless the way out ended with it in another spelling."""
    same = command.split()[1:2] == last.split()[1:2] and last.startswith("peewee-mig ")
    retyped = last.startswith("peewee-mig ") and (same or command.split()[1] == "migrat")
    return "" if retyped else command
