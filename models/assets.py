"""What an organization owns, and who has it."""

from __future__ import annotations

import uuid

from peewee import (
    SQL,
    CharField,
    Check,
    DateField,
    DateTimeField,
    DecimalField,
    ForeignKeyField,
    JSONField,
    UUIDField,
)

from models.base import BaseModel, TimestampedModel, utcnow
from models.organizations import Location, Organization
from models.people import Person
from models.reference import Currency


class Vendor(BaseModel):
    """A company from which assets come."""

    name = CharField(max_length=120, unique=True)
    website = CharField(max_length=200, null=True)


class AssetCategory(BaseModel):
    """A kind of asset, in a tree."""

    parent = ForeignKeyField("self", backref="children", null=True, on_delete="RESTRICT")
    name = CharField(max_length=80, unique=True)


class Asset(TimestampedModel):
    """A thing with an inventory tag."""

    id = UUIDField(primary_key=True, default=uuid.uuid4)
    organization = ForeignKeyField(Organization, backref="assets", on_delete="CASCADE")
    category = ForeignKeyField(AssetCategory, backref="assets", on_delete="RESTRICT")
    location = ForeignKeyField(Location, backref="assets", null=True, on_delete="SET NULL")
    vendor = ForeignKeyField(Vendor, backref="assets", null=True, on_delete="SET NULL")
    inventory_tag = CharField(max_length=40)
    serial_number = CharField(max_length=80, null=True, index=True)
    price = DecimalField(
        max_digits=12, decimal_places=2, null=True, constraints=[Check("price >= 0")]
    )
    currency = ForeignKeyField(
        Currency,
        column_name="currency_code",
        null=True,
        on_delete="RESTRICT",
        on_update="CASCADE",
    )
    bought_on = DateField(null=True)
    attributes = JSONField(default=dict)

    class Meta:
        indexes = ((("organization", "inventory_tag"), True),)


class AssetAssignment(BaseModel):
    """An asset in the hands of a person, for a time."""

    asset = ForeignKeyField(Asset, backref="assignments", on_delete="CASCADE")
    person = ForeignKeyField(Person, backref="assignments", on_delete="RESTRICT")
    assigned_at = DateTimeField(default=utcnow, constraints=[SQL("DEFAULT CURRENT_TIMESTAMP")])
    returned_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("asset", "returned_at"), False),)


# An asset is in the hands of one person at a time.
AssetAssignment.add_index(
    AssetAssignment.asset,
    unique=True,
    where=AssetAssignment.returned_at.is_null(),
    name="asset_assignment_open",
)
