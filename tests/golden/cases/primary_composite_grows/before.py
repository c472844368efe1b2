from peewee import CompositeKey, DateField, FixedCharField, Model


class Rate(Model):
    currency = FixedCharField(max_length=3)
    day = DateField()

    class Meta:
        primary_key = CompositeKey("currency", "day")
