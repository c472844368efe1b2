from peewee import CharField, FloatField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = FloatField()
