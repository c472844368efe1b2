from peewee import CharField, ForeignKeyField, Model


class Person(Model):
    name = CharField(max_length=80)


class Badge(Model):
    person = ForeignKeyField(Person, unique=True, on_delete="CASCADE", on_update="CASCADE")
    code = CharField(max_length=12)
