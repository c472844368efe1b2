"""Configuration files: which one, and the raw values in it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from peewee_mig.errors import UsageError, nearest, same_command

#: Looked for in this order; two that are configured are refused.
FILES = ("setup.cfg", "pyproject.toml", "peewee_mig.toml")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """Raw values of a file: the default ones, and those of each environment.

    ``label``: what a resource of a package is called; empty for a file.
    """

    path: Path
    section: str
    values: Mapping[str, object]
    environments: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    label: str = ""

    def where(self, env: str = "") -> str:
        """Name the section of an environment (or the default one), for people."""
        name = self.section
        if env:
            joint = ":" if self.path.suffix in _INI else ".env." if name else "env."
            name = f"{name}{joint}{env}"
        called = self.label or self.path.name
        return f"{called} [{name}]" if name else called

    def sections(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Yield the name and values of each section."""
        yield self.where(), self.values
        for env, values in self.environments.items():
            yield self.where(env), values


_INI = (".cfg", ".ini")

#: Of configuration files, in the order in which they are looked for.
SUFFIXES = (".toml", *_INI)


def find_file(folder: Path) -> ConfigFile | None:
    """Return the one configured file of a folder; :exc:`UsageError` if there are two."""
    found = [file for name in FILES if (file := read_file(folder / name))]
    if len(found) > 1:
        raise UsageError(
            f"{' and '.join(file.where() for file in found)} both configure peewee_mig",
            where=str(folder),
            hint=f"choose one: {'; or: '.join(map(_chosen, found))}; or keep one of them",
        )
    return found[0] if found else None


def read_file(path: Path, *, must: bool = False, named_by: str = "") -> ConfigFile | None:
    """Read a file; ``None`` if it does not configure us, which ``must`` refuses.

    ``named_by``: the setting that names it; empty: the option ``--config``.
    """
    text = _content(path, must=must, named_by=named_by)
    file = None
    if "peewee_mig" in text or path.name == "peewee_mig.toml" or must:
        file = parse_file(path, text)
    if must and file is None:
        raise UsageError(
            f"{path.name} has no section for peewee_mig",
            where=str(path),
            hint=f"add it: peewee-mig init --config {shlex.quote(path.name)}",
        )
    return file


def parse_file(path: Path, text: str, *, label: str = "") -> ConfigFile | None:
    """Read the text of a file; ``None`` if it has no section of ours."""
    try:
        file = _parse_ini(path, text) if path.suffix in _INI else _parse_toml(path, text)
    except UsageError as error:
        error.where = label or error.where
        raise
    return replace(file, label=label) if file is not None else None


def _chosen(file: ConfigFile) -> str:
    return same_command("--config", file.path.name)


def _file_meant(path: Path) -> str:
    """Return the way out where a file is not there."""
    there = [name for name in FILES if path.with_name(name).is_file()]
    near = nearest(path.name, there)
    ways = [same_command("--config", str(path.with_name(near)))] if near else []
    return "; or: ".join([*ways, same_command(without=["--config"])])


def _content(path: Path, *, must: bool, named_by: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if must:
            raise UsageError(
                "the configuration file does not exist",
                where=str(path),
                hint=f"correct {named_by}" if named_by else _file_meant(path),
            ) from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "the configuration file cannot be read", where=str(path), original=str(error)
        ) from error


def _parse_ini(path: Path, text: str) -> ConfigFile | None:
    from configparser import ConfigParser, Error

    parser = ConfigParser(interpolation=None, default_section="")
    try:
        parser.read_string(text, str(path))
    except Error as error:
        raise _broken(path, error) from error
    sections = {name: dict(parser[name]) for name in parser.sections()}
    prefix = "peewee_mig:"
    environments = {
        name.removeprefix(prefix).strip(): values
        for name, values in sections.items()
        if name.startswith(prefix)
    }
    if "peewee_mig" not in sections and not environments:
        return None
    return ConfigFile(path, "peewee_mig", sections.get("peewee_mig", {}), environments)


def _parse_toml(path: Path, text: str) -> ConfigFile | None:
    import tomllib

    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, error) from error
    if path.name != "pyproject.toml":
        return _of_table(path, "", content) if text else None
    table = _table(path, "tool", content.get("tool", {})).get("peewee_mig")
    return None if table is None else _of_table(path, "tool.peewee_mig", table)


def _of_table(path: Path, section: str, content: object) -> ConfigFile:
    values = dict(_table(path, section, content))
    environments = {
        name: _table(path, f"env.{name}", table)
        for name, table in _table(path, "env", values.pop("env", {})).items()
    }
    return ConfigFile(path, section, values, environments)


def _table(path: Path, name: str, value: object) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    raise UsageError(f"{name} is not a table", where=str(path), hint=f"write it as [{name}]")


def _broken(path: Path, error: Exception) -> UsageError:
    return UsageError(f"{path.name} cannot be read", where=str(path), original=str(error))
