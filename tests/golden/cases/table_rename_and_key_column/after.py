from peewee import CharField, ForeignKeyField, IntegerField, Model


class Instance(Model):
    label = CharField(index=True)
    parent = ForeignKeyField("self", null=True)


class Step(Model):
    instance = ForeignKeyField(Instance, on_delete="CASCADE")
    position = IntegerField()

    class Meta:
        indexes = ((("instance", "position"), True),)
