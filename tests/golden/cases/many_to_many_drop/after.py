from peewee import CharField, Model


class Role(Model):
    name = CharField(max_length=80)


class Person(Model):
    name = CharField(max_length=80)
