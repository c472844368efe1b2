from peewee import BigAutoField, ForeignKeyField, Model, TextField


class Person(Model):
    id = BigAutoField()
    boss = ForeignKeyField("self", null=True)


class Note(Model):
    person = ForeignKeyField(Person, on_delete="CASCADE")
    text = TextField()
