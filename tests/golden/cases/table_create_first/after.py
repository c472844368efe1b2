from peewee import CharField, ForeignKeyField, Model


class Organization(Model):
    name = CharField(unique=True)


class Person(Model):
    organization = ForeignKeyField(Organization, on_delete="CASCADE", backref="people")
    manager = ForeignKeyField("self", null=True, on_delete="SET NULL")
    email = CharField(index=True)

    class Meta:
        indexes = ((("organization", "email"), True),)
