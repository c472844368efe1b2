"""Where tenants come from: a file, a function of the user's, a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from inspect import iscoroutine
from pathlib import Path

from peewee_mig.commands.project import Project
from peewee_mig.commands.tenancy.naming import Tenant, refuse_twice, tenant_of
from peewee_mig.errors import MigError, UsageError, nearest, same_command
from peewee_mig.sources.paths import is_dotted_path

#: Begins a source that is a SELECT on the configured database.
QUERY = "query:"

#: How a statement begins that asks only.
_SELECTS = re.compile(r"\(*\s*(select|with|values|table)\b", re.IGNORECASE)


def read_tenants(project: Project) -> tuple[Tenant, ...]:
    """Return all tenants of a project, in the order of their source.

    :exc:`UsageError` for a source that cannot be read or names a database twice.
    """
    source = project.tenants
    try:
        tenants = tuple(tenant_of(item, project) for item in _items(source, project))
        refuse_twice(tenants, folds=bool(project.tenant_url) and not _counts_case(project))
    except MigError as error:
        error.where = error.where or f"tenants: {source}"
        raise
    return tenants


def _counts_case(project: Project) -> bool:
    """Whether PostgreSQL has the tenants: names of databases there, and quoted ones, count case."""
    return project.tenant_url.startswith("postgres")


def _items(source: str, project: Project) -> Iterator[object]:
    if source.startswith(QUERY):
        return _of_query(source.removeprefix(QUERY).strip(), project)
    if ":" in source and is_dotted_path(source):
        return _of_function(source, project)
    return _of_file(project.tenants_root / source)


def _of_file(path: Path) -> Iterator[object]:
    """Yield a name, an address, or both in this order, of each line."""
    for number, line in enumerate(_lines(path), 1):
        words = [] if line.lstrip().startswith("#") else line.split()
        if len(words) > 2:  # noqa: PLR2004 (a name and an address)
            raise UsageError(
                "a line has more than a name and an address",
                where=f"{path}:{number}",
                hint="write NAME, URL, or NAME URL on each line",
            )
        if len(words) > 1 and "://" not in words[1]:
            raise UsageError(
                f"{words[1]!r} is no address of the tenant {words[0]!r}",
                where=f"{path}:{number}",
                hint="write NAME, URL, or NAME URL on each line; names with blanks can come from"
                " a function or a query",
            )
        if words:
            yield words[0] if len(words) == 1 else tuple(words)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        there = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
        near = nearest(path.name, there)
        meant = same_command("--tenants", str(path.with_name(near))) if near else ""
        raise UsageError(
            "the file of tenants does not exist",
            where=str(path),
            hint=meant
            or "write it, one name or address on each line; or name a function as"
            " module:function, or a query as 'query:SELECT …'",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "the file of tenants cannot be read", where=str(path), original=str(error)
        ) from error


def _of_function(spec: str, project: Project) -> Iterator[object]:
    """Call a function, which may query."""
    from peewee_mig.sources.importing import call, calling, import_module, importing

    module, _, name = spec.partition(":")
    root = project.root
    with importing(root):
        found: object = import_module(module, root, named_by="tenants")
    for part in name.split("."):
        found = getattr(found, part, None)
    function = found
    if not callable(function):
        raise UsageError(
            f"{spec} is no function",
            hint="name a function that returns tenants, as module:function",
        )

    def items() -> list[object]:
        tenants = function()
        if iscoroutine(tenants):
            tenants.close()  # else Python warns that nobody waited for it
        if isinstance(tenants, str | bytes) or iscoroutine(tenants):
            raise TypeError(f"it returns {tenants!r:.60}, and no list of tenants")
        return list(tenants.items() if isinstance(tenants, Mapping) else tenants)

    with calling(root):
        return iter(call(items, f"{spec}()", root))


def _of_query(sql: str, project: Project) -> Iterator[object]:
    """Ask the configured database; one column is a name, a second one an address."""
    from peewee_mig.runner.connect import connected

    if not sql:
        raise UsageError("the query is empty", hint="write query:SELECT name FROM tenant")
    if not _SELECTS.match(sql):
        raise UsageError(
            "what asks for tenants does not begin with SELECT, and may change rows",
            hint="write query:SELECT name FROM tenant",
        )
    if not project.database:
        raise UsageError(
            "no database is named that knows the tenants",
            hint=f"{same_command('--database', 'URL')}; or configure `database`",
        )
    root, role = project.database_root, project.role
    with connected(project.database, root=root, create=False, role=role) as connection:
        rows = connection.session.query(sql)
    return iter([tuple(None if each is None else str(each) for each in row) for row in rows])
