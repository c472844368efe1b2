from peewee import CharField, ForeignKeyField, Model, TextField


class Person(Model):
    name = CharField(max_length=80)


class Album(Model):
    owner = ForeignKeyField(Person)
    title = TextField()


class Track(Model):
    album = ForeignKeyField(Album, on_delete="CASCADE")
    successor = ForeignKeyField("self", null=True)
