"""Expressions, constraints, options and objects of a catalog in the declared words."""

from dataclasses import replace

import pytest

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Inspection, Unmanaged
from peewee_mig.dialects.recognize import recognize, settle, without_declared
from peewee_mig.schema import (
    Check,
    Column,
    Computed,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    RawObject,
    Schema,
    Table,
    Unique,
    View,
    expression,
    parse_type,
)

INT, TEXT = parse_type("INT"), parse_type("TEXT")
COLUMNS = ("id", "price", "slug")


def e(sql):
    return expression(sql, COLUMNS)


DECLARED = Table(
    "item",
    (
        Column("id", INT),
        Column("price", INT, default=e("5"), computed=None),
        Column("slug", TEXT, default=e("'x'")),
        Column("twice", INT, computed=Computed(e("price * 2"), stored=True)),
    ),
    indexes=(Index("low", (), named=True, parts=(e("lower(slug)"),), where=e("price > 0")),),
    checks=(Check(e("price > 0")), Check(e("slug <> ''"), "filled")),
    uniques=(Unique(("slug",)),),
    exclusions=(Exclusion(e("USING gist (slug WITH =)"), "none_alike"),),
    foreign_keys=(ForeignKey(("id",), "item", ("id",)),),
)
#: What the declared expressions are called in the catalog.
SPELLED = {
    "'x'": "'x'::text",
    '"price" * 2': '("price" * 2)',
    '"price" > 0': '("price" > 0)',
    "\"slug\" <> ''": "(\"slug\" <> ''::text)",
}
FOUND = replace(
    DECLARED,
    columns=(
        DECLARED.columns[0],
        DECLARED.columns[1],
        Column("slug", TEXT, default=e("'x'::text")),
        Column("twice", INT, computed=Computed(e("(price * 2)"), stored=True)),
    ),
    indexes=(Index("low", (), parts=(e("lower(slug)"),), where=e("(price > 0)")),),
    checks=(
        Check(e("(slug <> ''::text)"), "filled"),
        Check(e("(price > 0)"), "item_price_check"),
    ),
    uniques=(Unique(("slug",), "item_slug_key"),),
)


def seen(found, declared=DECLARED, *, engine="postgres", **catalog):
    """Return the table as it is recognized."""
    dialect = get_dialect(engine)
    spellings = {(declared, words): spelled for words, spelled in SPELLED.items()}
    inspection = Inspection(Schema.of([found]), spellings=spellings, **catalog)
    schema = Schema.of([declared])
    return settle(recognize(inspection, schema, dialect), schema).table("item")


def test_what_the_server_spells_its_own_way_is_what_is_declared():
    assert seen(FOUND) == DECLARED


def test_without_spellings_the_tokens_are_compared():
    dialect = get_dialect("postgres")
    found = recognize(Inspection(Schema.of([FOUND])), Schema.of([DECLARED]), dialect)
    assert found.table("item").column("slug").default == e("'x'::text")
    assert found.table("item").checks[1] == DECLARED.checks[0]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("checks", (Check(e("(price > 1)"), "c"), FOUND.checks[0])),
        ("checks", (*FOUND.checks, Check(e("(price > 0)"), "again"))),
        ("checks", (replace(FOUND.checks[0], name="other"), FOUND.checks[1])),
        ("uniques", ()),
        ("uniques", (replace(FOUND.uniques[0], nulls_distinct=False),)),
        ("exclusions", (replace(DECLARED.exclusions[0], name="other"),)),
        ("indexes", (replace(FOUND.indexes[0], where=e("(price > 1)")),)),
        ("indexes", (replace(FOUND.indexes[0], using="hash"),)),
        ("options", Options(("UNLOGGED",))),
        ("foreign_keys", (replace(DECLARED.foreign_keys[0], deferrable="DEFERRABLE"),)),
    ],
)
def test_what_differs_stays_as_it_was_found(part, value):
    assert seen(replace(FOUND, **{part: value})) != DECLARED


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("slug", {"default": None}),
        ("slug", {"default": e("'y'::text")}),
        ("price", {"comment": "in cents"}),
        ("price", {"collation": "C"}),
        ("twice", {"computed": Computed(e("price * 2"), stored=False)}),
        ("twice", {"computed": None}),
    ],
)
def test_a_column_that_differs_stays_as_it_was_found(name, changes):
    columns = tuple(replace(c, **changes) if c.name == name else c for c in FOUND.columns)
    found = seen(replace(FOUND, columns=columns))
    assert found.column(name) == replace(FOUND.column(name), **changes)


def test_an_index_keeps_the_name_that_it_has_until_it_is_settled():
    declared = replace(DECLARED, indexes=(replace(DECLARED.indexes[0], named=False),))
    found = replace(FOUND, indexes=(replace(FOUND.indexes[0], name="other"),))
    dialect = get_dialect("postgres")
    spellings = {(declared, words): spelled for words, spelled in SPELLED.items()}
    inspection = Inspection(Schema.of([found]), spellings=spellings)
    recognized = recognize(inspection, Schema.of([declared]), dialect)
    assert recognized.table("item").indexes[0].name == "other"
    assert settle(recognized, Schema.of([declared])).table("item") == declared


def test_declared_views_and_triggers_are_no_strangers():
    view = View("Cheap", expression("SELECT 1"))
    trigger = RawObject("trigger", "audit", (("", "…"),), (("", "…"),), table="item")
    function = RawObject("function", "f", (("", "…"),), (("", "…"),))
    found = (
        Unmanaged("view", "cheap", "SELECT 1"),
        Unmanaged("trigger", "audit", "…", "item"),
        Unmanaged("trigger", "audit", "…", "other"),
        Unmanaged("function", "f(integer)", "…"),
        Unmanaged("view", "foreign", "…"),
    )
    inspection = Inspection(Schema.of([FOUND]), unmanaged=found)
    declared = Schema.of([DECLARED], [view, trigger, function])
    dialect = get_dialect("postgres")
    assert recognize(inspection, declared, dialect).objects == declared.objects
    left = without_declared(inspection, declared, dialect).unmanaged
    assert [(each.kind, each.table) for each in left] == [("trigger", "other"), ("view", "")]


def test_an_engine_that_keeps_unique_constraints_as_indexes_cannot_tell_them():
    declared = Table(
        "item", (Column("slug", parse_type("VARCHAR(9)")),), uniques=(Unique(("slug",)),)
    )
    found = replace(declared, uniques=(), indexes=(Index("slug", ("slug",), unique=True),))
    assert seen(found, declared, engine="mysql") == declared
    named = replace(declared, uniques=(Unique(("slug",), "only"),))
    assert seen(found, named, engine="mysql") == found
