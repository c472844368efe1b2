"""What MySQL and MariaDB cannot have of what can be declared, and what is left of it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from peewee_mig.dialects.base import Capabilities
from peewee_mig.dialects.mysql.parts import METHODS, part_of
from peewee_mig.operations.verbs import Part
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import (
    ON_CONFLICT,
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import (
    EnumType,
    Sequence,
    Standalone,
    View,
    VirtualTable,
)
from peewee_mig.schema.words import conflict_words

#: The first version of MySQL with indexes over expressions; MariaDB has none.
_EXPRESSIONS = (8, 0, 13)
_SETTINGS = frozenset({
    "AUTO_INCREMENT", "AVG_ROW_LENGTH", "CHARSET", "CHECKSUM", "COLLATE", "DELAY_KEY_WRITE",
    "ENCRYPTED", "ENCRYPTION", "ENGINE", "KEY_BLOCK_SIZE", "MAX_ROWS", "MIN_ROWS", "PACK_KEYS",
    "PAGE_CHECKSUM", "PAGE_COMPRESSED", "PAGE_COMPRESSION_LEVEL", "ROW_FORMAT",
    "STATS_AUTO_RECALC", "STATS_PERSISTENT", "STATS_SAMPLE_PAGES", "TRANSACTIONAL",
})  # fmt: skip
#: A collation is named after its character set.
_COLLATION = re.compile(
    r"(?:armscii8|ascii|big5|binary|cp\d+|dec8|eucjpms|euckr|gb18030|gb2312|gbk|geostd8|greek|hebrew"
    r"|hp8|keybcs2|koi8r|koi8u|latin\d|macce|macroman|sjis|swe7|tis620|uca1400|ucs2|ujis|utf16"
    r"|utf16le|utf32|utf8|utf8mb3|utf8mb4)(?:_\w+)?",
    re.IGNORECASE,
)
_METHODS = ("hash", *METHODS)


def lacks(
    thing: Table | Part | Options | Standalone, capabilities: Capabilities, *, mariadb: bool
) -> str:
    """Say why the server cannot have a thing; empty: it can."""
    if isinstance(thing, Index):
        return _index(thing, expressions=not mariadb and capabilities.version >= _EXPRESSIONS)
    return _NEVER.get(type(thing), "") or _of_part(thing)


#: Kinds that there are none of.
_NEVER: dict[type, str] = {
    Exclusion: "has no exclusion constraints",
    VirtualTable: "has no virtual tables of SQLite's",
    Sequence: "numbers no columns by a sequence",
    EnumType: "has no enum types but those of a column: enum('a', 'b')",
}


def _of_part(thing: Table | Part | Options | Standalone) -> str:
    match thing:
        case Column():
            return _column(thing)
        case Check():
            return _expression(thing.expression)
        case Unique() | PrimaryKey() | ForeignKey():
            return _constraint(thing)
        case Options():
            odd = [word for word in thing.words if not _is_setting(word)]
            return f"has no {', '.join(odd)} for tables" if odd else ""
        case View():
            return "has no materialized views" if thing.materialized else _expression(thing.select)
        case _:
            return ""


def lesser(thing: Part | Options) -> Part | Options | None:
    """Return what is left without what no server of the two can have."""
    match thing:
        case Column():
            return _lesser_column(thing)
        case Unique():
            return replace(thing, deferrable=None, nulls_distinct=True, conflict=None)
        case PrimaryKey():
            return replace(thing, conflict=None)
        case ForeignKey():
            return replace(thing, deferrable=None)
        case Options():
            return replace(thing, words=tuple(filter(_is_setting, thing.words)))
        case _:
            return None


def _column(column: Column) -> str:
    if column.sequence:
        return "numbers no columns by a sequence"
    conflicts = [word for word in column.options if word.startswith(ON_CONFLICT)]
    if conflicts:
        return f"has no {conflicts[0]}"
    if column.collation and not _COLLATION.fullmatch(column.collation):
        return f"has no collation {column.collation}"
    computed = column.computed.expression if column.computed else None
    return "".join(map(_expression, filter(None, (column.default, computed))))


def _lesser_column(column: Column) -> Column | None:
    if column.computed and _expression(column.computed.expression):
        return None
    known = column.collation and _COLLATION.fullmatch(column.collation)
    default = column.default
    return replace(
        column,
        sequence=None,
        options=tuple(word for word in column.options if not word.startswith(ON_CONFLICT)),
        collation=column.collation if known else None,
        default=None if default and _expression(default) else default,
    )


def _index(index: Index, *, expressions: bool) -> str:
    over = [part_of(part) for part in index.parts]
    reasons = {
        "has no partial indexes": index.where is not None,
        "has no indexes that include columns": bool(index.include),
        "has no unique indexes with equal NULLs": not index.nulls_distinct,
        f"has no indexes of the method {index.using}": (index.using or "hash") not in _METHODS,
        f"has no {', '.join(index.options)} for indexes": bool(index.options),
        "has no indexes over expressions": not expressions and any(e.column is None for e in over),
    }
    words = next((reason for reason, holds in reasons.items() if holds), "")
    return words or "".join(_expression(part.over) for part in over)


def _constraint(thing: Unique | PrimaryKey | ForeignKey) -> str:
    if not isinstance(thing, ForeignKey) and thing.conflict:
        return f"has no{conflict_words(thing.conflict)}"
    if not isinstance(thing, PrimaryKey) and thing.deferrable:
        return "checks constraints at once, and defers none"
    equal = isinstance(thing, Unique) and not thing.nulls_distinct
    return "has no unique constraints with equal NULLs" if equal else ""


def _expression(expression: Expression) -> str:
    """Say what of an expression would mean something else here, or nothing."""
    signs = {token.value for token in expression.tokens if token.kind == "sign"}
    if "||" in signs:
        return "takes || for OR: write concat(…)"
    return "has no :: for casts: write CAST(… AS …)" if "::" in signs else ""


def _is_setting(word: str) -> bool:
    return "=" in word and word.partition("=")[0] in _SETTINGS
