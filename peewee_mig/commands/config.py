"""Configuration: one file, the environment, the command line; each value knows its source.

Order (the first that has a value wins): command line, an explicit ``--env``, environment
variables, the environment that ``PEEWEE_MIG_ENV`` selects, the file, the default.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from peewee_mig.commands.config_extends import EXTENDS, environments, merged, with_extended
from peewee_mig.commands.config_file import ConfigFile, find_file, read_file
from peewee_mig.commands.config_values import KEYS, flag, text
from peewee_mig.errors import UsageError, nearest, same_command

T = TypeVar("T")

#: A configuration file and what it extends, from the nearest to the farthest.
Files = tuple[ConfigFile, ...]

_DIRECTORY = "migrations"

#: Settings in which ``${NAME}`` is a variable.
_EXPANDED = ("database", "tenant_url")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line gives; empty: not given."""

    database: str = ""
    models: tuple[str, ...] = ()
    directory: str = ""
    config: str = ""
    env: str = ""
    tenants: str = ""
    tenant: tuple[str, ...] = ()
    log: str = ""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value, and where it came from in words for people."""

    value: T
    source: str = "default"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. ``file``: the configuration file, if there is one."""

    file: Path | None = None
    env: Setting[str] = Setting("")
    extends: Setting[str] = Setting("")
    models: Setting[tuple[str, ...]] = Setting(())
    database: Setting[str] = field(default=Setting(""), repr=False)  # may hold a password
    directory: Setting[str] = Setting(_DIRECTORY)
    engines: Setting[tuple[str, ...]] = Setting(())
    unsupported: Setting[str] = Setting("refuse")
    production: Setting[bool] = Setting(value=False)
    development: Setting[bool] = Setting(value=False)
    history_table: Setting[str] = Setting("peewee_mig_history")
    role: Setting[str] = Setting("")
    seeds: Setting[tuple[str, ...]] = Setting(())
    hooks: Setting[tuple[str, ...]] = Setting(())
    include: Setting[tuple[str, ...]] = Setting(())
    exclude: Setting[tuple[str, ...]] = Setting(())
    file_name: Setting[str] = Setting("{slug}")
    format_command: Setting[str] = Setting("")
    lock_timeout: Setting[float] = Setting(60.0)
    statement_timeout: Setting[float] = Setting(0.0)
    tenants: Setting[str] = Setting("")
    tenant_url: Setting[str] = field(default=Setting(""), repr=False)  # may hold a password
    log: Setting[str] = Setting("text")
    #: Every database that the file names for this directory, for the default of ``engines``.
    databases: tuple[str, ...] = field(default=(), repr=False)
    #: The environments of the file.
    environments: tuple[str, ...] = ()
    #: Those that are not marked production and whose variables are set.
    playgrounds: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Raw values of one source; ``source`` is formatted with the key."""

    source: str
    values: Mapping[str, object]


def load_settings(options: Options, environ: Mapping[str, str], folder: Path) -> Settings:
    """Resolve every setting; :exc:`UsageError` for a wrong, unknown or ambiguous one.

    ``folder``: where configuration files are looked for and paths on the command line begin.
    """
    files = _configuration(options, environ, folder)
    env = _environment_name(options, environ)
    layers = _layers(options, environ, files, env.value)
    _refuse_two_databases(options, environ, files)
    _refuse_two_marks(layers)
    found = {key: _first(key, layers, environ) for key in KEYS}
    found["production"] = _marked(found, files, environ) or found["production"]
    return Settings(
        file=files[0].path if files else None,
        env=env,
        databases=tuple(_databases(files, found["directory"])),
        environments=environments(files),
        playgrounds=tuple(_playgrounds(files, environ)),
        **{key: setting for key, setting in found.items() if setting is not None},
    )


def redact(spec: str) -> str:
    """Hide the password of a database URL; what is no URL is returned as it is."""
    if "://" not in spec:
        return spec
    spec = re.sub(r"(?<=://)([^:/?#]*):.*@", r"\1:***@", spec)
    return re.sub(r"(?i)(passw(?:or)?d=)[^&]*", r"\1***", spec)


def _configuration(options: Options, environ: Mapping[str, str], folder: Path) -> Files:
    chosen = options.config or environ.get("PEEWEE_MIG_CONFIG", "")
    file = read_file(folder / chosen, must=True) if chosen else find_file(folder)
    files = with_extended(file) if file else ()
    for each in files:
        for where, values in each.sections():
            for key in values:
                _known(key, where)
        _refuse_extending(each)
    return files


def _refuse_extending(file: ConfigFile) -> None:
    """Refuse an environment that extends: which files there are must not depend on it."""
    for env, values in file.environments.items():
        if EXTENDS in values:
            raise UsageError(
                f"{EXTENDS} stands in an environment",
                where=file.where(env),
                hint=f"move it to {file.where()}",
            )


def _known(key: str, where: str) -> None:
    if key in KEYS:
        return
    near = nearest(key, KEYS)
    hint = f"did you mean {near!r}?" if near else f"the keys are {', '.join(KEYS)}"
    raise UsageError(f"unknown setting {key!r}", where=where, hint=hint)


def _environment_name(options: Options, environ: Mapping[str, str]) -> Setting[str]:
    if options.env:
        return Setting(options.env, "--env")
    if name := environ.get("PEEWEE_MIG_ENV"):
        return Setting(name, "PEEWEE_MIG_ENV")
    return Setting("", "default")


def _layers(options: Options, environ: Mapping[str, str], files: Files, env: str) -> list[_Layer]:
    names = ("database", "models", "directory", "tenants", "log")
    line = _Layer("--{key}", {k: getattr(options, k) for k in names if getattr(options, k)})
    selected = _selected(files, env) if env else []
    variables = _variables(environ)
    rest = [_Layer(each.where(), each.values) for each in files]
    if options.env:
        return [line, *selected, *variables, *rest]
    return [line, *variables, *selected, *rest]


def _selected(files: Files, env: str) -> list[_Layer]:
    if not files:
        raise UsageError(
            f"there is no environment {env!r}: there is no configuration file",
            hint=f"go to the folder that has it; or {same_command(without=['--env'])}",
        )
    having = [each for each in files if env in each.environments]
    if not having:
        raise UsageError(
            f"there is no environment {env!r}",
            where=str(files[0].path),
            hint=_environment_meant(env, files),
        )
    return [_Layer(each.where(env), each.environments[env]) for each in having]


def _environment_meant(env: str, files: Files) -> str:
    near = nearest(env, environments(files))
    known = ", ".join(sorted(environments(files))) or "none"
    meant = [same_command("--env", near)] if near else []
    return "; ".join([*meant, f"environments of this file: {known}"])


def _variables(environ: Mapping[str, str]) -> list[_Layer]:
    keys = [key for key in KEYS if key != EXTENDS]
    own = {key: value for key in keys if (value := environ.get(f"PEEWEE_MIG_{key.upper()}"))}
    url = environ.get("DATABASE_URL")
    layers = [_Layer("PEEWEE_MIG_{KEY}", own)] if own else []
    return layers + ([_Layer("DATABASE_URL", {"database": url})] if url else [])


def _refuse_two_databases(options: Options, environ: Mapping[str, str], files: Files) -> None:
    if not options.env or options.database:
        return
    where, values = _section(files, options.env)
    named = values.get("database")
    for layer in _variables(environ):
        other = layer.values.get("database")
        if named and other and _expanded(str(named), environ, where) != other:
            name = layer.source.format(key="database", KEY="DATABASE")
            raise UsageError(
                f"--env {options.env} and {name} name different databases",
                hint=f"unset {name}, then: {same_command()};"
                f" or: {same_command(without=['--env'])}; or say --database",
            )


def _section(files: Files, env: str) -> tuple[str, Mapping[str, object]]:
    """Return the name and the values of an environment."""
    _, *found = merged(files)
    return found[environments(files).index(env)]


def _refuse_two_marks(layers: Sequence[_Layer]) -> None:
    """Refuse a place that is both; of two places, production counts wherever it stands."""
    marks = ("production", "development")
    for layer in layers:
        places = [layer.source.format(key=key, KEY=key.upper()) for key in marks]
        if all(flag(layer.values.get(k, False), p) for k, p in zip(marks, places, strict=True)):
            raise UsageError(
                "production and development are both true",
                where=places[0],
                hint="leave one of them out",
            )


def _first(key: str, layers: Sequence[_Layer], environ: Mapping[str, str]) -> Setting[Any] | None:
    for layer in layers:
        if key in layer.values:
            source = layer.source.format(key=key, KEY=key.upper())
            value = KEYS[key](layer.values[key], f"{key} in {source}")
            if key in _EXPANDED and not _is_given(source):
                value = _expanded(value, environ, source)
            return Setting(value, source)
    return None


def _expanded(text: str, environ: Mapping[str, str], where: str) -> str:
    """Replace ``${NAME}`` by the environment variable."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in environ:
            raise UsageError(
                f"the environment variable {match[1]} is not set",
                where=where,
                hint=f"export {match[1]}=VALUE, then: {same_command()}; or say --database",
            )
        return environ[match[1]]

    return re.sub(r"\$\{(\w+)\}", value, text)


