from peewee import CharField, JSONField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = JSONField()
