from peewee import (
    BigBitField,
    BigIntegerField,
    BinaryUUIDField,
    BitField,
    BlobField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    DoubleField,
    FixedCharField,
    FloatField,
    IPField,
    IntegerField,
    JSONField,
    Model,
    SmallIntegerField,
    TextField,
    TimeField,
    TimestampField,
    UUIDField,
)


class Person(Model):
    name = CharField(max_length=80)


class Everything(Model):
    boolean = BooleanField()
    small = SmallIntegerField()
    integer = IntegerField()
    big = BigIntegerField()
    ip = IPField(null=True)
    stamp = TimestampField(null=True)
    bits = BitField(null=True)
    real = FloatField()
    double = DoubleField()
    decimal = DecimalField(max_digits=12, decimal_places=3)
    varchar = CharField()
    char = FixedCharField(max_length=2)
    text = TextField()
    blob = BlobField()
    bigbits = BigBitField()
    json = JSONField()
    uuid = UUIDField()
    binary_uuid = BinaryUUIDField()
    date = DateField()
    time = TimeField()
    datetime = DateTimeField()