def _databases(files: Files, directory: Setting[Any] | None) -> Iterator[str]:
    """Yield the databases of this history: one of another folder has engines of its own."""
    sections = merged(files)
    general = sections[0][1].get("directory", _DIRECTORY) if sections else _DIRECTORY
    chosen = str(directory.value if directory else _DIRECTORY)
    for _, values in sections:
        is_ours = str(values.get("directory", general)).strip() == chosen
        is_named = directory is not None and _is_given(directory.source)
        for key in ("database", "tenant_url"):
            if (is_ours or is_named) and key in values:
                yield str(values[key])


def _is_given(source: str) -> bool:
    """Whether an option or a variable says it, not a file."""
    return source.startswith(("--", "PEEWEE_MIG", "DATABASE"))


def _playgrounds(files: Files, environ: Mapping[str, str]) -> Iterator[str]:
    sections = merged(files)
    for where, values in sections:
        marked = values.get("production", sections[0][1].get("production", False))
        if "database" in values and not flag(marked, f"production in {where}"):
            with contextlib.suppress(UsageError):
                yield _expanded(text(values["database"], where), environ, where)


def _marked(
    found: Mapping[str, Setting[Any] | None], files: Files, environ: Mapping[str, str]
) -> Setting[bool] | None:
    """Return the mark of the environment whose database an option or a variable names."""
    database = found["database"]
    is_named = database and _is_given(database.source)
    for where, values in merged(files) if is_named else ():
        marked = flag(values.get("production", False), f"production in {where}")
        if marked and database and "database" in values:
            with contextlib.suppress(UsageError):  # its variable is not set: it is none of ours
                place = _place(_expanded(text(values["database"], where), environ, where))
                if place == _place(database.value):
                    return Setting(value=True, source=where)
    return None


def _place(spec: str) -> tuple[object, ...]:
    """Return where a database is, whoever connects and by which driver."""
    if "://" not in spec:
        return (spec,)
    parts = urlsplit(spec)
    family = re.split(r"[+:]", parts.scheme)[0].removesuffix("ql")
    with contextlib.suppress(ValueError):
        return family, parts.hostname, parts.port, parts.path
    return (spec,)
