"""Tenants: one history over many schemas, files or databases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from peewee_mig.commands.project import Project
from peewee_mig.commands.tenancy.naming import Tenant
from peewee_mig.commands.tenancy.source import read_tenants
from peewee_mig.errors import UsageError, nearest, same_command


@dataclass(frozen=True, slots=True)
class Tenants:
    """The tenants that a command works on. ``project``: what they share."""

    project: Project
    chosen: tuple[Tenant, ...]

    def project_of(self, tenant: Tenant) -> Project:
        """Return the project whose database is that of a tenant."""
        return replace(
            self.project,
            database=tenant.url,
            database_root=self.project.root,
            tenant=tenant.name,
        )


def need_tenants(project: Project) -> Tenants:
    """Return the tenants to work on.

    :exc:`UsageError` if nothing names any, and for wanted ones that are not there.
    """
    if not project.tenants:
        raise UsageError(
            "nothing names the tenants",
            hint=f"{same_command('--tenants', 'SOURCE')}; or configure `tenants`",
        )
    return Tenants(project, _chosen(read_tenants(project), project.wanted))


def one_tenant(project: Project) -> Project:
    """Return the project of the one tenant that is wanted, for what works on one database."""
    found = need_tenants(project)
    if len(found.chosen) != 1:
        raise UsageError(
            f"this works on one tenant, and {len(found.chosen)} are named",
            hint="give one --tenant NAME",
        )
    return found.project_of(found.chosen[0])


def refuse_relative(target: str | None, *, counts: str) -> None:
    """Refuse a target that is not the same in each tenant, nor the next time.

    ``counts``: the pattern of those; a command that counts without a target matches "".
    """
    if not re.fullmatch(counts, target or ""):
        return
    name = same_command("NAME", in_place_of=[target]) if target else same_command("NAME")
    raise UsageError(
        "a count of migrations is another one in each tenant, and again the next time",
        hint=f"name a migration: {name}",
    )


def _chosen(tenants: Sequence[Tenant], wanted: Sequence[str]) -> tuple[Tenant, ...]:
    names = [each.name for each in tenants]
    for pattern in wanted:
        if not any(_fits(name, pattern) for name in names):
            near = nearest(pattern, names)
            meant = same_command("--tenant", near, in_place_of=["--tenant", pattern])
            raise UsageError(
                f"there is no tenant {pattern!r}",
                hint=meant
                if near
                else f"there are {', '.join(names[:5]) or 'none'}{', …' * bool(names[5:])}",
            )
    if not wanted:
        return tuple(tenants)
    patterns = [each for each in wanted if each not in names]
    return tuple(
        each
        for each in tenants
        if each.name in wanted or any(fnmatchcase(each.name, pattern) for pattern in patterns)
    )


def _fits(name: str, pattern: str) -> bool:
    return name == pattern or fnmatchcase(name, pattern)
