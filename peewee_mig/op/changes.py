"""What a migration does with tables, their parts, objects beside them, and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peewee_mig.errors import SchemaError
from peewee_mig.op.fills import FillValue, given
from peewee_mig.op.words import (
    SQL,
    Functions,
    Names,
    Statements,
    by_engine,
    functions,
    listed,
    statements,
)
from peewee_mig.operations import verbs
from peewee_mig.operations.codec import word_of
from peewee_mig.operations.verbs import (
    Add,
    Alter,
    Apart,
    Copy,
    Data,
    Drop,
    Operation,
    Rename,
    RunPython,
    RunSQL,
)
from peewee_mig.schema.objects import (
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
from peewee_mig.schema.rows import Rows
from peewee_mig.schema.standalone import EnumType, RawObject, Standalone, View

Part = verbs.Part
_Changing = View | EnumType | RawObject


def create_table(name: str, *parts: Part | Options | Rows) -> Add:
    """Create a table of its parts."""
    return Add(name, _table(name, parts))


def drop_table(name: str, *parts: Part | Options | Rows) -> Drop:
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
    return Add(table, definition, given(fill))


def drop_column(table: str, definition: Column) -> Drop:
    """Drop a column; its definition is kept here so that it can come back (empty)."""
    return Drop(table, definition)


def alter_column(
    table: str,
    *,
    old: Column,
    new: Column,
    fill: FillValue = None,
    using: SQL | None = None,
    using_back: SQL | None = None,
) -> Alter:
    """Change the type of a column or whether it takes NULL.

    ``fill`` is the value for rows with NULL in a column that becomes NOT NULL; without one
    the migration stops before the statement if there are such rows. ``using`` is an SQL
    expression for the value in the new type, where the cast is not the one you want, or none
    is known; ``using_back`` that for a rollback. By engine: ``{"postgres": "…"}``.
    """
    ways = tuple(by_engine(each) if each else () for each in (using, using_back))
    return Alter(table, old, new, given(fill), *ways)


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


def run_sql(
    forward: Statements,
    backward: Statements | None = None,
    *,
    effect: Sequence[Operation] = (),
    touches: Names | None = None,
    elidable: bool = False,
) -> RunSQL | Apart:
    """Run SQL of your own: a text, several, or these by engine: ``{"postgres": [...]}``.

    ``backward`` undoes it; ``[]`` says that nothing has to be undone, ``None`` that it
    cannot be. ``effect``: operations that say what it does to the tables that are tracked;
    without, it does nothing to them. ``touches``: the tables (``"person"``) and columns
    (``"person.name"``) that it reads or writes. ``elidable``: a squash may leave it out.
    """
    run, others = statements(forward)
    back, others_back = (None, ()) if backward is None else statements(backward)
    touched = None if touches is None else listed(touches)
    found = RunSQL(run, back, others, others_back, touched, elidable)
    return Apart(_in_schema_only(effect), (found,)) if effect else found


def run_python(
    forward: Functions,
    backward: Functions | None = None,
    *,
    touches: Names | None = None,
    elidable: bool = False,
) -> RunPython:
    """Call a function of this file with models as they are at this point of the history.

    ``forward`` takes ``(models)`` or ``(models, database)``: ``models.Person``,
    ``models["person"]``; by engine: ``{"postgres": fill}``. ``backward``, ``touches``,
    ``elidable``: as of :func:`run_sql`.
    """
    names, found = functions(forward)
    back, found_back = (None, {}) if backward is None else functions(backward)
    touched = None if touches is None else listed(touches)
    return RunPython(names, back, touched, elidable, {**found, **found_back})


def state_only(*operations: Operation) -> Apart:
    """Say what is in the database already: only the schema that is tracked changes."""
    return Apart(_in_schema_only(operations), ())


def database_only(*operations: Operation) -> Apart:
    """Change the database, and not the schema that is tracked."""
    return Apart((), _plain(operations))


def apart(*, schema: Sequence[Operation], database: Sequence[Operation]) -> Apart:
    """Change the schema that is tracked by some operations, and the database by others."""
    return Apart(_in_schema_only(schema), _plain(database))


def _in_schema_only(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """Return operations that have a meaning for a schema; :exc:`SchemaError` for others."""
    for each in _plain(operations):
        if isinstance(each, Data):
            raise SchemaError(
                f"{word_of(each)} changes rows, and a schema has none",
                hint="write it as an operation of its own",
            )
    return tuple(operations)


def _plain(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """Return operations none of which holds others; :exc:`SchemaError` for what is none."""
    for each in operations:
        if isinstance(each, Apart) or not isinstance(each, Operation):
            what = word_of(each) if isinstance(each, Apart) else repr(each)
            raise SchemaError(
                f"{what:.80} is no operation that can stand here",
                hint="use the functions of `op` that change one thing",
            )
    return tuple(operations)


def rename_value(enum: str, old: str, new: str) -> Rename:
    """Rename a value of an enum type; rows and defaults follow."""
    return Rename("value", enum, old, new)


def rename_virtual_table(old: str, new: str) -> Rename:
    """Rename a virtual table; its rows stay."""
    return Rename("virtual_table", old, old, new)


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


def _table(name: str, parts: Sequence[Part | Options | Rows]) -> Table:
    keys = [part for part in parts if isinstance(part, PrimaryKey)]
    extras = [part for part in parts if isinstance(part, Options)]
    declared = [part for part in parts if isinstance(part, Rows)]
    known = all(isinstance(part, Part | Options | Rows) for part in parts)
    if max(len(keys), len(extras), len(declared)) > 1 or not known:
        raise SchemaError(
            f"table {name} is made of columns, indexes, foreign keys, constraints, and at most"
            " one primary key, one of op.options and one of op.rows"
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
        rows=declared[0] if declared else None,
    )
