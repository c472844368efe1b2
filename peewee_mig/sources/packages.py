"""The folder of a package: ``app:migrations``, wherever Python would import ``app`` from.

Nothing is imported, and nothing is put on ``sys.path``.
"""

from __future__ import annotations

from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from peewee_mig.errors import UsageError, same_command

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def find_package_folder(text: str, *, root: Path | None = None) -> Traversable:
    """Return the folder that ``package:folder`` names; whether it is there, it says itself.

    ``root``: the folder that is looked at before ``sys.path``. :exc:`UsageError` if there is
    no such package.
    """
    name, _, folder = text.partition(":")
    found = _files(_spec(name, root), name)
    for part in Path(folder).parts:
        if part == "..":
            raise UsageError(f"{text} leads out of the package", hint="name a folder below it")
        found = found.joinpath(part)
    return found


def _spec(name: str, root: Path | None) -> ModuleSpec:
    """Find a package part by part: to ask for ``app.db`` would import ``app``."""
    first, *rest = name.split(".")
    spec = PathFinder.find_spec(first, [str(root)]) if root else None
    spec = spec or _known(first)
    for count, _ in enumerate(rest, 2):
        if spec is None:
            break
        places = spec.submodule_search_locations
        spec = PathFinder.find_spec(".".join([first, *rest][:count]), places) if places else None
    if spec is None or spec.submodule_search_locations is None:
        kind = "a module, not a package" if spec else "no package that Python finds"
        raise UsageError(
            f"{name} is {kind}",
            where=f"{name}:",
            hint=f"name the package that has the migrations:"
            f" {same_command('--directory', 'PACKAGE:FOLDER')}",
        )
    return spec


def _known(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name)
    except ValueError:  # of a module without a spec, such as the one that runs
        return None


def _files(spec: ModuleSpec, name: str) -> Traversable:
    """Return the folder of a package, as its loader reads it."""
    reader = getattr(spec.loader, "get_resource_reader", None)
    if reader is not None:
        folder: Traversable = reader(name).files()
        return folder
    return Path(next(iter(spec.submodule_search_locations or ())))  # several: a namespace
