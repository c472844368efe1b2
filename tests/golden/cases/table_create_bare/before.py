from peewee import CharField, Model


class Person(Model):
    name = CharField(max_length=80)
