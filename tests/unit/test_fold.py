"""What operations fold to, and what they leave as it is."""

import pytest

from peewee_mig import op
from peewee_mig.diff.fold import fold
from peewee_mig.operations import describe, replay
from peewee_mig.operations.fates import fates
from peewee_mig.operations.verbs import Add, Constant
from peewee_mig.schema.schema import Schema

PERSON = op.create_table(
    "person",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(50)"),
    op.column("age", "INT", null=True),
    op.primary_key("id"),
)
TEAM = op.create_table(
    "team", op.column("id", "AUTO"), op.column("name", "TEXT"), op.primary_key("id")
)
#: A schema with rows.
BEFORE = replay([PERSON, TEAM], Schema())
NICK = op.column("nick", "TEXT", null=True)


def words(operations, before=BEFORE):
    folded = fold(operations, before)
    assert replay(folded, before) == replay(operations, before)
    assert fates(folded, before) == fates(operations, before)
    return [describe(each) for each in folded]


def alter(old, new, fill=None, **ways):
    return op.alter_column("person", old=old, new=new, fill=fill, **ways)


def column(type_, **given):
    return op.column("age", type_, **given)


AGE = column("INT", null=True)


def test_what_is_added_and_dropped_is_nothing():
    assert words([op.add_column("person", NICK), op.drop_column("person", NICK)]) == []


def test_one_operation_that_changes_nothing_is_nothing():
    assert words([alter(AGE, AGE)]) == []


def test_a_table_made_there_takes_all_that_comes():
    made = [
        op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id")),
        op.add_column("pet", op.column("name", "TEXT"), fill="x"),
        op.add_column("pet", op.column("owner_id", "INT", null=True)),
        op.create_index("pet", op.index("pet_name", ["name"])),
        op.add_foreign_key("pet", op.foreign_key("owner_id", "person", "id")),
        op.rename_column("pet", "name", "title"),
        op.rename_table("pet", "animal"),
    ]
    folded = fold(made, BEFORE)
    assert [describe(each) for each in folded] == ["create table animal (id, title, owner_id)"]
    assert folded[0].object.indexes[0].columns == ("title",)
    assert folded[0].object.foreign_keys[0].referred_table == "person"


def test_a_table_made_and_dropped_leaves_nothing():
    made = op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id"))
    more = op.add_column("pet", NICK)
    whole = replay([made, more], Schema()).table("pet")
    dropped = op.drop_table("pet", *whole.columns, whole.primary_key)
    assert words([made, more, dropped]) == []


def test_tables_of_a_circle_keep_the_key_that_closes_it():
    made = [
        op.create_table("a", op.column("id", "AUTO"), op.primary_key("id")),
        op.create_table("b", op.column("id", "AUTO"), op.primary_key("id")),
        op.add_column("a", op.column("b_id", "INT", null=True)),
        op.add_column("b", op.column("a_id", "INT", null=True)),
        op.add_foreign_key("a", op.foreign_key("b_id", "b", "id")),
        op.add_foreign_key("b", op.foreign_key("a_id", "a", "id")),
    ]
    assert words(made, Schema()) == [
        "create table a (id, b_id)",
        "create table b (id, a_id)",
        "add foreign key a (b_id) to b (id)",
    ]


def test_renames_are_followed():
    renamed = [
        op.rename_column("person", "name", "called"),
        op.rename_table("person", "human"),
        op.rename_column("human", "called", "title"),
    ]
    assert words(renamed) == ["rename table person to human", "rename column human.name to title"]
    back = [op.rename_table("person", "human"), op.rename_table("human", "person")]
    assert words(back) == []


def test_an_index_keeps_the_name_that_it_had():
    indexed = replay([op.create_index("person", op.index("by_name", ["name"]))], BEFORE)
    renamed = [
        op.rename_index("person", "by_name", "x"),
        op.rename_index("person", "x", "named"),
        op.add_column("person", NICK),
        op.drop_column("person", NICK),
    ]
    assert words(renamed, indexed) == ["rename index person.by_name to named"]


def test_an_index_made_anew_by_another_name():
    first, other = op.index("one", ["name"], named=True), op.index("one", ["name"])
    indexed = replay([op.create_index("person", first)], BEFORE)
    made = [
        op.drop_index("person", first),
        op.create_index("person", other),
        op.add_column("person", NICK),
        op.drop_column("person", NICK),
    ]
    assert len(words(made, indexed)) == 2


