"""People and the accounts with which they sign in."""

from __future__ import annotations

import uuid

from peewee import (
    BinaryUUIDField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DeferredForeignKey,
    FloatField,
    ForeignKeyField,
    UUIDField,
    fn,
)

from models.base import BaseModel, TimestampedModel
from models.organizations import Organization


class Person(TimestampedModel):
    """Somebody who works for an organization, in one home team."""

    organization = ForeignKeyField(Organization, backref="people", on_delete="CASCADE")
    team = DeferredForeignKey("Team", backref="people", null=True, on_delete="SET NULL")
    manager = ForeignKeyField("self", backref="reports", null=True, on_delete="SET NULL")
    given_name = CharField(max_length=80)
    family_name = CharField(max_length=80)
    email = CharField(max_length=180)
    hired_on = DateField(null=True)
    weekly_hours = FloatField(default=40.0)

    class Meta:
        indexes = (
            (("family_name", "given_name"), False),
            (("organization", "email"), True),
        )


# People are looked up by their address, whatever its case.
Person.add_index(fn.LOWER(Person.email), name="person_lower_email")


class User(TimestampedModel):
    """An account; it outlives the person that it belongs to."""

    id = UUIDField(primary_key=True, default=uuid.uuid4)
    person = ForeignKeyField(Person, backref="user", null=True, unique=True, on_delete="SET NULL")
    login = CharField(max_length=100, unique=True)
    password_hash = CharField(max_length=200)
    locale = CharField(max_length=10)
    active = BooleanField(default=True)
    last_login_at = DateTimeField(null=True)

    class Meta:
        table_name = "user_account"  # "user" is a reserved word of SQL


class LoginSession(BaseModel):
    """A browser in which a user is signed in."""

    token = BinaryUUIDField(primary_key=True, default=uuid.uuid4)
    user = ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    expires_at = DateTimeField(index=True)
