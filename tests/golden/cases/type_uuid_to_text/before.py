from peewee import CharField, Model, UUIDField


class Person(Model):
    name = CharField(max_length=80)
    value = UUIDField()
