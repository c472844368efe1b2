"""The worked example: the rows that a database begins with (``make seed``).

Each seed may run again at any time: it inserts what is missing and updates what differs.
"""

from __future__ import annotations

import hashlib
import os
import secrets

from models import (
    AssetCategory,
    Country,
    Currency,
    Organization,
    Permission,
    Person,
    Role,
    RoleAssignment,
    RolePermission,
    Tag,
    Team,
    TeamMembership,
    TemplateStep,
    User,
    WorkflowTemplate,
)
from peewee_mig.seeds import seed, upsert

PERMISSIONS = {
    "asset.assign": "Give an asset to somebody",
    "document.publish": "Make a version of a document the current one",
    "person.edit": "Change the data of a person",
    "workflow.start": "Start a workflow",
}
ROLES = {
    "administrator": tuple(PERMISSIONS),
    "manager": ("document.publish", "person.edit", "workflow.start"),
    "member": ("workflow.start",),
}


@seed(tags=["production"])
def reference() -> None:
    """Countries and currencies."""
    upsert(
        Country,
        key="code",
        rows=[{"code": "CH", "name": "Switzerland"}, {"code": "IT", "name": "Italy"}],
    )
    upsert(
        Currency,
        key="code",
        rows=[{"code": "CHF", "name": "Swiss franc"}, {"code": "EUR", "name": "Euro"}],
    )


@seed(tags=["production"])
def permissions() -> None:
    """All that may be done."""
    rows = [{"code": code, "description": text} for code, text in PERMISSIONS.items()]
    upsert(Permission, key="code", rows=rows)


@seed(after=["permissions"], tags=["production"])
def roles() -> None:
    """Roles that are there for all organizations, and what they permit."""
    upsert(
        Role,
        key=("organization", "name"),
        rows=[{"organization": None, "name": name} for name in ROLES],
    )
    upsert(
        RolePermission,
        key=("role", "permission"),
        rows=[
            {"role": shared_role(name), "permission": code}
            for name, codes in ROLES.items()
            for code in codes
        ],
    )


@seed(after=["roles"], tags=["production"])
def administrator() -> None:
    """Account of the first user: ``admin``, with ADMIN_PASSWORD or without a password."""
    there = User.get_or_none(User.login == "admin")
    password = there.password_hash if there else hashed(os.environ.get("ADMIN_PASSWORD", ""))
    upsert(
        User,
        key="login",
        rows=[{"login": "admin", "locale": "en", "password_hash": password}],
    )
    upsert(
        RoleAssignment,
        key=("user", "role", "team"),
        rows=[
            {
                "user": User.get(User.login == "admin"),
                "role": shared_role("administrator"),
                "team": None,
            }
        ],
    )


@seed(after=["reference", "roles"], tags=["demo"])
def demo() -> None:
    """Small organization to play with; never in production."""
    upsert(
        Organization,
        key="slug",
        rows=[{"slug": "demo", "name": "Demo Ltd", "country": "CH", "currency": "CHF"}],
    )
    organization = Organization.get(Organization.slug == "demo")
    of_it = {"organization": organization}
    upsert(
        Person,
        key=("organization", "email"),
        rows=[
            {**of_it, "given_name": "Ada", "family_name": "Rossi", "email": "ada@example.com"},
            {**of_it, "given_name": "Ben", "family_name": "Keller", "email": "ben@example.com"},
        ],
    )
    ada, ben = Person.select().where(Person.organization == organization).order_by(Person.email)
    upsert(Team, key=("organization", "name"), rows=[{**of_it, "name": "Operations", "lead": ada}])
    team = Team.get(Team.organization == organization)
    upsert(
        TeamMembership,
        key=("team", "person"),
        rows=[{"team": team, "person": ada}, {"team": team, "person": ben}],
    )
    upsert(AssetCategory, key="name", rows=[{"name": "Laptop"}, {"name": "Phone"}])
    upsert(Tag, key="name", rows=[{"name": "handbook"}])
    upsert(
        WorkflowTemplate, key=("organization", "name"), rows=[{**of_it, "name": "New colleague"}]
    )
    template = WorkflowTemplate.get(WorkflowTemplate.organization == organization)
    steps = ("Sign the contract", "Hand over a laptop")
    upsert(
        TemplateStep,
        key=("template", "position"),
        rows=[
            {"template": template, "position": position, "name": name}
            for position, name in enumerate(steps, start=1)
        ],
    )


def shared_role(name: str) -> Role:
    """Return a role that is there for all organizations."""
    return Role.get(Role.name == name, Role.organization.is_null())


def hashed(password: str) -> str:
    """Return salt and hash of a password; an empty one fits no password at all."""
    if not password:
        return "!"
    salt = secrets.token_bytes(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
    return f"scrypt${salt.hex()}${digest.hex()}"
