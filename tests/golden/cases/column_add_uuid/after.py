import uuid

from peewee import CharField, Model, UUIDField


class Person(Model):
    name = CharField(max_length=80)
    token = UUIDField(default=uuid.uuid4, unique=True)
