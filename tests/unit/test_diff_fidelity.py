"""Diff and replay of constraints, options, generated columns, schemas, and what stands beside."""

from dataclasses import replace

import pytest

from peewee_mig.diff import Renames, diff
from peewee_mig.errors import SchemaError
from peewee_mig.operations import invert_all, replay
from peewee_mig.operations.verbs import Add, Alter, Drop, Rename
from peewee_mig.schema import (
    Check,
    Column,
    Computed,
    EnumType,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    RawObject,
    Schema,
    Sequence,
    Table,
    Unique,
    View,
    VirtualTable,
    expression,
    parse_type,
)

INT, TEXT, BIGINT = map(parse_type, ("INT", "TEXT", "BIGINT"))
COLUMNS = ("id", "price", "slug")


def e(sql):
    return expression(sql, COLUMNS)


ID, PRICE, SLUG = Column("id", INT), Column("price", INT), Column("slug", TEXT)
ITEM = Table("item", (ID, PRICE, SLUG), PrimaryKey(("id",)))
SELECT = View("cheap", expression("SELECT id FROM item WHERE price < 9"), needs=("item",))
OUTER = View("cheaper", expression("SELECT id FROM cheap"), needs=("cheap",))
TRIGGER = RawObject("trigger", "audit", (("", "CREATE …"),), (("", "DROP …"),), table="item")
FUNCTION = RawObject("function", "f", (("postgres", "CREATE f"),), (("postgres", "DROP f"),))


def verbs(before, after, renames=None):
    """Diff, prove that it leads there and back, and name the operations."""
    operations = diff(before, after, renames)
    assert replay(operations, before) == after
    assert replay(invert_all(operations), after) == before
    return [
        f"{type(each).__name__} {type(getattr(each, 'object', getattr(each, 'new', ''))).__name__}"
        for each in operations
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"checks": (Check(e("price > 0")),)}, ["Add Check"]),
        ({"uniques": (Unique(("slug",), "one"),)}, ["Add Unique"]),
        ({"exclusions": (Exclusion(e("USING gist (slug WITH =)")),)}, ["Add Exclusion"]),
        ({"options": Options(("STRICT",), "all")}, ["Alter Options"]),
        ({"indexes": (Index("i", (), parts=(e("lower(slug)"),)),)}, ["Add Index"]),
        ({"columns": (ID, replace(PRICE, default=e("5")), SLUG)}, ["Alter Column"]),
        ({"columns": (ID, replace(PRICE, computed=Computed(e("id + 1"))), SLUG)}, ["Alter Column"]),
    ],
)
def test_a_part_is_added_dropped_and_altered(changed, words):
    before, after = Schema.of([ITEM]), Schema.of([replace(ITEM, **changed)])
    assert verbs(before, after) == words
    assert verbs(after, before) == [word.replace("Add", "Drop") for word in words]


def test_a_changed_constraint_is_dropped_and_added():
    one = replace(ITEM, checks=(Check(e("price > 0"), "c"),), uniques=(Unique(("slug",)),))
    two = replace(ITEM, checks=(Check(e("price > 1"), "c"),), uniques=(Unique(("slug",), "n"),))
    assert verbs(Schema.of([one]), Schema.of([two])) == [
        "Drop Check",
        "Drop Unique",
        "Add Unique",
        "Add Check",
    ]


def test_constraints_and_indexes_follow_renamed_columns():
    parts = {
        "checks": (Check(e("price > 0")),),
        "indexes": (Index("i", ("slug",), where=e("price > 0"), include=("price",)),),
        "exclusions": (Exclusion(e("USING gist (price WITH =)"), "x"),),
        "uniques": (Unique(("price", "slug")),),
    }
    twice = Column("twice", INT, computed=Computed(e("price * 2")))
    before = Schema.of([replace(ITEM, columns=(ID, PRICE, SLUG, twice), **parts)])
    after = replay([Rename("column", "item", "price", "cost")], before)
    assert '"cost"' in after.table("item").checks[0].expression.text
    assert after.table("item").column("twice").computed == Computed(
        expression("cost * 2", ["cost"])
    )
    assert verbs(before, after, Renames().with_column("item", "price", "cost")) == ["Rename str"]


