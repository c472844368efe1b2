"""What a model declares of its whole table: constraints, settings, schemas."""

from __future__ import annotations

import pytest
from peewee import (
    SQL,
    Check,
    CompositeKey,
    EnclosedNodeList,
    ForeignKeyField,
    IntegerField,
    Model,
    NodeList,
)

from peewee_mig.errors import ModelError
from peewee_mig.schema import objects
from peewee_mig.schema.expressions import Expression, expression
from peewee_mig.schema.objects import Exclusion, ForeignKey, Index, Options, PrimaryKey, Unique
from peewee_mig.sources.read import read_models


def table(*constraints: object, **meta: object) -> objects.Table:
    class Pair(Model):
        a = IntegerField()
        b = IntegerField()
        Meta = type("Meta", (), {"constraints": list(constraints), **meta})

    return read_models([Pair]).schema.tables[0]


def _part(sql: str) -> Expression:
    return Expression(sql)


def refused(*constraints: object, **meta: object) -> str:
    with pytest.raises(ModelError) as caught:
        table(*constraints, **meta)
    assert "test_sources_constraints.py:" in caught.value.where
    return caught.value.message


@pytest.mark.parametrize(
    ("node", "check"),
    [
        (Check("a < b"), objects.Check(expression('"a" < "b"'))),
        (Check('"A" < b', name="c d"), objects.Check(expression('"a" < "b"'), "c d")),
        (SQL("CHECK ((a < b))"), objects.Check(expression('"a" < "b"'))),
        (SQL("CONSTRAINT c CHECK (a %% 2 = 0)"), objects.Check(expression('"a" % 2 = 0'), "c")),
        (SQL("check(b <> 'a(b' OR b <> ?)", ["c'"]), None),
    ],
)
def test_checks(node: object, check: objects.Check | None) -> None:
    text = """"b" <> 'a(b' OR "b" <> 'c'''"""
    assert table(node).checks == (check or objects.Check(expression(text)),)


def test_a_check_of_a_peewee_expression() -> None:
    class Built(Model):
        a = IntegerField()

    Built._meta.constraints = [
        NodeList((SQL("CHECK"), EnclosedNodeList([(Built.a > 1) & (Built.a != 5)])))
    ]
    (check,) = read_models([Built]).schema.tables[0].checks
    assert str(check.expression) == '("a" > 1) AND ("a" != 5)'


def test_a_check_of_a_field_is_the_same_as_one_of_the_table() -> None:
    class Field(Model):
        a = IntegerField(constraints=[Check("a > 0", name="c")])

        class Meta:
            table_name = "t"

    class Whole(Model):
        a = IntegerField()

        class Meta:
            table_name = "t"
            constraints = [SQL("CONSTRAINT c CHECK (a > 0)")]  # noqa: RUF012

    class Both(Model):
        a = IntegerField(constraints=[Check("a > 0", name="c")])

        class Meta:
            table_name = "t"
            constraints = [Check("a > 0", name="c")]  # noqa: RUF012

    field, whole, both = (read_models([each]).schema for each in (Field, Whole, Both))
    assert field == whole == both


@pytest.mark.parametrize(
    ("sql", "unique"),
    [
        ("UNIQUE (a, b)", Unique(("a", "b"))),
        ('CONSTRAINT u UNIQUE (B, "a")', Unique(("b", "a"), "u")),
        ("UNIQUE NULLS NOT DISTINCT (a)", Unique(("a",), nulls_distinct=False)),
        ("UNIQUE (a) DEFERRABLE", Unique(("a",), deferrable="INITIALLY IMMEDIATE")),
        (
            "UNIQUE (a) DEFERRABLE INITIALLY DEFERRED",
            Unique(("a",), deferrable="INITIALLY DEFERRED"),
        ),
        ("UNIQUE KEY u (a)", Unique(("a",), "u")),
        ("UNIQUE (a) ON CONFLICT IGNORE", Unique(("a",), conflict="IGNORE")),
        ("UNIQUE (a) NOT DEFERRABLE", Unique(("a",))),
    ],
)
def test_unique_constraints(sql: str, unique: Unique) -> None:
    assert table(SQL(sql)).uniques == (unique,)


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("INDEX (B)", Index("pair_b", ("b",))),
        ("KEY (a, lower(b))", Index("pair_a_b", (), parts=(_part('"a"'), _part('lower("b")')))),
        (
            "INDEX i USING HASH (a DESC, b(10))",
            Index("i", (), named=True, parts=(_part('"a" DESC'), _part('"b"(10)')), using="hash"),
        ),
        ("KEY `i` (a) USING BTREE", Index("i", ("a",), named=True)),
        ("UNIQUE KEY u (b(5))", Index("u", (), unique=True, named=True, parts=(_part('"b"(5)'),))),
        ("FULLTEXT INDEX i (a)", Index("i", ("a",), named=True, using="fulltext")),
        ("FULLTEXT (a)", Index("pair_a", ("a",), using="fulltext")),
        ("SPATIAL KEY (a)", Index("pair_a", ("a",), using="spatial")),
    ],
)
def test_indexes_as_mysql_has_them(sql: str, index: Index) -> None:
    found = table(SQL(sql))
    assert (found.indexes, found.uniques) == ((index,), ())


