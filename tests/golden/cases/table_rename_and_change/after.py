from peewee import CharField, ForeignKeyField, IntegerField, Model


class Instance(Model):
    label = CharField(max_length=40, null=True)
    state = CharField(default="new")
    parent = ForeignKeyField("self", null=True)


class Step(Model):
    run = ForeignKeyField(Instance, on_delete="CASCADE")
    position = IntegerField()

    class Meta:
        indexes = ((("run", "position"), True),)
