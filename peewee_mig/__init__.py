"""Schema migrations for Peewee: the models are the source of truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peewee_mig.declare import Extension, Function, RawSQL, Trigger, View

__version__ = "0.1.0"

#: What a module of models declares beside its models; imported when asked for.
__all__ = ["Extension", "Function", "RawSQL", "Trigger", "View"]


def __getattr__(name: str) -> object:
    """Import what a module of models declares with; starting the program needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from peewee_mig import declare

    value: object = getattr(declare, name)
    return value
