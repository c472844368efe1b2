"""Models as a running program gives them: classes and modules, imported as by any import."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from types import ModuleType

from peewee_mig.errors import ModelError
from peewee_mig.sources.discover import Declared, children, collected, is_model, is_object


def given_models(values: Iterable[object]) -> tuple[Declared, ...]:
    """Return every concrete model of what is given, by the rules of ``find_models``.

    Given are models, objects of ``peewee_mig.declare``, modules and packages, or their names.
    Modules below a package are imported too; what that raises passes. Nothing else of the
    process changes. :exc:`ModelError` for all that cannot be read.
    """
    listed = list(values)
    named: list[Declared] = []
    modules: list[str] = []
    for value in listed:
        if is_model(value) or is_object(value):
            named.append(value)
        else:
            modules += _tree(_module(value))
    return collected(named, modules, [_name(value) for value in listed])


def _module(value: object) -> ModuleType:
    if isinstance(value, ModuleType):
        return value
    if isinstance(value, str) and all(part.isidentifier() for part in value.split(".")):
        return importlib.import_module(value)
    raise ModelError(
        f"{value!r} is no model and no module",
        hint="give models, modules, or names of modules as in an import statement",
    )


def _tree(module: ModuleType) -> Iterator[str]:
    yield module.__name__
    for child in children(module):
        yield from _tree(importlib.import_module(f"{module.__name__}.{child}"))


def _name(value: object) -> str:
    return str(getattr(value, "__name__", value))
