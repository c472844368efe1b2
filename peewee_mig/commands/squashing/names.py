"""Which names a statement at the top of a module binds, and where it uses those of the module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

#: Line, column in bytes, name.
Place = tuple[int, int, str]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound(node: ast.stmt) -> frozenset[str]:
    """Return the names that a statement gives to its module."""
    return frozenset(_bound(node))


def references(node: ast.stmt) -> frozenset[str]:
    """Return the names of its module that a statement uses."""
    return frozenset(name for _, _, name in places(node))


def places(node: ast.stmt) -> Iterator[Place]:
    """Yield where a statement binds or uses names of its module, not those of its functions."""
    yield from _places(node, frozenset())


def _places(node: ast.AST, hidden: frozenset[str]) -> Iterator[Place]:
    """Yield the places in a node; ``hidden``: names that mean something of a function here."""
    match node:
        case ast.Name(id=name):
            if name not in hidden:
                yield node.lineno, node.col_offset, name
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _defined(node, "def", hidden)
            yield from _function(node, hidden, hidden)
        case ast.Lambda():
            for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                yield from _places(default, hidden)
            yield from _places(node.body, hidden | _arguments(node.args))
        case ast.ClassDef():
            yield from _defined(node, "class", hidden)
            yield from _class(node, hidden)
        case _ if isinstance(node, _COMPREHENSIONS):
            inner = hidden | {name for each in node.generators for name in _stored(each.target)}
            for child in ast.iter_child_nodes(node):
                yield from _places(child, inner)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _places(child, hidden)


def _class(node: ast.ClassDef, hidden: frozenset[str]) -> Iterator[Place]:
    """Yield the places in a class; what its body binds is no name of the module."""
    outside = [*node.decorator_list, *node.bases, *(each.value for each in node.keywords)]
    for word in outside:
        yield from _places(word, hidden)
    own = frozenset(name for each in node.body for name in _bound(each))
    for each in node.body:
        if isinstance(each, _FUNCTIONS):
            yield from _function(each, hidden | own, hidden)
        else:
            yield from _places(each, hidden | own)


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, around: frozenset[str], hidden: frozenset[str]
) -> Iterator[Place]:
    """Yield the places in a function; ``around``: what hides names where it is defined.

    A function in a class sees the names of the module, not those of the class.
    """
    yield from _outside(node, around)
    inner = hidden | _locals(node)
    for each in node.body:
        yield from _places(each, inner)


def _outside(
    node: ast.FunctionDef | ast.AsyncFunctionDef, hidden: frozenset[str]
) -> Iterator[Place]:
    """Yield the places in what is computed where a function is defined, not where it runs."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    words = [each.annotation for each in every] + [node.returns]
    defaults = [*arguments.defaults, *arguments.kw_defaults]
    for each in (*node.decorator_list, *words, *defaults):
        if each is not None:
            yield from _places(each, hidden)


def _defined(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, word: str, hidden: frozenset[str]
) -> Iterator[Place]:
    """Yield where the name stands in the words that define it."""
    if node.name not in hidden:
        before = f"async {word} " if isinstance(node, ast.AsyncFunctionDef) else f"{word} "
        yield node.lineno, node.col_offset + len(before), node.name


def _locals(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """Return the names that belong to a function."""
    found = {name for each in node.body for name in _bound(each)}
    outer = {
        name
        for each in ast.walk(node)
        if isinstance(each, ast.Global | ast.Nonlocal)
        for name in each.names
    }
    return _arguments(node.args) | (found - outer)


def _arguments(arguments: ast.arguments) -> frozenset[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return frozenset(each.arg for each in every)


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds where it stands, not inside of functions in it."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Import() | ast.ImportFrom():
            yield from (each.asname or each.name.partition(".")[0] for each in node.names)
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name):
            yield name
        case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
            yield name
        case ast.Lambda():
            return
        case _ if isinstance(node, _COMPREHENSIONS):
            return
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def _stored(target: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(target) if isinstance(each, ast.Name))
