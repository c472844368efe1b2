"""Reference data that all organizations share."""

from __future__ import annotations

from peewee import CharField, FixedCharField, SmallIntegerField

from models.base import BaseModel


class Country(BaseModel):
    """A country of ISO 3166."""

    code = FixedCharField(2, unique=True)
    name = CharField(max_length=100)


class Currency(BaseModel):
    """A currency of ISO 4217; the code is the key."""

    code = CharField(max_length=3, primary_key=True)
    name = CharField(max_length=100)
    decimals = SmallIntegerField(default=2)
