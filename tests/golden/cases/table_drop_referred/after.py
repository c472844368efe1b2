from peewee import CharField, IntegerField, Model, TextField


class Person(Model):
    name = CharField(max_length=80)


class Chair(Model):
    desk = IntegerField(null=True, index=True)
    colour = TextField()
