from peewee import CharField, DeferredForeignKey, ForeignKeyField, Model, TextField


class Person(Model):
    name = CharField(max_length=80)


class Team(Model):
    lead = DeferredForeignKey("Member", null=True, on_delete="SET NULL")
    name = TextField()


class Member(Model):
    team = ForeignKeyField(Team, on_delete="CASCADE")
    person = ForeignKeyField(Person)
