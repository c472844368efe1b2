from peewee import CharField, Model, SmallIntegerField


class Person(Model):
    name = CharField(max_length=80)
    value = SmallIntegerField(index=True)