def test_alterations_that_keep_values_join():
    assert (
        words([alter(AGE, column("BIGINT", null=True)), alter(column("BIGINT", null=True), AGE)])
        == []
    )
    longer = op.column("name", "VARCHAR(90)")
    name = op.column("name", "VARCHAR(50)")
    steps = [
        op.alter_column("person", old=name, new=longer),
        op.alter_column("person", old=longer, new=op.column("name", "TEXT")),
    ]
    assert len(words(steps)) == 1


def test_casts_do_not_join_since_values_change_in_each():
    text = column("TEXT", null=True)
    steps = [alter(AGE, column("BOOL", null=True)), alter(column("BOOL", null=True), text)]
    assert len(words(steps)) == 2
    assert len(words([alter(AGE, text), alter(text, AGE)])) == 2
    array = column("INT[]", null=True)
    assert len(words([alter(AGE, array), alter(array, column("BIGINT[]", null=True))])) == 2


def test_a_value_for_rows_stays():
    full = column("INT")
    steps = [alter(AGE, full, fill=7), alter(full, column("BIGINT"))]
    (one,) = fold(steps, BEFORE)
    assert one.fill == Constant(7)
    assert len(words([alter(AGE, full, fill=7), alter(full, AGE)])) == 2
    assert words([alter(AGE, full), alter(full, AGE)]) == []  # the guard alone goes


def test_a_value_that_no_row_needs_is_left_out():
    name, free = op.column("name", "VARCHAR(50)"), op.column("name", "VARCHAR(50)", null=True)
    steps = [
        op.alter_column("person", old=name, new=free),
        op.alter_column("person", old=free, new=name, fill="x"),
    ]
    assert words(steps) == []


def test_a_new_column_takes_what_happens_to_its_values():
    number = op.column("n", "INT", null=True)
    full = op.column("n", "BIGINT")
    steps = [
        op.add_column("person", number),
        op.alter_column("person", old=number, new=full, fill=3),
        op.rename_column("person", "n", "m"),
    ]
    (one,) = fold(steps, BEFORE)
    assert one == Add("person", op.column("m", "BIGINT"), Constant(3))


def test_a_new_column_with_a_default_keeps_what_rows_got():
    first, then = op.column("n", "INT", default="1"), op.column("n", "INT", default="2")
    steps = [op.add_column("person", first), op.alter_column("person", old=first, new=then)]
    assert len(words(steps)) == 2


def test_a_numbered_column_keeps_its_numbers():
    numbered, plain = op.column("n", "AUTO"), op.column("n", "INT")
    keyless = replay([op.create_table("t", op.column("a", "INT"))], Schema())
    steps = [
        op.add_column("t", numbered),
        op.alter_column("t", old=numbered, new=plain),
    ]
    assert len(words(steps, keyless)) == 2


def test_a_computed_column_that_is_computed_no_more_keeps_what_it_has():
    computed = op.column("n", "INT", null=True, computed="age + 1", stored=True)
    other = op.column("n", "INT", null=True, computed="age + 2", stored=True)
    plain = op.column("n", "INT", null=True)
    add = op.add_column("person", computed)
    steps = [add, op.alter_column("person", old=computed, new=other)]
    assert len(words(steps)) == 1
    steps = [add, op.alter_column("person", old=computed, new=plain)]
    assert len(words(steps)) == 2
    steps = [*steps, op.alter_column("person", old=plain, new=computed)]
    assert len(words(steps)) == 1


def test_a_column_dropped_and_made_again_is_empty_so_both_stay():
    age = op.column("age", "INT", null=True)
    assert len(words([op.drop_column("person", age), op.add_column("person", age)])) == 2


def test_sql_stays_where_it_is():
    sql = op.run_sql("UPDATE person SET age = 1", [])
    steps = [op.add_column("person", NICK), sql, op.drop_column("person", NICK)]
    assert fold(steps, BEFORE) == tuple(steps)


def test_what_has_nothing_to_do_with_sql_goes_before_it():
    sql = op.run_sql("UPDATE person SET age = 1", [], touches=["person.age"])
    more, index = op.column("more", "TEXT", null=True), op.index("team_more", ["more"])
    steps = [
        op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id")),
        sql,
        op.add_column("pet", op.column("team_id", "INT", null=True)),
        op.add_foreign_key("pet", op.foreign_key("team_id", "team", "id")),
        op.add_column("team", more),
        op.create_index("team", index),
        op.drop_index("team", index),
        op.drop_column("team", more),
    ]
    folded = fold(steps, BEFORE)
    assert [describe(each) for each in folded] == ["create table pet (id, team_id)", describe(sql)]


