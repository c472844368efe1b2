from peewee import CharField, ManyToManyField, Model


class Role(Model):
    name = CharField(max_length=80)


class Person(Model):
    name = CharField(max_length=80)
    roles = ManyToManyField(Role, backref="people")
