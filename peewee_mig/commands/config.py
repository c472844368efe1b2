"""Configuration: one file, the environment, the command line; each value knows its source.

Order (the first that has a value wins): command line, an explicit ``--env``, environment
variables, the environment that ``PEEWEE_MIG_ENV`` selects, the file, the default.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from peewee_mig.commands.config_extends import EXTENDS, environments, merged, with_extended
from peewee_mig.commands.config_file import ConfigFile, find_file, read_file
from peewee_mig.commands.engine_words import engine_word
from peewee_mig.commands.style import file_name, format_command
from peewee_mig.errors import UsageError, nearest, same_command

T = TypeVar("T")

#: A configuration file and what it extends, from the nearest to the farthest.
Files = tuple[ConfigFile, ...]

_DIRECTORY = "migrations"

#: Settings in which ``${NAME}`` is a variable.
_EXPANDED = ("database", "tenant_url")

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


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
        if all(_flag(layer.values.get(k, False), p) for k, p in zip(marks, places, strict=True)):
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
        if "database" in values and not _flag(marked, f"production in {where}"):
            with contextlib.suppress(UsageError):
                yield _expanded(_text(values["database"], where), environ, where)


def _marked(
    found: Mapping[str, Setting[Any] | None], files: Files, environ: Mapping[str, str]
) -> Setting[bool] | None:
    """Return the mark of the environment whose database an option or a variable names."""
    database = found["database"]
    is_named = database and _is_given(database.source)
    for where, values in merged(files) if is_named else ():
        marked = _flag(values.get("production", False), f"production in {where}")
        if marked and database and "database" in values:
            with contextlib.suppress(UsageError):  # its variable is not set: it is none of ours
                place = _place(_expanded(_text(values["database"], where), environ, where))
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


def _text(value: object, where: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise UsageError(f"{where} is not a text", hint="give a text, or leave the setting out")


def _own_table(value: object, where: str) -> str:
    """Read the name of our table, which lies where the database puts new ones."""
    name = _text(value, where)
    if "." in name:
        raise UsageError(
            f"{where} is {name!r}, with a schema",
            hint=f"write {name.rpartition('.')[2]}; on PostgreSQL it lies in the first schema of"
            " search_path, which the address can set: ?options=-csearch_path%3Daudit,public",
        )
    return name


def _list(value: object, where: str) -> tuple[str, ...]:
    items = re.split(r"[,\n]", value) if isinstance(value, str) else value
    if isinstance(items, list | tuple) and all(isinstance(item, str) for item in items):
        return tuple(item.strip() for item in items if item.strip())
    raise UsageError(f"{where} is not a list of texts", hint='such as ["app.models"]')


def _engines(value: object, where: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(engine_word(each, where) for each in _list(value, where)))


def _unsupported(value: object, where: str) -> str:
    return _choice(value, where, ("refuse", "skip"))


def _log(value: object, where: str) -> str:
    return _choice(value, where, ("text", "json"))


def _choice(value: object, where: str, choices: Sequence[str]) -> str:
    if (text := _text(value, where)) in choices:
        return text
    raise UsageError(f"{where} is {text!r}", hint=f"one of {', '.join(choices)}")


def _file_name(value: object, where: str) -> str:
    return file_name(_text(value, where), where)


def _format_command(value: object, where: str) -> str:
    return format_command(_text(value, where), where)


def _flag(value: object, where: str) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE + _FALSE:
        return word in _TRUE
    raise UsageError(f"{where} is {value!r}", hint="true or false")


def _seconds(value: object, where: str) -> float:
    try:
        seconds = -1.0 if isinstance(value, bool) else float(str(value))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < math.inf:
        raise UsageError(f"{where} is {value!r}", hint="a number of seconds, such as 60")
    return seconds


#: Every setting of a file, and how its raw value is read.
KEYS: Mapping[str, Callable[[object, str], Any]] = {
    EXTENDS: _text,
    "models": _list,
    "database": _text,
    "directory": _text,
    "engines": _engines,
    "unsupported": _unsupported,
    "production": _flag,
    "development": _flag,
    "history_table": _own_table,
    "role": _text,
    "seeds": _list,
    "hooks": _list,
    "include": _list,
    "exclude": _list,
    "file_name": _file_name,
    "format_command": _format_command,
    "lock_timeout": _seconds,
    "statement_timeout": _seconds,
    "tenants": _text,
    "tenant_url": _text,
    "log": _log,
}
