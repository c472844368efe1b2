from peewee import BigIntegerField, CharField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = BigIntegerField()
