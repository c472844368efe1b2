from peewee import BooleanField, CharField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = BooleanField()
