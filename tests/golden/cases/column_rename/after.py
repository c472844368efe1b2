from peewee import CharField, Model


class Person(Model):
    full_name = CharField(max_length=80)
