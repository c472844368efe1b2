from peewee import (
    CharField,
    CompositeKey,
    DateField,
    DecimalField,
    ForeignKeyField,
    Model,
    TextField,
)


class Currency(Model):
    code = CharField(max_length=8, primary_key=True)
    name = TextField(null=True)


class Rate(Model):
    currency = ForeignKeyField(Currency)
    day = DateField()
    value = DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        primary_key = CompositeKey("currency", "day")
