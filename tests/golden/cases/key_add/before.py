from peewee import CharField, IntegerField, Model, TextField


class City(Model):
    name = TextField()


class Person(Model):
    name = CharField(max_length=80)
    city_id = IntegerField(null=True)
