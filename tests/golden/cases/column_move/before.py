from peewee import CharField, ForeignKeyField, IntegerField, Model


class Account(Model):
    name = CharField()
    motto = CharField(index=True)
    seen = IntegerField(null=True)


class Profile(Model):
    account = ForeignKeyField(Account, unique=True)
