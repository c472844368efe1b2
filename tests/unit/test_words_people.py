"""Words for people: of operations, of differences, and names of migrations."""

from dataclasses import replace

import pytest
from words_world import (
    CHANGES,
    CHECKS,
    COLUMNS,
    ENUM,
    OBJECTS,
    OPERATIONS,
    OPTIONS,
    STORED_VIEW,
    TABLE,
    TRIGGER,
    VIEW,
)

from peewee_mig import op
from peewee_mig.diff import Renames, diff
from peewee_mig.history.naming import propose_name, slug, summarize
from peewee_mig.operations import describe
from peewee_mig.runner.verifying import unmade
from peewee_mig.schema import Schema, Table
from peewee_mig.schema.compare import difference, differences

ITEM = TABLE.object
PLAIN = op.create_table("item", op.column("price", "INT"), op.column("name", "TEXT")).object
DEARER = op.column("price", "INT", default="5")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (op.add_column("item", DEARER), "add column item.price INT NOT NULL DEFAULT 5"),
        (
            op.alter_column("item", old=op.column("price", "INT"), new=DEARER),
            "change column item.price from INT NOT NULL to INT NOT NULL DEFAULT 5",
        ),
        (
            op.add_column("item", COLUMNS[0]),
            "add column item.price DECIMAL(10, 2) NOT NULL DEFAULT 5 UNSIGNED ZEROFILL",
        ),
        (
            op.add_column("item", COLUMNS[1]),
            "add column item.name citext NULL COLLATE de_DE COMMENT \"it's 'called'\"",
        ),
        (
            op.add_column("item", COLUMNS[3]),
            'add column item.twice INT NOT NULL GENERATED ALWAYS AS ("price" * 2) STORED',
        ),
        (
            op.add_column("item", COLUMNS[4]),
            'add column item.half INT NULL GENERATED ALWAYS AS ("price" / 2) VIRTUAL',
        ),
        (
            op.add_column("item", COLUMNS[5]),
            "add column item.number BIGINT NOT NULL SEQUENCE numbers COMMENT ''",
        ),
        (OPERATIONS["add_check"], 'add check price_pos on item ("price" >= 0)'),
        (OPERATIONS["drop_check"], "drop check on item (\"name\" <> 'it''s')"),
        (
            OPERATIONS["add_unique"],
            ("add unique constraint u on item (price, name) NULLS NOT DISTINCT"
            " DEFERRABLE INITIALLY IMMEDIATE"),
        ),
        (OPERATIONS["drop_unique"], "drop unique constraint on item (number) ON CONFLICT REPLACE"),
        (
            OPERATIONS["create_index"],
            ('create unique index item_search on item USING gin (lower("name"), "price" DESC)'
            ' INCLUDE (tags, number) NULLS NOT DISTINCT WITH (fillfactor=70) WHERE "price" > 0'),
        ),
        (
            OPERATIONS["add_foreign_key"],
            ("add foreign key paid of item (number) to billing.invoice (id)"
            " DEFERRABLE INITIALLY DEFERRED"),
        ),
        (
            OPERATIONS["alter_options"],
            ("change options of item from (none) to"
            " STRICT, WITHOUT ROWID COMMENT 'what is sold'"),
        ),
        (OPERATIONS["create_view"], "create view reports.cheap"),
        (op.create_object(STORED_VIEW), "create materialized view stored"),
        (OPERATIONS["drop_virtual_table"], "drop virtual table search"),
        (OPERATIONS["create_sequence"], "create sequence billing.numbers"),
        (OPERATIONS["alter_enum"], "change enum type mood (sad, it's ok) to (sad)"),
        (OPERATIONS["create_trigger"], "create trigger touched on item"),
        (OPERATIONS["alter_function"], "change function touch"),
        (OPERATIONS["create_extension"], "create extension hstore"),
        (OPERATIONS["drop_object"], "drop object grants"),
        (op.add_primary_key("item", op.primary_key("number", name="own")),
         "add primary key item (number) named own"),
        (op.alter_primary_key("item", old=op.primary_key("number", name="own"),
                              new=op.primary_key("number", name="other")),
         "change primary key item (number) named own to (number) named other"),
    ],
)  # fmt: skip
def test_an_operation_is_a_line(operation, words):
    assert describe(operation) == words


