from peewee import CharField, Model, TextField


class City(Model):
    name = TextField()


class Person(Model):
    name = CharField(max_length=80)
