"""Where push may run, over what, and what it must leave alone."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from peewee_mig.commands.project import Project
from peewee_mig.dialects.base import Dialect
from peewee_mig.dialects.url import parse_url
from peewee_mig.errors import RefusedError, same_command
from peewee_mig.history.table import Row
from peewee_mig.operations.verbs import Drop, Operation
from peewee_mig.schema.objects import Table
from peewee_mig.schema.schema import Schema
from peewee_mig.sources.paths import is_dotted_path

#: Options of a URL, and variables of libpq's, that name hosts, or a file or entry that does.
#: Source: PostgreSQL 17 documentation, 32.1.2 and 32.15; PyMySQL 1.1, ``connect``.
_HOSTS = ("host", "hostaddr", "PGHOST", "PGHOSTADDR")
_FILES = ("service", "read_default_file", "PGSERVICE")

_REVIEWED = "write a migration to review: peewee-mig generate, then: peewee-mig migrate"


def refuse_place(
    project: Project,
    environ: Mapping[str, str],
    what: str = "push is for prototypes",
    way: str = _REVIEWED,
) -> None:
    """Refuse a database that may be somebody's product: rows and shape of it are not for play.

    Allowed are environments that are marked ``development``, and outside of CI a SQLite file
    and a server on this machine. What is marked ``production`` is refused in any case.
    ``what``: the command, and what it is for; ``way``: what to do instead.
    """

    def refuse(why: str, hint: str) -> RefusedError:
        return _refused(f"{what}, and {why}", project, hint)

    if project.production:
        raise refuse("this environment is marked production", way)
    if project.development:
        return
    hint = f"{way}; development = true in the configuration marks an environment for play"
    if in_ci(environ):
        raise refuse("this is a CI job (the variable CI is set)", hint)
    spec = project.need_database()
    for host in _hosts(spec, project.database_root, environ):
        if not is_here(host):
            raise refuse(f"{host} may be another machine", hint)


def refuse_history(rows: Sequence[Row], *, over_history: bool) -> None:
    """Refuse what migrations have made, unless that is wanted; one that did not finish always."""
    if any(row.is_reset_begun for row in rows):
        raise RefusedError(
            "a reset was begun here and not finished",
            committed="nothing was changed",
            hint="finish it first: peewee-mig reset",
        )
    recorded = [row for row in rows if not row.is_push]
    begun = next((row for row in recorded if row.is_unfinished), None)
    if begun is not None:
        raise RefusedError(
            f"{begun.name} was begun here and not finished",
            where=begun.name,
            committed="nothing was changed",
            hint=f"finish it first: peewee-mig migrate {begun.name}",
        )
    if recorded and not over_history:
        raise RefusedError(
            f"this database follows migrations; it is at {recorded[-1].name}",
            committed="nothing was changed",
            hint=f"{_REVIEWED}; or push all the same: {same_command('--over-history')}",
        )


def refuse_referred(
    operations: Iterable[Operation],
    tables: Schema,
    managed: Collection[str],
    dialect: Dialect,
) -> None:
    """Refuse to drop a table that one refers to which is left alone.

    ``tables``: all that the catalog has, ``managed``: those that are ours, by stored names.
    """
    dropped = {
        dialect.stored_name(operation.table)
        for operation in operations
        if isinstance(operation, Drop) and isinstance(operation.object, Table)
    }
    for table in tables:
        for key in table.foreign_keys if table.name not in managed else ():
            if key.referred_table in dropped:
                raise RefusedError(
                    f"the models lack table {key.referred_table}, and a foreign key of"
                    f" {table.name}, which is left alone, refers to it",
                    committed="nothing was changed",
                    hint=f"drop that key by hand; or drop {table.name} too:"
                    f" {same_command('--prune')}",
                )


def in_ci(environ: Mapping[str, str]) -> bool:
    """Whether this is a job of continuous integration."""
    return environ.get("CI", "").lower() not in ("", "0", "false")


def is_here(host: str) -> bool:
    """Whether a host is this machine: its loopback, a socket, or what is meant without a name."""
    if host.startswith(("/", "@")) or host.lower() in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _hosts(spec: str, root: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield every host that a connection could go to; a file has none."""
    if is_dotted_path(spec):
        from peewee_mig.sources.database import load_database

        loaded = load_database(spec, root=root)
        engine, hosts = loaded.engine, list(loaded.hosts)
    else:
        url = parse_url(spec)
        engine, hosts = url.engine, _named({"host": url.host}) + _named(dict(url.options))
    if engine == "sqlite":
        return
    yield from hosts if hosts or engine == "mysql" else _named(environ)


def _named(options: Mapping[str, str]) -> list[str]:
    """Return the hosts that options name, and what names hosts that nobody knows here."""
    hosts = ",".join(options.get(key, "") for key in _HOSTS).split(",")
    files = [f"{key}={options[key]}" for key in _FILES if options.get(key)]
    return [*filter(None, hosts), *files]


def _refused(message: str, project: Project, hint: str) -> RefusedError:
    return RefusedError(
        message,
        where=f"environment {project.env}" if project.env else "",
        committed="nothing was changed",
        hint=hint,
    )
