from peewee import CharField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = CharField(index=True)
