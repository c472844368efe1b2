from peewee import ForeignKeyField, IntegerField, Model, TextField


class First(Model):
    one = TextField(index=True)


class Second(Model):
    two = IntegerField(index=True)
    first = ForeignKeyField(First)
