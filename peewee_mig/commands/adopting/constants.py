"""Settings that stand in a Python module, read without running it. Pure."""

from __future__ import annotations

import ast
import warnings


def constants(text: str) -> dict[str, object]:
    """Return the names at the top of a module to which a literal is assigned.

    Nothing for a text that is no Python.
    """
    found: dict[str, object] = {}
    for node in _body(text):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = _literal(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = _literal(value)
            case _:
                pass
    return found


def text_of(settings: dict[str, object], name: str, default: str = "") -> str:
    """Return a setting that is a text and not empty; else the default."""
    value = settings.get(name)
    return value if isinstance(value, str) and value else default


def _body(text: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text).body
    except (SyntaxError, ValueError):
        return []


def _literal(value: ast.expr) -> object:
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError):
        return None
