"""Fields -> columns: types, and all that stands behind a type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    CharField,
    Check,
    DateTimeField,
    DecimalField,
    Default,
    Field,
    ForeignKeyField,
    IdentityField,
    IntegerField,
    JSONField,
    Model,
    NodeList,
    SmallIntegerField,
    TextField,
    UUIDField,
)
from playhouse import postgres_ext, sqlite_ext
from playhouse.fields import CompressedField

from peewee_mig.errors import ModelError
from peewee_mig.operations.verbs import Constant, Generated
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.objects import Check as CheckValue
from peewee_mig.schema.objects import Column, Computed, ForeignKey, PrimaryKey, Table, Unique
from peewee_mig.schema.types import ColumnType
from peewee_mig.sources.read import ModelSchema, read_models

Make = Callable[[], Field]


def read(make: Make) -> ModelSchema:
    class Read(Model):
        x = make()
        y = IntegerField(null=True)

    return read_models([Read])


def table(make: Make) -> Table:
    return read(make).schema.table("read")


def column(make: Make) -> Column:
    return table(make).columns[-2 if table(make).columns[-1].name == "y" else -1]


def refused(make: Make) -> str:
    with pytest.raises(ModelError) as caught:
        read(make)
    return caught.value.message


def custom(base: type[Field] = TextField, **attributes: object) -> Make:
    return type("Custom", (base,), attributes)


def sql(*texts: str) -> Make:
    return lambda: IntegerField(constraints=[SQL(text) for text in texts])


# Types


@pytest.mark.parametrize(
    ("make", "type_"),
    [
        (lambda: postgres_ext.ArrayField(CharField, {"max_length": 40}), "VARCHAR(40)[]"),
        (lambda: postgres_ext.ArrayField(DecimalField, dimensions=2), "DECIMAL(10, 5)[][]"),
        (lambda: postgres_ext.ArrayField(postgres_ext.JSONField), "json[]"),
        (lambda: postgres_ext.ArrayField(postgres_ext.ArrayField), "INT[][]"),
        (postgres_ext.HStoreField, "HSTORE"),
        (postgres_ext.JSONField, "json"),
        (postgres_ext.BinaryJSONField, "JSONB"),
        (postgres_ext.TSVectorField, "TSVECTOR"),
        (postgres_ext.DateTimeTZField, "TIMESTAMPTZ"),
        (postgres_ext.IntervalField, "INTERVAL"),
        (sqlite_ext.JSONField, "TEXT"),
        (sqlite_ext.JSONBField, "JSONB"),
        (sqlite_ext.TDecimalField, "TEXT"),
        (sqlite_ext.ISODateTimeField, "DATETIME"),
        (JSONField, "JSON"),
        (custom(field_type="CITEXT"), "citext"),
        (custom(field_type="NUMERIC", get_modifiers=lambda s: [8, 2]), "numeric(8,2)"),
        (custom(field_type="GEOMETRY", get_modifiers=lambda s: ["Point", 9]), "geometry(point,9)"),
        (custom(field_type="TIMESTAMP (3)  WITH TIME ZONE"), "timestamp(3) with time zone"),
        (custom(field_type="ENUM('A', 'b')"), "enum('A','b')"),
        (custom(field_type="varchar(20)"), "VARCHAR(20)"),
        (custom(field_type="uuid"), "uuid"),
        (custom(field_type="INT[]"), "int[]"),
        (custom(get_modifiers=lambda s: ["x"]), "text(x)"),
        (
            custom(CharField, ddl_datatype=lambda s, c: super(type(s), s).ddl_datatype(c)),
            "VARCHAR(255)",
        ),
        (custom(ddl_datatype=lambda s, c: SQL("VARCHAR(30)")), "VARCHAR(30)"),
        (custom(ddl_datatype=lambda s, c: SQL("JSON")), "json"),
        (custom(ddl_datatype=lambda s, c: None), "BARE"),
        (custom(peewee_mig_enum=("mood", ["sad", "happy"])), "mood"),
        (custom(peewee_mig_enum=("Mood", ["sad"])), '"Mood"'),
        (custom(peewee_mig_enum=("app.mood", ["sad"])), "app.mood"),
    ],
)
def test_types(make: Make, type_: str) -> None:
    found = column(make).type
    assert str(found) == type_


def test_a_field_class_of_the_user_is_never_needed_again() -> None:
    assert column(custom(field_type="CITEXT")).type == ColumnType("citext")


def test_numbered_types() -> None:
    class One(Model):
        id = sqlite_ext.AutoIncrementField()

    class Two(Model):
        id = IntegerField(primary_key=True, constraints=[SQL("AUTOINCREMENT")])

    class Three(Model):
        id = BigIntegerField(primary_key=True, constraints=[SQL("AUTO_INCREMENT")])

    class Four(Model):
        id = IntegerField(primary_key=True, constraints=[SQL("GENERATED ALWAYS AS IDENTITY")])

    class Five(Model):
        rowid = sqlite_ext.RowIDField()

    class Six(Model):
        one = ForeignKeyField(One)
        four = ForeignKeyField(Four)

    class Seven(Model):
        identity = IdentityField()

    schema = read_models([One, Two, Three, Four, Five, Six, Seven]).schema
    assert {t.name: [str(c.type) for c in t.columns] for t in schema} == {
        "one": ["AUTOINCREMENT"],
        "two": ["AUTOINCREMENT"],
        "three": ["BIGAUTO"],
        "four": ["IDENTITY_ALWAYS"],
        "five": ["AUTO"],
        "six": ["AUTO", "INT", "INT"],
        "seven": ["IDENTITY"],
    }
    assert all(t.primary_key for t in schema)


def test_what_numbers_no_column_is_refused() -> None:
    message = refused(lambda: SmallIntegerField(constraints=[SQL("AUTO_INCREMENT")]))
    assert "has the type SMALLINT with AUTO behind it" in message


# What stands behind the type


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("DEFAULT 5", {"default": "5"}),
        ("DEFAULT -1", {"default": "-1"}),
        ("DEFAULT (1 + 2)", {"default": "1 + 2"}),
        ("default 'it''s 100%%' not null", {"default": "'it''s 100%'"}),
        ('DEFAULT "x"', {"default": "'x'"}),
        ("DEFAULT now() NOT NULL", {"default": "now()"}),
        ("DEFAULT 'x'::character varying NOT NULL", {"default": "'x'::character varying"}),
        ("DEFAULT NULL", {}),
        ("COLLATE NOCASE", {"collation": "NOCASE"}),
        ('COLLATE pg_catalog."C"', {"collation": "pg_catalog.C"}),
        ("COMMENT 'it''s'", {"comment": "it's"}),
        ("UNSIGNED", {"options": ("UNSIGNED",)}),
        ("ZEROFILL", {"options": ("UNSIGNED", "ZEROFILL")}),
        ("CHARACTER SET latin1", {"options": ("CHARACTER SET latin1",)}),
        ("CHARSET = latin1", {"options": ("CHARACTER SET latin1",)}),
        ("ON UPDATE now()", {"options": ("ON UPDATE CURRENT_TIMESTAMP",)}),
        (
            "DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'c'",
            {
                "default": "CURRENT_TIMESTAMP(6)",
                "options": ("ON UPDATE CURRENT_TIMESTAMP(6)",),
                "comment": "c",
            },
        ),
    ],
)
def test_attributes_in_raw_sql(words: str, changes: dict) -> None:
    default = changes.pop("default", None)
    expected = Column("x", ColumnType("INT"), default=default and expression(default), **changes)
    assert column(sql(words)) == expected
    assert column(sql(*words.split(" NOT NULL"))) == expected if " NOT NULL" in words else True


@pytest.mark.parametrize(
    ("words", "computed"),
    [
        ("GENERATED ALWAYS AS (y * 2) STORED", Computed(expression('"y" * 2'), stored=True)),
        ("GENERATED ALWAYS AS (Y) VIRTUAL", Computed(expression('"y"'))),
        ("AS (y)", Computed(expression('"y"'))),
        ("AS (y) PERSISTENT", Computed(expression('"y"'), stored=True)),
    ],
)
def test_generated_columns(words: str, computed: Computed) -> None:
    assert column(sql(words)).computed == computed


@pytest.mark.parametrize(
    "node",
    [Default("'a'"), SQL("DEFAULT 'a'"), SQL("DEFAULT ?", ["a"]), SQL("DEFAULT %s", ["a"])],
)
def test_ways_to_write_a_default(node: object) -> None:
    assert column(lambda: CharField(constraints=[node])).default == expression("'a'")


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (True, "TRUE"),
        (None, "NULL"),
        (b"\x01", "x'01'"),
        (dt.date(2026, 1, 2), "'2026-01-02'"),
        (1.5, "1.5"),
    ],
)
def test_parameters_of_raw_sql_are_literals(value: object, literal: str) -> None:
    (check,) = table(lambda: IntegerField(constraints=[SQL("CHECK (x <> ?)", [value])])).checks
    assert check.expression == expression(f'"x" <> {literal}')


def test_nullability_in_raw_sql() -> None:
    assert not column(lambda: IntegerField(null=True, constraints=[SQL("NOT NULL")])).null
    assert column(lambda: IntegerField(null=True, constraints=[SQL("NULL")])).null
    assert "has NULL in its SQL, and not null=True" in refused(sql("NULL"))


def test_collation_and_unsigned_types() -> None:
    assert column(lambda: CharField(collation='"de-x-icu"')).collation == "de-x-icu"
    assert column(custom(ddl_datatype=lambda s, c: SQL("TEXT COLLATE NOCASE"))) == Column(
        "x", ColumnType("TEXT"), collation="NOCASE"
    )
    unsigned = Column("x", ColumnType("BIGINT"), options=("UNSIGNED",))
    assert column(custom(field_type="BIGINT UNSIGNED")) == unsigned
    assert column(lambda: BigIntegerField(constraints=[SQL("UNSIGNED")])) == unsigned
    assert str(column(custom(field_type="TINYINT UNSIGNED")).type) == "tinyint"


def test_a_key_to_an_unsigned_column_is_unsigned() -> None:
    unsigned = type("Unsigned", (IntegerField,), {"field_type": "INT UNSIGNED"})

    class Owner(Model):
        id = unsigned(primary_key=True)

    class Owned(Model):
        owner = ForeignKeyField(Owner)

    owned = read_models([Owner, Owned]).schema.table("owned")
    assert owned.column("owner_id") == Column("owner_id", ColumnType("INT"), options=("UNSIGNED",))


def test_constraints_of_a_column_are_those_of_the_table() -> None:
    found = table(
        lambda: IntegerField(
            constraints=[
                Check("X > 0"),
                Check("x %% 2 = 0", name="even"),
                SQL("CONSTRAINT u UNIQUE NULLS NOT DISTINCT DEFERRABLE"),
            ]
        )
    )
    assert found.checks == (
        CheckValue(expression('"x" > 0')),
        CheckValue(expression('"x" % 2 = 0'), "even"),
    )
    assert found.uniques == (Unique(("x",), "u", "INITIALLY IMMEDIATE", nulls_distinct=False),)


def test_a_reference_in_raw_sql_is_a_foreign_key() -> None:
    words = "CONSTRAINT k REFERENCES Read ON DELETE set null ON UPDATE NO ACTION DEFERRABLE"
    assert table(sql(words)).foreign_keys == (
        ForeignKey(("x",), "read", ("id",), "SET NULL", name="k", deferrable="INITIALLY IMMEDIATE"),
    )
    assert "to nowhere, which is not among the models" in refused(sql("REFERENCES nowhere"))
    assert "(y), which is not unique" in refused(sql("REFERENCES read (y)"))


def test_a_primary_key_in_raw_sql() -> None:
    class Keyed(Model):
        x = IntegerField(constraints=[SQL("PRIMARY KEY")])

        class Meta:
            primary_key = False

    assert read_models([Keyed]).schema.table("keyed").primary_key == PrimaryKey(("x",))
    assert "has two primary keys, (id) and (x)" in refused(sql("PRIMARY KEY"))


def test_a_field_class_that_writes_its_whole_ddl() -> None:
    class Whole(CharField):
        def ddl(self, ctx: object) -> NodeList:
            return NodeList((super().ddl(ctx), SQL("DEFAULT 'a' CHECK (x <> y)")))

    found = table(lambda: Whole(max_length=9, null=True, constraints=[Check("x > 'a'")]))
    assert found.column("x") == Column(
        "x", ColumnType("VARCHAR", (9,)), null=True, default=expression("'a'")
    )
    assert [str(each.expression) for each in found.checks] == ["\"x\" > 'a'", '"x" <> "y"']


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (sql("SOMETHING else"), "has the SQL 'SOMETHING else', which is not understood"),
        (sql("DEFAULT 1 INVISIBLE"), "not understood from 'INVISIBLE' on"),
        (sql("CHECK (x > 0) NOT VALID"), "which is not understood from 'NOT VALID' on"),
        (sql("CHECK x > 0"), "not understood from 'x > 0' on"),
        (sql("UNIQUE ON CONFLICT REPLACE"), "not understood from 'ON CONFLICT REPLACE' on"),
        (sql("DEFAULT 1", "DEFAULT 2"), "has two of default"),
        (sql("DEFAULT"), "not understood: it breaks off"),
        (sql("CHECK ()"), "which is not understood"),
        (sql("CHECK (x > 'a)"), "cannot be read"),
        (sql("COMMENT 5"), "not understood from '5' on"),
        (sql("ON UPDATE 5"), "which is not understood"),
        (sql("GENERATED BY DEFAULT AS (y)"), "not understood from '(y)' on"),
        (sql("AS (y) STORED DEFAULT 1"), "is generated, so it can have no default"),
        (lambda: IntegerField(constraints=["NOT NULL"]), "write SQL(…), Check(…) or Default(…)"),
        (lambda: IntegerField(constraints=SQL("NULL")), "which is no list"),
        (
            lambda: IntegerField(constraints=[Check(IntegerField() > 1)]),
            "where only text is taken; write it as text",
        ),
        (lambda: IntegerField(constraints=[SQL("DEFAULT ?", [1, 2])]), "1 places for 2 parameters"),
        (lambda: IntegerField(constraints=[SQL("DEFAULT ?", [[]])]), "which has no literal"),
        (custom(peewee_mig_enum="mood"), 'write ("name", ["one", "other"])'),
    ],
)
def test_sql_that_is_not_understood(make: Make, words: str) -> None:
    assert words in refused(make)


# Comments, sequences, enum types


def test_help_texts_are_comments_where_the_model_wants_it() -> None:
    class Plain(Model):
        a = IntegerField(help_text="told")

    class Commented(Model):
        a = IntegerField(help_text="told")
        b = IntegerField(constraints=[SQL("COMMENT 'said'")])

        class Meta:
            comment = "a table"
            peewee_mig = {"comments": True}  # noqa: RUF012

    class Heir(Commented):
        class Meta:
            peewee_mig = {"comment": "an heir"}  # noqa: RUF012

    schema = read_models([Plain, Commented, Heir]).schema
    comments = {t.name: [c.comment for c in t.columns] for t in schema}
    assert comments == {
        "plain": [None, None],
        "commented": [None, "told", "said"],
        "heir": [None, "told", "said"],
    }
    assert [t.options.comment for t in schema] == ["a table", "an heir", None]


def test_sequences() -> None:
    class Counted(Model):
        id = AutoField(sequence="counter")
        other = IntegerField(sequence="elsewhere.counter")

        class Meta:
            schema = "billing"

    schema = read_models([Counted]).schema
    assert [(str(c.type), c.sequence) for c in schema.table("billing.counted").columns] == [
        ("INT", "billing.counter"),
        ("INT", "elsewhere.counter"),
    ]
    assert [each.name for each in schema.objects] == ["billing.counter", "elsewhere.counter"]


def test_enum_types_are_objects_and_agree() -> None:
    class Mood(CharField):
        peewee_mig_enum = ("mood", ["sad", "happy"])

    class One(Model):
        mood = Mood()
        moods = postgres_ext.ArrayField(Mood, index=False)

    class Other(Model):
        mood = CharField()

    Other.mood.peewee_mig_enum = ("mood", ["sad"])
    schema = read_models([One]).schema
    assert [str(c.type) for c in schema.table("one").columns] == ["AUTO", "mood", "mood[]"]
    assert [(each.name, each.values) for each in schema.objects] == [("mood", ("sad", "happy"))]
    with pytest.raises(ModelError, match="Other has other values for the enum type mood"):
        read_models([One, Other])


# Values for existing rows


@pytest.mark.parametrize(
    ("make", "fill"),
    [
        (lambda: postgres_ext.ArrayField(IntegerField, default=list), "{}"),
        (
            lambda: postgres_ext.ArrayField(CharField, default=['a"b', None, "c\\"]),
            r'{"a\"b",NULL,"c\\"}',
        ),
        (lambda: postgres_ext.ArrayField(dimensions=2, default=[[1], [2]]), "{{1},{2}}"),
        (lambda: postgres_ext.HStoreField(default={"a": 1, "b": None}), '"a"=>"1", "b"=>NULL'),
        (lambda: postgres_ext.JSONField(default={"a": [1]}), '{"a": [1]}'),
        (lambda: postgres_ext.BinaryJSONField(default=list), "[]"),
        (lambda: sqlite_ext.JSONField(default=dict), "{}"),
        (lambda: sqlite_ext.JSONBField(default=[1], json_dumps=str), "[1]"),
        (
            lambda: postgres_ext.IntervalField(default=dt.timedelta(1, 2, 3)),
            "1 days 2.000003 seconds",
        ),
    ],
)
def test_defaults_of_playhouse_fields(make: Make, fill: str) -> None:
    assert read(make).fills == {("read", "x"): Constant(fill)}


def test_defaults_of_field_classes_that_convert() -> None:
    fills = read(lambda: CompressedField(default="text")).fills
    assert isinstance(fills["read", "x"].value, bytes)  # type: ignore[union-attr]
    assert fills["read", "x"] != Constant(b"text")
    now = read(lambda: postgres_ext.DateTimeTZField(default=dt.datetime.now)).fills
    assert now == {("read", "x"): Generated("now")}


def test_columns_that_the_server_fills_need_no_value() -> None:
    assert not read(lambda: IntegerField(default=1, constraints=[SQL("DEFAULT 2")])).fills
    assert not read(lambda: IntegerField(default=1, constraints=[SQL("AS (y)")])).fills
    assert not read(lambda: IntegerField(default=1, sequence="s")).fills


# What only Python sees


def test_changes_that_only_python_sees_give_an_equal_schema() -> None:
    class Before(Model):
        name = CharField(default="a", choices=["a"], help_text="x", verbose_name="y")
        at = DateTimeField(default=dt.datetime.now)
        key = UUIDField()

        class Meta:
            table_name = "same"

    class After(Model):
        key = type("Key", (UUIDField,), {})()
        at = DateTimeField()
        called = type("Name", (CharField,), {"adapt": str})(column_name="name")

        class Meta:
            table_name = "same"

    assert read_models([Before]).schema == read_models([After]).schema
