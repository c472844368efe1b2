"""Organizations, their settings and their locations."""

from __future__ import annotations

import uuid

from peewee import (
    BlobField,
    CharField,
    DoubleField,
    ForeignKeyField,
    JSONField,
    TextField,
    TimeField,
    UUIDField,
)

from models.base import BaseModel, TimestampedModel
from models.reference import Country, Currency


class Organization(TimestampedModel):
    """A company, or a part of one."""

    id = UUIDField(primary_key=True, default=uuid.uuid4)
    name = CharField(max_length=150)
    slug = CharField(max_length=100, unique=True)
    parent = ForeignKeyField("self", backref="children", null=True, on_delete="SET NULL")
    country = ForeignKeyField(
        Country,
        field="code",
        column_name="country_code",
        on_delete="RESTRICT",
        on_update="CASCADE",
    )
    currency = ForeignKeyField(
        Currency, column_name="currency_code", on_delete="RESTRICT", on_update="CASCADE"
    )


class OrganizationSettings(BaseModel):
    """The settings of an organization: one row each, so the key is the foreign key."""

    organization = ForeignKeyField(
        Organization, backref="settings", primary_key=True, on_delete="CASCADE"
    )
    workday_starts_at = TimeField(null=True)
    preferences = JSONField(default=dict)
    logo = BlobField(null=True)


class Location(BaseModel):
    """A place where an organization works."""

    organization = ForeignKeyField(Organization, backref="locations", on_delete="CASCADE")
    name = CharField(max_length=100)
    address = TextField(default="")
    latitude = DoubleField(null=True)
    longitude = DoubleField(null=True)

    class Meta:
        indexes = ((("organization", "name"), True),)
