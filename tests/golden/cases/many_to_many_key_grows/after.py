from peewee import BigAutoField, CharField, ManyToManyField, Model


class Role(Model):
    id = BigAutoField()
    name = CharField(max_length=80)


class Person(Model):
    name = CharField(max_length=80)
    roles = ManyToManyField(Role, backref="people")