def test_an_exclusion_constraint() -> None:
    (exclusion,) = table(SQL("CONSTRAINT e EXCLUDE USING gist (a WITH =) WHERE (b > 0)")).exclusions
    assert exclusion == Exclusion(expression('USING gist("a" WITH =) WHERE ("b" > 0)'), "e")


def test_several_constraints_in_one_text() -> None:
    found = table(SQL("UNIQUE (a), CHECK (a IN (1, 2)), EXCLUDE (a WITH =)"))
    assert (len(found.uniques), len(found.checks), len(found.exclusions)) == (1, 1, 1)


def test_a_primary_key_as_a_constraint() -> None:
    assert table(SQL("PRIMARY KEY (b, a)"), primary_key=False).primary_key == PrimaryKey(("b", "a"))
    assert "has two primary keys, (id) and (a)" in refused(SQL("PRIMARY KEY (a)"))


def test_a_named_primary_key() -> None:
    named = SQL("CONSTRAINT p PRIMARY KEY (b, a)")
    key = PrimaryKey(("b", "a"), "p")
    assert table(named, primary_key=False).primary_key == key
    assert table(named, primary_key=CompositeKey("b", "a")).primary_key == key
    assert table(SQL('CONSTRAINT "p" PRIMARY KEY (id)')).primary_key == PrimaryKey(("id",), "p")
    replacing = SQL("PRIMARY KEY (b, a) ON CONFLICT REPLACE")
    kept = table(replacing, primary_key=CompositeKey("b", "a")).primary_key
    assert kept == PrimaryKey(("b", "a"), conflict="REPLACE")
    two = (named, SQL("CONSTRAINT q PRIMARY KEY (b, a)"))
    assert "two primary keys, (b, a) p and (b, a) q" in refused(*two, primary_key=False)


def test_composite_foreign_keys() -> None:
    class Owner(Model):
        a = IntegerField()
        b = IntegerField()

        class Meta:
            constraints = [SQL("UNIQUE (a, b)")]  # noqa: RUF012

    class Owned(Model):
        x = IntegerField()
        y = IntegerField()
        owner = ForeignKeyField(Owner, null=True)

        class Meta:
            constraints = [  # noqa: RUF012
                SQL(
                    'CONSTRAINT k FOREIGN KEY (x, "Y") REFERENCES Owner (A, b) MATCH SIMPLE'
                    " ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED"
                )
            ]

    keys = read_models([Owner, Owned]).schema.table("owned").foreign_keys
    assert keys[1] == ForeignKey(
        ("x", "y"), "owner", ("a", "b"), "SET NULL", "CASCADE", "k", "INITIALLY DEFERRED"
    )
    assert keys[0].columns == ("owner_id",)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("CHECK ()", "which is not understood"),
        ("CHECK (a > 0) NO INHERIT", "not understood from 'NO INHERIT' on"),
        ("UNIQUE (a) INCLUDE (b)", "not understood from 'INCLUDE(b)' on"),
        ("UNIQUE (c)", "names the column 'c' in SQL, which the table does not have"),
        ("UNIQUE (a, a)", "cannot be: a unique constraint has one column twice"),
        ("UNIQUE (a), UNIQUE (a) DEFERRABLE", "cannot be: two unique constraints of pair"),
        ("FOREIGN KEY (a) REFERENCES pair (z)", "names the column 'z' in SQL"),
        ("FOREIGN KEY (a) REFERENCES pair (a)", "to pair (a), which is not unique"),
        ("FOREIGN KEY (a) REFERENCES x (a)", "to x, which is not among the models"),
        ("FOREIGN KEY (a) REFERENCES pair MATCH FULL", "not understood from 'MATCH FULL' on"),
        ("FOREIGN KEY (a, b) REFERENCES pair", "refers to 1 columns"),
        ("FOREIGN KEY (a) REFERENCES pair ON DELETE EXPLODE", "unknown action 'EXPLODE'"),
        ("INDEX (c)", "names the column 'c' in SQL, which the table does not have"),
        ("INDEX", "not understood: it breaks off"),
        ("UNIQUE KEY u (a, a)", "cannot be: index u has one column twice"),
        ("INDEX i (a), INDEX i (b)", "cannot be: two indexes of pair are the same"),
        ("UNIQUE (lower(a))", "names the column 'lower' in SQL"),
    ],
)
def test_constraints_that_are_not_understood(sql: str, words: str) -> None:
    assert words in refused(SQL(sql))


