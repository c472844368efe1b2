from peewee import CharField, ForeignKeyField, Model


class Person(Model):
    name = CharField()


class Detail(Model):
    person = ForeignKeyField(Person, unique=True)
    phone = CharField()
    note = CharField(null=True)
