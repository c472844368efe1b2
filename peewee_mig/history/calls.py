"""Calls of the classes of third parties, and what a module imports for them, as text."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from peewee_mig.layout import Group, Node, string
from peewee_mig.operations.verbs import Apart, Operation, Origin


def call_of(origin: Origin) -> Node:
    """Return the call that makes an operation, as the formatter leaves it."""
    found = ast.parse(origin.call, mode="eval").body
    if not isinstance(found, ast.Call):
        return origin.call
    keywords = [(f"{each.arg}=" if each.arg else "**", each.value) for each in found.keywords]
    items = [*(("", each) for each in found.args), *keywords]
    start = f"{ast.unparse(found.func)}("
    return Group(start, tuple((word, _argument(each)) for word, each in items), ")")


def _argument(value: ast.expr) -> Node:
    match value:
        case ast.Constant(value=str() as text):
            return string(text)
        case ast.List(elts=items):
            return Group("[", tuple(("", _argument(each)) for each in items), "]")
        case ast.Tuple(elts=[_, _, *_] as items):
            return Group("(", tuple(("", _argument(each)) for each in items), ")")
        case _:
            return ast.unparse(value)


def imports(operations: Sequence[Operation]) -> str:
    """Import our words, and the classes of third parties whose operations are there."""
    names: dict[str, set[str]] = {"peewee_mig": {"op"}}
    for each in operations:
        if isinstance(each, Apart) and each.origin is not None and not each.origin.undone:
            module, _, name = each.origin.path.rpartition(".")
            names.setdefault(module, set()).add(name)
    lines = (f"from {each} import {', '.join(sorted(names[each]))}" for each in sorted(names))
    return "\n".join(lines)
