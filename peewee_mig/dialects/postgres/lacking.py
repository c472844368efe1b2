"""What PostgreSQL cannot have of what can be declared."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from peewee_mig.dialects.base import Capabilities
from peewee_mig.operations.verbs import Part
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import (
    NULL_DEFAULT,
    Column,
    Computed,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import Standalone, VirtualTable
from peewee_mig.schema.words import conflict_words

#: The first versions with NULLS NOT DISTINCT, and with generated columns that are not stored.
_NULLS_NOT_DISTINCT = (15,)
_VIRTUAL = (18,)

#: Kinds of index that only MySQL has.
_METHODS_OF_MYSQL = ("fulltext", "spatial")
#: Collations of SQLite and of MySQL.
_COLLATIONS_ELSEWHERE = re.compile(
    r"BINARY|NOCASE|RTRIM|(utf8|utf8mb[34]|utf16|utf32|ucs2|latin\d|ascii|cp\d+)_\w+"
)
#: Words behind a table that PostgreSQL knows.
_WORDS = re.compile(r"[a-z_.]+=.*|UNLOGGED|TABLESPACE .+|USING .+|PARTITION BY .+")

UniqueT = TypeVar("UniqueT", Index, Unique)


def lacks(thing: Table | Part | Options | Standalone, capabilities: Capabilities) -> str:
    """Say why PostgreSQL cannot have an object; empty: it can."""
    match thing:
        case Column():
            return _of_column(thing, capabilities)
        case Index():
            return _of_index(thing, capabilities)
        case Unique() | PrimaryKey():
            return _of_key(thing, capabilities)
        case Options():
            unknown = [word for word in thing.words if not _WORDS.fullmatch(word)]
            return f"has no {', '.join(unknown)} for tables" if unknown else ""
        case VirtualTable():
            return "has no virtual tables"
        case _:
            return ""


def lesser(thing: Part | Options, capabilities: Capabilities) -> Part | Options | None:
    """Return what is left of a part without what PostgreSQL cannot have of it."""
    match thing:
        case Column():
            return _lesser_column(thing, capabilities)
        case Index() if _has_no_such_parts(thing):
            return None
        case Unique() | PrimaryKey():
            return _lesser_key(thing, capabilities)
        case Index():
            return replace(thing, nulls_distinct=True)
        case Options():
            words = tuple(word for word in thing.words if _WORDS.fullmatch(word))
            return replace(thing, words=words)
        case _:
            return None


def _of_column(column: Column, capabilities: Capabilities) -> str:
    others = [word for word in column.options if word != NULL_DEFAULT]
    if others:
        return f"has no {', '.join(others)} for columns"
    if _is_elsewhere(column.collation):
        return f"has no collation {column.collation}"
    if _is_virtual(column) and capabilities.version < _VIRTUAL:
        version = ".".join(map(str, capabilities.version))
        return f"{version} has no virtual generated columns, only stored ones"
    return ""


def _lesser_column(column: Column, capabilities: Capabilities) -> Column:
    collation = None if _is_elsewhere(column.collation) else column.collation
    computed = column.computed
    if computed is not None and _is_virtual(column) and capabilities.version < _VIRTUAL:
        computed = Computed(computed.expression, stored=True)
    return replace(column, options=(), collation=collation, computed=computed)


def _is_virtual(column: Column) -> bool:
    return column.computed is not None and not column.computed.stored


def _is_elsewhere(collation: str | None) -> bool:
    return collation is not None and _COLLATIONS_ELSEWHERE.fullmatch(collation) is not None


def _of_index(index: Index, capabilities: Capabilities) -> str:
    if index.using in _METHODS_OF_MYSQL:
        return f"has no {index.using} indexes"
    if any(map(_is_prefix, index.parts)):
        return "has no indexes over the first characters of a column"
    return _of_nulls(index, capabilities)


def _has_no_such_parts(index: Index) -> bool:
    return index.using in _METHODS_OF_MYSQL or any(map(_is_prefix, index.parts))


def _is_prefix(part: Expression) -> bool:
    """Whether a part is ``"name"(10)``, as MySQL has it."""
    kinds = [each.kind for each in part.tokens[:4]]
    return kinds == ["name", "sign", "number", "sign"] and part.tokens[1].value == "("


def _of_key(key: Unique | PrimaryKey, capabilities: Capabilities) -> str:
    if key.conflict:
        return f"has no{conflict_words(key.conflict)}"
    return _of_nulls(key, capabilities) if isinstance(key, Unique) else ""


def _lesser_key(key: Unique | PrimaryKey, capabilities: Capabilities) -> Unique | PrimaryKey:
    plain = replace(key, conflict=None)
    if isinstance(plain, Unique) and _of_nulls(plain, capabilities):
        return replace(plain, nulls_distinct=True)
    return plain


def _of_nulls(thing: UniqueT, capabilities: Capabilities) -> str:
    old = capabilities.version < _NULLS_NOT_DISTINCT
    return "" if thing.nulls_distinct or not old else "has no NULLS NOT DISTINCT before version 15"