def test_a_generated_column_comes_after_the_columns_that_it_needs():
    plain, made = Column("a", INT, null=True), Column("b", INT, computed=Computed(e("price")))
    after = Schema.of([replace(ITEM, columns=(ID, PRICE, SLUG, made, plain))])
    names = [each.object.name for each in diff(Schema.of([ITEM]), after)]
    assert names == ["a", "b"]


def test_a_column_that_something_needs_cannot_be_dropped():
    users = {
        "check": {"checks": (Check(e("price > 0"), "c"),)},
        "index": {"indexes": (Index("i", ("slug",), where=e("price > 0")),)},
        "unique constraint": {"uniques": (Unique(("price",)),)},
        "exclusion": {"exclusions": (Exclusion(e("USING gist (price WITH =)")),)},
        "generated column": {
            "columns": (ID, PRICE, SLUG, Column("x", INT, computed=Computed(e("price"))))
        },
        "primary key": {"primary_key": PrimaryKey(("price",))},
    }
    for word, parts in users.items():
        with pytest.raises(SchemaError, match=f"is used by .*{word}"):
            replay([Drop("item", PRICE)], Schema.of([replace(ITEM, **parts)]))


def test_a_unique_constraint_that_a_foreign_key_needs_goes_after_what_takes_its_place():
    pet = Table("pet", (SLUG,), foreign_keys=(ForeignKey(("slug",), "item", ("slug",)),))
    before = Schema.of([replace(ITEM, uniques=(Unique(("slug",)),)), pet])
    after = Schema.of([replace(ITEM, indexes=(Index("i", ("slug",), unique=True),)), pet])
    assert verbs(before, after) == ["Add Index", "Drop Unique"]


def test_a_table_moves_between_schemas():
    before, after = Schema.of([ITEM]), Schema.of([replace(ITEM, name="shop.item")])
    moved = Renames().with_table("item", "shop.item")
    assert diff(before, after, moved) == (Rename("table", "item", "item", "shop.item"),)


def test_a_table_that_is_renamed_and_moved_takes_two_steps():
    before, after = Schema.of([ITEM]), Schema.of([replace(ITEM, name="shop.thing")])
    names = Renames().with_table("item", "shop.thing")
    assert [(each.old, each.new) for each in diff(before, after, names)] == [
        ("item", "thing"),
        ("thing", "shop.thing"),
    ]
    other = replace(ITEM, name="thing")
    before = Schema.of([ITEM, other])
    after = Schema.of([replace(ITEM, name="shop.thing"), other])
    assert [(each.old, each.new) for each in diff(before, after, names)] == [
        ("item", "_peewee_mig_thing"),
        ("_peewee_mig_thing", "shop._peewee_mig_thing"),
        ("shop._peewee_mig_thing", "shop.thing"),
    ]
    with pytest.raises(SchemaError, match="changes its name and its schema"):
        replay([Rename("table", "item", "item", "shop.thing")], Schema.of([ITEM]))


def test_equal_index_names_in_two_schemas_are_not_in_each_others_way():
    index = Index("i", ("slug",), named=True)
    one = replace(ITEM, name="a.item", indexes=(index,))
    two = replace(ITEM, name="b.item", indexes=(index,))
    assert verbs(Schema.of([one]), Schema.of([two])) == ["Add Table", "Drop Table"]


def test_views_are_made_after_what_they_read_and_dropped_before():
    before, after = Schema(), Schema.of([ITEM], [OUTER, SELECT])
    assert verbs(before, after) == ["Add Table", "Add View", "Add View"]
    assert [each.table for each in diff(before, after)] == ["item", "cheap", "cheaper"]
    assert [each.table for each in diff(after, before)] == ["cheaper", "cheap", "item"]


