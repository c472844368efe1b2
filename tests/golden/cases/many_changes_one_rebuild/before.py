from peewee import CharField, IntegerField, Model, TextField


class Person(Model):
    name = CharField(max_length=80)
    a = IntegerField(null=True)
    b = CharField(max_length=10, index=True)
    c = TextField(null=True)
