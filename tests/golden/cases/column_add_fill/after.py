from peewee import CharField, FixedCharField, Model


class Person(Model):
    name = CharField(max_length=80)
    country = FixedCharField(max_length=2)
