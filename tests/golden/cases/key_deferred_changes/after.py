from peewee import DeferredForeignKey, ForeignKeyField, Model


class Team(Model):
    lead = DeferredForeignKey("Member", null=True, on_delete="SET NULL")


class Member(Model):
    team = ForeignKeyField(Team, on_delete="CASCADE")
