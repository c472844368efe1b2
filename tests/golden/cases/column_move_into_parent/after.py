from peewee import CharField, Model


class Human(Model):
    name = CharField()
    phone = CharField()
    note = CharField(null=True)
