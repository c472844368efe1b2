from peewee import CharField, DeferredForeignKey, ForeignKeyField, Model, TextField


class City(Model):
    name = TextField()
    mayor = DeferredForeignKey("Person", null=True)


class Person(Model):
    name = CharField(max_length=80)
    city = ForeignKeyField(City, null=True)
