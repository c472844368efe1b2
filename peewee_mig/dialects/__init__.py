"""Databases: one folder each, the same file names in all."""

from __future__ import annotations

import importlib
from copy import copy

from peewee_mig.dialects.base import Dialect
from peewee_mig.errors import UsageError

#: Word of ``--dialect`` -> what else it is called.
NAMES = {
    "sqlite": ("sqlite3",),
    "postgres": ("postgresql", "pg"),
    "mysql": ("mariadb",),
}


def get_dialect(name: str, *, skips: bool = False) -> Dialect:
    """Return a dialect by name, importing only that one.

    ``skips``: what the engine cannot have is left out, not refused.
    """
    for known, aliases in NAMES.items():
        if name.lower() in (known, *aliases):
            module = importlib.import_module(f"peewee_mig.dialects.{known}.dialect")
            dialect: Dialect = module.DIALECT
            if skips:
                dialect = copy(dialect)
                dialect.skips = True
            return dialect
    raise UsageError(f"unknown dialect {name!r}", hint=f"write one of {', '.join(NAMES)}")
