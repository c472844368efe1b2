from peewee import DeferredForeignKey, ForeignKeyField, Model


class Team(Model):
    lead = DeferredForeignKey("Member", null=True)


class Member(Model):
    team = ForeignKeyField(Team, on_delete="CASCADE")
