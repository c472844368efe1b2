"""graph: the migrations and what each depends on, with what a database has of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from peewee_mig.commands.drawing.flow import FlowNode, flowchart
from peewee_mig.commands.drawing.lanes import lines
from peewee_mig.commands.project import Project
from peewee_mig.commands.status import StatusRow, status
from peewee_mig.errors import MigError
from peewee_mig.history.folder import History, ensure_folder, read_history


@dataclass(frozen=True, slots=True)
class Node:
    """A migration in the graph.

    ``state``: as ``status`` says it, empty where no database was asked; ``replaced_by``: the
    squashes that take its place.
    """

    name: str
    depends_on: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    state: str = ""
    applied_at: str = ""
    notes: tuple[str, ...] = ()
    is_head: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "name": self.name,
            "depends_on": list(self.depends_on),
            "replaces": list(self.replaces),
            "replaced_by": list(self.replaced_by),
            "state": self.state or None,
            "applied_at": self.applied_at or None,
            "notes": list(self.notes),
            "head": self.is_head,
        }


@dataclass(frozen=True, slots=True)
class GraphLine:
    """A line of the text: lanes, and the migration that stands on it, if one does."""

    lanes: str
    node: Node | None


@dataclass(frozen=True, slots=True)
class Graph:
    """A history, in the order in which ``migrate`` applies it.

    ``asked``: whether the states of a database are known; ``notes``: why not, if that was meant.
    """

    nodes: tuple[Node, ...]
    heads: tuple[str, ...]
    asked: bool
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[GraphLine, ...]:
        """The graph as text, from the oldest migration to the newest."""
        nodes = {node.name: node for node in self.nodes}
        drawn = lines(tuple(nodes), {name: node.depends_on for name, node in nodes.items()})
        return tuple(GraphLine(each.lanes, nodes.get(each.name)) for each in drawn)

    @property
    def mermaid(self) -> str:
        """The graph as a flowchart of Mermaid."""
        return flowchart(
            FlowNode(each.name, each.depends_on, each.state, each.replaces) for each in self.nodes
        )

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "migrations": [node.to_json() for node in self.nodes],
            "heads": list(self.heads),
            "asked": self.asked,
            "notes": list(self.notes),
        }


def graph(project: Project, *, offline: bool = False) -> Graph:
    """Read the folder, and what the configured database has of it, if there is one.

    A database that does not answer, or whose history cannot be read, is a note: the files alone
    make a graph.
    """
    ensure_folder(project.directory, project.files)
    history = read_history(project.directory, project.files)
    if offline or not project.database:
        return Graph(tuple(_nodes(history, {})), history.heads, asked=False)
    try:
        rows = {row.name: row for row in status(project).rows}
    except MigError as error:
        return Graph(
            tuple(_nodes(history, {})), history.heads, asked=False, notes=(not_known(error),)
        )
    return Graph(tuple(_nodes(history, rows)), history.heads, asked=True)


def not_known(error: MigError) -> str:
    """Say why nothing is told of a database, and the way out."""
    hint = f". next: {error.hint}" if error.hint else ""
    return f"what is applied is not known: {error.message}{hint}"


def _nodes(history: History, rows: Mapping[str, StatusRow]) -> Iterator[Node]:
    heads = history.heads
    history = history.whole
    replaced_by = _replaced_by(history)
    order = {name: place for place, name in enumerate(history.names)}
    for migration in history.migrations:
        node = Node(
            migration.name,
            migration.depends_on,
            migration.replaces,
            replaced_by.get(migration.name, ()),
            is_head=migration.name in heads,
        )
        notes = tuple(_notes(node, order, several=len(heads) > 1))
        yield _with_state(replace(node, notes=notes), rows)
    for name in rows:
        if name not in history.parents:
            yield _with_state(Node(name), rows)


def _replaced_by(history: History) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for migration in history.migrations:
        for name in migration.replaces:
            found[name] = (*found.get(name, ()), migration.name)
    return found


def _with_state(node: Node, rows: Mapping[str, StatusRow]) -> Node:
    row = rows.get(node.name)
    if row is None:
        return node
    notes = (*node.notes, row.note) if row.note else node.notes
    return replace(node, state=row.state, applied_at=row.applied_at, notes=notes)


def _notes(node: Node, order: Mapping[str, int], *, several: bool) -> Iterator[str]:
    if node.is_head and several:
        yield "head"
    if node.replaces:
        yield f"replaces {_range(node.replaces)}"
    if node.replaced_by:
        yield f"replaced by {' and '.join(node.replaced_by)}"
    for parent in node.depends_on:
        if parent not in order:
            yield f"depends on {parent}, which is not there"
        elif order[parent] >= order[node.name]:
            yield f"depends on {parent}, in a circle"


def _range(names: tuple[str, ...]) -> str:
    """Name both of two, the ends of more."""
    if len(names) <= 2:  # noqa: PLR2004 (two are named)
        return " and ".join(names)
    return f"{names[0]} to {names[-1]} ({len(names)})"
