"""A full-text table of SQLite -> the class of its model."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from playhouse import sqlite_ext

from peewee_mig.layout import INDENT, Group, Node, laid_out, string
from peewee_mig.schema.full_text import FullText, full_text
from peewee_mig.schema.names import bare
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.written import naming

MODULE = "playhouse.sqlite_ext"


def written(schema: Schema) -> Iterator[tuple[str, FullText]]:
    """Yield the names and meanings of the tables that a model can say whole."""
    for table in schema.virtual_tables:
        meaning = full_text(table)
        if meaning and _is_said(meaning):
            yield table.name, meaning


def imports(meaning: FullText) -> Iterator[tuple[str, str]]:
    """Yield what the class of a table uses."""
    yield MODULE, _base(meaning)
    if meaning.columns:
        yield MODULE, "SearchField"


def lines(table: str, meaning: FullText, class_: str) -> list[str]:
    """Return the class of a table."""
    found = [f"class {class_}({_base(meaning)}):"]
    for name, attribute, rest in _attributes(meaning):
        found += laid_out(INDENT, f"{attribute} = ", _field(name, attribute, rest), "")
    found += ["", f"{INDENT}class Meta:", f"{INDENT * 2}database = database"]
    for word, node in _meta(table, meaning):
        found += laid_out(INDENT * 2, f"{word} = ", node, "")
    return found


def class_names(tables: Collection[str], taken: Collection[str], prefix: str) -> dict[str, str]:
    """Return the classes of tables; ``taken``: names that the module has already."""
    plain = [bare(table).removeprefix(prefix) or bare(table) for table in tables]
    return dict(zip(tables, naming.distinct(map(naming.class_name, plain), taken), strict=True))


def _is_said(meaning: FullText) -> bool:
    """Whether Peewee has words for all of a table; it puts options between quotation marks."""
    words = ("", "UNINDEXED") if meaning.module == "fts5" else ("",)
    plain = meaning.module != "fts5" or not any('"' in value for _, value in meaning.options)
    return plain and all(rest in words for _, rest in meaning.columns)


def _base(meaning: FullText) -> str:
    return "FTS5Model" if meaning.module == "fts5" else "FTSModel"


def _attributes(meaning: FullText) -> Iterator[tuple[str, str, str]]:
    """Yield each column, its attribute, and what stands behind its name."""
    base = getattr(sqlite_ext, _base(meaning))
    wanted = [naming.attribute(name) for name, _ in meaning.columns]
    names = naming.distinct(f"{e}_" if hasattr(base, e) else e for e in wanted)
    for (column, rest), name in zip(meaning.columns, names, strict=True):
        yield column, name, rest


def _field(column: str, attribute: str, rest: str) -> Group:
    items: list[tuple[str, Node]] = [("unindexed=", "True")] if rest else []
    items += [("column_name=", string(column))] if column != attribute else []
    return Group("SearchField(", tuple(items), ")")


def _meta(table: str, meaning: FullText) -> Iterator[tuple[str, Node]]:
    yield "table_name", string(bare(table))
    if meaning.module == "fts3":
        yield "extension_module", string("FTS3")
    if meaning.options:
        items = tuple((f"{string(name)}: ", string(value)) for name, value in meaning.options)
        yield "options", Group("{", items, "}")
