"""Rows of squashes that the files here are too old to have. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from peewee_mig.history.module import Migration
from peewee_mig.history.replaced import Files
from peewee_mig.history.table import Row

#: Keys of ``meta`` of a squash: the names that it replaces, and what these replaced in turn.
REPLACES, STANDS_FOR = "replaces", "stands_for"


def parts_here(row: Row, files: Files) -> tuple[Migration, ...]:
    """Return the files that the row of a squash without a file stands for.

    None if it has a file, is no squash, or if one of them is gone.
    """
    return () if row.name in files else _parts(row, row.meta.get(REPLACES, ()), files)


def _parts(row: Row, names: Sequence[str], files: Files) -> tuple[Migration, ...]:
    found: list[Migration] = []
    for name in names:
        inner = row.meta.get(STANDS_FOR, {}).get(name, ())
        parts = (files[name],) if name in files else _parts(row, inner, files)
        if not parts:
            return ()
        found += parts
    return tuple(found)
