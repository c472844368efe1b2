"""Where a model and its attributes are written, for messages."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from peewee import Model

from peewee_mig.errors import ModelError


@dataclass(frozen=True, slots=True)
class Body:
    """A class in a source file: its line, and the lines of what its body assigns."""

    line: int
    attributes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a model: where it is written, and what it is."""

    where: str
    text: str


def refuse(findings: Sequence[Finding], hint: str) -> None:
    """Raise one :exc:`ModelError` that tells all findings; none: do nothing."""
    if not findings:
        return
    if len(findings) == 1:
        raise ModelError(findings[0].text, where=findings[0].where, hint=hint)
    lines = "".join(f"\n  {each.where}  {each.text}" for each in findings)
    raise ModelError(
        f"the models have {len(findings)} problems:{lines}", where=findings[0].where, hint=hint
    )


def place(model: type[Model], attribute: str = "") -> str:
    """Return ``models/people.py:12`` of a model, or of an attribute that its class has.

    An inherited attribute is where it is inherited from; a many-to-many table that Peewee
    makes is where its field is. What no source tells is the place of the model, or empty.
    """
    maker = _maker(model)
    if maker is not None:
        return place(maker.model, maker.name)
    for owner in model.__mro__ if attribute else ():
        body = find_body(owner)
        if body is not None and attribute in body.attributes:
            return f"{_file(owner)}:{body.attributes[attribute]}"
    body = find_body(model)
    return f"{_file(model)}:{body.line}" if body else _file(model)


def find_body(model: type[Any]) -> Body | None:
    """Return the class as written, if its source is found."""
    return _bodies(_path(model)).get(model.__qualname__)


def _maker(model: type[Model]) -> Any:  # noqa: ANN401 (Peewee has no types)
    """Return the many-to-many field that made this model, if one did."""
    if model.__module__ != "peewee":
        return None
    return next(
        (
            field
            for referred in model._meta.model_refs
            for field in referred._meta.manytomany.values()
            if field._through_model is model and not field._is_backref
        ),
        None,
    )


def _path(model: type[Any]) -> str:
    return getattr(sys.modules.get(model.__module__), "__file__", None) or ""


def _file(model: type[Any]) -> str:
    return _shown(_path(model), model.__module__)


@cache
def _shown(name: str, module: str) -> str:
    """Relative to the current folder, else to the folder that holds the top package."""
    path = Path(name)
    if not name:
        return module
    if path.is_relative_to(Path.cwd()):
        return path.relative_to(Path.cwd()).as_posix()
    depth = module.count(".") + (2 if path.name == "__init__.py" else 1)
    return "/".join(path.parts[-depth:])


@cache
def _bodies(name: str) -> dict[str, Body]:
    """Read the classes of a file, once: the modules are imported once, too."""
    path = Path(name)
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_bytes())
    return {name: Body(node.lineno, dict(_assigned(node))) for name, node in _classes(tree, "")}


def _classes(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield prefix + child.name, child
            yield from _classes(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _classes(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.stmt | ast.ExceptHandler):
            yield from _classes(child, prefix)


def _assigned(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            targets: list[ast.expr] = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        elif isinstance(statement, ast.ClassDef):
            yield statement.name, statement.lineno
            continue
        else:
            continue
        yield from ((each.id, each.lineno) for each in targets if isinstance(each, ast.Name))
