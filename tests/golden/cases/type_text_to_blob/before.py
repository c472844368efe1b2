from peewee import CharField, Model, TextField


class Person(Model):
    name = CharField(max_length=80)
    value = TextField(null=True)
