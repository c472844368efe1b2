"""Models of a schema of the past: the text that ``pull`` would write, run for one call only.

Nothing of it is global: the classes are bound to the database of one run, no module is
registered, and Peewee's own list of keys that wait for their model is neither read nor written.
"""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from peewee import DeferredForeignKey, Field, Model
from peewee import ModelBase as _ModelBase

from peewee_mig.layout import compiled, parsed
from peewee_mig.schema.names import qualified
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.importing import HISTORIC
from peewee_mig.sources.written.modules import write_models

ModelBase: Any = _ModelBase


@dataclass(frozen=True)
class Historic:
    """Models by the names of their classes, and by those of their tables."""

    by_class: Mapping[str, Any] = field(default_factory=dict[str, Any])
    by_table: Mapping[str, Any] = field(default_factory=dict[str, Any])


def historic_models(schema: Schema, engine: str, database: Any) -> Historic:  # noqa: ANN401 (Peewee's)
    """Return the models of a schema, bound to a database; names are chosen as ``pull`` does."""
    (module,) = write_models(schema, engine)
    waiting: list[Any] = []
    names = _run(module.text, database, waiting)
    models = {name: each for name, each in names.items() if _is_model(each) and name != "BaseModel"}
    known = {name.lower(): each for name, each in models.items()}
    for key in sorted(waiting, key=lambda each: each._order):
        key.set_model(known[key.rel_model_name])
    tables = {qualified(each._meta.schema, each._meta.table_name): each for each in models.values()}
    return Historic(models, tables)


def _run(text: str, database: Any, waiting: list[Any]) -> dict[str, Any]:  # noqa: ANN401 (Peewee's)
    """Execute the text of a module, with a base class and keys that leave no trace."""
    instead: dict[str, Any] = {
        "DatabaseProxy": lambda: database,
        "DeferredForeignKey": _later(waiting),
        "Model": _Base,
    }
    names: dict[str, Any] = {"__name__": HISTORIC}
    tree = parsed(text)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    for node in imports:
        module = import_module(str(node.module))
        names |= {a.name: instead.get(a.name) or getattr(module, a.name) for a in node.names}
    tree.body = [node for node in tree.body if node not in imports]
    exec(compiled(tree, "<models of a migration>"), names)  # noqa: S102 (our own text)
    return names


def _is_model(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, _Base) and thing is not _Base


def _later(waiting: list[Any]) -> Callable[..., Any]:
    """Return a class of keys that wait in a list, not in that of Peewee."""

    class Later(DeferredForeignKey):
        def __init__(self, rel_model_name: str, **options: Any) -> None:  # noqa: ANN401 (as Peewee's)
            self.field_kwargs = options
            self.rel_model_name = rel_model_name.lower()
            own = ("column_name", "null", "primary_key")
            Field.__init__(self, **{name: options.get(name) for name in own})
            waiting.append(self)

    return Later


class _Meta(ModelBase):  # type: ignore[misc]
    """Makes classes under a name that no key of the application's waits for."""

    def __new__(mcs, name: str, *parts: Any, **options: Any) -> Any:  # noqa: ANN401 (as Peewee's)
        made: Any = super().__new__(mcs, f"{name} of a migration", *parts, **options)
        made.__name__ = made.__qualname__ = name
        made._meta.name = name.lower()
        missing = made.DoesNotExist
        missing.__name__ = missing.__qualname__ = f"{name}DoesNotExist"
        return made


class _Base(Model, metaclass=_Meta):
    """The base of all of them, and of no model of an application."""
