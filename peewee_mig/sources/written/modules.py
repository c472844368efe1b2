"""A schema -> the modules of its models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from peewee_mig.declare import Declaration
from peewee_mig.layout import INDENT, Group, laid_out
from peewee_mig.schema.full_text import FullText
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType
from peewee_mig.sources.written import full_text, naming, order
from peewee_mig.sources.written.book import Book, Through, book_of, deferred_name
from peewee_mig.sources.written.fields import Fields
from peewee_mig.sources.written.kinds import Kinds, Own, own_lines
from peewee_mig.sources.written.objects import lines as objects_lines
from peewee_mig.sources.written.tables import Writer

#: The module of a package that all others import.
_BASE = "base"
_OBJECTS = "objects"
_SEARCH = "search"

#: Functions of Peewee's in declarations.
_CALLED = ("Check", "SQL")


@dataclass(frozen=True, slots=True)
class Module:
    """A module of models: its path below that of the models, and its text."""

    path: PurePosixPath
    text: str


@dataclass(frozen=True)
class _Block:
    """One module while it is written: the models in order, and what they use."""

    name: str
    file: str
    lines: tuple[tuple[str, ...], ...]
    kinds: Kinds
    classes: frozenset[str]

    @property
    def defined(self) -> frozenset[str]:
        """What other modules can import from it."""
        found = (
            re.fullmatch(r"(\w+) = DeferredThroughModel\(\)", e) for m in self.lines for e in m
        )
        return self.classes | {match[1] for match in found if match}


def write_models(
    schema: Schema,
    engine: str,
    *,
    place: Callable[[str], str] = order.one_module,
    prefix: str = "",
    title: str = "Models.",
    declared: Sequence[Declaration] = (),
) -> tuple[Module, ...]:
    """Write the models of a schema, for the engine that it was read from.

    ``place``: which module a table stands in; ``prefix``: of tables, left out of names in Python;
    ``title``: the docstring; ``declared``: what stands behind the models, or in a module of its
    own. What else the schema has beside its tables is written where a field uses it.
    """
    book = book_of(schema, prefix)
    search = dict(full_text.written(schema)) if engine == "sqlite" else {}
    classes = full_text.class_names(search, {*book.classes.values(), "BaseModel"}, prefix)
    return _Project(schema, engine, book, title, declared, search, classes).modules(place)


@dataclass(frozen=True)
class _Project:
    schema: Schema
    engine: str
    book: Book
    title: str
    declared: Sequence[Declaration]
    search: Mapping[str, FullText]
    search_classes: Mapping[str, str]

    def modules(self, place: Callable[[str], str]) -> tuple[Module, ...]:
        found = order.modules(self.schema, self._needs(), place)
        blocks = [*self._blocks(found)]
        if len(blocks) == 1 and blocks[0].name == order.WHOLE:
            (block,) = blocks
            return (Module(PurePosixPath("models.py"), self._whole(block)),)
        own = {name: each for block in blocks for name, each in block.kinds.own.items()}
        base = Module(PurePosixPath(f"{_BASE}.py"), self._base(own.values()))
        parts = [self._part(block, blocks[:n]) for n, block in enumerate(blocks)]
        if self.search:
            parts.append(Module(PurePosixPath(f"{_SEARCH}.py"), self._search()))
        if self.declared:
            parts.append(Module(PurePosixPath(f"{_OBJECTS}.py"), self._objects()))
        return (base, *parts)

    def _needs(self) -> dict[str, set[str]]:
        needs: dict[str, set[str]] = {name: set() for name in self.schema.names}
        for (table, _), key in self.book.relations.items():
            needs[table].add(key.referred_table)
        return needs

    def _blocks(self, found: Mapping[str, list[str]]) -> Iterator[_Block]:
        made: set[str] = set()
        own: dict[str, Own] = {}
        files = naming.distinct(map(_file, found))
        for (name, tables), file in zip(found.items(), files, strict=True):
            enums = {e.name: e for e in self.schema.objects if isinstance(e, EnumType)}
            kinds = Kinds(self.engine, enums, frozenset(self.book.classes.values()), own=own)
            lines: list[tuple[str, ...]] = []
            for table in tables:
                lines.append(tuple(self._model(table, kinds, frozenset(made))))
                made.add(table)
            own = kinds.own
            classes = frozenset(self.book.classes[table] for table in tables)
            yield _Block(name, file, tuple(lines), kinds, classes)

    def _model(self, table: str, kinds: Kinds, made: frozenset[str]) -> Iterator[str]:
        fields = Fields(self.schema.table(table), self.book, kinds, made)
        throughs = tuple(self._owned(table, made))
        for each in throughs:
            kinds.use("peewee", "DeferredThroughModel")
            yield f"{deferred_name(self.book.classes[each.table])} = DeferredThroughModel()"
        yield from ["", ""] if throughs else []
        yield from Writer(fields, "BaseModel", throughs).lines()
        for each in self.book.throughs:
            if each.table == table and {each.owner, each.other} <= made:
                name = self.book.classes[table]
                yield from ["", "", f"{deferred_name(name)}.set_model({name})"]

    def _owned(self, table: str, made: frozenset[str]) -> Iterator[Through]:
        """Yield the many-to-many relations of the later of their two models."""
        for each in self.book.throughs:
            if table == each.owner and each.other in made:
                yield each
            elif table == each.other and each.owner in made:
                yield replace(
                    each, owner=each.other, other=each.owner,
                    attribute=each.backref, backref=each.attribute,
                )  # fmt: skip

    # Text.

    def _whole(self, block: _Block) -> str:
        taken = {*self.book.classes.values(), *block.defined, "database"}
        taken |= {*self.search_classes.values()}
        objects = objects_lines(self.declared, taken)
        parts = [
            own_lines(block.kinds.own.values()), self._base_model(), *block.lines,
            *self._search_lines(), *objects,
        ]  # fmt: skip
        imports = {*block.kinds.imports, *_BASE_IMPORTS, *self._kinds_of_objects()}
        imports |= self._search_imports()
        return _text(self.title, _imports(imports, parts), parts)

    def _search_imports(self) -> set[tuple[str, str]]:
        return {pair for each in self.search.values() for pair in full_text.imports(each)}

    def _search_lines(self) -> Iterator[list[str]]:
        for table, meaning in self.search.items():
            yield full_text.lines(table, meaning, self.search_classes[table])

    def _search(self) -> str:
        imports = [*_imports(self._search_imports(), ()), "", *_local({_BASE: {"database"}})]
        return _text("Models for full-text search.", imports, self._search_lines())

    def _kinds_of_objects(self) -> set[tuple[str, str]]:
        return {("peewee_mig.declare", type(each).__name__) for each in self.declared}

    def _objects(self) -> str:
        parts = [*objects_lines(self.declared, ())]
        return _text("Objects beside the tables.", _imports(self._kinds_of_objects(), parts), parts)

    def _base(self, own: Iterable[Own]) -> str:
        listed = list(own)
        parts = [own_lines(listed), self._base_model()]
        imports = {("peewee", each.base) for each in listed} | {*_BASE_IMPORTS}
        return _text("What all models have in common.", _imports(imports, parts), parts)

    def _part(self, block: _Block, before: Iterable[_Block]) -> Module:
        text = "\n".join(line for lines in block.lines for line in lines)
        bases = {each.base for each in block.kinds.own.values()}
        words = {*re.findall(r"\w+", text)}
        used = {pair for pair in block.kinds.imports if pair[1] not in bases or pair[1] in words}
        ours = {"BaseModel", *(name for name in block.kinds.own if name in words)}
        local = {_BASE: ours}
        for other in before:
            if other.defined & words:
                local[other.file] = {*other.defined & words}
        lines = [*_imports(used, block.lines), "", *_local(local)]
        title = f"Models of {block.name}."
        return Module(PurePosixPath(f"{block.file}.py"), _text(title, lines, block.lines))

    def _base_model(self) -> tuple[str, ...]:
        comments = any(column.comment for table in self.schema for column in table.columns)
        marks = [f'{INDENT * 2}peewee_mig = {{"comments": True}}'] if comments else []
        return (
            "database = DatabaseProxy()", "", "",
            "class BaseModel(Model):",
            f"{INDENT}class Meta:",
            f"{INDENT * 2}database = database",
            *marks,
        )  # fmt: skip


_BASE_IMPORTS = (("peewee", "DatabaseProxy"), ("peewee", "Model"))


def _file(module: str) -> str:
    """Return the name of the file of a module."""
    name = naming.attribute(module)
    return f"{name}_models" if name in (_BASE, _OBJECTS, _SEARCH) else name


def _text(title: str, imports: Iterable[str], parts: Iterable[Iterable[str]]) -> str:
    """Join the parts; isort leaves two empty lines behind imports only before a class."""
    first, *others = filter(None, map(list, parts))
    lines = [f'"""{title}"""', "", *imports, *([""] if first[0].startswith("class ") else [])]
    for part in (first, *others):
        lines += [*([""] if part is not first else []), "", *part]
    return "\n".join(lines) + "\n"


def _imports(pairs: Iterable[tuple[str, str]], parts: Iterable[Iterable[str]]) -> list[str]:
    text = "\n".join(line for part in parts for line in part)
    called = {("peewee", word) for word in _CALLED if re.search(rf"\b{word}\(", text)}
    by_module: dict[str, set[str]] = {}
    for module, name in {*pairs, *called}:
        by_module.setdefault(module, set()).add(name)
    return [line for module in sorted(by_module) for line in _import(module, by_module[module])]


def _local(wanted: Mapping[str, set[str]]) -> list[str]:
    return [line for module in sorted(wanted) for line in _import(f".{module}", wanted[module])]


def _import(module: str, names: Iterable[str]) -> list[str]:
    """Import names in the order of the formatter: constants, classes, functions."""
    ordered = sorted(names, key=lambda name: (not name.isupper(), name))
    flat = f"from {module} import {', '.join(ordered)}"
    node = Group("(", tuple(("", name) for name in ordered), ")")
    return [flat] if len(flat) <= 88 else laid_out("", f"from {module} import ", node, "")  # noqa: PLR2004 (the width)
