from peewee import CharField, ForeignKeyField, Model, TextField


class Country(Model):
    code = CharField(max_length=2, unique=True)


class City(Model):
    country = ForeignKeyField(Country, field="code")
    name = TextField()
