"""erd: the tables of a snapshot, of the models, or what differs between two, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from peewee_mig.commands.drawing.diagram import Diagram
from peewee_mig.commands.drawing.of_difference import difference_diagram
from peewee_mig.commands.drawing.of_schema import diagram
from peewee_mig.commands.project import Project
from peewee_mig.errors import (
    FailedError,
    HistoryError,
    RefusedError,
    UsageError,
    nearest,
    same_command,
)
from peewee_mig.history import chain
from peewee_mig.history.folder import History, ensure_folder, read_history
from peewee_mig.history.verify import ensure_chained
from peewee_mig.operations.verbs import Operation, in_schema
from peewee_mig.schema.schema import Schema

Format = Literal["mermaid", "dbml", "svg"]
FORMATS: tuple[Format, ...] = get_args(Format)

#: Ending of a file -> the format that it has.
_ENDINGS: dict[str, Format] = {
    ".svg": "svg",
    ".dbml": "dbml",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
}

#: Endings that promise what nobody here draws.
_OTHER_PICTURES = frozenset({".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp"})

#: What stands in the first line of each picture, so that a later one may take its place.
MADE_BY = "made by peewee-mig erd"

#: How many tables an error lists.
_LISTED = 20

#: The words for a side that are no names of migrations.
MODELS, HEAD, ZERO = "models", "head", "zero"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture; ``path``: the file that it was written to."""

    diagram: Diagram
    form: Format
    text: str
    path: Path | None = None

    @property
    def summary(self) -> str:
        """What is drawn, in a few words."""
        count = sum(not box.folded for box in self.diagram.boxes)
        tables = f"{count} table{'' if count == 1 else 's'}"
        if self.diagram.compares:
            tables = (
                f"{tables}, {self.diagram.changes} changed" if self.diagram.changes else "no change"
            )
        return f"{self.diagram.title}, {tables}"

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        whole = [box for box in self.diagram.boxes if not box.folded]
        return {
            "title": self.diagram.title,
            "diagram": self.form,
            "tables": [box.name for box in whole],
            "changed": {box.name: box.status for box in whole if box.status},
            "beside": [note.words for note in self.diagram.beside],
            "path": str(self.path) if self.path else None,
            "text": self.text,
        }


def erd(
    project: Project,
    *,
    what: str = "",
    since: str = "",
    until: str = "",
    form: Format | None = None,
    tables: Sequence[str] = (),
    everything: bool = False,
    output: Path | None = None,
) -> Drawn:
    """Draw ``what``: a migration (the schema after it), ``models``, or ``A..B``; default: the head.

    ``since`` and ``until``: the two sides of a difference, as ``A..B``. ``tables``: patterns of
    names. ``everything``: with a difference, tables without one, too. ``form``: by default as the
    ending of ``output`` says, else Mermaid. A file is written over only if it is such a picture.
    """
    chosen = form or _form(output)
    since, until = _sides(what, since, until)
    sides = _Sides(project)
    if since:
        picture = sides.difference(since, until or HEAD)
        picture = picture if everything or tables else picture.only_changed()
    else:
        picture = sides.single(what or HEAD)
    if tables:
        picture = _only(picture, tables)
    text = f"{_spelled(picture, chosen)}\n"
    if output is not None:
        _write(output, text)
    return Drawn(picture, chosen, text, output)


def _form(output: Path | None) -> Format:
    """Return the format that the ending of a file says; other pictures cannot be made."""
    ending = output.suffix.lower() if output else ""
    if output and ending in _OTHER_PICTURES:
        raise UsageError(
            f"{output} would be a picture of a kind that is not drawn here",
            hint=same_command(str(output.with_suffix(".svg")), in_place_of=[str(output)]),
        )
    return _ENDINGS.get(ending, "mermaid")


def _sides(what: str, since: str, until: str) -> tuple[str, str]:
    if what and (since or until):
        raise UsageError(
            f"{what} and --from exclude each other",
            hint=f"{same_command(without=[what])}; or leave out --from and --to",
        )
    if until and not since:
        raise UsageError(
            f"--to {until} needs the other side",
            hint=f"{same_command('--from', ZERO)}; or the schema itself: peewee-mig erd {until}",
        )
    if ".." in what:
        first, _, second = what.partition("..")
        return first or ZERO, second or HEAD
    return since, until


