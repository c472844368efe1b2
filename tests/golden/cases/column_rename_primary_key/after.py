from peewee import AutoField, CharField, ForeignKeyField, Model, TextField


class City(Model):
    city_no = AutoField()
    name = TextField()


class Person(Model):
    name = CharField(max_length=80)
    city = ForeignKeyField(City, null=True)
