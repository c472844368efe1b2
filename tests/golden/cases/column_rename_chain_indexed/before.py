from peewee import CharField, IntegerField, Model


class Person(Model):
    name = CharField(max_length=80)
    a = IntegerField()
    b = IntegerField(unique=True, null=True)
    c = IntegerField()
