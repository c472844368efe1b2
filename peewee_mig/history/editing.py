"""Edits the text of a migration module where a list of the file format stands. Pure."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from peewee_mig.layout import laid_out, listed, parsed


def with_list(source: bytes, name: str, items: Sequence[str], *, behind: Sequence[str]) -> bytes:
    """Return the text of a module with a list of names; all else stays as it is.

    ``behind``: of these assignments the last one that is there has a new one behind it.
    """
    places = _assigned(source)
    lines = source.splitlines(keepends=True)
    newline = b"\r\n" if lines[0].endswith(b"\r\n") else b"\n"
    text = newline.join(line.encode() for line in laid_out("", f"{name} = ", listed(items), ""))
    if name in places:
        value = places[name].value
        return _replaced(lines, value, text.removeprefix(f"{name} = ".encode()))
    last = max(places[each].end_lineno or 0 for each in behind if each in places)
    before, after = b"".join(lines[:last]), b"".join(lines[last:])
    return before + newline + text + newline + after


def _assigned(source: bytes) -> dict[str, ast.Assign | ast.AnnAssign]:
    """Return the last assignment to each name."""
    found: dict[str, ast.Assign | ast.AnnAssign] = {}
    for node in parsed(source).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr())
            ):
                found[name] = node
            case _:
                pass
    return found


def _replaced(lines: Sequence[bytes], node: ast.expr | None, text: bytes) -> bytes:
    """Put a text in the place of an expression."""
    if node is None or node.end_lineno is None or node.end_col_offset is None:
        raise AssertionError  # what was parsed has an end
    before = b"".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    last = node.end_lineno - 1
    return before + text + lines[last][node.end_col_offset :] + b"".join(lines[last + 1 :])
