"""Roles, the permissions that they give, and who has them."""

from __future__ import annotations

from peewee import (
    CharField,
    CompositeKey,
    DeferredThroughModel,
    ForeignKeyField,
    ManyToManyField,
    TextField,
)

from models.base import BaseModel, TimestampedModel
from models.organizations import Organization
from models.people import User
from models.teams import Team

_role_permission = DeferredThroughModel()


class Permission(BaseModel):
    """Something that may be done, such as ``document.publish``; the code is the key."""

    code = CharField(max_length=64, primary_key=True)
    description = TextField(default="")


class Role(BaseModel):
    """A named set of permissions; without an organization it is there for all."""

    organization = ForeignKeyField(Organization, backref="roles", null=True, on_delete="CASCADE")
    name = CharField(max_length=60)
    permissions = ManyToManyField(Permission, backref="roles", through_model=_role_permission)

    class Meta:
        indexes = ((("organization", "name"), True),)


class RolePermission(BaseModel):
    """A permission of a role."""

    role = ForeignKeyField(Role, on_delete="CASCADE")
    permission = ForeignKeyField(
        Permission, column_name="permission_code", on_delete="CASCADE", on_update="CASCADE"
    )

    class Meta:
        primary_key = CompositeKey("role", "permission")


_role_permission.set_model(RolePermission)


class RoleAssignment(TimestampedModel):
    """A role that a user has, everywhere or in one team."""

    user = ForeignKeyField(User, backref="role_assignments", on_delete="CASCADE")
    role = ForeignKeyField(Role, backref="assignments", on_delete="RESTRICT")
    team = ForeignKeyField(Team, backref="role_assignments", null=True, on_delete="CASCADE")

    class Meta:
        indexes = ((("user", "role", "team"), True),)
