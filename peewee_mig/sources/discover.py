"""Find the models of a project, by the rules that :func:`find_models` states."""

# ruff: noqa: SLF001 (Peewee keeps what it knows in private attributes)

from __future__ import annotations

import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

from peewee import AutoField, Model

from peewee_mig.declare import Declaration
from peewee_mig.errors import ModelError, nearest, same_command
from peewee_mig.sources.collisions import refuse_collisions
from peewee_mig.sources.importing import call, descendants, import_module, importing, is_evicted
from peewee_mig.sources.marks import Marks, read_marks
from peewee_mig.sources.origins import place

_BASE_STARTS = ("Base", "Abstract")
_BASE_ENDS = ("Base", "Mixin", "Abstract")
#: Names that say what a row is or has besides being something.
_BASE_FORMS = re.compile(r"(?:Has|With)[A-Z]\w*|[A-Z]\w{3,}(?:ed|able|ible)")


#: What a spec can give: models, and objects of ``peewee_mig.declare``.
Declared = type[Model] | Declaration


def find_models(specs: Sequence[str], *, root: Path) -> tuple[Declared, ...]:
    """Return every concrete model that the specs name, sorted by table, and declared objects.

    A spec is a module, a package (all modules below it are imported), or
    ``module:attribute``: a model, a collection of models, or a function that returns one.
    Modules and packages give the models that they define; ``module:attribute`` gives what
    it names. The tables that many-to-many fields make belong to their models. Objects of
    ``peewee_mig.declare`` (views, triggers, functions) are found as attributes of modules, in
    lists and tuples too, and by ``module:attribute``.

    Left out are ``Meta.temporary``, ``Meta.peewee_mig = {"ignore": True}``, and abstract
    bases. Peewee has no mark for those, so a model found in a module is abstract if its own
    ``Meta.peewee_mig`` says ``{"abstract": True}``, or if it is not referred to, has no
    table name of its own, its ``Meta`` does not say ``{"abstract": False}``, and

    * it declares nothing but perhaps its primary key, and other models inherit from it, or
    * it declares nothing but perhaps its primary key, and is called like a base, or
    * it is called like a base, and other models inherit from it.

    Called like a base are ``Base…``, ``…Base``, ``Abstract…``, ``…Abstract``, ``…Mixin``,
    ``Timestamped`` and ``Auditable`` (``…ed``, ``…able``), ``HasOwner``, ``WithNotes``, and
    ``…Model`` where a heir is called otherwise. A model with fields of its own and any other
    name is a table, inherited from or not, as ``create_tables`` would have it.

    :exc:`ModelError` for all that cannot be read.
    """
    modules: list[str] = []
    named: list[Declared] = []
    with importing(root):
        for spec in specs:
            if ":" in spec:
                named += _named(spec, root)
            else:
                modules += import_tree(spec, root)
    return collected(named, modules, specs)


def collected(
    named: Sequence[Declared], modules: Sequence[str], specs: Sequence[str]
) -> tuple[Declared, ...]:
    """Return what is named and what modules define, as :func:`find_models` says.

    ``modules``: names of modules that are imported; ``specs``: how all this was given.
    """
    objects = dict.fromkeys([*filter(is_object, named), *_declared_in(modules)])
    found = dict.fromkeys([*filter(is_model, named), *_defined(frozenset(modules))])
    models = _with_many_to_many([model for model in found if not _left_out(model)])
    if not models and not objects:
        raise _nothing_found(specs, modules)
    refuse_unsound(models)
    return (*sorted(models, key=lambda model: str(model._meta.table_name)), *objects)


def import_tree(name: str, root: Path, *, named_by: str = "--models") -> list[str]:
    """Import a module and all that is below it; return their names.

    ``named_by``: the option or the setting that names it, for the way out.
    """
    module = import_module(name, root, named_by=named_by)
    names = [name]
    for child in children(module):
        names += import_tree(f"{name}.{child}", root, named_by=named_by)
    return names


def children(module: ModuleType) -> list[str]:
    """Return the names of the modules that are directly below a package."""
    folders = list(getattr(module, "__path__", ()))
    regular = {each.name for each in pkgutil.iter_modules(folders)}
    loose = {path.parent.name for folder in folders for path in Path(folder).glob("*/*.py")}
    return sorted(n for n in regular | loose if n.isidentifier() and n != "__main__")


def _named(spec: str, root: Path) -> list[Declared]:
    name, _, attribute = spec.partition(":")
    value: Any = import_module(name, root)
    for part in attribute.split("."):
        if not hasattr(value, part):
            models = [key for key, each in vars(sys.modules[name]).items() if is_model(each)]
            near = nearest(attribute, models)
            raise ModelError(
                f"{name} has no attribute {attribute!r}",
                where=_file_of(name, root),
                hint=same_command("--models", f"{name}:{near}", in_place_of=["--models", spec])
                if near
                else "name a model, a list of models, or a function that returns one",
            )
        value = getattr(value, part)
    if callable(value) and not is_model(value):
        value = call(value, spec, root)
    return _collection(value, spec, root)