@pytest.mark.parametrize(
    ("meta", "options"),
    [
        ({"strict_tables": True, "without_rowid": True}, Options(("STRICT", "WITHOUT ROWID"))),
        ({"table_settings": "STRICT, WITHOUT ROWID"}, Options(("STRICT", "WITHOUT ROWID"))),
        ({"table_settings": ("engine = InnoDB",)}, Options(("ENGINE=InnoDB",))),
        (
            {"table_settings": ["DEFAULT CHARACTER SET = utf8mb4 COLLATE utf8mb4_bin"]},
            Options(("CHARSET=utf8mb4", "COLLATE=utf8mb4_bin")),
        ),
        ({"table_settings": "ROW_FORMAT=compressed"}, Options(("ROW_FORMAT=COMPRESSED",))),
        ({"table_settings": "COMMENT='it''s'"}, Options(comment="it's")),
        (
            {"table_settings": "USING Heap WITH (FillFactor = 70, toast.x = ON, y) TABLESPACE f"},
            Options(("TABLESPACE f", "USING heap", "fillfactor=70", "toast.x=on", "y=true")),
        ),
        (
            {"table_settings": 'PARTITION BY range (a, "b" COLLATE "C" int4_ops) TABLESPACE f'},
            Options(('PARTITION BY RANGE("a", "b" COLLATE "C" int4_ops)', "TABLESPACE f")),
        ),
        (
            {"table_settings": "PARTITION BY LIST (lower(a), (b + 1))"},
            Options(('PARTITION BY LIST(lower("a"), ("b" + 1))',)),
        ),
        ({"table_settings": ["UNLOGGED", "WITH (a=1)"]}, Options(("UNLOGGED", "a=1"))),
        ({"comment": "said"}, Options(comment="said")),
        ({"peewee_mig": {"comment": "said"}}, Options(comment="said")),
        ({}, Options()),
    ],
)
def test_settings_of_a_table(meta: dict, options: Options) -> None:
    assert table(**meta).options == options


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"table_settings": "INHERITS (x)"}, "has INHERITS in Meta.table_settings: PostgreSQL"),
        ({"table_settings": "PARTITION BY KEY (a)"}, "not understood from 'KEY"),
        ({"table_settings": "PARTITION BY HASH (x)"}, "which is not understood"),
        ({"table_settings": "PARTITION BY HASH (a) PARTITIONS 4"}, "from 'PARTITIONS 4' on"),
        ({"table_settings": "ENGINE"}, "not understood: it breaks off"),
        ({"peewee_mig": {"comment": 5}}, "has a comment that is no text"),
    ],
)
def test_settings_that_are_not_understood(meta: dict, words: str) -> None:
    assert words in refused(**meta)


def test_schemas_of_the_database_are_in_all_names() -> None:
    class Billing(Model):
        class Meta:
            schema = "billing"

    class Customer(Billing):
        name = IntegerField(index=True, default=1)

        class Meta:
            table_name = "party"

    class Invoice(Billing):
        customer = ForeignKeyField(Customer)

        class Meta:
            constraints = [SQL("FOREIGN KEY (id) REFERENCES billing.party")]  # noqa: RUF012
            peewee_mig = {"renamed_from": "bill"}  # noqa: RUF012

    class Other(Model):
        customer = ForeignKeyField(Customer)

        class Meta:
            table_name = "party"

    read = read_models([Customer, Invoice, Other])
    assert read.schema.names == {"billing.party", "billing.invoice", "party"}
    keys = [key.referred_table for each in read.schema for key in each.foreign_keys]
    assert keys == ["billing.party"] * 3
    assert set(read.fills) == {("billing.party", "name")}
    assert read.renamed_tables == {"billing.invoice": "bill"}
    assert ("billing.party", "name") in read.origins


def test_index_names_are_one_for_each_schema() -> None:
    def make(schema: str | None) -> type[Model]:
        class Same(Model):
            a = IntegerField(index=True)

        Same._meta.schema = schema
        return Same

    found = read_models([make(None), make("one"), make("other")]).schema
    assert [index.name for each in found for index in each.indexes] == ["same_a"] * 3
