from peewee import ForeignKeyField, IntegerField, Model


class Country(Model):
    number = IntegerField(unique=True)


class City(Model):
    country = ForeignKeyField(Country)
