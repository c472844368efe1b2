"""Peewee 3.17 as well as the newest: models are read alike, and lead to the same tables.

``make test-peewee PEEWEE=3.17.0`` runs this with an older one.
"""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    DateTimeField,
    DecimalField,
    DoubleField,
    FixedCharField,
    FloatField,
    ForeignKeyField,
    IdentityField,
    IntegerField,
    ManyToManyField,
    Model,
    SmallIntegerField,
    TextField,
    TimeField,
    UUIDField,
)

from peewee_mig.sources.read import read_models


class Every(Model):
    id = AutoField()
    big = BigIntegerField(index=True)
    blob = BlobField()
    flag = BooleanField(default=True)
    name = CharField(max_length=30, unique=True)
    day = DateField(null=True)
    at = DateTimeField()
    price = DecimalField(max_digits=8, decimal_places=2, constraints=[Check("price >= 0")])
    double = DoubleField()
    fixed = FixedCharField(max_length=4)
    real = FloatField()
    number = IntegerField(constraints=[SQL("DEFAULT 7")])
    small = SmallIntegerField()
    text = TextField(collation="NOCASE")
    hour = TimeField()
    key = UUIDField()

    class Meta:
        indexes = ((("big", "small"), True),)


Every.add_index(Every.big, where=Every.flag == True, name="flagged")  # noqa: E712 (SQL)


class Numbered(Model):
    id = IdentityField()
    every = ForeignKeyField(Every, on_delete="CASCADE", backref="numbers")
    others = ManyToManyField(Every)


class Pair(Model):
    one = ForeignKeyField(Every)
    two = ForeignKeyField(Numbered, null=True, on_delete="SET NULL", on_update="CASCADE")

    class Meta:
        primary_key = CompositeKey("one", "two")
        schema = "more"


def test_models_are_read_alike():
    schema = read_models([Every, Numbered, Pair, Numbered.others.get_through_model()]).schema
    found = {table.name: [f"{each.name} {each.type}" for each in table.columns] for table in schema}
    assert found == {
        "every": [
            *("id AUTO", "big BIGINT", "blob BLOB", "flag BOOL", "name VARCHAR(30)", "day DATE"),
            *("at DATETIME", "price DECIMAL(8, 2)", "double DOUBLE", "fixed CHAR(4)"),
            *("real FLOAT", "number INT", "small SMALLINT", "text TEXT", "hour TIME", "key UUID"),
        ],
        "numbered": ["id IDENTITY", "every_id INT"],
        "more.pair": ["one_id INT", "two_id INT"],
        "numbered_every_through": ["id AUTO", "numbered_id INT", "every_id INT"],
    }
    every, pair = schema.table("every"), schema.table("more.pair")
    assert str(every.column("number").default) == "7"
    assert [str(each.expression) for each in every.checks] == ['"price" >= 0']
    assert [(each.name, each.unique, str(each.where or "")) for each in every.indexes] == [
        ("every_big", False, ""),
        ("every_name", True, ""),
        ("every_big_small", True, ""),
        ("flagged", False, '("flag" = TRUE)'),
    ]
    assert pair.primary_key.columns == ("one_id", "two_id")
    assert [(each.on_delete, each.on_update) for each in pair.foreign_keys] == [
        (None, None),
        ("SET NULL", "CASCADE"),
    ]
