from peewee import CharField, ForeignKeyField, IntegerField, Model


class Instance(Model):
    label = CharField(index=True)
    parent = ForeignKeyField("self", null=True)


class Step(Model):
    run = ForeignKeyField(Instance, on_delete="CASCADE")
    position = IntegerField()

    class Meta:
        indexes = ((("run", "position"), True),)
