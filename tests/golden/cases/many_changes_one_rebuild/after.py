from peewee import BigIntegerField, BooleanField, CharField, ForeignKeyField, Model


class Person(Model):
    name = CharField(max_length=80)
    a = BigIntegerField(default=0)
    bb = CharField(max_length=20, unique=True)
    d = BooleanField(default=False)
    boss = ForeignKeyField('self', null=True)
