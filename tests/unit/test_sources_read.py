"""Reading models: equal to what Peewee creates, complete, and refusing the rest by name."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import sqlite3
import uuid
import zlib
from pathlib import Path

import pytest
from peewee import (
    SQL,
    AnyField,
    BareField,
    BigAutoField,
    BigBitField,
    BigIntegerField,
    BinaryUUIDField,
    BitField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    DatabaseProxy,
    DateField,
    DateTimeField,
    DecimalField,
    DeferredForeignKey,
    DoubleField,
    Field,
    FixedCharField,
    FloatField,
    ForeignKeyField,
    IdentityField,
    IntegerField,
    IPField,
    JSONField,
    ManyToManyField,
    Model,
    PostgresqlDatabase,
    SchemaManager,
    SmallIntegerField,
    SqliteDatabase,
    TextField,
    TimeField,
    TimestampField,
    UUIDField,
)
from playhouse.fields import CompressedField

from peewee_mig.errors import ModelError
from peewee_mig.operations.verbs import Constant, Generated
from peewee_mig.schema import Index, PrimaryKey, Table
from peewee_mig.sources.read import read_models


def table(model: type[Model], *others: type[Model]) -> Table:
    return read_models([model, *others]).schema.table(model._meta.table_name)


def refused(*models: type[Model]) -> str:
    with pytest.raises(ModelError) as caught:
        read_models(models)
    assert caught.value.hint
    assert "test_sources_read.py:" in caught.value.where
    return caught.value.message


# Equal to what Peewee creates


def test_tables_are_what_peewee_creates() -> None:
    models = varied_models()
    connection = sqlite3.connect(":memory:")
    for model in models:
        create(connection, model)
    for read in read_models(models).schema:
        assert facts_of(read) == facts_in(connection, read.name)
    connection.close()


def varied_models() -> list[type[Model]]:
    class Shared(Model):
        created = DateTimeField(default=dt.datetime.now)
        code = CharField(max_length=20, unique=True)

    class Owner(Shared):
        name = CharField(index=True)
        note = TextField(null=True)

        class Meta:
            indexes = ((("name", "created"), True), (("note",), False))

    class Thing(Owner):
        id = UUIDField(primary_key=True, default=uuid.uuid4, index=True, unique=True)
        any = AnyField(null=True)
        bare = BareField(null=True)
        plain = Field(null=True)
        big = BigIntegerField()
        small = SmallIntegerField()
        flags = BitField()
        bits = BigBitField()
        token = BinaryUUIDField()
        blob = BlobField(column_name="the blob")
        yes = BooleanField()
        unlimited = CharField(max_length=None)
        day = DateField()
        price = DecimalField(max_digits=8, decimal_places=2)
        double = DoubleField()
        float = FloatField()
        fixed = FixedCharField(max_length=3)
        ip = IPField()
        json = JSONField()
        time = TimeField()
        stamp = TimestampField(index=True)
        owner = ForeignKeyField(Owner, on_delete="cascade", on_update="set  null")
        owner_code = ForeignKeyField(Owner, field=Owner.code, on_delete="NO ACTION")
        parent = ForeignKeyField("self", null=True, unique=True, constraint_name="fk_parent")

    Thing.add_index(Thing.code, Thing.note, name="chosen_name")

    class Extra(Model):
        thing = ForeignKeyField(Thing, primary_key=True)

        class Meta:
            table_name = "extra things"

    class Deeper(Model):
        extra = ForeignKeyField(Extra, index=False)

        class Meta:
            primary_key = False

    class Pair(Model):
        left = ForeignKeyField(Extra)
        right = IntegerField(index=True, null=True)

        class Meta:
            legacy_table_names = False
            table_name = "pair_of_things"
            primary_key = CompositeKey("right", "left")
            indexes = ((("left", "right"), False),)

    class BigKey(Model):
        id = BigAutoField()
        things = ManyToManyField(Thing)

    class Natural(Model):
        code = CharField(max_length=3, primary_key=True, null=True)
        big = ForeignKeyField(BigKey)

    through = BigKey.things.get_through_model()
    return [Owner, Thing, Extra, Deeper, Pair, BigKey, Natural, through]


def create(connection: sqlite3.Connection, model: type[Model]) -> None:
    manager = SchemaManager(model, SqliteDatabase(None))
    for context in (manager._create_table(safe=False), *manager._create_indexes(safe=True)):
        sql, _ = context.query()
        connection.execute(sql)


def facts_of(read: Table) -> dict[str, object]:
    key = read.primary_key.columns if read.primary_key else ()
    return {
        "columns": [(each.name, sqlite_type(each.type), each.null) for each in read.columns],
        "key": key,
        "indexes": {each.name: (each.columns, each.unique) for each in read.indexes},
        "foreign_keys": {
            (
                each.columns[0],
                each.referred_table,
                each.referred_columns[0],
                each.on_delete or "NO ACTION",
                each.on_update or "NO ACTION",
            )
            for each in read.foreign_keys
        },
    }


def sqlite_type(type_: object) -> str:
    name, _, rest = str(type_).partition("(")
    word = SqliteDatabase(None)._field_types.get(name, name)
    return {"BARE": ""}.get(word, word) + (f"({rest}" if rest else "")


def facts_in(connection: sqlite3.Connection, name: str) -> dict[str, object]:
    def rows(pragma: str, of: str) -> list[tuple]:
        return connection.execute(f'PRAGMA {pragma}("{of}")').fetchall()

    columns = rows("table_info", name)
    indexes = {
        index[1]: (tuple(row[2] for row in rows("index_info", index[1])), bool(index[2]))
        for index in rows("index_list", name)
        if index[3] == "c"
    }
    keys = {(row[3], row[2], row[4], row[6], row[5]) for row in rows("foreign_key_list", name)}
    return {
        "columns": [(row[1], row[2], not row[3]) for row in columns],
        "key": tuple(row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]),
        "indexes": indexes,
        "foreign_keys": keys,
    }


# Types, keys, indexes


def test_identity_keys_and_what_refers_to_them() -> None:
    class Identity(Model):
        id = IdentityField()

    class Always(Model):
        id = IdentityField(generate_always=True)
        other = ForeignKeyField(Identity)

    assert str(table(Identity).column("id").type) == "IDENTITY"
    assert str(table(Always, Identity).column("id").type) == "IDENTITY_ALWAYS"
    assert str(table(Always, Identity).column("other_id").type) == "INT"


def test_a_deferred_key_is_a_key_like_any_other() -> None:
    class DeferringChild(Model):
        parent = DeferredForeignKey("DeferredParent", null=True, on_delete="set null")

    class DeferredParent(Model):
        id = BigAutoField()

    read = table(DeferringChild, DeferredParent)
    assert str(read.column("parent_id").type) == "BIGINT"
    assert read.foreign_keys[0].referred_table == "deferredparent"
    assert read.foreign_keys[0].on_delete == "SET NULL"


def test_a_subclass_of_a_core_field_is_its_type() -> None:
    class Email(CharField):
        def db_value(self, value: str) -> str:
            return value.lower()

    class Contact(Model):
        email = Email(max_length=99, default="A@B")

    read = read_models([Contact])
    assert str(read.schema.table("contact").column("email").type) == "VARCHAR(99)"
    assert read.fills == {("contact", "email"): Constant("a@b")}


def test_an_index_is_named_if_the_user_named_it() -> None:
    class Legacy(Model):
        a = IntegerField(index=True)
        b = IntegerField()

        class Meta:
            table_name = "old_legacy"

    Legacy.add_index(Legacy.b)
    Legacy.add_index(Legacy.a, Legacy.b, unique=True, name="mine")

    class LongName(Legacy):
        class Meta:
            legacy_table_names = False

    expected = (
        Index("legacy_a", ("a",)),
        Index("legacy_b", ("b",)),
        Index("mine", ("a", "b"), unique=True, named=True),
    )
    assert table(Legacy).indexes == expected
    assert table(LongName).indexes == (
        Index("long_name_a", ("a",)),
        Index("long_name_b", ("b",)),
        Index("long_name_a_b", ("a", "b"), unique=True),
    )


def test_identical_indexes_collapse() -> None:
    class Twice(Model):
        a = IntegerField(unique=True)
        b = IntegerField(index=True)

        class Meta:
            indexes = ((("a",), False), (("b",), False))

    assert table(Twice).indexes == (
        Index("twice_a", ("a",), unique=True),
        Index("twice_b", ("b",)),
    )


def test_an_index_that_peewee_would_skip_is_told() -> None:
    class Skipped(Model):
        a = ForeignKeyField("self")

        class Meta:
            indexes = ((("a",), True),)

    assert "Skipped has two different indexes called skipped_a_id" in refused(Skipped)


def test_generated_index_names_are_distinct_between_tables() -> None:
    def make(name: str) -> type[Model]:
        class Person(Model):
            email = CharField(index=True)

            class Meta:
                table_name = name

        return Person

    one, two = make("one_person"), make("two_person")
    assert [i.name for i in table(one, two).indexes] == ["one_person_email"]
    assert [i.name for i in table(two, one).indexes] == ["two_person_email"]
    assert [i.name for i in table(one).indexes] == ["person_email"]


def test_no_composite_and_single_primary_keys() -> None:
    class Without(Model):
        a = IntegerField()

        class Meta:
            primary_key = False

    assert table(Without).primary_key is None
    assert table(varied_models()[0]).primary_key == PrimaryKey(("id",))


def test_the_users_models_stay_as_they_are() -> None:
    proxy = DatabaseProxy()

    class Untouched(Model):
        data = JSONField(default={"a": 1})
        blob = BlobField(default="x")

        class Meta:
            database = proxy

    fills = read_models([Untouched]).fills
    assert fills == {
        ("untouched", "data"): Constant('{"a": 1}'),
        ("untouched", "blob"): Constant(b"x"),
    }
    assert Untouched._meta.database is proxy
    assert proxy.obj is None


# What cannot be kept is refused by name


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (lambda: CharField(unindexed=True), "has unindexed=True, which only a virtual table"),
        (lambda: custom_field(ddl=lambda self, ctx: SQL("y")), "the SQL 'y', which is not under"),
        (lambda: custom_field(ddl_datatype=lambda s, c: 1 / 0), "ddl_datatype fails without a"),
        (lambda: custom_key(ddl_datatype=lambda s, c: SQL("x")), "with its own ddl_datatype"),
        (lambda: ForeignKeyField("self", on_delete="EXPLODE"), "on_delete='EXPLODE'"),
        (lambda: ForeignKeyField("self", on_update="NOTHING"), "on_update='NOTHING'"),
        (
            lambda: ForeignKeyField("self", deferrable="NEVER"),
            "cannot be: unknown deferral 'NEVER'",
        ),
    ],
)
def test_a_field_that_cannot_be_kept(field: object, words: str) -> None:
    class Refused(Model):
        x = field()

    message = refused(Refused)
    assert message.startswith("Refused.x ")
    assert words in message


def custom_field(**attributes: object) -> Field:
    return type("Custom", (TextField,), attributes)()


def custom_key(**attributes: object) -> Field:
    return type("CustomKey", (ForeignKeyField,), attributes)("self")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("options", {"a": 1}, "has Meta.options, which only a virtual table can have"),
        ("table_settings", "PARTITION BY KEY (id)", "which is not understood"),
        ("table_settings", [1], "has 1 in Meta.table_settings, which is no text"),
        ("constraints", ["CHECK (a > 0)"], "in Meta.constraints; write SQL(…) or Check(…)"),
        ("schema_manager_class", type("Own", (SchemaManager,), {}), "nobody knows its SQL"),
    ],
)
def test_meta_that_cannot_be_kept(name: str, value: object, words: str) -> None:
    class Refused(Model):
        Meta = type("Meta", (), {name: value})

    assert words in refused(Refused)


def test_all_problems_are_told_at_once() -> None:
    class Refused(Model):
        a = CharField(unindexed=True)
        b = CharField(constraints=[SQL("WHATEVER")])

        class Meta:
            constraints = [SQL("NONSENSE")]  # noqa: RUF012

    message = refused(Refused)
    assert "the models have 3 problems" in message
    assert "Refused.b has the SQL 'WHATEVER', which is not understood" in message
    assert "Refused has the SQL 'NONSENSE'" in message


def test_keys_that_refer_to_nothing_usable() -> None:
    class Composite(Model):
        a = IntegerField()
        b = IntegerField()

        class Meta:
            primary_key = CompositeKey("a", "b")

    class Keyless(Model):
        a = IntegerField()

        class Meta:
            primary_key = False

    class Outside(Model):
        pass

    class Refused(Model):
        one = ForeignKeyField(Composite)

    class AlsoRefused(Model):
        two = ForeignKeyField(Outside)
        three = ForeignKeyField(Keyless, field=Keyless.a)

    assert "Refused.one refers to Composite, which has a composite primary key" in refused(
        Refused, Composite
    )
    message = refused(AlsoRefused, Keyless)
    assert "AlsoRefused.two refers to Outside (" in message
    assert "AlsoRefused.three refers to Keyless.a, which is not unique" in message


# Fills, renames, origins


class Color(enum.Enum):
    RED = 1


class Word(enum.StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("field", "fill"),
    [
        (lambda: CharField(default="x"), Constant("x")),
        (lambda: CharField(default=Word.RED), Constant("red")),
        (lambda: CharField(default=str), Constant("")),
        (lambda: IntegerField(default=3), Constant(3)),
        (lambda: IntegerField(default=Color.RED), Constant(1)),
        (lambda: IntegerField(default=int), Constant(0)),
        (lambda: BooleanField(default=0), Constant(value=False)),
        (lambda: FloatField(default=1), Constant(1.0)),
        (lambda: FloatField(default=float("nan")), None),
        (lambda: DecimalField(default=decimal.Decimal("1.50")), Constant("1.50")),
        (lambda: DecimalField(default=0), Constant("0")),
        (lambda: BlobField(default="é"), Constant("é".encode())),
        (lambda: BlobField(default=bytes), Constant(b"")),
        (BigBitField, Constant(b"")),
        (BitField, Constant(0)),
        (lambda: IPField(default="127.0.0.1"), Constant(2130706433)),
        (lambda: JSONField(default=dict), Constant("{}")),
        (lambda: JSONField(default=["é"], dumps=str), Constant("['é']")),
        (lambda: UUIDField(default=uuid.UUID(int=1)), Constant("0" * 31 + "1")),
        (lambda: UUIDField(default=uuid.uuid4), Generated("uuid4")),
        (lambda: BinaryUUIDField(default=uuid.uuid1), Generated("uuid4")),
        (lambda: BinaryUUIDField(default=uuid.UUID(int=1)), Constant(b"\0" * 15 + b"\1")),
        (lambda: BinaryUUIDField(default="0" * 32), Constant(b"\0" * 16)),
        (lambda: BinaryUUIDField(default=b"\0" * 16), Constant(b"\0" * 16)),
        (lambda: BinaryUUIDField(default="wrong"), None),
        (lambda: DateTimeField(default=dt.datetime.now), Generated("now")),
        (lambda: DateTimeField(default=dt.datetime.utcnow), Generated("utcnow")),
        (lambda: DateTimeField(default="2026-01-02"), Constant("2026-01-02 00:00:00")),
        (
            lambda: DateTimeField(default=dt.datetime(2026, 1, 2, 3, 4, 5, 6)),  # noqa: DTZ001
            Constant("2026-01-02 03:04:05.000006"),
        ),
        (lambda: DateField(default=dt.date.today), Generated("today")),
        (lambda: DateField(default=dt.datetime.now), Generated("today")),
        (lambda: DateField(default=dt.date(2026, 1, 2)), Constant("2026-01-02")),
        (lambda: TimeField(default=dt.time(1, 2)), Constant("01:02:00")),
        (lambda: TimeField(default=dt.datetime.now), None),
        (TimestampField, Generated("now")),
        (lambda: TimestampField(default=0), Constant(0)),
        (lambda: IntegerField(default=lambda: 1 / 0), None),
        (CharField, None),
        (lambda: ForeignKeyField("self", default=7), Constant(7)),
    ],
)
def test_defaults_as_values_for_existing_rows(field: object, fill: object) -> None:
    class Filled(Model):
        x = field()

    column = Filled.x.column_name
    assert read_models([Filled]).fills.get(("filled", column)) == fill


def test_fills_do_not_depend_on_the_database() -> None:
    class Bound(Model):
        blob = BlobField(default=b"x")
        packed = CompressedField(default=b"y")
        token = BinaryUUIDField(default=uuid.UUID(int=0))
        data = JSONField(default=[1])

        class Meta:
            database = PostgresqlDatabase(None)

    assert set(read_models([Bound]).fills.values()) == {
        Constant(b"x"),
        Constant(zlib.compress(b"y")),
        Constant(b"\0" * 16),
        Constant("[1]"),
    }


def test_renames_are_read_from_the_models_own_marks() -> None:
    class Renamed(Model):
        new = CharField(column_name="new_column")

        class Meta:
            peewee_mig = {"renamed_from": {"table": "old", "columns": {"new": "old_column"}}}  # noqa: RUF012

    class Heir(Renamed):
        pass

    class Short(Model):
        class Meta:
            peewee_mig = {"renamed_from": "long"}  # noqa: RUF012

    read = read_models([Renamed, Heir, Short])
    assert read.renamed_tables == {"renamed": "old", "short": "long"}
    assert read.renamed_columns == {("renamed", "new_column"): "old_column"}


def test_origins_name_file_line_and_attribute() -> None:
    class Tag(Model):
        pass

    class Origin(Model):
        name = CharField(column_name="called")
        tags = ManyToManyField(Tag)

    origins = read_models([Tag, Origin, Origin.tags.get_through_model()]).origins
    line = int(origins["origin", ""].partition(".py:")[2].split()[0])
    source = Path(__file__).read_text().splitlines()
    assert source[line - 1].strip() == "class Origin(Model):"
    assert origins["origin", ""].endswith(f"test_sources_read.py:{line} Origin")
    assert origins["origin", "called"].endswith(f".py:{line + 1} Origin.name")
    assert origins["origin_tag_through", ""].endswith(f".py:{line + 2} OriginTagThrough")


def test_a_deferred_key_that_nothing_resolved_is_refused() -> None:
    class Waiting(Model):
        other = DeferredForeignKey("NeverDefined")

    assert (
        refused(Waiting) == "Waiting.other waits for a model 'neverdefined' that no module defines"
    )


def test_a_key_to_a_key_that_was_deferred() -> None:
    class Profile(Model):
        account = DeferredForeignKey("ProfileAccount", primary_key=True)

    class ProfilePhoto(Model):
        profile = ForeignKeyField(Profile)

    class ProfileAccount(Model):
        id = BigAutoField()

    read = table(ProfilePhoto, Profile, ProfileAccount)
    assert str(read.column("profile_id").type) == "BIGINT"
    assert read.foreign_keys[0].referred_columns == ("account_id",)


def test_keys_that_refer_to_each_other_without_end_are_refused() -> None:
    class EndlessOne(Model):
        other = DeferredForeignKey("EndlessTwo", primary_key=True)

    class EndlessTwo(Model):
        other = ForeignKeyField(EndlessOne, primary_key=True)

    assert "refers to itself" in refused(EndlessOne, EndlessTwo)


def test_a_default_that_cannot_be_hashed_or_converted_is_left_out() -> None:
    class Unhashable:
        __hash__ = None

        def __call__(self) -> int:
            raise AssertionError

    class LeftOut(Model):
        a = IntegerField(default=Unhashable())
        b = BareField(default=object())
        c = BareField(default=bytearray(b"x"))

    assert read_models([LeftOut]).fills == {("leftout", "c"): Constant(b"x")}


def test_models_without_source_are_called_by_their_module() -> None:
    made = type("Made", (Model,), {"__module__": "nowhere", "a": CharField()})
    assert read_models([made]).origins["made", "a"] == "nowhere Made.a"
