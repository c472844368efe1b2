"""Cases of diff that random schemas found, and what it answers to them."""

from dataclasses import replace

from peewee_mig import op
from peewee_mig.diff import diff
from peewee_mig.operations import describe, replay
from peewee_mig.schema.schema import Schema

ID, EMAIL, CODE = op.column("id", "AUTO"), op.column("email", "TEXT"), op.column("code", "TEXT")
KEY = op.primary_key("id")
UNIQUE = op.index("owner_unique", "email", unique=True, named=True)


def table(name, *parts):
    return op.create_table(name, *parts).object


def words_of(before, after):
    operations = diff(before, after)
    assert replay(operations, before) == after
    return [describe(operation) for operation in operations]


def test_a_unique_index_that_a_dropped_key_refers_to_goes_before_its_name_is_taken():
    pet = table("pet", EMAIL, op.foreign_key("email", "owner", "email"))
    before = Schema.of([table("owner", ID, EMAIL, CODE, KEY, UNIQUE), pet])
    taken = op.index("owner_unique", "code", unique=True, named=True)
    owner = table("owner", ID, EMAIL, CODE, KEY, taken)
    assert words_of(before, Schema.of([owner, replace(pet, foreign_keys=())])) == [
        "drop foreign key pet (email) to owner (email)",
        "drop unique index owner_unique on owner (email)",
        "create unique index owner_unique on owner (code)",
    ]


def test_an_index_that_a_key_needs_until_late_makes_way_for_its_namesake():
    key = op.foreign_key("email", "owner", "email")
    before = Schema.of([table("owner", EMAIL, CODE, UNIQUE), table("pet", EMAIL, key)])
    taken = op.index("owner_unique", "code", unique=True, named=True)
    owner = table("owner", EMAIL, CODE, op.primary_key("email"), taken)
    assert words_of(before, Schema.of([owner, before.table("pet")])) == [
        "rename index owner.owner_unique to _peewee_mig_owner_unique",
        "create unique index owner_unique on owner (code)",
        "add primary key owner (email)",
        "drop unique index _peewee_mig_owner_unique on owner (email)",
    ]


def test_a_table_whose_index_has_the_name_of_a_new_table_goes_first():
    index = op.index("owner", "email", named=True)
    before, after = Schema.of([table("pet", EMAIL, index)]), Schema.of([table("owner", ID)])
    assert words_of(before, after) == ["drop table pet (email)", "create table owner (id)"]


def test_a_table_whose_name_differs_in_case_from_that_of_a_new_one_goes_first():
    before, after = Schema.of([table("Owner", EMAIL)]), Schema.of([table("owner", ID)])
    assert words_of(before, after) == ["drop table Owner (email)", "create table owner (id)"]


def test_a_name_of_a_foreign_key_passes_from_one_table_to_another():
    owner = table("owner", EMAIL, UNIQUE)

    def child(name, key_name):
        key = op.foreign_key("email", "owner", "email", name=key_name)
        return table(name, EMAIL, key)

    def steps(before, after):
        operations = diff(Schema.of(before), Schema.of(after))
        return [(type(each).__name__, each.table) for each in operations]

    renamed = steps([owner, child("pet", "taken")], [owner, child("animal", "taken")])
    assert renamed == [("Drop", "pet"), ("Add", "animal")]
    moved = steps(
        [owner, child("pet", "taken")], [owner, child("pet", "free"), child("car", "taken")]
    )
    assert moved == [("Add", "car"), ("Alter", "pet"), ("Add", "car")]
