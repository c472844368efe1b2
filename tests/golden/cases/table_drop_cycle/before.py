from peewee import CharField, DeferredForeignKey, ForeignKeyField, Model


class Person(Model):
    name = CharField(max_length=80)


class Left(Model):
    right = DeferredForeignKey("Right", null=True)


class Right(Model):
    left = ForeignKeyField(Left, null=True)
