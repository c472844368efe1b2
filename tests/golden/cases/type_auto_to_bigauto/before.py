from peewee import AutoField, ForeignKeyField, Model, TextField


class Person(Model):
    id = AutoField()
    boss = ForeignKeyField("self", null=True)


class Note(Model):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    text = TextField()
