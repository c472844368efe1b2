"""What a picture of a schema shows, as values: boxes with rows, and the lines between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from peewee_mig.schema.objects import Column, ForeignKey, Table
from peewee_mig.schema.standalone import EnumType

#: What became of a thing between two schemas; empty: nothing, or there is only one schema.
Status = Literal["", "added", "removed", "changed"]

#: A column of the primary key, of a foreign key, or one whose values are unique.
Mark = Literal["PK", "FK", "UK"]

#: Status -> the sign that stands before what has it.
SIGNS: dict[Status, str] = {"": "", "added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Row:
    """A column in a box; ``words``: if it changed, what it is now, and was before."""

    column: Column
    marks: tuple[Mark, ...] = ()
    status: Status = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A line of words: an index or a check of a box, or an object that no box shows."""

    words: str
    status: Status = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A table, or what is read like one.

    ``table``: its definition, after a difference if it is there then; ``None`` for a view and a
    virtual table, of which ``kind`` says so. ``was``: its former name. ``folded``: only its name
    is shown, since it is there for a line that leads to it.
    """

    name: str
    kind: str = ""
    rows: tuple[Row, ...] = ()
    notes: tuple[Note, ...] = ()
    table: Table | None = None
    status: Status = ""
    was: str = ""
    folded: bool = False

    @property
    def title(self) -> str:
        """The name, and what it is if it is no table."""
        return f"{self.name} ({self.kind})" if self.kind else self.name

    @property
    def is_changed(self) -> bool:
        """Whether anything in the box has a status."""
        parts = (*(row.status for row in self.rows), *(note.status for note in self.notes))
        return bool(self.status) or any(parts)


@dataclass(frozen=True, slots=True)
class Link:
    """A line from a box to the one that it refers to, or reads.

    ``key``: the foreign key; ``None``: a view reads. ``optional``: a row may refer to none;
    ``single``: at most one row refers to a row.
    """

    box: str
    referred: str
    key: ForeignKey | None = None
    optional: bool = False
    single: bool = False
    status: Status = ""

    @property
    def label(self) -> str:
        """The columns of the key; for a view, what it does."""
        return ", ".join(self.key.columns) if self.key else "reads"


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture; every link leads from one of the boxes to one of them.

    ``title``: what of; ``compares``: whether statuses are shown; ``beside``: objects without a
    box; ``enums``: those types among them.
    """

    title: str
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    beside: tuple[Note, ...] = ()
    enums: tuple[EnumType, ...] = ()
    compares: bool = False

    @property
    def changes(self) -> int:
        """How many boxes, and objects without one, changed."""
        return sum(each.is_changed for each in self.boxes) + sum(
            bool(each.status) for each in self.beside
        )

    def only(self, patterns: Iterable[str]) -> Diagram:
        """Return the part with tables of such names, and those next to them by name only.

        ``patterns``: with ``*``, ``?`` and ``[...]``, where case counts.
        """
        wanted = tuple(patterns)
        names = (box.name for box in self.boxes)
        whole = {name for name in names if any(fnmatchcase(name, each) for each in wanted)}
        links = [link for link in self.links if link.box in whole or link.referred in whole]
        return self._whole(whole, links)

    def only_changed(self) -> Diagram:
        """Return the part that changed, and the tables that it refers to by name only."""
        changed = {link.box for link in self.links if link.status}
        whole = {box.name for box in self.boxes if box.is_changed or box.name in changed}
        return self._whole(whole, [link for link in self.links if link.box in whole])

    def _whole(self, whole: Collection[str], links: Sequence[Link]) -> Diagram:
        ends = {end for link in links for end in (link.box, link.referred)}
        boxes = [
            box if box.name in whole else replace(box, folded=True)
            for box in self.boxes
            if box.name in ends or box.name in whole
        ]
        return replace(self, boxes=tuple(boxes), links=tuple(links))
