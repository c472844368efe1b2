from peewee import CharField, ForeignKeyField, Model


class Owner(Model):
    email = CharField(max_length=80, primary_key=True)
    code = CharField(max_length=80)


class Pet(Model):
    owner = ForeignKeyField(Owner, field="email")


class Mail(Model):
    text = CharField(max_length=80)
