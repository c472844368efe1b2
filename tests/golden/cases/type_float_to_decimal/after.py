from peewee import CharField, DecimalField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = DecimalField(max_digits=8, decimal_places=2)
