from peewee import SQL, CharField, ForeignKeyField, Model


class Owner(Model):
    email = CharField(max_length=80)
    code = CharField(max_length=80)

    class Meta:
        primary_key = False
        constraints = (SQL("CONSTRAINT mail UNIQUE (email)"),)


class Pet(Model):
    owner = ForeignKeyField(Owner, field="email")