@pytest.mark.parametrize(
    "wide", [replace(PRICE, type=BIGINT), replace(PRICE, collation="C")], ids=["type", "collation"]
)
def test_a_view_is_made_anew_where_a_column_changes_under_it(wide):
    before = Schema.of([ITEM], [SELECT, OUTER])
    after = Schema.of([replace(ITEM, columns=(ID, wide, SLUG))], [SELECT, OUTER])
    assert [each.table for each in diff(before, after)] == [
        "cheaper", "cheap", "item", "cheap", "cheaper",
    ]  # fmt: skip
    more = Schema.of([replace(ITEM, columns=(*ITEM.columns, Column("x", INT, null=True)))])
    assert verbs(before, more.with_objects([SELECT, OUTER])) == ["Add Column"]


def test_a_changed_view_takes_those_that_read_it_along():
    other = replace(SELECT, select=expression("SELECT id FROM item"))
    before, after = Schema.of([ITEM], [SELECT, OUTER]), Schema.of([ITEM], [other, OUTER])
    assert verbs(before, after) == ["Drop View", "Drop View", "Add View", "Add View"]


def test_triggers_follow_their_table_and_go_before_it():
    before = Schema.of([ITEM], [TRIGGER])
    renamed = Schema.of([replace(ITEM, name="thing")], [replace(TRIGGER, table="thing")])
    assert verbs(before, renamed, Renames().with_table("item", "thing")) == ["Rename str"]
    assert verbs(before, Schema()) == ["Drop RawObject", "Drop Table"]
    changed = replace(TRIGGER, create=(("", "CREATE other"),))
    assert verbs(before, Schema.of([ITEM], [changed])) == ["Alter RawObject"]


def test_what_tables_need_comes_before_them():
    column = Column("id", INT, sequence="numbers")
    things = [
        Sequence("numbers"),
        EnumType("mood", ("ok",)),
        FUNCTION,
        RawObject("extension", "hstore", (("", "CREATE"),), (("", "DROP"),)),
        VirtualTable("search", "fts5", ("body",)),
    ]
    after = Schema.of([Table("item", (column,))], things)
    assert [each.table for each in diff(Schema(), after)] == [
        "hstore", "mood", "numbers", "search", "f", "item",
    ]  # fmt: skip
    assert verbs(after, Schema())[:2] == ["Drop VirtualTable", "Drop Table"]
    more = after.with_objects([*things[:1], EnumType("mood", ("ok", "sad")), *things[2:]])
    assert verbs(after, more) == ["Alter EnumType"]
    other = after.with_objects([*things[:4], VirtualTable("search", "fts5", ("title",))])
    assert verbs(after, other) == ["Drop VirtualTable", "Add VirtualTable"]


def test_a_function_that_reads_tables_comes_after_them():
    late = replace(FUNCTION, needs=("item",))
    assert verbs(Schema(), Schema.of([ITEM], [late])) == ["Add Table", "Add RawObject"]


