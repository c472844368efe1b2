"""A schema by the names that its tables and columns had."""

from peewee_mig import op
from peewee_mig.diff import Renames
from peewee_mig.diff.former import formerly
from peewee_mig.schema.schema import Schema

KEY = op.primary_key("id")


def table(name, *columns, key="", to=("", "")):
    parts = [op.column(each, "INT") for each in ("id", *columns)]
    parts += [op.foreign_key(key, *to)] if key else []
    return op.create_table(name, *parts, KEY).object


def test_without_renames_it_is_the_same():
    schema = Schema.of([table("pet", "owner", key="owner", to=("person", "id")), table("person")])
    assert formerly(Schema(), schema, Renames()) == schema


def test_tables_and_columns_have_their_former_names_everywhere():
    before = Schema.of(
        [table("pet", "owner", key="owner", to=("person", "id")), table("person", "age")]
    )
    after = Schema.of(
        [table("animal", "keeper", key="keeper", to=("human", "id")), table("human", "years")]
    )
    renames = Renames(
        {"pet": "animal", "person": "human"},
        {("animal", "owner"): "keeper", ("human", "age"): "years"},
    )
    assert formerly(before, after, renames) == before


def test_names_that_change_places_change_back():
    before = Schema.of([table("one", "a", "b"), table("two", "c")])
    after = Schema.of([table("two", "b", "a"), table("one", "c")])
    renames = Renames({"one": "two", "two": "one"}, {("two", "a"): "b", ("two", "b"): "a"})
    assert formerly(before, after, renames) == before


def test_what_is_new_makes_way_for_what_had_its_name():
    before = Schema.of([table("pet", "age"), table("pet+")])
    after = Schema.of([table("animal", "years", "age"), table("pet", "x"), table("pet+")])
    renames = Renames({"pet": "animal"}, {("animal", "age"): "years"})
    found = formerly(before, after, renames)
    assert found.names == {"pet", "pet+", "pet++"}
    assert found.table("pet").column_names == ("id", "age", "age+")
    assert found.table("pet++").column_names == ("id", "x")


def test_a_key_to_a_table_that_nobody_knows_stays():
    schema = Schema.of([table("pet", "owner", key="owner", to=("person", "id"))])
    assert formerly(schema, schema, Renames()) == schema
