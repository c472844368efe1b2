"""The Python code of several migrations as that of one: imports, functions, what these use.

A name that two of them define otherwise gets the number of its migration: `fill` becomes
`fill_0007`. Pure: text to text.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peewee_mig.commands.squashing.names import bound, places, references
from peewee_mig.errors import RefusedError
from peewee_mig.history.checksum import NAMES
from peewee_mig.history.module import Migration
from peewee_mig.history.naming import NAME


@dataclass(frozen=True, slots=True)
class Code:
    """What a module needs beside its operations.

    ``imports``: statements; ``body``: the text of the rest; ``names``: migration -> the names
    that are called otherwise now.
    """

    imports: tuple[str, ...]
    body: str
    names: Mapping[str, Mapping[str, str]]


def merged(migrations: Iterable[Migration]) -> Code:
    """Put the code of migrations together, in their order."""
    merging = _Merging()
    for each in migrations:
        merging.add(each)
    return Code(tuple(merging.imports), "\n\n\n".join(merging.body), merging.names)


@dataclass
class _Merging:
    """What is together so far; ``defined``: name -> the text that defines it."""

    imports: list[str] = field(default_factory=list[str])
    body: list[str] = field(default_factory=list[str])
    names: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    defined: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, migration: Migration) -> None:
        text = migration.source.decode()
        tree = ast.parse(text)
        pieces = list(_pieces(tree, text))
        renamed = self._clashes(migration, pieces)
        self.names[migration.name] = renamed
        for piece in pieces:
            if self._is_known(piece) and not renamed.keys() & piece.names:
                continue
            words = _with_names(piece, renamed)
            meaning = piece.meaning if words == piece.text else words
            self.defined |= {renamed.get(name, name): meaning for name in piece.names}
            (self.imports if piece.is_import else self.body).append(words)

    def _is_known(self, piece: _Piece) -> bool:
        """Whether the very same is there already."""
        if piece.is_import:
            return piece.text in self.imports
        same = (self.defined.get(name) == piece.meaning for name in piece.names)
        return bool(piece.names) and all(same)

    def _clashes(self, migration: Migration, pieces: Sequence[_Piece]) -> dict[str, str]:
        """Return the names that mean something else already, and new ones.

        What uses a name that is renamed is another definition, too, even by the same text.
        """
        number = NAME.fullmatch(migration.name)
        suffix = f"_{number[1]}" if number else "_more"
        taken = {*self.defined, *(name for piece in pieces for name in piece.names)}
        clashing: set[str] = set()
        while True:
            more = {
                name
                for piece in pieces
                for name in piece.names - clashing
                if name in self.defined
                and (self.defined[name] != piece.meaning or piece.used & clashing)
            }
            if not more:
                break
            clashing |= more
        found: dict[str, str] = {}
        for name in sorted(clashing):
            new = f"{name}{suffix}"
            while new in taken:
                new += "_"
            found[name] = new
            taken.add(new)
        return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """A statement at the top of a module, with the comments before it."""

    node: ast.stmt
    text: str
    names: frozenset[str]
    used: frozenset[str]
    #: The line of the module that the text begins with.
    start: int
    #: What two pieces share that mean the same by their names.
    meaning: str

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, ast.Import | ast.ImportFrom)


def _pieces(tree: ast.Module, text: str) -> Iterator[_Piece]:
    lines = text.splitlines(keepends=True)
    end = 0
    for node in tree.body:
        start, end = end, node.end_lineno or node.lineno
        if not _moves(node):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imports(node)
            continue
        while start < end and not lines[start].strip():
            start += 1
        words = "".join(lines[start:end]).rstrip()
        yield _Piece(node, words, bound(node), references(node), start + 1, words)


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[_Piece]:
    """Yield an import for each name that it gives."""
    for alias in node.names:
        one = ast.Import([alias]) if isinstance(node, ast.Import) else _one_of(node, alias)
        name, text = alias.asname or alias.name.partition(".")[0], ast.unparse(one)
        meaning = text if alias.asname or isinstance(node, ast.ImportFrom) else f"import {name}"
        yield _Piece(one, text, frozenset({name}), frozenset(), 0, meaning)


def _one_of(node: ast.ImportFrom, alias: ast.alias) -> ast.ImportFrom:
    return ast.ImportFrom(node.module, [alias], node.level)


def _moves(node: ast.stmt) -> bool:
    """Whether a statement is code of the user's, not a docstring or part of the format."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return False
        case ast.ImportFrom(module="peewee_mig", names=[ast.alias(name="op", asname=None)]):
            return False
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name not in NAMES
        case _:
            return True


def _with_names(piece: _Piece, renamed: Mapping[str, str]) -> str:
    if not renamed:
        return piece.text
    if isinstance(piece.node, ast.Import | ast.ImportFrom):
        return _import_as(piece, renamed)
    lines = piece.text.splitlines()
    found = sorted((each for each in places(piece.node) if each[2] in renamed), reverse=True)
    for line, column, name in found:
        row = lines[line - piece.start].encode()
        new = row[:column] + renamed[name].encode() + row[column + len(name.encode()) :]
        lines[line - piece.start] = new.decode()
    return "\n".join(lines)


def _import_as(piece: _Piece, renamed: Mapping[str, str]) -> str:
    (name,) = piece.names
    if name not in renamed:
        return piece.text
    match piece.node:
        case ast.ImportFrom(names=[alias]):
            return ast.unparse(_one_of(piece.node, ast.alias(alias.name, renamed[name])))
        case ast.Import(names=[alias]) if alias.asname or alias.name == name:
            return ast.unparse(ast.Import([ast.alias(alias.name, renamed[name])]))
        case _:
            raise RefusedError(
                f"{piece.text!r} is in a migration, and {name} is something else in an earlier one",
                committed="nothing was changed",
                hint=f"squash the two apart: in each range {name} has to mean one thing",
            )


def with_imports(text: str, imports: Sequence[str]) -> str:
    """Put imports into the text of a module, where the formatter wants them."""
    if not imports:
        return text
    head, mark, tail = text.partition("\n\nformat = ")
    before, _, block = head.rpartition("\n\n")
    every = _joined([*imports, *block.splitlines()])
    future = [each for each in every if each.startswith("from __future__")]
    standard = [each for each in every if _is_standard(each) and each not in future]
    others = [each for each in every if not _is_standard(each) and each not in future]
    blocks = ["\n".join(some) for some in (future, standard, others) if some]
    return "\n\n".join([before, *blocks]) + mark + tail


def _joined(statements: Iterable[str]) -> list[str]:
    """Sort imports as the formatter does, `import` first, with one for each module."""
    plain: set[str] = set()
    names: dict[str, set[str]] = {}
    for each in statements:
        if each.startswith("from "):
            module, _, some = each.removeprefix("from ").partition(" import ")
            names.setdefault(module, set()).update(some.split(", "))
        else:
            plain.add(each)
    found = [f"from {each} import {', '.join(sorted(names[each]))}" for each in sorted(names)]
    return [*sorted(plain), *found]


def _is_standard(statement: str) -> bool:
    return statement.split()[1].partition(".")[0] in sys.stdlib_module_names
