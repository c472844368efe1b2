"""Virtual tables of SQLite, as ``playhouse.sqlite_ext`` creates them."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from peewee import Model, SqliteDatabase

from peewee_mig.schema.standalone import VirtualTable
from peewee_mig.sources.naming import table_name

#: A text or name in quotation marks, or any other sign.
_PIECES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|.", re.DOTALL)


def is_virtual(model: type[Model]) -> bool:
    """Whether a model is a virtual table; nobody has one who did not import the extension."""
    module = sys.modules.get("playhouse.sqlite_ext")
    return module is not None and issubclass(model, module.VirtualModel)


def has_own_manager(model: Any) -> bool:  # noqa: ANN401 (private attributes)
    """Whether a class of the user's creates the table, so that nobody knows how."""
    module = type(model._schema).__module__
    return module != "peewee" and not module.startswith("playhouse.")


def read_virtual(model: type[Model]) -> VirtualTable:
    """Read the module and its arguments; :exc:`ValueError` if Peewee cannot create the table."""
    try:
        sql = _statement(model)
    except Exception as error:
        raise ValueError(
            f"is a virtual table that Peewee cannot create ({type(error).__name__}: {error})"
        ) from error
    match = re.fullmatch(r"\s*([\w.]+)\s*(?:\((.*)\))?\s*", sql, re.DOTALL)
    if match is None:
        raise ValueError(f"is a virtual table with the module {sql!r}, which is not understood")
    return VirtualTable(table_name(model), match[1], tuple(_arguments(match[2] or "")))


def _statement(model: Any) -> str:  # noqa: ANN401 (private attributes)
    """Return what Peewee writes behind USING."""
    manager = type(model._schema)(model, SqliteDatabase(None), value_literals=True)
    name, _ = manager._create_context().sql(model).query()
    sql, _ = manager._create_table(safe=False).query()
    return str(sql.removeprefix(f"CREATE VIRTUAL TABLE {name} USING "))


def _arguments(sql: str) -> Iterator[str]:
    """Yield the arguments as written, between commas outside of parentheses and quotes."""
    depth, argument = 0, ""
    for piece in _PIECES.findall(sql):
        depth += (piece == "(") - (piece == ")")
        if piece == "," and not depth:
            yield argument.strip()
            argument = ""
        else:
            argument += piece
    if argument.strip():
        yield argument.strip()
