"""The parts of a table: columns, keys, indexes, constraints, options."""

from __future__ import annotations

from peewee_mig.op.words import Names, expressed, listed
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import (
    Check,
    Column,
    Computed,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Unique,
)
from peewee_mig.schema.types import parse_type


def column(  # noqa: PLR0913 (the attributes of a column)
    name: str,
    type: str,  # noqa: A002 (the word of SQL)
    *,
    null: bool = False,
    default: str | None = None,
    collation: str | None = None,
    computed: str | None = None,
    stored: bool = False,
    comment: str | None = None,
    sequence: str | None = None,
    options: Names = (),
) -> Column:
    """Define a column by Peewee's logical type, such as ``"VARCHAR(255)"``.

    A type in small letters is one of the database (``"citext"``). ``default`` is SQL for new
    rows; ``computed`` makes it a generated column, ``stored`` or virtual. In SQL, names of
    columns stand in double quotation marks, texts in single ones.
    """
    return Column(
        name,
        parse_type(type),
        null,
        default=expressed(default),
        collation=collation,
        computed=None if computed is None else Computed(Expression(computed), stored),
        comment=comment,
        sequence=sequence,
        options=listed(options),
    )


def primary_key(*columns: str, name: str | None = None, conflict: str | None = None) -> PrimaryKey:
    """Define the primary key of a table; without a name the database names it."""
    return PrimaryKey(columns, name, conflict)


def index(  # noqa: PLR0913 (the attributes of an index)
    name: str,
    columns: Names = (),
    *,
    unique: bool = False,
    named: bool = False,
    parts: Names = (),
    where: str | None = None,
    using: str | None = None,
    include: Names = (),
    nulls_distinct: bool = True,
    options: Names = (),
) -> Index:
    """Define an index; ``named`` says that the models give it this name.

    ``parts`` are SQL, in the place of plain columns: ``'lower("email")'``, ``'"born" DESC'``;
    ``where`` limits it to some rows.
    """
    return Index(
        name,
        listed(columns),
        unique,
        named,
        parts=tuple(map(Expression, listed(parts))),
        where=expressed(where),
        using=using,
        include=listed(include),
        nulls_distinct=nulls_distinct,
        options=listed(options),
    )


def foreign_key(
    columns: Names,
    referred_table: str,
    referred_columns: Names,
    *,
    on_delete: str | None = None,
    on_update: str | None = None,
    name: str | None = None,
    deferrable: str | None = None,
) -> ForeignKey:
    """Define a foreign key; without a name the database names it."""
    own, referred = listed(columns), listed(referred_columns)
    return ForeignKey(own, referred_table, referred, on_delete, on_update, name, deferrable)


def check(expression: str, *, name: str | None = None) -> Check:
    """Define a check of each row, in SQL; without a name the database names it."""
    return Check(Expression(expression), name)


def unique(
    *columns: str,
    name: str | None = None,
    deferrable: str | None = None,
    nulls_distinct: bool = True,
    conflict: str | None = None,
) -> Unique:
    """Define a unique constraint (a unique index is an index)."""
    return Unique(columns, name, deferrable, nulls_distinct, conflict)


def exclusion(expression: str, *, name: str | None = None) -> Exclusion:
    """Define an exclusion constraint of PostgreSQL: what follows the word EXCLUDE."""
    return Exclusion(Expression(expression), name)


def options(*words: str, comment: str | None = None) -> Options:
    """Define what else a table has: ``"STRICT"``, ``"ENGINE=InnoDB"``, a comment."""
    return Options(words, comment)