@pytest.mark.parametrize(
    ("schema", "operation", "message"),
    [
        (Schema.of([ITEM], [SELECT]), Drop("item", ITEM), "used by .*cheap"),
        (Schema.of([ITEM], [SELECT, OUTER]), Drop("cheap", SELECT), "used by .*cheaper"),
        (Schema.of([ITEM], [SELECT]), Add("cheap", SELECT), "already"),
        (Schema.of([replace(ITEM, name="cheap")]), Add("cheap", SELECT), "a table cheap already"),
        (Schema.of([ITEM]), Add("other", SELECT), "is added as other"),
        (Schema.of([ITEM]), Drop("cheap", SELECT), "does not have"),
        (Schema.of([ITEM], [replace(SELECT, materialized=True)]), Drop("cheap", SELECT), "not"),
        (Schema.of([ITEM], [SELECT]), Alter("cheap", SELECT, OUTER), "another kind or name"),
        (Schema.of([ITEM]), Alter("item", PRICE, SELECT), "another kind"),
        (Schema.of([ITEM]), Alter("item", PRICE, Options()), "another kind"),
        (
            Schema.of([Table("t", (Column("id", INT, sequence="s"),))], [Sequence("s")]),
            Drop("s", Sequence("s")),
            "used by column t.id",
        ),
        (
            Schema.of([replace(ITEM, checks=(Check(e("price > 0")),))]),
            Add("item", Check(e("price > 0"))),
            "already",
        ),
    ],
)
def test_an_operation_that_does_not_fit_is_refused(schema, operation, message):
    with pytest.raises(SchemaError, match=message):
        replay([operation], schema)


def test_a_default_or_a_computed_value_needs_no_fill_on_the_way_back():
    for column in (
        replace(PRICE, name="x", default=e("5")),
        replace(PRICE, name="x", computed=Computed(e("price"))),
        replace(PRICE, name="x", sequence="s"),
    ):
        schema = Schema.of([replace(ITEM, columns=(*ITEM.columns, column))])
        (back,) = invert_all([Drop("item", column)])
        assert back == Add("item", column)
        assert replay([Drop("item", column), back], schema) == schema


def test_a_generated_column_goes_before_what_it_is_computed_from():
    total = Column("total", INT, computed=Computed(e("price * 2")))
    gross = Column("gross", INT, computed=Computed(expression("total + 1", ["total"])))
    whole = replace(ITEM, columns=(ID, SLUG, PRICE, total, gross))
    without = replace(ITEM, columns=(ID, SLUG))
    operations = diff(Schema.of([whole]), Schema.of([without]))
    assert [each.object.name for each in operations] == ["gross", "total", "price"]
    assert verbs(Schema.of([whole]), Schema.of([without])) == ["Drop Column"] * 3


def test_a_column_that_is_no_more_computed_keeps_its_values_before_others_change():
    total = Column("total", INT, null=True, computed=Computed(e("price * 2")))
    plain, big = replace(total, computed=None), replace(PRICE, type=BIGINT)
    before = Schema.of([replace(ITEM, columns=(ID, SLUG, PRICE, total))])
    after = Schema.of([replace(ITEM, columns=(ID, SLUG, big, plain))])
    fixed, grown = Alter("item", total, plain), Alter("item", PRICE, big)
    assert diff(before, after) == (fixed, grown)
    assert diff(after, before) == tuple(invert_all([fixed, grown]))


def test_a_column_that_is_computed_otherwise_from_another_type_is_dropped_and_added():
    total = Column("total", INT, null=True, computed=Computed(e("price * 2")))
    more, big = replace(total, computed=Computed(e("price * 3"))), replace(PRICE, type=BIGINT)
    before = Schema.of([replace(ITEM, columns=(ID, SLUG, PRICE, total))])
    after = Schema.of([replace(ITEM, columns=(ID, SLUG, big, more))])
    grown = Alter("item", PRICE, big)
    assert diff(before, after) == (Drop("item", total), grown, Add("item", more))


def test_a_computed_column_that_another_one_needs_stays_while_its_source_grows():
    total = Column("total", INT, null=True, computed=Computed(e("price * 2")))
    gross = Column("gross", INT, null=True, computed=Computed(expression("total + 1", ["total"])))
    more, big = replace(total, computed=Computed(e("price * 3"))), replace(PRICE, type=BIGINT)
    before = Schema.of([replace(ITEM, columns=(ID, SLUG, PRICE, total, gross))])
    after = Schema.of([replace(ITEM, columns=(ID, SLUG, big, more, gross))])
    assert diff(before, after) == (Alter("item", PRICE, big), Alter("item", total, more))
