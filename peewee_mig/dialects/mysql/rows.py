"""Rows of information_schema, and the facts about a server, as the catalog reads them."""

from __future__ import annotations

from typing import NamedTuple


class TableRow(NamedTuple):
    """A table, view or sequence."""

    name: str
    kind: str
    engine: str | None
    collation: str | None
    options: str | None
    comment: str


class ColumnRow(NamedTuple):
    """A column; ``words``: its type; ``expression``: what generates it."""

    name: str
    default: str | None
    null: str
    data_type: str
    words: str
    extra: str
    charset: str | None
    collation: str | None
    expression: str | None
    comment: str


class IndexPart(NamedTuple):
    """A part of an index: a column, or an expression."""

    name: str
    non_unique: int
    column: str | None
    order: str | None
    prefix: int | None
    kind: str
    comment: str
    hidden: str
    expression: str | None


class KeyPart(NamedTuple):
    """A pair of columns of a foreign key."""

    name: str
    column: str
    referred_database: str
    referred_table: str
    referred_column: str


class CheckRow(NamedTuple):
    """A check; ``level``: ``Column`` where it is part of a column's definition."""

    name: str
    clause: str
    level: str


class Facts(NamedTuple):
    """The database and the server."""

    mariadb: bool
    version: tuple[int, ...]
    database: str
    collation: str
    engine: str
