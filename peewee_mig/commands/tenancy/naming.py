"""What names a tenant, and the address of its database. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from peewee_mig.commands.config import redact
from peewee_mig.commands.project import Project
from peewee_mig.dialects.url import DatabaseUrl, parse_url, with_database, with_schema
from peewee_mig.errors import UsageError
from peewee_mig.sources.paths import is_dotted_path

#: Stands in ``tenant_url`` for the tenant.
PLACE = "{tenant}"

#: What may stand there: no separators of an address or a path.
_SAFE = re.compile(r"\w[\w.-]*")

#: An address in which it is a name in search_path without quotation marks.
_FOLDING = re.compile(
    rf'\?.*search_path(?:=|%3D)(?:(?!&|%22|").)*{re.escape(PLACE)}', re.IGNORECASE
)

_KEYS = ("name", "url", "schema", "database")


@dataclass(frozen=True, slots=True)
class Tenant:
    """A database of many that share a history. ``url``: its address, with a password maybe."""

    name: str
    url: str = field(repr=False)


def tenant_of(item: object, project: Project) -> Tenant:
    """Return the tenant that a source names.

    A name or an address; a pair of both, or of a name and what stands for it in ``tenant_url``
    (without that, its schema or database); or a mapping with ``name`` and one of ``url``,
    ``schema``, ``database``. :exc:`UsageError` for anything else.
    """
    match item:
        case str() if "://" in item:
            return _checked(Tenant(redact(item.strip()), item.strip()))
        case str() if item.strip():
            return _checked(Tenant(item.strip(), address(item.strip(), project)))
        case (str() as name,):
            return tenant_of(name, project)
        case (str() as name, str() as value) if name.strip() and value.strip():
            return _checked(Tenant(name.strip(), address(value.strip(), project)))
        case Mapping():
            return _checked(_of_mapping(item, project))
        case _:
            raise _no_tenant(item)


def address(value: str, project: Project) -> str:
    """Return the address of a tenant; ``value``: its address, or what tells it from others."""
    if "://" in value:
        return value
    if not project.tenant_url:
        return _beside(value, project)
    if PLACE not in project.tenant_url:
        raise UsageError(
            f"tenant_url has no {PLACE}: all tenants would be one database",
            where=project.settings.tenant_url.source,
            hint=f"write {PLACE} where the tenant belongs, such as sqlite:///tenants/{PLACE}.db",
        )
    if value != value.lower() and _FOLDING.search(project.tenant_url):
        raise UsageError(
            f"letter case does not count in this search_path, and the tenant {value} has capitals",
            where=project.settings.tenant_url.source,
            hint=f"write search_path%3D%22{PLACE}%22 in tenant_url",
        )
    return project.tenant_url.replace(PLACE, _safe(value))


def refuse_twice(tenants: Iterable[Tenant], *, folds: bool) -> None:
    """Refuse two tenants of one name or one address.

    ``folds``: letter case does not count, as in names of files on some systems.
    """
    names: dict[str, Tenant] = {}
    places: dict[str, Tenant] = {}
    for each in tenants:
        same_name = names.setdefault(each.name, each)
        same_place = places.setdefault(each.url.casefold() if folds else each.url, each)
        if same_name is not each:
            raise UsageError(f"two tenants are called {each.name}", hint="name each of them once")
        if same_place is not each:
            raise UsageError(
                f"the tenants {same_place.name} and {each.name} are one database",
                where=redact(each.url),
                hint="name each database once",
            )


def _of_mapping(item: Mapping[object, object], project: Project) -> Tenant:
    given = {key: value for key, value in item.items() if value is not None}
    texts = {str(key): value.strip() for key, value in given.items() if isinstance(value, str)}
    others = given.keys() - {*_KEYS}
    kinds = [key for key in _KEYS[1:] if texts.get(key)]
    if others or len(texts) < len(given) or len(kinds) > 1 or not (texts.get("name") or kinds):
        raise _no_tenant(item)
    value = texts[kinds[0]] if kinds else texts["name"]
    name = texts.get("name") or redact(value)
    match kinds:
        case ["url"]:
            return Tenant(name, value)
        case ["schema"]:
            return Tenant(name, with_schema(_base(value, project, "postgres"), value))
        case ["database"]:
            return Tenant(name, with_database(_base(value, project), _safe(value)))
        case _:
            return Tenant(name, address(value, project))


def _beside(value: str, project: Project) -> str:
    """Return a schema of the configured database, or another database of a server of MySQL's."""
    base = _base(value, project)
    if parse_url(base).engine == "postgres":
        return with_schema(base, value)
    return with_database(base, _safe(value))


def _base(value: str, project: Project, engine: str = "") -> str:
    """Return the address of the server that has the tenants that are given by a name."""
    spec = project.database
    url = parse_url(spec) if spec and not is_dotted_path(spec) else None
    if url is None or url.engine == "sqlite" or (engine and url.engine != engine):
        raise UsageError(
            f"nothing says where the database of the tenant {value} is",
            hint=f"set tenant_url, such as tenant_url = sqlite:///tenants/{PLACE}.db; or give the"
            " address of each tenant; or, where each is a schema of PostgreSQL or a database of a"
            " server, configure `database` as a URL",
        )
    return spec


def _safe(value: str) -> str:
    if _SAFE.fullmatch(value):
        return value
    raise UsageError(
        f"the tenant {value!r} cannot stand in an address",
        hint="letters, digits, _ . and - can; else give its address beside its name",
    )


def _checked(tenant: Tenant) -> Tenant:
    """Refuse a name that no line can show, and an address that is none."""
    if not tenant.name.isprintable():
        raise _no_tenant(tenant.name)
    url: DatabaseUrl = parse_url(tenant.url)
    if url.engine == "sqlite" and url.database in ("", ":memory:"):
        raise UsageError(
            f"the tenant {tenant.name} is a database in memory", hint="give it a file of its own"
        )
    return tenant


def _no_tenant(item: object) -> UsageError:
    return UsageError(
        f"{_shortened(item)} is no tenant",
        hint="a tenant is a name, an address, a pair of both,"
        " or a mapping with name and one of url, schema, database",
    )


def _shortened(item: object) -> str:
    if isinstance(item, str):
        return repr(redact(item))[:60]
    return f"what is {type(item).__name__} here"
