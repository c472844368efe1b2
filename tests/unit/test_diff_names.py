"""A name that something else gets before the object that has it can go.

Tables, indexes, unique constraints and sequences have one space of names on most databases.
"""

import pytest

from peewee_mig import op
from peewee_mig.dialects.recognize import settle
from peewee_mig.diff import Renames, diff
from peewee_mig.errors import SchemaError
from peewee_mig.operations import describe, replay
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import Sequence

ID, EMAIL, CODE = op.column("id", "AUTO"), op.column("email", "TEXT"), op.column("code", "TEXT")


def table(name, *parts):
    return op.create_table(name, *parts).object


def words_of(before, after, **tables):
    operations = diff(before, after, Renames(tables, {}))
    assert settle(replay(operations, before), after) == after
    return [describe(operation) for operation in operations]


PET = table("pet", EMAIL, op.foreign_key("email", "owner", "email"))
#: What PET needs; in the newer version a primary key takes over, which comes late.
OWNER = table("owner", EMAIL, CODE, op.unique("email", name="mail"))
NEWER = (EMAIL, CODE, op.primary_key("email"))
BEFORE, AFTER = Schema.of([OWNER, PET]), Schema.of([table("owner", *NEWER), PET])
GOES_FIRST = [
    "drop foreign key pet (email) to owner (email)",
    "drop unique constraint mail on owner (email)",
]
COMES_BACK = [
    "add primary key owner (email)",
    "add foreign key pet (email) to owner (email)",
]


def test_a_unique_constraint_that_a_key_needs_stays_until_another_takes_over():
    assert words_of(BEFORE, AFTER) == [
        "add primary key owner (email)",
        "drop unique constraint mail on owner (email)",
    ]


def test_a_table_goes_before_another_gets_the_name_of_its_primary_key():
    before = Schema.of([table("car", ID, op.primary_key("id", name="mail"))])
    assert words_of(before, Schema.of([table("mail", ID)])) == [
        "drop table car (id)",
        "create table mail (id)",
    ]


def keyed(name, key, *parts):
    return table(name, ID, op.primary_key("id", name=key), *parts)


def test_primary_keys_trade_their_names():
    before = Schema.of([keyed("car", "one"), keyed("pet", "two"), keyed("toy", None)])
    after = Schema.of([keyed("car", "two"), keyed("pet", "one"), keyed("toy", None)])
    assert words_of(before, after) == [
        "change primary key car (id) named one to (id)",
        "change primary key pet (id) named two to (id)",
        "change primary key car (id) to (id) named two",
        "change primary key pet (id) to (id) named one",
    ]


def test_a_primary_key_loses_the_name_that_something_else_gets():
    before = Schema.of([keyed("car", "mail"), table("bus", ID)])
    index = op.index("mail", "id", named=True)
    loses = "change primary key car (id) named mail to (id)"
    assert words_of(before, Schema.of([keyed("car", None, index), table("bus", ID)])) == [
        loses,
        "create index mail on car (id)",
    ]
    goes = Schema.of([table("car", ID), table("mail", ID)])
    assert words_of(before, goes, bus="mail") == [
        loses,
        "rename table bus to mail",
        "drop primary key car (id)",
    ]
    other = Schema.of([keyed("car", "other"), table("bus", ID)])
    assert words_of(before, other) == [
        "change primary key car (id) named mail to (id) named other",
    ]


def test_a_unique_constraint_goes_before_a_new_table_gets_its_name():
    after = AFTER.with_table(table("Mail", ID))
    assert words_of(BEFORE, after) == [*GOES_FIRST, "create table Mail (id)", *COMES_BACK]


def test_a_unique_constraint_goes_before_a_table_is_renamed_to_its_name():
    before, after = BEFORE.with_table(table("car", ID)), AFTER.with_table(table("mail", ID))
    rename = "rename table car to mail"
    assert words_of(before, after, car="mail") == [*GOES_FIRST, rename, *COMES_BACK]


