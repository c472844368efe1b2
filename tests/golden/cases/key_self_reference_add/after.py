from peewee import CharField, ForeignKeyField, Model


class Person(Model):
    name = CharField(max_length=80)
    boss = ForeignKeyField("self", null=True, on_delete="SET NULL")
