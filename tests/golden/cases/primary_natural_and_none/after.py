import uuid

from peewee import (
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    DecimalField,
    FixedCharField,
    ForeignKeyField,
    Model,
    TextField,
    UUIDField,
)


class Person(Model):
    name = CharField(max_length=80)


class Currency(Model):
    code = FixedCharField(max_length=3, primary_key=True)
    name = TextField()


class Rate(Model):
    currency = ForeignKeyField(Currency)
    day = DateField()
    value = DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        primary_key = CompositeKey("currency", "day")


class Event(Model):
    at = DateTimeField(index=True)
    text = TextField()

    class Meta:
        primary_key = False


class Document(Model):
    id = UUIDField(primary_key=True, default=uuid.uuid4)
    parent = ForeignKeyField("self", null=True)
