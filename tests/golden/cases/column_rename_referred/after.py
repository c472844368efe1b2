from peewee import CharField, ForeignKeyField, Model


class Country(Model):
    iso = CharField(max_length=2, unique=True)


class City(Model):
    country = ForeignKeyField(Country, field="iso", on_update="CASCADE")
