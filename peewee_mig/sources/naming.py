"""What Peewee calls tables and indexes."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee
from peewee import Model

from peewee_mig.schema.names import qualified

#: Without types: Peewee's stubs know no private attributes.
_PEEWEE: Any = peewee


def table_name(model: type[Model]) -> str:
    """Return the name of a model's table, with its schema if it has one."""
    return qualified(model._meta.schema or None, str(model._meta.table_name))


def truncated(name: str) -> str:
    """Cut a name as Peewee does, at 64 characters."""
    return str(_PEEWEE._truncate_constraint_name(name))


def index_name(model: type[Model], parts: Sequence[object]) -> str | None:
    """Return what Peewee calls an index that has no name; ``None`` if it knows none."""
    try:
        return str(_PEEWEE.ModelIndex(model, parts)._name)
    except ValueError:  # expressions, no field among them
        return None
