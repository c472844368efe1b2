from peewee import BareField, CharField, Model


class Person(Model):
    name = CharField(max_length=80)


class Anything(Model):
    value = BareField(null=True)
