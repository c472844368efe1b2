"""The checksum of a seed: its code, with everything that it names in modules of seeds. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from peewee_mig.history.checksum import code
from peewee_mig.schema.codec import digest

#: A statement: the name of its module, and its place there.
_Place = tuple[str, int]


def seed_checksum(sources: Mapping[str, str], module: str, line: int) -> str:
    """Return the sha256 of what a seed does, by its code.

    ``sources``: the texts of all modules of seeds, by their names; ``line``: one of the function.
    Counted are the function, and all functions, classes and values of these modules that it names,
    also by way of others. Layout, comments, docstrings, imports and the words of ``@seed`` do not
    count, nor do other modules, such as the models, and files.
    """
    trees = {name: ast.parse(text) for name, text in sources.items()}
    reach = _Reach(trees)
    reach.follow_line(module, line)
    found = [_bare(trees[name].body[place]) for name, place in sorted(reach.found)]
    return digest({"code": code(found)})


@dataclass
class _Reach:
    """Collects the statements that a function needs."""

    trees: Mapping[str, ast.Module]
    found: set[_Place] = field(default_factory=set)
    _names: set[tuple[str, str]] = field(default_factory=set)

    def follow_line(self, module: str, line: int) -> None:
        for place, statement in enumerate(self.trees[module].body):
            if _first_line(statement) <= line <= (statement.end_lineno or line):
                self._follow(module, place)

    def _follow(self, module: str, place: int) -> None:
        if (module, place) in self.found:
            return
        self.found.add((module, place))
        statement = _bare(self.trees[module].body[place])
        for each in ast.walk(statement):
            if isinstance(each, ast.Name):
                self._name(module, each.id)
            elif isinstance(each, ast.Import | ast.ImportFrom):
                self._import(module, each)

    def _name(self, module: str, name: str) -> None:
        """Follow a name to whatever gives it a value in a module, or changes that."""
        if (module, name) in self._names:
            return
        self._names.add((module, name))
        for place, statement in enumerate(self.trees[module].body):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self._import(module, statement, name)
            elif name in _made(statement):
                self._follow(module, place)

    def _import(self, module: str, statement: ast.Import | ast.ImportFrom, name: str = "") -> None:
        """Follow an import that leads to a module of seeds; ``name``: only what is called so."""
        base = _base(module, statement, self._is_package(module))
        for alias in statement.names:
            called = alias.asname or alias.name.partition(".")[0]
            if alias.name == "*" or not name or called == name:
                self._imported(base, alias.name, name)

    def _imported(self, base: str | None, word: str, name: str) -> None:
        if base is None:
            self._whole(word)
        elif word == "*":
            if base in self.trees:
                self._name(base, name)
        elif f"{base}.{word}" in self.trees:
            self._whole(f"{base}.{word}")
        elif base in self.trees:
            self._name(base, word)

    def _whole(self, module: str) -> None:
        """Follow a module as a whole: any part of it may be named by a dot."""
        if module in self.trees:
            for place, _ in enumerate(self.trees[module].body):
                self._follow(module, place)

    def _is_package(self, module: str) -> bool:
        return any(name.startswith(f"{module}.") for name in self.trees)


def _made(statement: ast.stmt) -> set[str]:
    """Return the names that a statement may give a value to, or change."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {name for target in targets for name in _all_names(target)}
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return set(_all_names(target))
        case ast.Expr(value=ast.Constant()):
            return set()
        case _:
            return set(_all_names(statement))


def _all_names(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.alias):
            yield each.asname or each.name.partition(".")[0]


def _bare(statement: ast.stmt) -> ast.stmt:
    """Return a function without the decorators that make it a seed."""
    if not isinstance(statement, ast.FunctionDef):
        return statement
    kept = [each for each in statement.decorator_list if not _is_seed(each)]
    made = ast.FunctionDef(**{**dict(ast.iter_fields(statement)), "decorator_list": kept})
    return ast.copy_location(made, statement)


def _is_seed(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Name(id="seed") | ast.Attribute(attr="seed")):
            return True
        case _:
            return False


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _base(module: str, statement: ast.Import | ast.ImportFrom, package: bool) -> str | None:  # noqa: FBT001
    """Return the module that names are imported from; ``None`` for a plain import."""
    if isinstance(statement, ast.Import):
        return None
    parts = module.split(".") if package else module.split(".")[:-1]
    above = parts[: len(parts) - statement.level + 1] if statement.level else []
    return ".".join([*above, *(statement.module.split(".") if statement.module else [])])
