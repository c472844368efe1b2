"""Everything that is printed goes through here: prose, results, JSON, errors.

Without ``--json`` results go to stdout. With it stdout has exactly one JSON object, and
prose goes to stderr. A reader that goes away (``| head``) never stops a migration.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from peewee_mig.cli.again import spelled
from peewee_mig.errors import GuardError, HookError, MigError, ModelError, SeedError, UsageError

#: What the words of somebody else are, by the class of an error: as a rule, the database's.
_ORIGINAL: dict[type[MigError], str] = {
    UsageError: "reason",
    ModelError: "reason",
    SeedError: "reason",
    HookError: "reason",
    GuardError: "also",
}

#: A command in a message, up to where its own options begin.
_COMMAND = re.compile(
    r"\bpeewee-mig (?:generate|migrate|rollback|status|push|baseline|diff|sql|check|drop|snapshot"
    r"|graph|show|erd|pull|adopt|reset|explain|repair|seed|rebase|merge|squash)\b(?! --help)"
)

#: The number of the JSON form; it changes when a script could break.
FORMAT = 1


@dataclass(slots=True)
class Output:
    """What to print, and how."""

    json: bool = False
    quiet: bool = False
    verbose: int = 0
    color: str = "auto"
    #: What stderr has: text, or a line of JSON for each thing that happens.
    log: str = "text"
    #: The common options that were given, for the commands that messages name.
    repeated: str = ""
    #: The arguments of this call, for messages that name the same command.
    args: tuple[str, ...] = ()

    def undisturbed(self) -> AbstractContextManager[object]:
        """Keep what functions of the user's print away from the JSON object."""
        return redirect_stdout(sys.stderr) if self.json else nullcontext()

    @property
    def logs_json(self) -> bool:
        """Whether stderr has lines of JSON only."""
        return self.log == "json"

    def log_event(self, event: Mapping[str, object]) -> None:
        """Print a line of JSON, if the log has that form."""
        if self.logs_json:
            from peewee_mig.cli.log import log_line

            self._write(sys.stderr, log_line(event))

    def say(self, text: str = "") -> None:
        """Print prose; ``-q`` leaves it out."""
        if self.quiet:
            return
        if self.json and self.logs_json:
            self.log_event({"event": "message", "text": self.pasteable(text).strip()})
        else:
            self._write(sys.stderr if self.json else sys.stdout, self.pasteable(text))

    def show(self, text: str) -> None:
        """Print the result itself; with ``--json`` the object has it."""
        if not self.json:
            self._write(sys.stdout, text)

    def detail(self, text: str) -> None:
        """Print what only ``-v`` shows."""
        if self.verbose and not self.logs_json:
            self._write(sys.stderr, text)

    def warn(self, text: str) -> None:
        """Print a warning."""
        if self.logs_json:
            self.log_event({"event": "warning", "text": self.pasteable(text)})
            return
        head = self.styled("warning:", "yellow", sys.stderr)
        self._write(sys.stderr, f"{head} {self.pasteable(text)}")

    def emit(self, payload: Mapping[str, object]) -> None:
        """Print the one JSON object, if it was asked for."""
        if self.json:
            content = {"format": FORMAT, **payload}
            self._write(sys.stdout, json.dumps(content, indent=2, default=str))

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Print columns, each as wide as its widest value."""
        lines = [list(row) for row in rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.show("  ".join(cells).rstrip())

    def fail(self, error: MigError) -> int:
        """Print an error in its one form, as an object too, and return its exit code."""
        self.describe(error)
        self.emit(error.to_json())
        return error.exit_code

    def describe(self, error: MigError, of: str = "") -> None:
        """Print an error in its one form. ``of``: which of many things it is about."""
        error.hint = self.pasteable(error.hint)
        error.diagnosis = tuple(map(self.pasteable, error.diagnosis))
        if self.logs_json:
            tenant = {"tenant": of} if of else {}
            self.log_event({"event": "error", **tenant, **error.to_json()})
        else:
            self._print_error(error, of)

    def _print_error(self, error: MigError, of: str) -> None:
        head = self.styled("error:", "red", sys.stderr)
        self._write(sys.stderr, f"{head} {f'{of}: ' * bool(of)}{error.message}")
        fields = {
            "where": error.where,
            "statement": error.statement,
            _ORIGINAL.get(type(error), "database"): error.original,
            "diagnosis": "\n".join(error.diagnosis),
            "committed": error.committed,
        }
        for name, value in fields.items():
            if value:
                self._write(sys.stderr, f"  {name + ':':<11}{_indented(value)}")
        if error.hint:
            self._write(sys.stderr, f"{self.styled('next:', 'cyan', sys.stderr)} {error.hint}")

    def pasteable(self, text: str) -> str:
        """Let the commands that a message names work on what this one worked on."""
        named = _COMMAND.sub(lambda found: f"{found[0]}{self.repeated}", text)
        return spelled(named, self.args)

    def styled(self, text: str, color: str, stream: TextIO | None = None) -> str:
        """Colour a word, if the stream wants colours."""
        wanted = _wants_color(self.color, stream or sys.stdout)
        return click.style(text, fg=color, bold=True) if wanted else text

    def _write(self, stream: TextIO | None, text: str) -> None:
        if stream is None:  # closed; print() would take standard output
            return
        try:
            print(text, file=stream, flush=True)
        except BrokenPipeError:
            silence(stream)


def shown(place: str | Path) -> str:
    """Spell a file as a person in the current folder would; a URL as it is."""
    path, folder = Path(place), Path.cwd()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(place)


def silence(stream: TextIO) -> None:
    """Send what else is printed to nowhere: the reader is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits there; Python has ``None`` for a stream that was closed."""
    return stream is not None and stream.isatty()


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n" + " " * 13)


def _wants_color(choice: str, stream: TextIO) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)