@dataclass(frozen=True)
class _Sides:
    """Reads the schemas that are drawn."""

    project: Project

    def single(self, name: str) -> Diagram:
        """Draw one schema."""
        full = self._resolved(name)
        return diagram(self._schema(full), self._title(full))

    def difference(self, since: str, until: str) -> Diagram:
        """Draw what becomes of a schema."""
        one, other = self._resolved(since), self._resolved(until)
        return difference_diagram(
            self._schema(one),
            self._schema(other),
            f"from {self._title(one)} to {self._title(other)}",
            self._between(one, other),
        )

    def _resolved(self, name: str) -> str:
        """Return ``models``, ``zero`` or the full name of a migration."""
        if name in (MODELS, ZERO):
            return name
        ensure_folder(self.project.directory, self.project.files)
        return self._head() if name == HEAD else self._history.find(name)

    def _head(self) -> str:
        heads = self._history.heads
        if len(heads) < 2:  # noqa: PLR2004 (one, or none)
            return next(iter(heads), ZERO)
        ensure_chained(self._history)
        ways = [f"peewee-mig erd {name}" for name in (*heads, f"{heads[0]}..{heads[1]}")]
        raise HistoryError(
            f"there are {len(heads)} newest migrations: {' and '.join(heads)}",
            where=str(self.project.directory),
            hint=f"say which, or what differs: {'; or: '.join(ways)}",
        )

    def _schema(self, full: str) -> Schema:
        if full == MODELS:
            from peewee_mig.sources.discover import find_models
            from peewee_mig.sources.read import read_models

            found = find_models(self.project.need_models(), root=self.project.root)
            return read_models(found, self.project.without).schema
        return self._history.schema_at(None if full == ZERO else full)

    def _title(self, full: str) -> str:
        return {MODELS: "the models", ZERO: "nothing"}.get(full, full)

    def _between(self, one: str, other: str) -> Sequence[Operation]:
        """Return the operations that lead from one side to the other, if they do."""
        history = self._history
        past, future = (_reached(history, name) for name in (one, other))
        if MODELS in (one, other) or not past <= future:
            return ()
        between = [each for each in history.migrations if each.name in future - past]
        return [operation for each in between for operation in in_schema(each.operations)]

    @cached_property
    def _history(self) -> History:
        return read_history(self.project.directory, self.project.files)


def _reached(history: History, name: str) -> frozenset[str]:
    """Return what a database has that is at a migration."""
    return frozenset(chain.ancestors(name, history.parents) | {name}) - {ZERO, MODELS}


def _only(picture: Diagram, patterns: Sequence[str]) -> Diagram:
    found = picture.only(patterns)
    if found.boxes:
        return found
    names = [box.name for box in picture.boxes]
    near = nearest(patterns[0], names)
    meant = same_command(near, in_place_of=[patterns[0]]) if near else ""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    known = f"the tables are {', '.join(names[:_LISTED])}{more}"
    raise UsageError(
        f"no table is called {' or '.join(patterns)}",
        hint="; ".join(filter(None, [meant, known if names else "there are no tables"])),
    )


def _spelled(picture: Diagram, form: Format) -> str:
    match form:
        case "mermaid":
            from peewee_mig.commands.drawing.mermaid import er_diagram

            return f"%% {MADE_BY}\n{er_diagram(picture)}"
        case "dbml":
            from peewee_mig.commands.drawing.dbml import dbml

            return f"// {MADE_BY}\n{dbml(picture)}"
        case "svg":
            from peewee_mig.commands.drawing.svg import svg

            return f"<!-- {MADE_BY} -->\n{svg(picture)}"


def _write(output: Path, text: str) -> None:
    """Write a file; :exc:`RefusedError` if there is another one that is no such picture."""
    try:
        if output.exists() and not _is_ours(output):
            raise RefusedError(
                f"{output} is there already, and is no picture of erd's",
                committed="nothing was written",
                hint=f"name another file: {same_command('--output', 'FILE')}; or take it away",
            )
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FailedError(
            f"{output} cannot be written: {error.strerror}",
            where=str(error.filename or output),
            committed="nothing was written",
            hint=f"print the picture: {same_command(without=['--output'])}; or name a place where"
            " you may write",
        ) from error


def _is_ours(output: Path) -> bool:
    """Whether a file is empty or begins as a picture of ours does."""
    with output.open("rb") as file:
        return file.read(200).split(b"\n", 1)[0].strip() in _FIRST_LINES


_FIRST_LINES = (
    b"",
    *(
        f"{mark} {MADE_BY}{end}".encode()
        for mark, end in (("%%", ""), ("//", ""), ("<!--", " -->"))
    ),
)
