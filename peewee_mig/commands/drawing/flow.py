"""A history as a flowchart of Mermaid, for pages that draw it (GitHub, GitLab, …)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: State of a migration -> how its box is filled.
_COLORS = {
    "applied": "fill:#dafbe1,stroke:#1a7f37,color:#0b3d17",
    "pending": "fill:#fff8c5,stroke:#9a6700,color:#4d3300,stroke-dasharray:4 3",
    "other": "fill:#ffebe9,stroke:#cf222e,color:#6e0b13",
}
#: States that look like another one.
_LIKE = dict.fromkeys(["applied", "baselined", "replaced"], "applied") | {"pending": "pending"}


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A migration; ``state`` empty: it is not known."""

    name: str
    depends_on: tuple[str, ...]
    state: str = ""
    replaces: tuple[str, ...] = ()


def flowchart(nodes: Iterable[FlowNode]) -> str:
    """Draw boxes with arrows to what depends on them; a dotted line to what replaces them."""
    return "\n".join(["flowchart TD", *_lines(tuple(nodes))])


def escaped(text: str) -> str:
    """Write a text between quotation marks: what means something there as its number."""
    return re.sub(r"[^\w ./()-]", lambda found: f"#{ord(found[0])};", text)


def _lines(nodes: tuple[FlowNode, ...]) -> Iterator[str]:
    ids = {node.name: f"m{number}" for number, node in enumerate(nodes)}
    for node in nodes:
        state = f"<br/>{escaped(node.state)}" if node.state else ""
        yield f'  {ids[node.name]}["{escaped(node.name)}{state}"]'
    for node in nodes:
        for parent in node.depends_on:
            if parent in ids:
                yield f"  {ids[parent]} --> {ids[node.name]}"
        for replaced in node.replaces:
            if replaced in ids:
                yield f"  {ids[replaced]} -.-> {ids[node.name]}"
    classes: dict[str, list[str]] = {}
    for node in nodes:
        if node.state:
            classes.setdefault(_LIKE.get(node.state, "other"), []).append(ids[node.name])
    for name, members in classes.items():
        yield f"  classDef {name} {_COLORS[name]}"
        yield f"  class {','.join(members)} {name}"
