"""``--rename`` of a virtual table."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.diff.renames import Renames
from peewee_mig.errors import UsageError
from peewee_mig.schema.schema import Schema


def with_virtual_tables(
    before: Schema, after: Schema, asked: Sequence[tuple[str, str]], declared: Renames
) -> tuple[Renames, list[tuple[str, str]]]:
    """Return the answers about virtual tables, and the options that speak of others.

    A rename that is done already is passed over; :exc:`UsageError` for one of a virtual table
    that stays, or to what is no new one. ``declared``: answers of a migration that is
    written anew; what makes no sense any more is left out.
    """
    decided, left = Renames(), []
    for old, new in declared.tables.items():
        if _is_open(before, after, old, new):
            decided = decided.with_table(old, new)
    for old, new in asked:
        if _is_open(before, after, old, new):
            decided = decided.with_table(old, new)
        elif before.find_virtual_table(old):
            raise UsageError(
                f"--rename {old}:{new}: a virtual table {old} does not go while {new} comes",
                hint="name a virtual table that is gone, and one that is new",
            )
        elif not _is_done(before, after, old, new):
            left.append((old, new))
    return decided, left


def _is_open(before: Schema, after: Schema, old: str, new: str) -> bool:
    """Whether a virtual table is gone and the other one has come."""
    gone = before.find_virtual_table(old) and not after.find_virtual_table(old)
    come = after.find_virtual_table(new) and not before.find_virtual_table(new)
    return bool(gone and come)


def _is_done(before: Schema, after: Schema, old: str, new: str) -> bool:
    """Whether the one is gone and the other there on both sides."""
    there = before.find_virtual_table(new) and after.find_virtual_table(new)
    return bool(there) and not before.find_virtual_table(old) and old not in before
