"""Start a project: write its configuration and make targets; overwrite nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from peewee_mig.commands.config import Options, redact
from peewee_mig.commands.config_file import ConfigFile, find_file, read_file
from peewee_mig.commands.detect import find_databases, find_models
from peewee_mig.commands.make_targets import FILE as MAKE_FILE
from peewee_mig.commands.make_targets import TARGETS, make_targets
from peewee_mig.errors import UsageError

DEFAULT_DATABASE = "sqlite:///app.db"


@dataclass(frozen=True, slots=True)
class Initialized:
    """What was written, and what was found on the way. ``written``: names of files."""

    config: str
    models: tuple[str, ...]
    directory: str
    database: str
    written: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the fields for ``--json``."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def lines(self) -> tuple[str, ...]:
        """Say what was done, for people."""
        return (
            *(f"Wrote {name}" for name in self.written),
            f"  models:    {', '.join(self.models) or '(none)'}",
            f"  database:  {self.database}",
            f"  directory: {self.directory}",
            *self.notes,
        )


def init(options: Options, folder: Path) -> Initialized:
    """Configure the project in ``folder``; :exc:`UsageError` if it is, in another way."""
    file = read_file(folder / options.config) if options.config else find_file(folder)
    notes: list[str] = []
    if file:
        _refuse_other(file, options)
        path, values = file.path, {**file.values}
        notes.append(f"{file.where()} has the settings already; they stay as they are.")
    else:
        path, values = _target(options, folder), _values(options, folder, notes)
        _append(path, _section(path, values))
    written = [] if file else [path.name]
    written += _write_make_targets(folder, notes)
    return Initialized(
        config=path.name,
        models=_names(values.get("models", ())),
        directory=str(values.get("directory", "migrations")),
        database=redact(str(values.get("database", "(none)"))),
        written=tuple(written),
        notes=(*notes, "next: peewee-mig generate"),
    )


def _refuse_other(file: ConfigFile, options: Options) -> None:
    given = {
        "models": options.models,
        "database": options.database,
        "directory": options.directory,
    }
    for key, value in given.items():
        there = file.values.get(key, "")
        if value and value != (_names(there) if key == "models" else there):
            raise UsageError(
                f"peewee_mig is configured already, with another value of {key!r}",
                where=file.where(),
                hint=f"edit {file.path.name}",
            )


def _target(options: Options, folder: Path) -> Path:
    if options.config:
        return folder / options.config
    names = [name for name in ("setup.cfg", "pyproject.toml") if (folder / name).exists()]
    return folder / (names[0] if names else "peewee_mig.toml")


def _values(options: Options, folder: Path, notes: list[str]) -> dict[str, object]:
    return {
        "models": options.models or _found_models(folder, notes),
        "directory": options.directory or "migrations",
        "database": _database(options, folder, notes),
    }


def _found_models(folder: Path, notes: list[str]) -> tuple[str, ...]:
    models = find_models(folder)
    if models:
        notes.append(f"Found models in {', '.join(models)}.")
    else:
        notes.append("Found no models: name their module in `models`.")
    return models


def _database(options: Options, folder: Path, notes: list[str]) -> str:
    if options.database:
        if redact(options.database) != options.database:
            notes.append("The URL has a password: write it as ${NAME} and set that variable.")
        return options.database
    found = find_databases(folder)
    if len(found) == 1:
        notes.append(f"Found the database {found[0]}.")
        return found[0]
    if found:
        notes.append(f"Found several databases ({', '.join(found)}): choose one as `database`.")
    else:
        notes.append(f"Found no database: took {DEFAULT_DATABASE}; DATABASE_URL overrides it.")
    return DEFAULT_DATABASE


def _section(path: Path, values: dict[str, object]) -> str:
    if path.suffix in (".cfg", ".ini"):
        lines = [f"{key} = {_plain(value)}".rstrip() for key, value in values.items()]
        return "\n".join(["[peewee_mig]", *lines, ""])
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    head = ["[tool.peewee_mig]"] if path.name == "pyproject.toml" else []
    return "\n".join([*head, *lines, ""])


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _toml(value: object) -> str:
    """Spell texts and lists of them; the JSON forms of these are TOML too."""
    return json.dumps(value, ensure_ascii=False)


def _append(path: Path, section: str) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    between = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    path.write_text(f"{before}{between}{section}", encoding="utf-8")


def _write_make_targets(folder: Path, notes: list[str]) -> list[str]:
    path = folder / MAKE_FILE
    makefile = folder / "Makefile"
    text = makefile.read_text(encoding="utf-8") if makefile.exists() else ""
    if not re.search(rf"^-?include\s.*{re.escape(MAKE_FILE)}", text, re.MULTILINE):
        notes.append(f"Add this line to your Makefile: include {MAKE_FILE}")
    if path.exists():
        notes.append(f"{MAKE_FILE} exists already; it stays as it is.")
        return []
    taken = [name for name in TARGETS if re.search(rf"^{name}\s*:", text, re.MULTILINE)]
    if taken:
        other = ", ".join(f"db-{name}" for name in taken)
        notes.append(f"Your Makefile has {', '.join(taken)} already; use {other}.")
    path.write_text(make_targets(taken), encoding="utf-8")
    return [MAKE_FILE]


def _names(value: object) -> tuple[str, ...]:
    items = re.split(r"[,\n]", value) if isinstance(value, str) else value
    return tuple(str(item).strip() for item in items if str(item).strip())  # type: ignore[attr-defined]
