"""``extends``: shared configuration below a project's own, from a package or another file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from peewee_mig.commands.config_file import SUFFIXES, ConfigFile, parse_file, read_file
from peewee_mig.errors import UsageError, nearest

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

#: The setting that names what a file extends.
EXTENDS = "extends"


def with_extended(file: ConfigFile) -> tuple[ConfigFile, ...]:
    """Return a file and what it extends, from the nearest to the farthest.

    :exc:`UsageError` for what is not there or cannot be read, and for a circle.
    """
    files = [file]
    while (spec := files[-1].values.get(EXTENDS)) is not None:
        files.append(_extended(spec, files[-1]))
        _refuse_circle(files)
    return tuple(files)


def merged(files: Sequence[ConfigFile]) -> tuple[tuple[str, Mapping[str, object]], ...]:
    """Return the name and values of each section, the default one first.

    Values of a nearer file count more; a section is called as in the nearest one that has it.
    """
    if not files:
        return ()
    default = _laid_over([each.values for each in files])
    return (
        (files[0].where(), default),
        *(
            (
                next(each.where(env) for each in files if env in each.environments),
                _laid_over([each.environments.get(env, {}) for each in files]),
            )
            for env in environments(files)
        ),
    )


def environments(files: Sequence[ConfigFile]) -> tuple[str, ...]:
    """Return the names of all environments, each once."""
    return tuple(dict.fromkeys(env for each in files for env in each.environments))


def _laid_over(layers: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    return {key: value for layer in reversed(layers) for key, value in layer.items()}


def _extended(spec: object, by: ConfigFile) -> ConfigFile:
    where = f"{EXTENDS} in {by.where()}"
    if not isinstance(spec, str) or not spec.strip():
        raise UsageError(
            f"{where} is not a text", hint="name package:policy, or a file, such as base.toml"
        )
    package, colon, name = spec.strip().partition(":")
    if colon and all(part.isidentifier() for part in package.split(".")):
        return _of_package(package, name, where)
    if by.label:
        raise UsageError(
            f"{where} is a file, {spec.strip()}, beside a policy of a package",
            hint=f"name it as {by.label.partition(':')[0]}:{spec.strip()}",
        )
    found = read_file(by.path.parent / spec.strip(), must=True, named_by=where)
    assert found is not None  # noqa: S101 (what ``must`` says)
    return found


def _of_package(package: str, name: str, where: str) -> ConfigFile:
    folder = _folder(package, where)
    for path in (Path(f"{name}{suffix}") for suffix in ("", *SUFFIXES) if name):
        place = folder.joinpath(*path.parts)
        if ".." not in path.parts and place.is_file():
            return _read(place, path, f"{package}:{name}")
    near = nearest(name, [each.name.rpartition(".")[0] for each in folder.iterdir()])
    raise UsageError(
        f"the package {package} has no policy {name!r}",
        where=where,
        hint=f"did you mean {package}:{near}?"
        if near
        else f"name a file of it, such as {package}:policy for policy.toml in its folder",
    )


def _folder(package: str, where: str) -> Traversable:
    from importlib.resources import files

    try:
        return files(package)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"there is no package {error.name or package}",
            where=where,
            hint=f"install the package that has it; or correct {EXTENDS}",
        ) from error
    except Exception as error:
        raise UsageError(
            f"the package {package} cannot be read",
            where=where,
            original=f"{type(error).__name__}: {error}",
            hint="correct that package, or install another version of it",
        ) from error


def _read(place: Traversable, path: Path, label: str) -> ConfigFile:
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("the policy cannot be read", where=label, original=str(error)) from error
    found = parse_file(path, text, label=label)
    if found is None:
        raise UsageError(
            f"{label} has no section for peewee_mig",
            where=str(place),
            hint="its settings stand in [peewee_mig]",
        )
    return found


def _refuse_circle(files: Sequence[ConfigFile]) -> None:
    *before, last = (each.label or str(each.path.resolve()) for each in files)
    if last in before:
        names = [each.label or each.path.name for each in files[before.index(last) :]]
        raise UsageError(
            f"configurations extend each other in a circle: {' > '.join(names)}",
            where=files[0].where(),
            hint=f"leave {EXTENDS} out of one of them",
        )