def _collection(value: object, spec: str, root: Path) -> list[Declared]:
    each = value.values() if isinstance(value, dict) else value
    if is_model(value) or is_object(value):
        return [value]
    if isinstance(each, Iterable) and not isinstance(each, str | bytes):
        models = list(each)
        wrong = [each for each in models if not (is_model(each) or is_object(each))]
        if models and not wrong:
            return models
        text = f"holds {wrong[0]!r}, which is not a model" if wrong else "holds no models"
    else:
        text = f"is {type(value).__name__}, not a model"
    raise ModelError(
        f"{spec} {text}",
        where=_file_of(spec.partition(":")[0], root),
        hint="name a model, a list of models, or a function that returns one",
    )


def _file_of(name: str, root: Path) -> str:
    return name.replace(".", "/") + ("" if (root / name.replace(".", "/")).is_dir() else ".py")


def is_model(value: object) -> TypeGuard[type[Model]]:
    """Whether a value is a class of models."""
    return isinstance(value, type) and issubclass(value, Model)


def is_object(value: object) -> TypeGuard[Declaration]:
    """Whether a value declares a view, a trigger or the like."""
    return isinstance(value, Declaration)


def _declared_in(modules: Iterable[str]) -> Iterator[Declaration]:
    for name in modules:
        for value in vars(sys.modules[name]).values():
            yield from filter(is_object, value if isinstance(value, list | tuple) else [value])


def _defined(modules: frozenset[str]) -> Iterator[type[Model]]:
    made = set(_made_by_call(modules))
    for model in descendants(Model):
        found = model.__module__ in modules or model in made
        if found and not is_evicted(model) and not is_abstract(model):
            yield model


def _made_by_call(modules: frozenset[str]) -> Iterator[type[Model]]:
    """Yield models that a module made with ``type(...)``: Peewee is then their ``__module__``."""
    for name in modules:
        for value in vars(sys.modules[name]).values():
            if is_model(value) and value.__module__ == Model.__module__ and value is not Model:
                yield value


def _left_out(model: type[Model]) -> bool:
    marks = read_marks(model)
    return bool(model._meta.temporary or marks.ignore or marks.abstract)


def is_abstract(model: type[Model]) -> bool:
    """Whether a model is only there to be inherited from (see :func:`find_models`)."""
    marks: Marks = read_marks(model)
    if marks.abstract is not None:
        return marks.abstract
    if _is_referred_to(model) or _has_chosen_table(model):
        return False
    heirs = [heir.__name__ for heir in descendants(model)]
    signs = (not _declares_columns(model), _is_called_base(model.__name__, heirs), bool(heirs))
    return sum(signs) > 1


def _is_called_base(name: str, heirs: Sequence[str]) -> bool:
    return (
        name.startswith(_BASE_STARTS)
        or name.endswith(_BASE_ENDS)
        or (bool(heirs) and _BASE_FORMS.fullmatch(name) is not None)
        or (name.endswith("Model") and not all(heir.endswith("Model") for heir in heirs))
    )


def _is_referred_to(model: type[Model]) -> bool:
    return any(other is not model for other in model._meta.backrefs.values())


def _has_chosen_table(model: type[Model]) -> bool:
    meta = model._meta
    made = meta.table_function(model) if meta.table_function else meta.make_table_name()
    return bool(meta.table_name != made)


def _declares_columns(model: type[Model]) -> bool:
    """Whether a model has a column, besides its key, that no base gives it.

    Peewee copies inherited fields; a copy keeps its position.
    """
    inherited = {
        field._order
        for base in model.__mro__[1:]
        if hasattr(base, "_meta")
        for field in base._meta.sorted_fields
    }
    return any(
        field._order not in inherited
        for field in model._meta.sorted_fields
        if not field.primary_key and not isinstance(field, AutoField)
    )


def _with_many_to_many(models: list[type[Model]]) -> list[type[Model]]:
    through = (
        field.through_model
        for model in models
        for field in model._meta.manytomany.values()
        if not field._is_backref
    )
    return list(dict.fromkeys([*models, *(each for each in through if not _left_out(each))]))


def refuse_unsound(models: list[type[Model]]) -> None:
    """Raise a :exc:`ModelError` for a column that is lost, and for two models of one table."""
    refuse_collisions(models)
    _refuse_namesakes(models)


def _refuse_namesakes(models: list[type[Model]]) -> None:
    tables: dict[tuple[str, str], type[Model]] = {}
    for model in models:
        key = (model._meta.schema or "", model._meta.table_name)
        other = tables.setdefault(key, model)
        if other is not model:
            raise ModelError(
                f"{other.__name__} ({place(other)}) and {model.__name__} ({place(model)}) "
                f"are both the table {model._meta.table_name}",
                where=place(model),
                hint="give one of them Meta.table_name (a many-to-many field: through_model), "
                'or leave one out with Meta.peewee_mig = {"ignore": True}',
            )


def _nothing_found(specs: Sequence[str], modules: Sequence[str]) -> ModelError:
    elsewhere = sorted(_imported_from(modules))
    if elsewhere:
        hint = f"models belong to the module that defines them: name {', '.join(elsewhere)}"
    else:
        hint = (
            "name the module or package that defines your subclasses of peewee.Model:"
            f" {same_command('--models', 'MODULE', in_place_of=['--models', ', '.join(specs)])}"
        )
    return ModelError(f"there are no models in {', '.join(specs) or 'nothing'}", hint=hint)


def _imported_from(modules: Sequence[str]) -> set[str]:
    return {
        value.__module__
        for name in modules
        for value in vars(sys.modules[name]).values()
        if is_model(value) and value.__module__ not in (*modules, "peewee")
    }
