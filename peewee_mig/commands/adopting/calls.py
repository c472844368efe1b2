"""Where the source of a project imports a module or calls a method; nothing is run. Pure."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from peewee_mig.commands.adopting.layout import Layout

#: Methods of Peewee that make tables: of a database, of a model.
OF_DATABASE, OF_MODEL = "create_tables", "create_table"


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
    """Return the lines that make the tables of models, past any history."""
    found = called(layout, {OF_DATABASE, OF_MODEL}, but)
    return tuple(each for each in found if OF_DATABASE in each.text or _of_model(each.text))


def _of_model(text: str) -> bool:
    """Whether ``create_table`` is called on a class: other tools have methods of that name."""
    owner = text.partition(f".{OF_MODEL}(")[0].rpartition(".")[2].strip()
    return owner[:1].isupper()


def _nodes(layout: Layout, path: str) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(ast.parse(layout.text(path)))
    except (SyntaxError, ValueError, RecursionError):
        return


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
    text = layout.text(path).splitlines()
    for number in sorted({number for node in nodes if (number := getattr(node, "lineno", 0))}):
        yield Line(path, number, text[number - 1].strip())
