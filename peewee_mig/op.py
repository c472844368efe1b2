"""The words of a migration file: ``from peewee_mig import op``.

Each function returns a value; nothing runs until ``migrate`` does. The parts of a table
(``column``, ``primary_key``, ``index``, ``foreign_key``, ``check``, ``unique``, ...) stand
wherever a table or an operation takes them; so do objects beside the tables (``view``,
``trigger``, ...) in ``create_object``, ``drop_object`` and ``alter_object``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from peewee_mig.errors import SchemaError
from peewee_mig.operations import verbs
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Constant,
    Copy,
    Drop,
    Fill,
    Generated,
    Rename,
    RunSQL,
    Scalar,
)
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
    Table,
    Unique,
)
from peewee_mig.schema.standalone import (
    EnumType,
    RawObject,
    Standalone,
    View,
    VirtualTable,
)
from peewee_mig.schema.standalone import Sequence as NamedSequence
from peewee_mig.schema.types import parse_type

Names = str | Sequence[str]
Part = verbs.Part
Operation = verbs.Operation
FillValue = Scalar | Generated | None
#: SQL by engine (``{"postgres": "..."}``), or one text for all of them.
SQL = str | Mapping[str, str]
#: Engines that SQL may be given for.
ENGINES = ("sqlite", "postgres", "mysql")
_Changing = View | EnumType | RawObject


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
        default=_sql(default),
        collation=collation,
        computed=None if computed is None else Computed(Expression(computed), stored),
        comment=comment,
        sequence=sequence,
        options=_names(options),
    )


def primary_key(*columns: str) -> PrimaryKey:
    """Define the primary key of a table."""
    return PrimaryKey(columns)


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
        _names(columns),
        unique,
        named,
        parts=tuple(map(Expression, _names(parts))),
        where=_sql(where),
        using=using,
        include=_names(include),
        nulls_distinct=nulls_distinct,
        options=_names(options),
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
    own, referred = _names(columns), _names(referred_columns)
    return ForeignKey(own, referred_table, referred, on_delete, on_update, name, deferrable)


def check(expression: str, *, name: str | None = None) -> Check:
    """Define a check of each row, in SQL; without a name the database names it."""
    return Check(Expression(expression), name)


def unique(
    *columns: str,
    name: str | None = None,
    deferrable: str | None = None,
    nulls_distinct: bool = True,
) -> Unique:
    """Define a unique constraint (a unique index is an index)."""
    return Unique(columns, name, deferrable, nulls_distinct)


def exclusion(expression: str, *, name: str | None = None) -> Exclusion:
    """Define an exclusion constraint of PostgreSQL: what follows the word EXCLUDE."""
    return Exclusion(Expression(expression), name)


def options(*words: str, comment: str | None = None) -> Options:
    """Define what else a table has: ``"STRICT"``, ``"ENGINE=InnoDB"``, a comment."""
    return Options(words, comment)


def create_table(name: str, *parts: Part | Options) -> Add:
    """Create a table of its parts."""
    return Add(name, _table(name, parts))


def drop_table(name: str, *parts: Part | Options) -> Drop:
    """Drop a table; its parts are kept here so that it can come back (empty)."""
    return Drop(name, _table(name, parts))


def rename_table(old: str, new: str) -> Rename:
    """Rename a table; foreign keys to it follow."""
    return Rename("table", old, old, new)


def add_column(table: str, definition: Column, *, fill: FillValue = None) -> Add:
    """Add a column; ``fill`` is the value for rows that exist already.

    A NOT NULL column without a fill is guarded: the migration stops before the statement
    if the table has rows.
    """
    return Add(table, definition, _fill(fill))


def drop_column(table: str, definition: Column) -> Drop:
    """Drop a column; its definition is kept here so that it can come back (empty)."""
    return Drop(table, definition)


def alter_column(table: str, *, old: Column, new: Column, fill: FillValue = None) -> Alter:
    """Change the type of a column or whether it takes NULL.

    ``fill`` is the value for rows with NULL in a column that becomes NOT NULL; without one
    the migration stops before the statement if there are such rows.
    """
    return Alter(table, old, new, _fill(fill))


def rename_column(table: str, old: str, new: str) -> Rename:
    """Rename a column; keys and indexes follow."""
    return Rename("column", table, old, new)


def add_primary_key(table: str, definition: PrimaryKey) -> Add:
    """Add a primary key to a table that has none."""
    return Add(table, definition)


def drop_primary_key(table: str, definition: PrimaryKey) -> Drop:
    """Drop the primary key of a table."""
    return Drop(table, definition)


def alter_primary_key(table: str, *, old: PrimaryKey, new: PrimaryKey) -> Alter:
    """Change the columns of a primary key."""
    return Alter(table, old, new)


def create_index(table: str, definition: Index) -> Add:
    """Create an index; a unique one is guarded against duplicates."""
    return Add(table, definition)


def drop_index(table: str, definition: Index) -> Drop:
    """Drop an index."""
    return Drop(table, definition)


def rename_index(table: str, old: str, new: str) -> Rename:
    """Rename an index."""
    return Rename("index", table, old, new)


def add_foreign_key(table: str, definition: ForeignKey) -> Add:
    """Add a foreign key; it is guarded against rows that refer to nothing."""
    return Add(table, definition)


def drop_foreign_key(table: str, definition: ForeignKey) -> Drop:
    """Drop a foreign key."""
    return Drop(table, definition)


def alter_foreign_key(table: str, *, old: ForeignKey, new: ForeignKey) -> Alter:
    """Change what a foreign key refers to, or its actions."""
    return Alter(table, old, new)


def add_check(table: str, definition: Check) -> Add:
    """Add a check; it is guarded against rows of which it is false."""
    return Add(table, definition)


def drop_check(table: str, definition: Check) -> Drop:
    """Drop a check."""
    return Drop(table, definition)


def add_unique(table: str, definition: Unique) -> Add:
    """Add a unique constraint; it is guarded against duplicates."""
    return Add(table, definition)


def drop_unique(table: str, definition: Unique) -> Drop:
    """Drop a unique constraint."""
    return Drop(table, definition)


def add_exclusion(table: str, definition: Exclusion) -> Add:
    """Add an exclusion constraint."""
    return Add(table, definition)


def drop_exclusion(table: str, definition: Exclusion) -> Drop:
    """Drop an exclusion constraint."""
    return Drop(table, definition)


def alter_options(table: str, *, old: Options, new: Options) -> Alter:
    """Change the options and the comment of a table."""
    return Alter(table, old, new)


def create_object(definition: Standalone) -> Add:
    """Create a view, a sequence, a type, or what SQL of yours makes."""
    return Add(definition.name, definition)


def drop_object(definition: Standalone) -> Drop:
    """Drop an object beside the tables; its definition is kept here for the way back."""
    return Drop(definition.name, definition)


def alter_object(*, old: _Changing, new: _Changing) -> Alter:
    """Put a view, an enum type or an object in SQL in place of another of its name."""
    return Alter(old.name, old, new)


def view(name: str, select: str, *, materialized: bool = False, needs: Names = ()) -> View:
    """Define a view; ``needs`` are the tables and views that it reads."""
    return View(name, Expression(select), materialized, _names(needs))


def virtual_table(name: str, module: str, *arguments: str) -> VirtualTable:
    """Define a virtual table of SQLite."""
    return VirtualTable(name, module, arguments)


def sequence(name: str) -> NamedSequence:
    """Define a sequence."""
    return NamedSequence(name)


def enum(name: str, *values: str) -> EnumType:
    """Define an enum type of PostgreSQL."""
    return EnumType(name, values)


def function(name: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define a function in SQL of yours; ``needs`` are tables that must be there first."""
    return RawObject("function", name, _by_engine(create), _by_engine(drop), "", _names(needs))


