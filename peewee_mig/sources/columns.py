"""A field -> its column, and what else it declares of its table."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from peewee import Field, ForeignKeyField, Node

from peewee_mig.schema.names import qualified
from peewee_mig.schema.normal import ACTIONS
from peewee_mig.schema.objects import Check, Column, ForeignKey, PrimaryKey, Unique
from peewee_mig.schema.standalone import EnumType, Sequence
from peewee_mig.schema.types import ColumnType
from peewee_mig.sources.clauses import Clauses, Reference, read_clauses
from peewee_mig.sources.marks import read_marks
from peewee_mig.sources.naming import table_name, truncated
from peewee_mig.sources.reader import Reader
from peewee_mig.sources.sqltext import neutral
from peewee_mig.sources.types import (
    Declared,
    declared,
    enum_of,
    numbered,
    referred_field,
    unsigned,
)


@dataclass(frozen=True, slots=True)
class FieldParts:
    """All that one field declares; ``key``: that of a ForeignKeyField."""

    column: Column
    key: ForeignKey | None = None
    primary_key: PrimaryKey | None = None
    checks: tuple[Check, ...] = ()
    uniques: tuple[Unique, ...] = ()
    references: tuple[Reference, ...] = ()
    sequence: Sequence | None = None
    enum: EnumType | None = None


def read_field(field: Field, columns: Collection[str]) -> FieldParts:
    """Read a field of a table that has these columns.

    Raises :exc:`ValueError`, whose text goes on after the field's name, for what is not
    understood.
    """
    _refuse_attributes(field)
    found = declared(field)
    clauses = _clauses(field, found, columns)
    sequence = _sequence(field)
    enum = enum_of(field)
    return FieldParts(
        _column(field, found.type, clauses, sequence),
        _foreign_key(field) if isinstance(field, ForeignKeyField) else None,
        clauses.primary_key,
        clauses.checks,
        clauses.uniques,
        clauses.references,
        Sequence(sequence) if sequence else None,
        EnumType(*enum) if enum else None,
    )


def action(text: str | None) -> str | None:
    """Return an action of a foreign key in its normal form; NO ACTION is ``None``."""
    word = " ".join((text or "").upper().split())
    return None if word in ("", "NO ACTION") else word


def _refuse_attributes(field: Any) -> None:  # noqa: ANN401 (Peewee's)
    if field.unindexed:
        raise ValueError("has unindexed=True, which only a virtual table can have")
    for name in ("on_delete", "on_update") if isinstance(field, ForeignKeyField) else ():
        word = action(getattr(field, name))
        if word is not None and word not in ACTIONS:
            raise ValueError(f"has {name}={word!r}; write one of {', '.join(ACTIONS)}")


def _clauses(field: Field, found: Declared, columns: Collection[str]) -> Clauses:
    before = "PRIMARY KEY" if field.primary_key else "" if field.null else "NOT NULL"
    clauses = Clauses(before="" if found.whole else before)
    clauses = read_clauses(Reader(found.clauses), field.column_name, columns, clauses)
    for sql in () if found.whole else _arguments(field):
        clauses = read_clauses(Reader.of(sql), field.column_name, columns, clauses)
    return clauses


def _arguments(field: Field) -> Iterator[str]:
    """Yield what the arguments of a field put behind its type."""
    constraints: Any = field.constraints or ()
    if not isinstance(constraints, list | tuple):
        raise ValueError(f"has constraints={constraints!r}, which is no list")  # noqa: TRY004 (as all here)
    for node in constraints:
        if not isinstance(node, Node):
            raise ValueError(f"has {node!r} in constraints; write SQL(…), Check(…) or Default(…)")  # noqa: TRY004 (as all here)
        yield neutral(node)
    if field.collation:
        yield f"COLLATE {field.collation}"


def _column(field: Field, type_: ColumnType, clauses: Clauses, sequence: str | None) -> Column:
    options = clauses.options
    if "ZEROFILL" in options:
        options = tuple(dict.fromkeys((*options, "UNSIGNED")))
    if "UNSIGNED" in options:
        type_ = unsigned(type_)
    type_ = numbered(type_, clauses.numbering)
    return Column(
        field.column_name,
        type_.plain if sequence else type_,
        null=_null(field, clauses),
        default=None if sequence else clauses.default,
        collation=clauses.collation,
        computed=clauses.computed,
        comment=_comment(field, clauses),
        sequence=sequence,
        options=options,
    )


def _null(field: Field, clauses: Clauses) -> bool:
    if clauses.null and not field.null:
        raise ValueError("has NULL in its SQL, and not null=True")
    return bool(field.null) if clauses.null is None else clauses.null


def _comment(field: Field, clauses: Clauses) -> str | None:
    wanted = read_marks(field.model).comments
    return (str(field.help_text) if wanted and field.help_text else None) or clauses.comment


def _sequence(field: Field) -> str | None:
    """Return the sequence that a field names, in the schema where Peewee makes it."""
    if not field.sequence:
        return None
    schema, dot, name = str(field.sequence).rpartition(".")
    return qualified(schema if dot else field.model._meta.schema, name)


def _foreign_key(field: Any) -> ForeignKey:  # noqa: ANN401 (Peewee's)
    """Read a key; also a deferred one, for which Peewee creates no constraint."""
    return ForeignKey(
        (field.column_name,),
        table_name(field.rel_model),
        (referred_field(field).column_name,),
        on_delete=action(field.on_delete),
        on_update=action(field.on_update),
        name=truncated(field.constraint_name) if field.constraint_name else None,
        deferrable=field.deferrable or None,
    )
