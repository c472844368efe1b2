"""Where the source of a project imports a module or calls a method; nothing is run. Pure."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from posixpath import basename

from peewee_mig.commands.adopting.layout import Layout

#: Methods of Peewee that make tables: of a database, of a model.
OF_DATABASE, OF_MODEL = "create_tables", "create_table"
_TEST = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a module."""

    path: str
    number: int
    text: str

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.path}:{self.number}"

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.place}: {self.text}"


def imported(layout: Layout, module: str, but: str = "") -> tuple[Line, ...]:
    """Return the lines that import a module or a part of it; not of the folder ``but``."""
    last = module.rpartition(".")[2]
    return tuple(
        line
        for path in layout.python(but)
        if last in layout.text(path)
        for line in _lines(layout, path, [n for n in _nodes(layout, path) if _imports(n, module)])
    )


def called(layout: Layout, names: Collection[str], but: str = "") -> tuple[Line, ...]:
    """Return the lines that call a method of such a name; not of the folder ``but``."""
    return tuple(
        line
        for path in layout.python(but)
        if any(name in layout.text(path) for name in names)
        for line in _lines(layout, path, [n for n in _nodes(layout, path) if _calls(n, names)])
    )


def creating(layout: Layout, but: str = "") -> tuple[Line, ...]:
    """Return the lines that make the tables of models, past any history.

    In tests, where a database lives for a moment, they may.
    """
    return tuple(
        line
        for path in layout.python(but)
        if OF_MODEL in layout.text(path) and not _TEST.fullmatch(basename(path))
        for line in _lines(layout, path, [n for n in _nodes(layout, path) if _creates(n)])
    )


def _creates(node: ast.AST) -> bool:
    """Whether it makes tables of models: other tools have a ``create_table`` with a name."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if name == OF_DATABASE:
            return True
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args) if name == OF_MODEL:
            return not _is_self(owner) and all(_is_flag(each) for each in args)
        case _:
            return False


def _is_self(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id == "self"


def _is_flag(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, bool)


def _nodes(layout: Layout, path: str) -> Iterator[ast.AST]:
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes, which are not for us to tell
            module = ast.parse(layout.text(path))
    except (SyntaxError, ValueError, RecursionError):
        return
    yield from ast.walk(module)


def _imports(node: ast.AST, module: str) -> bool:
    match node:
        case ast.Import(names=names):
            return any(_is_within(each.name, module) for each in names)
        case ast.ImportFrom(module=str() as place, names=names, level=0):
            return any(_is_within(f"{place}.{each.name}", module) for each in names)
        case _:
            return False


def _is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def _calls(node: ast.AST, names: Collection[str]) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in names
        case _:
            return False


def _lines(layout: Layout, path: str, nodes: list[ast.AST]) -> Iterator[Line]:
    text = re.split(r"\r\n|\r|\n", layout.text(path))
    for number in sorted({number for node in nodes if (number := _number(node))}):
        yield Line(path, number, text[number - 1].strip())


def _number(node: ast.AST) -> int:
    """Return the line of a statement; of a call, that with the name of what is called."""
    if isinstance(node, ast.Call):
        return node.func.end_lineno or 0
    return getattr(node, "lineno", 0)
