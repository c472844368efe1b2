from peewee import ForeignKeyField, IntegerField, Model, TextField


class Second(Model):
    one = TextField(index=True)


class First(Model):
    two = IntegerField(index=True)
    first = ForeignKeyField(Second)