@pytest.mark.parametrize("word", OPERATIONS)
def test_every_operation_has_a_line_a_name_and_a_summary(word):
    operation = OPERATIONS[word]
    assert "\n" not in describe(operation)
    assert slug(propose_name([operation])) == propose_name([operation])
    assert summarize([operation]).endswith(".")


@pytest.mark.parametrize(
    ("operations", "name"),
    [
        (["add_check"], "add_check_price_pos"),
        (["drop_check"], "drop_check_item_name"),
        (["add_unique"], "add_unique_item_price_name"),
        (["add_exclusion"], "add_exclusion_apart"),
        (["alter_options"], "alter_options_item"),
        (["create_view"], "create_view_reports_cheap"),
        (["drop_view"], "drop_view_reports_cheap"),
        (["alter_view"], "alter_view_reports_cheap"),
        (["create_virtual_table"], "create_virtual_table_search"),
        (["create_sequence"], "create_sequence_billing_numbers"),
        (["alter_enum"], "alter_enum_mood"),
        (["create_trigger"], "create_trigger_touched"),
        (["alter_function"], "alter_function_touch"),
        (["create_extension"], "create_extension_hstore"),
        (["drop_object"], "drop_object_grants"),
        (["create_table"], "create_shop_item"),
        (["create_view", "create_enum"], "create_view_reports_cheap_and_enum_mood"),
    ],
)
def test_a_name_says_what_the_operations_do(operations, name):
    assert propose_name([OPERATIONS[word] for word in operations]) == name


VIEW_OF_PRICES = op.view("prices", 'SELECT "price" FROM "item"', needs="item")


@pytest.mark.parametrize(
    ("after", "renames", "name"),
    [
        (Table("item", (op.column("price", "BIGINT"), PLAIN.columns[1])), None, "alter_item_price"),
        (
            Table("item", (op.column("cost", "INT"), PLAIN.columns[1])),
            Renames({}, {("item", "price"): "cost"}),
            "rename_item_price_to_cost_and_alter_view_prices",
        ),
    ],
)
def test_a_view_that_only_makes_way_gives_no_name(after, renames, name):
    cost = VIEW_OF_PRICES.select.renamed({"price": "cost"}).text if renames else None
    view = op.view("prices", cost, needs="item") if cost else VIEW_OF_PRICES
    operations = diff(Schema.of([PLAIN], [VIEW_OF_PRICES]), Schema.of([after], [view]), renames)
    assert any("view" in describe(each) for each in operations)
    assert propose_name(operations) == name
    assert "view" not in summarize(operations)


def test_an_object_that_is_made_anew_and_nothing_else_names_the_migration():
    operations = [op.drop_object(VIEW), op.create_object(VIEW)]
    assert propose_name(operations) == "create_view_reports_cheap_and_more"
    assert summarize(operations) == "Create view reports.cheap, and 1 more operation."


def test_tables_are_counted_apart_from_what_stands_beside_them():
    tables = [op.create_table(name, op.column("a", "INT")) for name in ("t", "u")]
    objects = [op.create_object(VIEW), op.create_object(ENUM)]
    assert summarize([*tables, *objects]) == (
        "Create 2 tables: t, u; and view reports.cheap, enum type mood (sad, it's ok)."
    )
    assert summarize(objects) == "Create view reports.cheap, and 1 more operation."
    assert propose_name([*tables, *objects], first=True) == "initial"


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            {"columns": (DEARER, PLAIN.columns[1])},
            ["column item.price is INT NOT NULL DEFAULT 5, expected INT NOT NULL"],
        ),
        ({"checks": (CHECKS[0],)}, ["check price_pos of item is not expected"]),
        ({"checks": (CHECKS[1],)}, ["check (\"name\" <> 'it''s') of item is not expected"]),
        (
            {"uniques": (op.unique("price", "name"),)},
            ["the unique constraint of item on (price, name) is not expected"],
        ),
        (
            {"exclusions": (op.exclusion("USING gist (price)", name="e"),)},
            ["exclusion e of item is not expected"],
        ),
        (
            {"options": OPTIONS},
            [
                (
                    "the options of item is STRICT, WITHOUT ROWID COMMENT 'what is sold',"
                    " expected (none)"
                )
            ],
        ),
    ],
)
def test_each_difference_of_a_table_is_a_line(changes, lines):
    found = Schema.of([replace(PLAIN, **changes)])
    assert difference(Schema.of([PLAIN]), found) == lines
    back = difference(found, Schema.of([PLAIN]))
    assert len(back) == 1
    assert back != lines


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (op.check("1", name="c"), op.check("2", name="c"), "check c of item is 2, expected 1"),
        (
            op.unique("price", name="u"),
            op.unique("price", name="v", deferrable="INITIALLY DEFERRED"),
            (
                "the unique constraint of item on (price) is"
                " (price) DEFERRABLE INITIALLY DEFERRED named v, expected (price) named u"
            ),
        ),
    ],
)
def test_a_changed_constraint_is_a_line(old, new, words):
    attribute = "checks" if isinstance(old, type(CHECKS[0])) else "uniques"
    one, other = (Schema.of([replace(PLAIN, **{attribute: (each,)})]) for each in (old, new))
    assert difference(one, other) == [words]


