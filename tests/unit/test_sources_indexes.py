"""Indexes that a model declares, in all the ways that Peewee has."""

from __future__ import annotations

from collections.abc import Callable

import peewee
import pytest
from peewee import SQL, Case, Cast, CharField, IntegerField, Model, fn
from playhouse import postgres_ext

from peewee_mig.dialects.sqlite.render import create_index_sql
from peewee_mig.errors import ModelError
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.objects import Index
from peewee_mig.sources.read import read_models


def indexes(make: Callable) -> tuple[Index, ...]:
    class Part(Model):
        a = CharField()
        b = IntegerField(column_name="the b")
        desc = IntegerField()

    Part._meta.indexes.append(make(Part))
    return read_models([Part]).schema.tables[0].indexes


def index(make: Callable) -> Index:
    (found,) = indexes(make)
    return found


def refused(make: Callable) -> str:
    with pytest.raises(ModelError) as caught:
        indexes(make)
    assert "test_sources_indexes.py:" in caught.value.where
    return caught.value.message


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (lambda m: m.a.desc(), '"a" DESC'),
        (lambda m: m.a.asc(), '"a"'),
        (lambda m: m.a.asc(nulls="last"), '"a" NULLS LAST'),
        (lambda m: m.desc.desc(nulls="FIRST"), '"desc" DESC NULLS FIRST'),
        (lambda m: m.a.collate("NOCASE"), '"a" COLLATE NOCASE'),
        (lambda m: m.a.desc(collation='"C"'), '"a" COLLATE "C" DESC'),
        (lambda m: fn.LOWER(m.a), 'LOWER("a")'),
        (lambda m: fn.LOWER(m.a).desc(), 'LOWER("a") DESC'),
        (lambda m: m.b + 1, '("the b" + 1)'),
        (lambda m: Cast(m.b, "text"), 'CAST("the b" AS text)'),
        (lambda m: Case(None, [(m.b > 1, "x")], None), "(CASE WHEN (\"the b\" > 1) THEN 'x' END)"),
        (lambda m: m.a.in_(["x", "y'"]), "(\"a\" IN ('x', 'y'''))"),
        (lambda _: "a DESC", '"a" DESC'),
        (lambda _: "desc DESC", '"desc" DESC'),
        (lambda _: SQL("lower(A)"), 'lower("a")'),
        (lambda _: SQL("(lower(a))"), 'lower("a")'),
        (lambda _: SQL("((a || 'x'))"), "(\"a\" || 'x')"),
        (lambda _: SQL("a || 'x'"), "(\"a\" || 'x')"),
        (lambda _: SQL("a text_pattern_ops DESC"), '"a" text_pattern_ops DESC'),
        (lambda _: SQL("a gin_trgm_ops(siglen = 12)"), '"a" gin_trgm_ops (siglen = 12)'),
        (lambda _: SQL('lower(a) COLLATE pg_catalog."C"'), 'lower("a") COLLATE pg_catalog."C"'),
        (lambda _: SQL("a (10)"), '"a"(10)'),
        (lambda _: SQL("app.f(a)"), 'app.f("a")'),
    ],
)
def test_parts(part: Callable, text: str) -> None:
    found = index(lambda m: m.index(part(m), name="i"))
    if text == '"a"':
        assert found.columns == ("a",)
    else:
        assert found.parts == (expression(text),)
    assert found.named


def test_conditions_methods_and_nulls() -> None:
    partial = index(lambda m: m.index(m.a, where=(m.b > 1) & (m.a != "it's")))
    where = """(("the b" > 1) AND ("a" != 'it''s'))"""
    assert partial == Index("part_a", ("a",), where=expression(where))
    assert index(lambda m: m.index(m.a, using="HASH")).using == "hash"
    assert index(lambda m: m.index(m.a, using="BTREE")).using is None
    distinct = index(lambda m: m.index(m.a, unique=True, nulls_distinct=False))
    assert distinct == Index("part_a", ("a",), unique=True, nulls_distinct=False)
    assert index(lambda m: m.index(m.a, unique=True, nulls_distinct=True)).nulls_distinct


def test_index_types_of_fields() -> None:
    class Typed(Model):
        a = IntegerField(index=True, index_type="BRIN")
        tags = postgres_ext.ArrayField()
        plain = postgres_ext.ArrayField(index_type="BTREE")
        none = postgres_ext.ArrayField(index=False)

        class Meta:
            indexes = ((("plain", "a"), False), (("a", "none"), True))

    found = read_models([Typed]).schema.tables[0].indexes
    assert [(each.name, each.using) for each in found] == [
        ("typed_a", "brin"),
        ("typed_tags", "gin"),
        ("typed_plain", None),
        ("typed_plain_a", "brin"),
        ("typed_a_none", "gin"),
    ]


def test_indexes_in_raw_sql() -> None:
    raw = index(
        lambda _: SQL(
            'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "raw" ON ONLY Part USING GIN'
            ' (lower(a) DESC, "the b") INCLUDE (desc) NULLS NOT DISTINCT'
            " WITH (fillfactor = 70, fastupdate = Off) WHERE a <> 'x%%';"
        )
    )
    assert raw == Index(
        "raw",
        (),
        unique=True,
        named=True,
        parts=(expression('lower("a") DESC'), expression('"the b"')),
        where=expression("\"a\" <> 'x%'"),
        using="gin",
        include=("desc",),
        nulls_distinct=False,
        options=("fillfactor=70", "fastupdate=off"),
    )
    assert index(lambda _: SQL("CREATE INDEX r ON part (a)")) == Index("r", ("a",), named=True)
    assert index(lambda _: SQL("CREATE FULLTEXT INDEX r ON part (a)")).using == "fulltext"
    assert index(lambda _: SQL("CREATE INDEX r USING HASH ON part (a ASC)")).using == "hash"
    assert index(lambda _: SQL("CREATE INDEX r ON part (a) USING HASH")).using == "hash"


