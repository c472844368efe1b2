from peewee import CharField, ForeignKeyField, IntegerField, Model


class Account(Model):
    name = CharField()


class Profile(Model):
    account = ForeignKeyField(Account, unique=True)
    motto = CharField(index=True)
    last_seen = IntegerField(null=True)