@pytest.mark.parametrize("kind", OBJECTS)
def test_what_stands_beside_the_tables_is_missing_or_not_expected(kind):
    thing = OBJECTS[kind]
    with_it, without = Schema.of([], [thing]), Schema()
    (missing,) = differences(with_it, without)
    (more,) = differences(without, with_it)
    on = " on item" if kind == "trigger" else ""
    label = f"{kind.replace('_', ' ')} {thing.name}{on}"
    assert (missing.words, missing.found) == (f"{label} is missing", None)
    assert (more.words, more.expected) == (f"{label} is not expected", None)
    assert more.exact.startswith(f"{label} is not expected: ")


@pytest.mark.parametrize("kind", CHANGES)
def test_two_definitions_of_an_object_read_differently(kind):
    old, new = CHANGES[kind]
    (found,) = differences(Schema.of([], [old]), Schema.of([], [new]))
    label, one, other = found.words.partition(" is ")[0], *found.words.split(", expected ", 1)
    assert label.endswith((old.name, "on item"))
    assert one.partition(" is ")[2] != other


@pytest.mark.parametrize("changes", [{"materialized": True}, {"needs": ["other"]}])
def test_all_that_a_view_has_is_in_its_words(changes):
    old, new = op.view("v", "SELECT 1"), op.view("v", "SELECT 1", **changes)
    (words,) = difference(Schema.of([], [old]), Schema.of([], [new]))
    is_, expected = words.removeprefix("view v is ").split(", expected ")
    assert is_ != expected


def test_columns_with_commas_are_told_apart():
    one = replace(PLAIN, uniques=(op.unique("a", "b"), op.unique("a, b")))
    other = replace(PLAIN, uniques=(op.unique("a, b"),))
    assert difference(Schema.of([one]), Schema.of([other])) == [
        "the unique constraint of item on (a, b) is missing"
    ]


def _with(checks=(), uniques=(), objects=()):
    return Schema.of([replace(PLAIN, checks=tuple(checks), uniques=tuple(uniques))], objects)


@pytest.mark.parametrize(
    ("attribute", "old", "new", "later"),
    [
        ("checks", op.check("1", name="a"), op.check("2", name="a"), op.check("3", name="b")),
        ("uniques", op.unique("name"), op.unique("name", name="n"), op.unique("price")),
        ("objects", TRIGGER, CHANGES["trigger"][1], replace(TRIGGER, name="zoo")),
    ],
)
def test_a_resumed_run_is_held_to_each_of_several_objects_of_a_kind(attribute, old, new, later):
    """They were once taken for one another: what the last of them is said of all."""
    before, after = _with(**{attribute: [old]}), _with(**{attribute: [new, later]})
    unchanged = _with(**{attribute: [old, later]})
    assert len(list(unmade(differences(after, unchanged), before, after))) == 1
    by_hand = _with(**{attribute: [new, later]})
    only_later = _with(**{attribute: [new]})
    assert not list(unmade(differences(only_later, by_hand), before, only_later))
