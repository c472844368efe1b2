from peewee import CharField, ForeignKeyField, Model, TextField


class City(Model):
    name = TextField()


class Person(Model):
    name = CharField(max_length=80)
    city = ForeignKeyField(City, null=True)