def test_an_index_of_peewees_that_belongs_to_no_model() -> None:
    found = index(lambda m: peewee.Index("loose", "part", [m.a, SQL("desc")], unique=True))
    assert found == Index("loose", ("a", "desc"), unique=True, named=True)


def test_long_names() -> None:
    name = "n" * 80
    assert index(lambda m: m.index(m.a, name=name)).name == name
    long = type("Long" * 20, (Model,), {"a": IntegerField(index=True)})
    (found,) = read_models([long]).schema.tables[0].indexes
    assert (len(found.name), found.named) == (64, False)


def test_inherited_indexes_are_bound_to_the_right_table() -> None:
    class Parent(Model):
        a = CharField()
        b = IntegerField()

        class Meta:
            indexes = [SQL("CREATE INDEX raw ON parent (a)")]  # noqa: RUF012

    Parent.add_index(Parent.a, name="one", where=Parent.b > 1)
    Parent.add_index(Parent.a, Parent.b, name="two")
    Parent.add_index(fn.LOWER(Parent.a), name="three")
    Parent.add_index(Parent.a.desc(), name="four")

    class Child(Parent):
        class Meta:
            table_name = "kid"

    schema = read_models([Parent, Child]).schema
    assert [each.name for each in schema.table("parent").indexes] == [
        "raw",
        "one",
        "two",
        "three",
        "four",
    ]
    child = schema.table("kid").indexes
    assert [each.name for each in child] == ["child_a", "child_a_b", "kid_three", "kid_four"]
    assert child[0].where == expression('("b" > 1)')
    assert not any(each.named for each in child)
    with pytest.raises(ModelError, match="the index raw for the table parent, which is"):
        read_models([Child])


def test_the_tablespace_of_an_index() -> None:
    class Placed(Model):
        a = IntegerField()

        class Meta:
            indexes = [  # noqa: RUF012
                SQL("CREATE INDEX i ON placed (a) WITH (fillfactor=70) TABLESPACE Fast WHERE a > 0")
            ]

    (index,) = read_models([Placed]).schema.tables[0].indexes
    assert (index.options, index.where) == (
        ("TABLESPACE Fast", "fillfactor=70"),
        expression('"a" > 0'),
    )


def test_the_same_index_twice_is_one() -> None:
    class Twice(Model):
        a = IntegerField()

    Twice.add_index(Twice.a, where=Twice.a > 1)
    Twice.add_index(Twice.a, where=Twice.a > 1)
    assert len(read_models([Twice]).schema.tables[0].indexes) == 1
    Twice.add_index(Twice.a, where=Twice.a > 2)
    with pytest.raises(ModelError, match="two different indexes called twice_a"):
        read_models([Twice])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: (("c",), True), "an index on 'c', which is not a field of it"),
        (lambda _: ("a", True), "write (('first', 'second'), True) with all commas"),
        (lambda _: ("a", "b"), "with all commas"),
        (lambda _: "a", "with all commas"),
        (lambda _: ((5,), True), "has an index on 5, which is neither a field nor SQL"),
        (lambda m: ((fn.LOWER(m.a),), True), "on an expression without a name"),
        (lambda m: m.index(m.a, 5, name="i"), "has an index on 5, which is neither"),
        (lambda m: m.index(m.a, m.a), "cannot be: index part_a_a has one column twice"),
        (lambda m: m.index(SQL(""), name="i"), "has an index on nothing"),
        (lambda m: m.index(stranger().a, name="i"), "on 'a', which is not a field of it"),
        (lambda _: SQL("CREATE INDEX i ON other (a)"), "the index i for the table other"),
        (lambda _: SQL("CREATE INDEX i ON part (a) TABLESPACE x y"), "from 'y' on"),
        (lambda _: SQL("CREATE INDEX i ON part (a) INCLUDE (c)"), "names the column 'c' in SQL"),
        (lambda _: SQL("DROP TABLE part"), "which is not understood"),
        (lambda _: peewee.Index("i", "other", [SQL("a")]), "the index i for the table other"),
    ],
)
def test_indexes_that_are_not_understood(make: Callable, words: str) -> None:
    assert words in refused(make)


def stranger() -> type[Model]:
    class Stranger(Model):
        a = IntegerField()

    return Stranger


@pytest.mark.parametrize(
    "parts",
    [
        lambda m: [m.b / (m.desc + 1)],
        lambda m: [fn.LOWER(m.a) / (m.b + 1)],
        lambda m: [fn.LOWER(m.a), m.b / (m.desc + 1)],
        lambda m: [(m.b + 1).desc()],
        lambda m: [(m.b + 1).desc(), m.a.collate("NOCASE")],
        lambda m: [Case(None, ((m.b > 1, m.desc),), 0)],
        lambda m: [Case(None, ((m.b > 1, m.desc),), 0), Case(None, ((m.b > 1, 1),), 0) * 2],
        lambda m: [m.b.in_([1, 2]), m.a.is_null(), Cast(m.a, "text")],
    ],
)
def test_sqlite_keeps_an_index_in_the_words_of_peewee(parts):
    class Part(Model):
        a = CharField()
        b = IntegerField(column_name="the b")
        desc = IntegerField()

        class Meta:
            database = peewee.SqliteDatabase(":memory:")

    Part._meta.indexes.append(Part.index(*parts(Part), name="i"))
    (found,) = read_models([Part]).schema.tables[0].indexes
    Part.create_table()
    ((text,),) = Part._meta.database.execute_sql("SELECT sql FROM sqlite_master WHERE name = 'i'")
    assert create_index_sql("part", found) == text
