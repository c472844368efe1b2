"""Declared views, triggers, functions and extensions -> the lines that declare them."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator

from peewee_mig.declare import Declaration, Extension, Raw, Trigger, View
from peewee_mig.errors import SchemaError
from peewee_mig.layout import INDENT, Node, Text, laid_out, string
from peewee_mig.schema.expressions import tokens
from peewee_mig.schema.names import bare
from peewee_mig.sources.written import naming

_ENGINES = ("create", "sqlite", "postgres", "mysql")


def lines(declarations: Iterable[Declaration], taken: Collection[str]) -> Iterator[list[str]]:
    """Yield the lines of each; ``taken``: the names that the module has already."""
    listed = list(declarations)
    wanted = [naming.attribute(bare(each.name)) for each in listed]
    for name, each in zip(naming.distinct(wanted, taken), listed, strict=True):
        yield _lines(name, each)


def _lines(name: str, declaration: Declaration) -> list[str]:
    kind = type(declaration).__name__
    if isinstance(declaration, Extension):
        return [f"{name} = {kind}({string(declaration.name)})"]
    found = [f"{name} = {kind}(", f"{INDENT}{string(declaration.name)},"]
    for word, value in _arguments(declaration):
        found += _argument(word, value)
    return [*found, ")"]


def _argument(word: str, value: Node | list[str]) -> list[str]:
    if not isinstance(value, list):
        return laid_out(INDENT, word, value, ",")
    return [f"{INDENT}{word}{value[0]}", *value[1:]]


def _arguments(declaration: Declaration) -> Iterator[tuple[str, Node | list[str]]]:
    if isinstance(declaration, View):
        yield "", _block(str(declaration.select), is_exact=False)
        if declaration.materialized:
            yield "materialized=", "True"
    if isinstance(declaration, Trigger):
        yield "table=", string(str(declaration.table))
    if isinstance(declaration, Raw):
        for word in _ENGINES:
            if getattr(declaration, word):
                yield f"{word}=", _block(getattr(declaration, word), is_exact=True)
        if declaration.drop:
            yield "drop=", Text(str(declaration.drop))


def _block(sql: str, *, is_exact: bool) -> Node | list[str]:
    """Lay SQL out as a text of several lines; ``is_exact``: it must be read back as it is."""
    text = sql.strip()
    kept = _is_kept(text) if is_exact else _is_free(text)
    if "\n" not in text or not kept:
        return Text(text)
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return ['"""', *textwrap.indent(escaped, INDENT).splitlines(), f'{INDENT}""",']


def _is_kept(sql: str) -> bool:
    """Whether it comes back from a block, from which a declaration takes the indentation."""
    return textwrap.dedent(textwrap.indent(sql, INDENT)).strip() == sql


def _is_free(sql: str) -> bool:
    """Whether blanks at the ends of lines count nowhere in SQL."""
    try:
        return not any("\n" in each.value for each in tokens(sql) if each.kind in ("text", "raw"))
    except SchemaError:
        return False
