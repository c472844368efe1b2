"""Schema migrations for Peewee: the models are the source of truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peewee_mig.declare import Extension, Function, RawSQL, Trigger, View
    from peewee_mig.migrator import Event, Migrator

__version__ = "0.1.0"

#: What a module of models declares beside its models, and what a program uses; imported when
#: asked for.
__all__ = ["Event", "Extension", "Function", "Migrator", "RawSQL", "Trigger", "View"]

_OF_PROGRAMS = ("Event", "Migrator")


def __getattr__(name: str) -> object:
    """Import what is asked for; starting the program needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = "peewee_mig.migrator" if name in _OF_PROGRAMS else "peewee_mig.declare"
    value: object = getattr(import_module(module), name)
    return value
