"""Find models and databases of a project by a look at its source text; import nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_MODEL = re.compile(r"^class \w+\((?:[\w.]+,\s*)*(?:\w+\.)?\w*Model\b", re.MULTILINE)
# A database without a name and a proxy are initialised later: they lead nowhere yet.
_DATABASE = re.compile(
    r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)?(?:\w*Database|connect)\((?!\s*(?:None|\)))",
    re.MULTILINE,
)
_SKIPPED = {"tests", "test", "migrations", "node_modules", "site-packages", "build", "dist"}


def find_models(folder: Path) -> tuple[str, ...]:
    """Return modules: those called ``models``, else every one that defines models."""
    files = [file for file in _sources(folder) if _MODEL.search(_text(file))]
    named = [file for file in files if _is_named_models(file.relative_to(folder))]
    modules = [_module(folder, file) for file in named or files]
    packages = [_package(module) if named else module for module in modules]
    return tuple(dict.fromkeys(packages))


def find_databases(folder: Path) -> tuple[str, ...]:
    """Return ``module:attribute`` of databases at the top of a module that imports Peewee."""
    return tuple(
        f"{_module(folder, file)}:{match[1]}"
        for file in _sources(folder)
        if re.search(r"\b(peewee|playhouse)\b", text := _text(file))
        for match in _DATABASE.finditer(text)
    )


def _sources(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        path = Path(place)
        folders[:] = sorted(name for name in folders if _is_ours(path / name))
        yield from (path / name for name in sorted(files) if name.endswith(".py"))


def _is_ours(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name in _SKIPPED
    return not hidden and not (folder / "pyvenv.cfg").exists()


def _is_named_models(file: Path) -> bool:
    return file.stem == "models" or "models" in file.parts[:-1]


def _package(module: str) -> str:
    """Name the whole package ``models``, not each of its modules."""
    parts = module.split(".")
    return ".".join(parts[: parts.index("models") + 1])


def _module(folder: Path, file: Path) -> str:
    parts = list(file.relative_to(folder).with_suffix("").parts)
    if parts[0] == "src" and not (folder / "src" / "__init__.py").exists():
        del parts[0]
    if parts[-1] == "__init__" and len(parts) > 1:
        del parts[-1]
    return ".".join(parts)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")