def trigger(name: str, table: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define a trigger of a table in SQL of yours."""
    return RawObject("trigger", name, _by_engine(create), _by_engine(drop), table, _names(needs))


def extension(name: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define an extension of the database."""
    return RawObject("extension", name, _by_engine(create), _by_engine(drop), "", _names(needs))


def raw_object(name: str, *, create: SQL, drop: SQL, needs: Names = ()) -> RawObject:
    """Define any other object in SQL of yours."""
    return RawObject("object", name, _by_engine(create), _by_engine(drop), "", _names(needs))


def run_sql(forward: Names, backward: Names | None = None) -> RunSQL:
    """Run SQL of your own, without effect on the tables and columns that are tracked.

    ``backward`` undoes it; ``[]`` says that nothing has to be undone, ``None`` that it
    cannot be.
    """
    return RunSQL(_names(forward), None if backward is None else _names(backward))


def rename_value(enum: str, old: str, new: str) -> Rename:
    """Rename a value of an enum type; rows and defaults follow."""
    return Rename("value", enum, old, new)


def copy_values(
    table: str,
    column: str,
    *,
    source: str,
    source_column: str,
    on: Mapping[str, str],
    back: bool = True,
) -> Copy:
    """Give rows of a table what their related rows of ``source`` have in ``source_column``.

    ``on``: columns of the table, and those of the source that they are equal to. Without
    ``back`` the way back copies nothing.
    """
    return Copy(table, column, source, source_column, tuple(on.items()), back)


def now() -> Generated:
    """Fill with the time of the migration, in the local time of the database's host."""
    return Generated("now")


def utcnow() -> Generated:
    """Fill with the time of the migration in UTC."""
    return Generated("utcnow")


def today() -> Generated:
    """Fill with the day of the migration."""
    return Generated("today")


def uuid4() -> Generated:
    """Fill with a new random UUID for each row."""
    return Generated("uuid4")


def empty() -> Generated:
    """Fill with the empty value of the column's type: ``''``, 0, false, ..."""
    return Generated("empty")


def _table(name: str, parts: Sequence[Part | Options]) -> Table:
    keys = [part for part in parts if isinstance(part, PrimaryKey)]
    extras = [part for part in parts if isinstance(part, Options)]
    known = all(isinstance(part, Part | Options) for part in parts)
    if len(keys) > 1 or len(extras) > 1 or not known:
        raise SchemaError(
            f"table {name} is made of columns, indexes, foreign keys, constraints, and at most"
            " one primary key and one of op.options"
        )
    return Table(
        name,
        tuple(part for part in parts if isinstance(part, Column)),
        primary_key=keys[0] if keys else None,
        indexes=tuple(part for part in parts if isinstance(part, Index)),
        foreign_keys=tuple(part for part in parts if isinstance(part, ForeignKey)),
        checks=tuple(part for part in parts if isinstance(part, Check)),
        uniques=tuple(part for part in parts if isinstance(part, Unique)),
        exclusions=tuple(part for part in parts if isinstance(part, Exclusion)),
        options=extras[0] if extras else Options(),
    )


def _sql(text: str | None) -> Expression | None:
    return None if text is None else Expression(text)


def _by_engine(sql: SQL) -> tuple[tuple[str, str], ...]:
    if isinstance(sql, str):
        return (("", sql),)
    unknown = sql.keys() - {"", *ENGINES}
    if unknown:
        raise SchemaError(
            f"SQL is given for {', '.join(sorted(map(repr, unknown)))}, which is no engine",
            hint=f"the engines are {', '.join(ENGINES)}",
        )
    return tuple(sql.items())


def _names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _fill(value: FillValue) -> Fill | None:
    if isinstance(value, float) and not math.isfinite(value):
        raise SchemaError("a fill must be a finite number")
    if value is not None and not isinstance(value, Generated | str | int | float | bytes):
        raise SchemaError(
            f"a fill cannot be a {type(value).__name__}",
            hint="write numbers, true and false as they are, anything else as text",
        )
    return value if value is None or isinstance(value, Generated) else Constant(value)
