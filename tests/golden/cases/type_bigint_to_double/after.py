from peewee import CharField, DoubleField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = DoubleField()
