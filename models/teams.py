"""Teams and who belongs to them."""

from __future__ import annotations

from peewee import CharField, CompositeKey, DateField, ForeignKeyField

from models.base import BaseModel, TimestampedModel
from models.organizations import Organization
from models.people import Person


class Team(TimestampedModel):
    """A team; its lead is a person, and people have a home team: a circle of keys."""

    organization = ForeignKeyField(Organization, backref="teams", on_delete="CASCADE")
    parent = ForeignKeyField("self", backref="children", null=True, on_delete="RESTRICT")
    lead = ForeignKeyField(Person, backref="leads", null=True, on_delete="SET NULL")
    name = CharField(max_length=100)

    class Meta:
        indexes = ((("organization", "name"), True),)


class TeamMembership(BaseModel):
    """A person in a team, besides the home team."""

    team = ForeignKeyField(Team, backref="memberships", on_delete="CASCADE")
    person = ForeignKeyField(Person, backref="memberships", on_delete="CASCADE")
    joined_on = DateField(null=True)

    class Meta:
        primary_key = CompositeKey("team", "person")
