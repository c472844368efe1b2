"""What is asked of the rows before a migration, in the names before it."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.asked import Filled, Guard
from peewee_mig.errors import RefusedError
from peewee_mig.operations import replay
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import Constant
from peewee_mig.plan.casts import cast, shrinks_to
from peewee_mig.plan.guard_names import named_after, traced_back
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards import hazards
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema, parse_type

ID, KEY = op.column("id", "INT"), op.primary_key("id")
NOTE, REQUIRED = op.column("note", "TEXT", null=True), op.column("note", "TEXT")
TO_TEAM = op.foreign_key("team_id", "team", "id")
BEFORE = replay(
    [
        op.create_table("team", ID, KEY),
        op.create_table(
            "person", ID, NOTE, op.column("team_id", "INT"), op.column("name", "VARCHAR(9)"), KEY
        ),
    ],
    Schema(),
)


def asked(*operations):
    return [(g.kind, g.table, g.columns) for g in guards(operations, BEFORE)]


def test_a_required_column_without_a_value_asks_for_no_rows():
    assert asked(op.add_column("person", op.column("x", "INT"))) == [("rows", "person", ("x",))]
    assert asked(op.add_column("person", op.column("x", "INT"), fill=0)) == []
    assert asked(op.add_column("person", op.column("x", "INT", null=True))) == []
    assert asked(op.add_column("person", op.column("x", "AUTO"))) == []


def test_names_are_those_before_the_migration():
    found = asked(
        op.rename_table("person", "staff"),
        op.rename_column("staff", "note", "remark"),
        op.alter_column(
            "staff", old=op.column("remark", "TEXT", null=True), new=op.column("remark", "TEXT")
        ),
    )
    assert found == [("nulls", "person", ("note",))]


def test_a_table_of_this_migration_asks_nothing():
    made = op.create_table("new", ID)
    assert asked(made, op.add_column("new", op.column("x", "INT"))) == []
    assert asked(made, op.rename_table("new", "newer"), op.add_primary_key("newer", KEY)) == []


def test_a_column_of_this_migration_asks_nothing_when_it_changes():
    added, changed = op.column("x", "INT", null=True), op.column("x", "TEXT", null=True)
    altered = op.alter_column("person", old=added, new=changed)
    assert asked(op.add_column("person", added), altered) == []


def test_a_unique_index_asks_for_duplicates():
    index = op.index("u", ("name", "note"), unique=True)
    assert asked(op.create_index("person", index)) == [("duplicates", "person", ("name", "note"))]
    assert asked(op.create_index("person", op.index("i", "name"))) == []


def test_a_unique_column_with_one_value_takes_one_row():
    added = op.add_column("person", op.column("x", "INT"), fill=1)
    index = op.create_index("person", op.index("u", "y", unique=True))
    renamed = op.rename_column("person", "x", "y")
    (guard,) = guards([added, renamed, index], BEFORE)
    assert (guard.kind, guard.limit) == ("rows", 1)
    each = op.add_column("person", op.column("y", "UUID"), fill=op.uuid4())
    assert asked(each, index) == []


def test_a_unique_index_sees_the_value_that_the_migration_gives():
    altered = op.alter_column("person", old=NOTE, new=REQUIRED, fill="-")
    index = op.create_index("person", op.index("u", "note", unique=True))
    (guard,) = guards([altered, index], BEFORE)
    assert guard.kind == "duplicates"
    count, _ = get_dialect("sqlite").guard_sql(guard)
    assert """COALESCE("note", '-')""" in count


def test_the_other_way_round_too():
    index = op.create_index("person", op.index("u", "note", unique=True))
    altered = op.alter_column("person", old=NOTE, new=REQUIRED, fill="-")
    kinds = [guard.kind for guard in guards([index, altered], BEFORE)]
    assert kinds == ["duplicates", "duplicates"]


def test_a_primary_key_asks_for_duplicates():
    old, new = op.primary_key("id"), op.primary_key("name")
    altered = op.alter_primary_key("person", old=old, new=new)
    assert asked(altered) == [("duplicates", "person", ("name",))]
    renamed = op.alter_primary_key("person", old=old, new=op.primary_key("id", name="person_key"))
    assert asked(renamed) == []
    dropped = [op.drop_primary_key("person", old), op.add_primary_key("person", new)]
    assert asked(*dropped) == [("duplicates", "person", ("name",))]


def test_a_foreign_key_asks_for_orphans():
    (guard,) = guards([op.add_foreign_key("person", TO_TEAM)], BEFORE)
    assert (guard.kind, guard.referred_table, guard.referred_columns) == (
        "orphans",
        "team",
        ("id",),
    )
    assert words(guard) == "person.team_id refers to rows that team lacks"


def test_a_foreign_key_knows_that_its_sides_differ_so_far():
    old, new = op.column("name", "VARCHAR(9)"), op.column("name", "INT")
    retyped = op.alter_column("person", old=old, new=new)
    key = op.add_foreign_key("person", op.foreign_key("name", "team", "id"))
    (guard,) = [each for each in guards([retyped, key], BEFORE) if each.kind == "orphans"]
    assert guard.sides == ((parse_type("VARCHAR(9)"), parse_type("INT")),)
    assert "CAST" not in get_dialect("sqlite").guard_sql(guard)[0]
    count, sample = get_dialect("postgres").guard_sql(guard)
    assert 'CAST(parent."id" AS TEXT) = CAST(child."name" AS TEXT)' in count
    assert sample.startswith('SELECT DISTINCT CAST(child."name" AS TEXT)')


def test_each_column_of_a_foreign_key_has_two_sides():
    unique = op.create_index("team", op.index("both", ["id", "code"], unique=True))
    added = op.add_column("team", op.column("code", "TEXT", null=True))
    before = replay([added, unique], BEFORE)
    old, new = op.column("id", "INT"), op.column("id", "TEXT")
    retyped = op.alter_column("person", old=old, new=new)
    key = op.foreign_key(["team_id", "id"], "team", ["id", "code"])
    asked = guards([retyped, op.add_foreign_key("person", key)], before)
    (guard,) = [each for each in asked if each.kind == "orphans"]
    count, _ = get_dialect("postgres").guard_sql(guard)
    assert 'parent."id" = child."team_id"' in count
    assert 'CAST(parent."code" AS TEXT) = CAST(child."id" AS TEXT)' in count


def test_a_fill_of_another_type_is_compared_as_text():
    unique = op.create_index("person", op.index("notes", ["note"], unique=True))
    retyped = op.alter_column("person", old=NOTE, new=op.column("note", "INT"), fill=1)
    asked = guards([retyped], replay([unique], BEFORE))
    (guard,) = [each for each in asked if each.kind == "duplicates"]
    count, _ = get_dialect("postgres").guard_sql(guard)
    assert 'COALESCE(CAST("note" AS TEXT), CAST(1 AS TEXT))' in count
    assert 'COALESCE("note", 1)' in get_dialect("mysql").guard_sql(guard)[0].replace("`", '"')


def test_a_foreign_key_sees_the_value_that_the_migration_gives():
    added = op.add_column("person", op.column("boss", "INT"), fill=1)
    key = op.add_foreign_key("person", op.foreign_key("boss", "team", "id"))
    (guard,) = guards([added, key], BEFORE)
    count, _ = get_dialect("sqlite").guard_sql(guard)
    assert 'parent."id" = 1' in count
    nullable = op.add_column("person", op.column("boss", "INT", null=True))
    assert asked(nullable, key) == []


def test_a_fill_of_a_key_column_must_be_there():
    schema = replay(
        [
            op.add_column("person", op.column("boss", "INT", null=True)),
            op.add_foreign_key("person", op.foreign_key("boss", "team", "id")),
        ],
        BEFORE,
    )
    altered = op.alter_column(
        "person", old=op.column("boss", "INT", null=True), new=op.column("boss", "INT"), fill=7
    )
    (guard,) = guards([altered], schema)
    assert 'COALESCE(child."boss", 7)' in get_dialect("sqlite").guard_sql(guard)[0]


def test_to_a_table_of_this_migration_every_value_is_an_orphan():
    made = op.create_table("club", ID, KEY)
    key = op.foreign_key("team_id", "club", "id")
    assert asked(made, op.add_foreign_key("person", key)) == [("values", "person", ("team_id",))]
    added = op.add_column("person", op.column("club", "INT"), fill=1)
    key = op.add_foreign_key("person", op.foreign_key("club", "club", "id"))
    assert asked(made, added, key) == [("rows", "person", ("club",))]


def test_a_change_of_type_asks_for_what_cannot_be_held():
    def alter(type_):
        old, new = op.column("name", "VARCHAR(9)"), op.column("name", type_)
        return op.alter_column("person", old=old, new=new)

    assert asked(alter("VARCHAR(5)")) == [("too_long", "person", ("name",))]
    assert asked(alter("INT")) == [("cast", "person", ("name",))]
    assert asked(alter("UUIDB")) == [("cast", "person", ("name",))]
    assert asked(alter("HSTORE")) == [("values", "person", ("name",))]
    assert asked(alter("VARCHAR(90)")) == asked(alter("TEXT")) == []


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("INT", "BIGINT", "free"), ("BIGINT", "SMALLINT", "checked"), ("AUTO", "BIGAUTO", "free"),
        ("INT", "DECIMAL(5, 2)", "checked"), ("INT", "DOUBLE", "free"), ("FLOAT", "DOUBLE", "free"),
        ("DOUBLE", "FLOAT", "checked"), ("DECIMAL(5, 2)", "DECIMAL(9, 2)", "free"),
        ("DECIMAL(5, 2)", "DECIMAL(9, 1)", "checked"), ("TEXT", "VARCHAR(5)", "free"),
        ("INT", "BOOL", "checked"), ("BOOL", "INT", "free"), ("JSON", "TEXT", "free"),
        ("TEXT", "JSON", "checked"), ("UUID", "INT", "unknown"), ("INT", "ANY", "free"),
        ("SMALLINT", "FLOAT", "free"), ("INT", "FLOAT", "checked"), ("BIGINT", "DOUBLE", "checked"),
    ],
)  # fmt: skip
def test_casts(old, new, how):
    assert cast(parse_type(old), parse_type(new)) == how


def test_lengths_that_are_in_the_way():
    def limit(old, new):
        return shrinks_to(parse_type(old), parse_type(new))

    assert limit("VARCHAR(9)", "VARCHAR(5)") == limit("TEXT", "CHAR(5)") == 5
    assert limit("INT", "VARCHAR(3)") == 3
    assert limit("VARCHAR(5)", "VARCHAR(5)") == limit("VARCHAR(5)", "TEXT") == 0


def test_a_guard_is_asked_early_in_the_names_of_the_live_database():
    guard = Guard(
        "orphans",
        0,
        "staff",
        ("squad",),
        ("id",),
        referred_table="squad",
        referred_columns=("key",),
    )
    earlier = [
        op.rename_table("person", "staff"),
        op.rename_column("staff", "team_id", "squad"),
        op.rename_table("team", "squad"),
        op.rename_column("squad", "id", "key"),
    ]
    traced = traced_back(guard, earlier)
    assert (traced.table, traced.columns, traced.key) == ("person", ("team_id",), ("id",))
    assert (traced.referred_table, traced.referred_columns) == ("team", ("id",))


@pytest.mark.parametrize(
    "earlier",
    [
        op.run_sql("UPDATE person SET note = ''"),
        op.create_table("person", ID),
        op.add_column("person", NOTE),
        op.alter_column("person", old=NOTE, new=REQUIRED, fill=""),
    ],
)
def test_a_guard_waits_for_what_may_change_its_answer(earlier):
    assert traced_back(Guard("nulls", 0, "person", ("note",)), [earlier]) is None


def test_names_are_followed_through_all_operations():
    names = Names()
    for operation in [
        op.add_column("person", op.column("x", "INT")),
        op.rename_table("person", "staff"),
        op.drop_column("staff", op.column("x", "INT")),
        op.create_table("new", ID),
    ]:
        names.follow(operation)
    assert (names.table("staff"), names.column("staff", "x")) == ("person", "x")
    assert (names.table("new"), names.column("new", "id")) == (None, None)


def test_hazards_of_each_rule():
    operations = [
        op.rename_column("person", "note", "remark"),
        op.add_column("person", op.column("x", "INT")),
        op.drop_column("person", op.column("name", "VARCHAR(9)")),
        op.drop_table("team", ID, KEY),
        op.run_sql("VACUUM"),
        op.run_sql("VACUUM", []),
    ]
    found = [(hazard.operation, hazard.id, hazard.stops) for hazard in hazards(operations, BEFORE)]
    assert found == [
        (0, "rename", False), (1, "guard", True), (2, "data-loss", True), (3, "data-loss", True),
        (4, "no-way-back", True),
    ]  # fmt: skip


def test_one_name_for_two_indexes_is_refused_where_they_share_names():
    index = op.create_index("team", op.index("twice", "id"))
    same, alike = (
        [index, op.create_index("person", op.index(name, "name"))] for name in ("twice", "Twice")
    )
    for name, operations in (("sqlite", same), ("sqlite", alike), ("postgres", same)):
        with pytest.raises(RefusedError, match="twice"):
            plan(operations, BEFORE, get_dialect(name))
    assert plan(alike, BEFORE, get_dialect("postgres")).steps
    assert plan(same, BEFORE, get_dialect("mysql")).steps


def test_the_value_of_an_added_column_follows_its_table_to_another_name():
    added = op.add_column("person", op.column("boss_id", "INT"))
    key = op.foreign_key("boss_id", "team", "id")
    renamed = op.rename_table("person", "staff")
    assert asked(added, renamed, op.add_foreign_key("staff", key)) == asked(added)


def test_a_guard_is_told_in_the_names_that_come_after_it():
    guard = Guard("orphans", 0, "pets", ("owner",), referred_table="people")
    renamed = named_after(
        guard,
        [
            op.rename_table("pets", "animals"),
            op.rename_column("animals", "owner", "keeper"),
            op.rename_column("people", "owner", "other"),
            op.rename_table("people", "persons"),
            op.add_column("animals", op.column("age", "INT", null=True)),
        ],
    )
    assert (renamed.table, renamed.columns) == ("animals", ("keeper",))
    assert renamed.referred_table == "persons"


def test_a_column_that_the_migration_adds_is_called_so_already():
    filled = Filled("owner", Constant(1), parse_type("INT"), added=True)
    renames = [op.rename_column("pets", "owner", "keeper")]
    for guard in (
        Guard("duplicates", 0, "pets", ("owner",), filled=(filled,)),
        Guard("rows", 0, "pets", ("owner",)),
    ):
        assert named_after(guard, renames).columns == ("owner",)


def test_a_table_that_becomes_strict_asks_for_values_that_it_does_not_take():
    computed = op.column("y", "INT", null=True, computed="id + 1")
    before = replay(
        [op.create_table("t", ID, NOTE, op.column("b", "INT"), computed, KEY)], Schema()
    )
    strict = op.alter_options("t", old=op.options(), new=op.options("STRICT"))
    made = (
        op.rename_column("t", "note", "text"),
        op.add_column("t", op.column("new", "INT"), fill=0),
        op.alter_column("t", old=op.column("b", "INT"), new=op.column("b", "DATE")),
        strict,
    )
    found = [guard for guard in guards(made, before) if guard.kind == "strict"]
    assert [(guard.columns, str(guard.old), str(guard.new)) for guard in found] == [
        (("id",), "INT", "INT"),
        (("note",), "TEXT", "TEXT"),
        (("b",), "INT", "DATE"),
    ]
    asked = plan(made, before, get_dialect("sqlite")).guards
    assert [guard.columns for guard in asked if guard.kind == "strict"] == [("id",), ("note",)]
    free = op.alter_options("t", old=op.options("STRICT"), new=op.options())
    after = replay([strict], before)
    assert guards([free], after) == ()


@pytest.mark.parametrize("old", [{"computed": '"id" + 1'}, {}])
def test_what_is_over_a_column_that_is_computed_anew_is_asked_about(old):
    before = replay(
        [
            op.create_table(
                "t", ID, op.column("y", "INT", null=True, **old), KEY, op.check('"y" > 3'),
                op.index("t_y", ("y",), unique=True), op.unique("y", "id", name="both"),
            )
        ],
        Schema(),
    )  # fmt: skip
    was = op.column("y", "INT", null=True, **old)
    now = op.column("y", "INT", null=True, computed='"id" * 2')
    found = guards([op.alter_column("t", old=was, new=now)], before)
    parts = [(g.kind, [str(each) for each in g.parts], str(g.condition)) for g in found]
    assert parts == [
        ("duplicates", ['("id" * 2)'], "None"),
        ("duplicates", ['("id" * 2)', '"id"'], "None"),
        ("violated", [], '("id" * 2) > 3'),
    ]
    stored = op.column("y", "INT", null=True, computed='"id" * 2', stored=False)
    after = replay([op.alter_column("t", old=was, new=now)], before)
    assert guards([op.alter_column("t", old=now, new=stored)], after) == ()


def test_a_column_that_is_computed_from_now_on_loses_its_values_and_not_on_the_way_back():
    plain = op.column("note", "TEXT", null=True)
    made, other = (op.column("note", "TEXT", null=True, computed=each) for each in ("'a'", "'b'"))
    changes = [
        op.alter_column("person", old=plain, new=made),
        op.alter_column("person", old=made, new=other),
        op.alter_column("person", old=other, new=plain),
    ]
    (found,) = [each for each in hazards(changes, BEFORE) if each.id == "data-loss"]
    assert (found.operation, found.stops) == (0, True)
    assert found.message == (
        "the values of person.note are lost to computed ones; a rollback keeps those"
    )
