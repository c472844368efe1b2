from peewee import CharField, ForeignKeyField, Model


class Country(Model):
    code = CharField(max_length=2, unique=True)


class City(Model):
    country = ForeignKeyField(Country, field="code", on_update="CASCADE")