@pytest.mark.parametrize("touches", [None, ["pet"], ["pet.id"], ["a", "pet.x.y"]])
def test_what_sql_touches_stays_behind_it(touches):
    sql = op.run_sql("UPDATE pet SET id = 1", [], touches=touches)
    made = op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id"))
    steps = [made, sql, op.add_column("pet", NICK)]
    assert fold(steps, BEFORE) == tuple(steps)


def test_what_refers_to_what_sql_touches_stays_behind_it():
    sql = op.run_sql("DELETE FROM person", [], touches=["person"])
    owner = op.column("owner_id", "INT", null=True)
    made = op.create_table("pet", op.column("id", "AUTO"), owner, op.primary_key("id"))
    key = op.add_foreign_key("pet", op.foreign_key("owner_id", "person", "id"))
    assert fold([made, sql, key], BEFORE) == (made, sql, key)


def test_only_what_is_made_is_passed_on_the_way():
    sql = op.run_sql("DELETE FROM person", [], touches=["person"])
    renamed = op.rename_table("team", "club")
    made = op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id"))
    added = op.add_column("pet", NICK)
    indexed = op.create_index("person", op.index("by_age", ["age"]))
    assert fold([sql, renamed, made], BEFORE) == (sql, renamed, made)
    assert fold([sql, indexed, made, added], BEFORE)[1:] == (sql, indexed)
    view = op.create_object(op.view("v", "SELECT 1"))
    assert fold([sql, view, made], BEFORE)[0] == sql


def test_what_nobody_needs_is_left_out():
    sql = op.run_sql("UPDATE person SET age = 1", [], elidable=True)
    assert words([op.add_column("person", NICK), sql, op.drop_column("person", NICK)]) == []


def test_values_by_an_expression_stay_where_they_are():
    text = column("TEXT", null=True)
    by_sql = alter(AGE, text, using="age || '!'")
    steps = [op.add_column("person", NICK), by_sql, op.drop_column("person", NICK)]
    assert fold(steps, BEFORE) == tuple(steps)


def test_values_by_an_expression_count_only_where_there_are_rows():
    text = column("TEXT", null=True)
    assert words([PERSON, alter(AGE, text, using="age || '!'")], Schema()) == [
        "create table person (id, name, age)"
    ]


def test_what_is_apart_stays():
    apart = op.state_only(op.add_column("person", NICK))
    steps = [op.add_column("team", NICK), apart, op.drop_column("team", NICK)]
    assert fold(steps, BEFORE) == tuple(steps)


def test_values_are_copied_only_where_there_are_rows():
    copy = op.copy_values("team", "name", source="person", source_column="name", on={"id": "id"})
    more = op.column("more", "INT", null=True)
    assert len(words([op.add_column("team", more), copy])) == 2
    assert words([TEAM, copy], replay([PERSON], Schema())) == ["create table team (id, name)"]


def test_a_value_of_an_enum_is_renamed_as_it_was():
    enum = op.create_object(op.enum("mood", "sad", "glad"))
    before = replay([enum], BEFORE)
    steps = [op.rename_value("mood", "sad", "blue"), op.rename_value("mood", "blue", "down")]
    assert fold(steps, before) == tuple(steps)


@pytest.mark.parametrize("using", ["upper(name)"])
def test_fates_tell_a_value_by_an_expression(using):
    name, text = op.column("name", "VARCHAR(50)"), op.column("name", "TEXT")
    steps = [op.alter_column("person", old=name, new=text, using=using)]
    assert fates(steps, BEFORE)["person"].columns["name"].steps == (("using", (("", using),)),)


def test_a_dropped_table_has_no_fate():
    table = BEFORE.table("team")
    dropped = op.drop_table("team", *table.columns, table.primary_key)
    assert set(fates([dropped], BEFORE)) == {"person"}


def test_reference_rows_of_a_table_made_there_are_made_with_it():
    role = op.create_table(
        "role",
        op.column("id", "AUTO"),
        op.column("name", "VARCHAR(50)"),
        op.primary_key("id"),
        op.index("role_name", "name", unique=True),
        op.rows("name", [{"name": "a"}]),
    )
    change = op.insert_rows("role", "name", [{"name": "b"}])
    (one,) = fold([role, change], Schema())
    assert replay([one], Schema()) == replay([role, change], Schema())
    there = replay([role], Schema())
    assert fold([change], there) == (change,)
