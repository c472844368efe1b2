from peewee import CharField, ForeignKeyField, Model, TextField


class Person(Model):
    name = CharField(max_length=80)


class Desk(Model):
    room = TextField()


class Chair(Model):
    desk = ForeignKeyField(Desk, column_name="desk", null=True)
    colour = TextField()