def test_a_unique_constraint_goes_before_a_sequence_gets_its_name():
    after = AFTER.with_objects([Sequence("mail")])
    assert words_of(BEFORE, after) == [*GOES_FIRST, "create sequence mail", *COMES_BACK]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (op.unique("code", name="mail"), "add unique constraint mail on owner (code)"),
        (op.index("mail", "code", named=True), "create index mail on owner (code)"),
    ],
)
def test_a_unique_constraint_goes_before_a_part_of_its_table_gets_its_name(part, words):
    found = words_of(BEFORE, Schema.of([table("owner", *NEWER, part), PET]))
    assert found[:2] == GOES_FIRST
    assert sorted(found[2:]) == sorted([words, *COMES_BACK])


def test_unique_constraints_that_keys_need_exchange_their_names():
    def tables(**names):
        for name, unique in names.items():
            yield table(name, EMAIL, op.unique("email", name=unique))
            yield table(f"{name}_child", EMAIL, op.foreign_key("email", name, "email"))

    before, after = Schema.of(tables(a="x", b="y")), Schema.of(tables(a="y", b="x"))
    assert words_of(before, after) == [
        "drop foreign key a_child (email) to a (email)",
        "drop unique constraint x on a (email)",
        "drop foreign key b_child (email) to b (email)",
        "drop unique constraint y on b (email)",
        "add unique constraint y on a (email)",
        "add unique constraint x on b (email)",
        "add foreign key a_child (email) to a (email)",
        "add foreign key b_child (email) to b (email)",
    ]


def test_a_sequence_that_goes_at_last_cannot_give_its_name_to_a_table():
    before, after = Schema.of([], [Sequence("mail")]), Schema.of([table("mail", ID)])
    with pytest.raises(SchemaError, match="mail can be dropped only after") as caught:
        diff(before, after)
    assert "second migration" in caught.value.hint


def test_a_table_that_goes_makes_way_for_a_sequence():
    before, after = Schema.of([table("mail", ID)]), Schema.of([], [Sequence("mail")])
    assert words_of(before, after) == ["drop table mail (id)", "create sequence mail"]


def test_indexes_exchange_their_names_with_their_tables():
    def tables(**columns):
        return Schema.of(
            table(name, column, op.index(f"{name}_x", "x")) for name, column in columns.items()
        )

    text, number = op.column("x", "TEXT"), op.column("x", "INT")
    before, after = tables(a=text, b=number), tables(a=number, b=text)
    assert words_of(before, after, a="b", b="a") == [
        "rename table a to _peewee_mig_a",
        "rename table b to a",
        "rename table _peewee_mig_a to b",
        "rename index a.b_x to _peewee_mig_b_x",
        "rename index b.a_x to b_x",
        "rename index a._peewee_mig_b_x to a_x",
    ]


def test_an_index_makes_way_for_a_table_and_gets_a_new_name():
    before = Schema.of([table("pet", EMAIL, op.index("cat", "email")), table("car", ID)])
    pet = table("pet", EMAIL, op.index("pet_email", "email"))
    assert words_of(before, Schema.of([pet, table("cat", ID)]), car="cat") == [
        "rename index pet.cat to _peewee_mig_cat",
        "rename table car to cat",
        "rename index pet._peewee_mig_cat to pet_email",
    ]


def test_tables_exchange_their_schemas_with_indexes_and_constraints_of_one_name():
    parts = (op.index("mail", "email", named=True), op.unique("email", name="once"))

    def schema(here, there):
        return Schema.of([table(here, ID, EMAIL, *parts), table(there, EMAIL, *parts)])

    moves = {"pet": "shop.pet", "shop.car": "car"}
    assert words_of(schema("pet", "shop.car"), schema("shop.pet", "car"), **moves) == [
        "rename index shop.car.mail to _peewee_mig_mail",
        "drop unique constraint once on shop.car (email)",
        "rename table pet to shop.pet",
        "rename table shop.car to car",
        "rename index car._peewee_mig_mail to mail",
        "add unique constraint once on car (email)",
    ]
