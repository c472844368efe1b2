from peewee import CharField, IntegerField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = IntegerField()
