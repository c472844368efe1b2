from peewee import CharField, CompositeKey, DateField, FloatField, ForeignKeyField, Model


class Currency(Model):
    code = CharField(max_length=3, primary_key=True)


class Rate(Model):
    currency = ForeignKeyField(Currency)
    day = DateField()
    value = FloatField()

    class Meta:
        primary_key = CompositeKey("currency", "day")
