from peewee import CharField, Model, TextField


class Country(Model):
    code = CharField(max_length=2)


class City(Model):
    name = TextField()
