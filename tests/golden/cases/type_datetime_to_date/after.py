from peewee import CharField, DateField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = DateField()
