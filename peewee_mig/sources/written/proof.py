"""The proof of models that were written: they are read as any others."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from types import ModuleType

from peewee import Model

from peewee_mig.declare import Declaration
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.discover import refuse_unsound
from peewee_mig.sources.read import read_models
from peewee_mig.sources.written.modules import Module

_numbers = count(1)


def declared_by(modules: Iterable[Module]) -> Schema:
    """Run the text of modules that were just written, and return what their models declare.

    They stay out of the way of the user's own modules. :exc:`ModelError` if they do not read.
    """
    with _package() as package:
        ran = [_run(package, module) for module in modules]
        declared = _declared(ran)
        refuse_unsound([each for each in declared if isinstance(each, type)])
        return read_models(declared).schema


@contextmanager
def _package() -> Iterator[str]:
    name = f"peewee_mig_written_{next(_numbers)}"
    package = ModuleType(name)
    package.__path__ = []
    sys.modules[name] = package
    try:
        yield name
    finally:
        for each in [key for key in sys.modules if key.partition(".")[0] == name]:
            del sys.modules[each]


def _run(package: str, module: Module) -> ModuleType:
    name = f"{package}.{module.path.stem}"
    made = ModuleType(name)
    made.__package__ = package
    sys.modules[name] = made
    exec(compile(module.text, str(module.path), "exec"), made.__dict__)  # noqa: S102 (our own text)
    return made


def _declared(modules: Iterable[ModuleType]) -> list[type[Model] | Declaration]:
    return [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, Declaration) or _is_model(each, module)
    ]


def _is_model(thing: object, module: ModuleType) -> bool:
    if not (isinstance(thing, type) and issubclass(thing, Model)):
        return False
    return thing.__module__ == module.__name__ and thing.__name__ != "BaseModel"
