"""Guards in the names of another time: before earlier migrations, or after their own. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from peewee_mig.dialects.asked import Guard
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import Alter, Apart, ChangeRows, Data, Operation, Rename
from peewee_mig.schema.expressions import Expression

#: Guards of reference rows, in whose way earlier migrations of the run may put rows.
_OF_ROWS = ("changed", "referred", "missing")


def traced_back(guard: Guard, earlier: Iterable[Operation]) -> Guard | None:
    """Return the guard in the names before earlier migrations of the same run.

    ``None``: what it asks about is made or may be changed by them, so it cannot be asked yet.
    """
    operations = tuple(earlier)
    if guard.behind is not None or (operations and guard.kind in _OF_ROWS):
        return None
    if any(isinstance(operation, Data | Apart | ChangeRows) for operation in operations):
        return None
    names = Names()
    for operation in operations:
        names.follow(operation)
    table, referred = names.table(guard.table), names.table(guard.referred_table)
    added = {filled.column for filled in guard.filled if filled.added}
    columns = [n if n in added else names.column(guard.table, n) for n in guard.columns]
    key = [names.column(guard.table, name) for name in guard.key]
    others = [names.column(guard.referred_table, name) for name in guard.referred_columns]
    known = {n: names.column(guard.table, n) for n in guard.names - added}
    if table is None or referred is None or None in (*columns, *others, *known.values()):
        return None
    asked = {*guard.columns, *guard.referred_columns, *filter(None, (*columns, *others))}
    asked |= {*guard.names, *filter(None, known.values())}
    sources = [names.column(guard.table, name) for name in guard.sources]
    asked |= {*guard.sources, *filter(None, sources)}
    if any(_changes(operation, asked) for operation in operations):
        return None
    return replace(
        guard,
        table=table,
        columns=tuple(filter(None, columns)),
        filled=tuple(
            replace(
                each,
                column=each.column if each.added else str(names.column(guard.table, each.column)),
                using=_renamed(each.using, known),
            )
            for each in guard.filled
        ),
        key=tuple(filter(None, key)),
        referred_table=referred,
        referred_columns=tuple(filter(None, others)),
        condition=_renamed(guard.condition, known),
        parts=tuple(part for each in guard.parts if (part := _renamed(each, known))),
    )


def named_after(guard: Guard, operations: Iterable[Operation]) -> Guard:
    """Return the guard in the names that tables and columns have after its own migration.

    For people only: what the migration adds is called so already.
    """
    for operation in operations:
        match operation:
            case Rename(kind="table", old=old, new=new):
                table = new if guard.table == old else guard.table
                referred = new if guard.referred_table == old else guard.referred_table
                guard = replace(guard, table=table, referred_table=referred)
            case Rename(kind="column", table=table, old=old, new=new) if table == guard.table:
                added = {each.column for each in guard.filled if each.added}
                if guard.kind != "rows" and old not in added:
                    columns = tuple(new if each == old else each for each in guard.columns)
                    condition = _renamed(guard.condition, {old: new})
                    guard = replace(guard, columns=columns, condition=condition)
            case _:
                pass
    return guard


def _renamed(expression: Expression | None, names: Mapping[str, str | None]) -> Expression | None:
    known = {old: new for old, new in names.items() if new is not None}
    return None if expression is None else expression.renamed(known)


def _changes(operation: Operation, columns: set[str]) -> bool:
    """Whether an operation may change the values of a column called so, of any table."""
    return isinstance(operation, Alter) and getattr(operation.old, "name", None) in columns
