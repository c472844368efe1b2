"""What SQLite cannot have of what can be declared, and what is left of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Part
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.names import schema_of
from peewee_mig.schema.objects import (
    NULL_DEFAULT,
    ON_CONFLICT,
    Check,
    Column,
    Exclusion,
    Index,
    Options,
    Table,
    Unique,
)
from peewee_mig.schema.standalone import EnumType, Sequence, Standalone, View

#: What may stand behind the parenthesis of a table.
_SETTINGS = ("STRICT", "WITHOUT ROWID")
#: Collations that every connection has.
_COLLATIONS = ("BINARY", "NOCASE", "RTRIM")
_SCHEMAS = "has no schemas (an attached database is none of this one)"


def lacks(thing: Table | Part | Options | Standalone, table: Table | None) -> str:
    """Say why SQLite cannot have a thing; empty: it can."""
    match thing:
        case Column():
            return _column(thing, table)
        case Index():
            return _index(thing)
        case Unique() | Check() | Exclusion():
            return _constraint(thing)
        case Options():
            return _options(thing)
        case _:
            return _of_named(thing)


def lesser(thing: Part | Options) -> Part | Options | None:
    """Return what is left without what SQLite cannot have."""
    match thing:
        case Column():
            known = thing.collation and thing.collation.upper() in _COLLATIONS
            return replace(
                thing,
                comment=None,
                sequence=None,
                options=tuple(filter(_is_known, thing.options)),
                collation=thing.collation if known else None,
            )
        case Unique():
            return replace(thing, deferrable=None, nulls_distinct=True)
        case Options():
            return Options(tuple(word for word in thing.words if word in _SETTINGS))
        case Index() if not (thing.include or thing.options or thing.using):
            return None
        case Index() if thing.using is None and thing.nulls_distinct:
            return replace(thing, include=(), options=())
        case _:
            return None


def refuse_schema(name: str) -> None:
    """Refuse a table that a schema of the database is said of."""
    if schema_of(name) is not None:
        raise RefusedError(
            f"table {name}: SQLite {_SCHEMAS}",
            hint="leave sqlite out of `engines` in the configuration",
        )


def _of_named(thing: object) -> str:
    if isinstance(thing, Sequence | EnumType):
        return f"has no {'sequences' if isinstance(thing, Sequence) else 'enum types'}"
    if isinstance(thing, Table | View) and schema_of(thing.name) is not None:
        return _SCHEMAS
    materialized = isinstance(thing, View) and thing.materialized
    return "has no materialized views" if materialized else ""


def _column(column: Column, table: Table | None) -> str:
    if column.sequence:
        return "has no sequences"
    if column.comment is not None:
        return "has no comments"
    others = [word for word in column.options if not _is_known(word)]
    if others:
        return f"has no {', '.join(others)}"
    if column.collation and column.collation.upper() not in _COLLATIONS:
        return f"has no collation {column.collation}"
    key = table.primary_key.columns if table and table.primary_key else (column.name,)
    if column.type.name == "AUTOINCREMENT" and key != (column.name,):
        return "numbers only a primary key of one column"
    computed = column.computed.expression if column.computed else None
    return "".join(_expression(each) for each in (column.default, computed) if each)


def _is_known(word: str) -> bool:
    return word == NULL_DEFAULT or word.startswith(ON_CONFLICT)


def _index(index: Index) -> str:
    reasons = {
        f"has no indexes of the method {index.using}": index.using is not None,
        "has no indexes that include columns": bool(index.include),
        "has no unique indexes with equal NULLs": not index.nulls_distinct,
        f"has no {', '.join(index.options)} for indexes": bool(index.options),
    }
    words = next((reason for reason, holds in reasons.items() if holds), "")
    parts = (*index.parts, *([index.where] if index.where else ()))
    return words or next(filter(None, map(_expression, parts)), "")


def _constraint(thing: Check | Unique | Exclusion) -> str:
    if isinstance(thing, Exclusion):
        return "has no exclusion constraints"
    if isinstance(thing, Check):
        return _expression(thing.expression)
    if thing.deferrable:
        return "defers no unique constraints"
    return "" if thing.nulls_distinct else "has no unique constraints with equal NULLs"


def _options(options: Options) -> str:
    odd = [word for word in options.words if word not in _SETTINGS]
    if odd:
        return f"has no {', '.join(odd)} for tables"
    return "has no comments" if options.comment is not None else ""


def _expression(expression: Expression) -> str:
    """Say what of an expression is another engine's."""
    signs = {token.value for token in expression.tokens if token.kind == "sign"}
    return "has no :: for casts: write CAST(… AS …)" if "::" in signs else ""
