from peewee import CharField, DateTimeField, Model


class Person(Model):
    name = CharField(max_length=80)
    value = DateTimeField(null=True)
