from peewee import CharField, CompositeKey, DateField, FixedCharField, Model


class Rate(Model):
    currency = FixedCharField(max_length=3)
    day = DateField()
    source = CharField(max_length=20, default="bank")

    class Meta:
        primary_key = CompositeKey("currency", "day", "source")
