"""A column that moves to a related table: questions, answers, operations, guards, losses."""

from dataclasses import replace

import pytest

from peewee_mig.commands.answers import decide_renames, given_renames, renames_in
from peewee_mig.commands.fills import fills_in
from peewee_mig.dialects import get_dialect
from peewee_mig.diff import Renames, candidates, diff
from peewee_mig.errors import QuestionError, SchemaError, UsageError
from peewee_mig.operations import describe, invert_all, replay
from peewee_mig.operations.verbs import Add, Copy, Drop, Generated, Rename, RunSQL
from peewee_mig.plan.guard_names import traced_back
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards import hazards
from peewee_mig.plan.planner import plan
from peewee_mig.runner.losses import droppable, losses
from peewee_mig.schema import (
    Column,
    Computed,
    Index,
    PrimaryKey,
    Schema,
    Table,
    expression,
    parse_type,
)
from peewee_mig.schema.objects import ForeignKey

INT, TEXT = parse_type("INT"), parse_type("TEXT")
ID, KEY = Column("id", parse_type("AUTO")), PrimaryKey(("id",))
NOTE = Column("note", TEXT, null=True)
OWNER = Column("owner_id", INT)
TO_OWNER = ForeignKey(("owner_id",), "owner", ("id",))
ONE = Index("item_owner_id", ("owner_id",), unique=True)
COMPUTED = Computed(expression("id", ["id"]))
PLACE = {("item", "note"): ("owner", "note")}
COPY = Copy("item", "note", "owner", "note", (("owner_id", "id"),))


def owner(*columns, name="owner"):
    return Table(name, (ID, *columns), KEY)


def item(*columns, indexes=(ONE,), keys=(TO_OWNER,)):
    return Table("item", (ID, OWNER, *columns), KEY, indexes=indexes, foreign_keys=keys)


def schema(*tables):
    return Schema.of(tables)


BEFORE, AFTER = schema(owner(NOTE), item()), schema(owner(), item(NOTE))


def options(before, after, **more):
    found = candidates(before, after, more.pop("decided", Renames()))
    return [each.option for each in found if each.kind == "move"]


def moved(before, after, *given):
    return given_renames(before, after, given, Renames()).moves


def test_a_column_of_a_related_table_is_asked_about():
    assert options(BEFORE, AFTER) == ["owner.note:item.note"]
    assert options(AFTER, BEFORE) == ["item.note:owner.note"]


def test_a_table_that_was_renamed_is_called_by_its_new_name():
    after = schema(
        owner(name="person"), item(NOTE, keys=(replace(TO_OWNER, referred_table="person"),))
    )
    decided = Renames().with_table("owner", "person")
    assert options(BEFORE, after, decided=decided) == ["person.note:item.note"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (schema(owner(NOTE), item(keys=())), schema(owner(), item(NOTE, keys=()))),
        (BEFORE, schema(owner(), item(replace(NOTE, type=INT)))),
        (schema(owner(NOTE)), AFTER),  # the table is new
        (schema(owner(NOTE), item(NOTE)), AFTER),  # the column is not
        (BEFORE, schema(owner(NOTE), item(NOTE))),  # it stays where it was
        (BEFORE, schema(owner(), item(replace(NOTE, computed=COMPUTED)))),
        # several rows may have a value for one
        (schema(owner(), item(NOTE, indexes=())), schema(owner(NOTE), item(indexes=()))),
    ],
)
def test_what_is_no_move_is_not_asked(before, after):
    assert options(before, after) == []


def test_nobody_is_asked_between_two_relations():
    other = ForeignKey(("other_id",), "owner", ("id",))
    second = Column("other_id", INT)
    before = schema(owner(NOTE), item(second, keys=(TO_OWNER, other)))
    after = schema(owner(), item(second, NOTE, keys=(TO_OWNER, other)))
    assert options(before, after) == []
    with pytest.raises(UsageError, match="or more than one does"):
        moved(before, after, "owner.note:item.note")


def test_a_question_without_anybody_to_ask_is_an_error():
    given = {"options": (), "declared": Renames(), "ask": None}
    with pytest.raises(QuestionError, match=r"owner\.note:item\.note \(both TEXT, and related by"):
        decide_renames(BEFORE, AFTER, no_renames=False, **given)
    assert decide_renames(BEFORE, AFTER, no_renames=True, **given) == Renames()


@pytest.mark.parametrize("yes", [True, False])
def test_an_answer_decides(yes):
    class Ask:
        def rename(self, candidate):
            assert candidate.kind == "move"
            return yes

    found = decide_renames(
        BEFORE, AFTER, options=(), declared=Renames(), no_renames=False, ask=Ask()
    )
    assert found.moves == (PLACE if yes else {})


def test_an_option_may_give_another_name():
    after = schema(owner(), item(replace(NOTE, name="text")))
    assert moved(BEFORE, after, "owner.note:item.text") == {("item", "text"): ("owner", "note")}


@pytest.mark.parametrize(
    ("before", "after", "option", "problem"),
    [
        (BEFORE, AFTER, "owner.nose:item.note", "the last migration has no column owner.nose"),
        (BEFORE, AFTER, "owner.note:item.nose", "the model of item has no column nose"),
        (BEFORE, AFTER, "owner.note:item.id", "item.id is not new"),
        (BEFORE, schema(owner(NOTE), item(NOTE)), "owner.note:item.note", "still has note"),
        (BEFORE, schema(owner(), item(replace(NOTE, type=INT))), "owner.note:item.note",
         "note is TEXT, note is INT"),
        (schema(owner(NOTE), item(keys=())), schema(owner(), item(NOTE, keys=())),
         "owner.note:item.note", "no foreign key tells which row of owner"),
        (schema(owner(NOTE)), AFTER, "owner.note:item.note", "item is a new table"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused(before, after, option, problem):
    with pytest.raises(UsageError, match=problem) as caught:
        moved(before, after, option)
    assert caught.value.hint


def test_an_option_that_is_done_is_passed_over():
    assert moved(AFTER, AFTER, "owner.note:item.note") == {}


def test_the_values_are_copied_and_copied_back():
    operations = diff(BEFORE, AFTER, Renames(moves=PLACE))
    assert operations == (Add("item", NOTE), COPY, Drop("owner", NOTE))
    assert replay(operations, BEFORE) == AFTER
    back = invert_all(operations)
    assert back == (Add("owner", NOTE), COPY.swapped, Drop("item", NOTE))
    assert COPY.swapped.swapped == COPY
    assert describe(COPY) == "copy owner.note to item.note by item.owner_id = owner.id"


def test_where_several_rows_take_one_value_the_way_back_copies_none():
    before = schema(owner(NOTE), item(indexes=()))
    operations = diff(before, schema(owner(), item(NOTE, indexes=())), Renames(moves=PLACE))
    assert operations[1] == replace(COPY, back=False)
    assert invert_all(operations)[1] == RunSQL((), ())


def test_a_table_that_goes_gives_its_values_and_does_not_get_them_back():
    place = {("owner", "note"): ("item", "note")}
    operations = diff(schema(owner(), item(NOTE)), schema(owner(NOTE)), Renames(moves=place))
    assert [type(each) for each in operations] == [Add, Copy, Drop]
    assert not operations[1].back


def test_a_column_without_null_gets_its_values_where_each_row_has_one():
    needed = replace(NOTE, null=False)
    before, after = schema(owner(needed), item()), schema(owner(), item(needed))
    assert diff(before, after, Renames(moves=PLACE))[0] == Add("item", needed, Generated("empty"))
    for each in (schema(owner(NOTE), item()), schema(owner(needed), item(keys=()))):
        assert each  # a row may be without one: somebody has to say what it gets
    assert diff(schema(owner(NOTE), item()), after, Renames(moves=PLACE))[0] == Add("item", needed)


def test_nothing_to_relate_rows_by_is_refused():
    before, after = schema(owner(NOTE), item(keys=())), schema(owner(), item(NOTE, keys=()))
    with pytest.raises(SchemaError, match="no foreign key tells"):
        diff(before, after, Renames(moves=PLACE))


def test_values_of_several_rows_are_refused_in_a_file_too():
    with pytest.raises(SchemaError, match="item may have several rows of one owner_id"):
        replay([COPY.swapped], schema(owner(NOTE), item(NOTE, indexes=())))


def test_values_that_no_row_takes_are_asked_for():
    (guard,) = guards([Add("item", NOTE), COPY], BEFORE)
    count = get_dialect("sqlite").guard_sql(guard)[0]
    assert count == (
        'SELECT count(*) FROM "owner" AS source WHERE source."note" IS NOT NULL AND NOT EXISTS'
        ' (SELECT 1 FROM "item" AS taking WHERE taking."owner_id" = source."id")'
    )
    assert traced_back(guard, [Add("item", NOTE)]) == guard
    assert traced_back(guard, [COPY]) is None
    assert guards([Add("item", item(NOTE)), COPY], schema(owner(NOTE))) == ()


def test_rows_that_refer_to_nothing_are_asked_for_where_each_should_get_a_value():
    needed = replace(NOTE, null=False)
    before, after = schema(owner(needed), item()), schema(owner(), item(needed))
    operations = diff(before, after, Renames(moves=PLACE))
    found = guards(operations, before)
    assert [(each.kind, each.table) for each in found] == [("orphans", "item"), ("left", "owner")]
    assert [each.kind for each in guards(invert_all(operations), after)] == ["left"]
    elsewhere = replace(COPY, source="other")  # its rows are not those that the key speaks of
    before = schema(owner(needed), owner(needed, name="other"), item())
    found = guards([operations[0], elsewhere], before)
    assert [each.kind for each in found] == ["left"]


def test_two_answers_for_one_column_are_refused():
    before = schema(owner(NOTE, replace(NOTE, name="more")), item())
    with pytest.raises(UsageError, match=r"two objects become item\.note"):
        moved(before, AFTER, "owner.note:item.note", "owner.more:item.note")
    before = schema(owner(NOTE), item(replace(NOTE, name="old")))
    with pytest.raises(UsageError, match=r"two objects become item\.note"):
        moved(before, AFTER, "item.old:item.note", "owner.note:item.note")


def test_names_that_trade_places_are_the_new_ones():
    other = Column("other_id", INT, null=True)
    keys = (TO_OWNER, ForeignKey(("other_id",), "spare", ("id",)))
    before = schema(owner(NOTE), owner(NOTE, name="spare"), item(other, keys=keys))
    keys = (replace(TO_OWNER, referred_table="old"), replace(keys[1], referred_table="owner"))
    after = schema(owner(NOTE, name="old"), owner(), item(other, NOTE, keys=keys))
    assert options(before, after, decided=Renames().with_table("spare", "owner")) == [
        "owner.note:item.note"  # and not of the table that had the name
    ]
    renames = given_renames(
        before, after, ["owner:old", "spare:owner", "owner.note:item.note"], Renames()
    )
    assert renames.moves == {("item", "note"): ("spare", "note")}
    (copy,) = (each for each in diff(before, after, renames) if isinstance(each, Copy))
    assert copy == Copy("item", "note", "owner", "note", (("other_id", "id"),), back=False)


def test_a_key_that_goes_in_the_same_step_serves_until_then():
    before = schema(owner(), item(NOTE))
    after = schema(owner(NOTE), item(indexes=()))
    operations = diff(before, after, Renames(moves={("owner", "note"): ("item", "note")}))
    assert [type(each) for each in operations] == [Add, Copy, Drop, Drop]
    assert replay(operations, before) == after
    assert replay(invert_all(operations), after) == before


def test_a_key_that_comes_in_the_same_step_does_not_serve_the_way_back():
    before, after = schema(owner(NOTE), item(indexes=())), schema(owner(), item(NOTE))
    operations = diff(before, after, Renames(moves=PLACE))
    assert not next(each for each in operations if isinstance(each, Copy)).back
    assert replay(invert_all(operations), after) == before


def test_a_table_that_has_to_make_way_cannot_give_its_values():
    source = item(NOTE, indexes=(ONE, Index("taken", ("note",))))
    after = schema(replace(owner(NOTE), indexes=(Index("taken", ("note",)),)))
    with pytest.raises(SchemaError, match="has to make way") as caught:
        diff(schema(owner(), source), after, Renames(moves={("owner", "note"): ("item", "note")}))
    assert "second migration" in caught.value.hint
    taken = Table("gone", (ID,), KEY, indexes=(Index("taken", ("id",)),))
    before, after = (
        schema(owner(NOTE), item(), taken),
        schema(owner(), item(NOTE, indexes=(ONE, Index("taken", ("note",))))),
    )
    assert replay(diff(before, after, Renames(moves=PLACE)), before) == after


def test_an_answer_that_no_longer_fits_is_not_repeated():
    old = renames_in(diff(BEFORE, AFTER, Renames(moves=PLACE)))
    after = schema(owner(), item(replace(NOTE, type=INT)))
    assert given_renames(BEFORE, after, (), old).moves == {}
    needed = replace(NOTE, null=False)
    operations = diff(
        schema(owner(needed), item()), schema(owner(), item(needed)), Renames(moves=PLACE)
    )
    assert fills_in(operations) == {}


def test_an_option_the_wrong_way_round_is_refused():
    with pytest.raises(UsageError, match=r"the last migration has no column item\.note"):
        moved(BEFORE, AFTER, "item.note:owner.note")


def test_nobody_knows_values_that_are_copied():
    index = Index("by_note", ("note",), unique=True)
    found = guards([Add("item", NOTE), COPY, Add("item", index)], BEFORE)
    assert [guard.kind for guard in found] == ["left"]


def test_what_was_copied_is_not_lost():
    operations = diff(BEFORE, AFTER, Renames(moves=PLACE))
    assert "data-loss" not in {each.id for each in hazards(operations, BEFORE)}
    assert losses([operations], get_dialect("sqlite"), lambda _sql: [(1,)]) == ()
    new = [Add("item", item(NOTE)), COPY, Drop("owner", NOTE)]  # nobody knows its rows
    assert [hazard.id for hazard in hazards(new, schema(owner(NOTE)))] == ["data-loss"]
    assert droppable([[*operations[:1], *operations[2:]]]) == ("owner.note",)


def test_a_migration_that_is_written_anew_keeps_the_answer():
    old = renames_in(diff(BEFORE, AFTER, Renames(moves=PLACE)))
    assert old.moves == PLACE
    assert given_renames(BEFORE, AFTER, (), old).moves == PLACE
    assert given_renames(BEFORE, BEFORE, (), old).moves == {}
    assert given_renames(BEFORE, schema(owner()), (), old).moves == {}


@pytest.mark.parametrize(
    "before", [schema(owner(NOTE), item()), schema(owner(), item(NOTE)), schema(owner(NOTE))]
)
def test_a_column_does_not_become_a_table(before):
    with pytest.raises(UsageError, match="item is a table, and note a column of owner") as caught:
        given_renames(before, AFTER, ["owner.note:item"], Renames())
    assert caught.value.hint == (
        "write --rename owner.note:owner.NAME for the column, owner:item for the table,"
        " owner.note:item.NAME for a column that moves"
    )


def test_a_column_that_is_called_like_a_table_is_a_column():
    after = schema(owner(replace(NOTE, name="item")), item())
    found = given_renames(BEFORE, after, ["owner.note:item"], Renames())
    assert (found.tables, found.columns) == ({}, {("owner", "note"): "item"})


def test_a_table_that_left_a_schema_is_no_column():
    there = schema(owner(), owner(name="s.other"))
    assert given_renames(there, there, ["s.owner:owner"], Renames()) == Renames()


def test_a_move_that_is_done_is_passed_over_when_its_table_is_gone():
    there = schema(item(NOTE, keys=()))
    assert given_renames(there, there, ["owner.note:item.note"], Renames()) == Renames()
    with pytest.raises(UsageError, match="no such table before and after"):
        given_renames(there, there, ["owner.note:item.text"], Renames())


def test_options_by_the_former_name_of_a_table_can_be_repeated():
    """After the table of a column got another name, and after the source of a move is gone."""

    def renamed(table, name):
        return replace(table, name=name)

    moved = schema(renamed(item(NOTE), "thing"))
    again = ["item:thing", "owner.note:item.note"]
    assert given_renames(BEFORE, moved, again, Renames()).moves == {
        ("thing", "note"): ("owner", "note")
    }
    assert given_renames(moved, moved, again, Renames()) == Renames()
    old, new = schema(owner(NOTE)), schema(renamed(owner(Column("text", TEXT, null=True)), "boss"))
    for words in ("owner.note:owner.text", "owner.note:text", "owner.note:boss.text"):
        options_ = ["owner:boss", words]
        assert given_renames(old, new, options_, Renames()).columns == {("boss", "note"): "text"}
        assert given_renames(new, new, options_, Renames()) == Renames()
    other = schema(*new, owner(NOTE))  # another table has the former name: it is meant
    with pytest.raises(UsageError, match="no such table before and after"):
        given_renames(new, other, ["owner:boss", "owner.note:owner.text"], Renames())


def test_a_column_whose_name_another_one_takes_is_moved_first():
    after = schema(owner(Column("Note", TEXT, null=True)), item(NOTE))
    with pytest.raises(SchemaError, match=r"takes the name of owner\.note before") as caught:
        diff(BEFORE, after, Renames(moves=PLACE))
    assert "second migration" in caught.value.hint
    other = schema(owner(NOTE, Column("text", TEXT, null=True)), item())
    gone = schema(owner(Column("Note", TEXT, null=True)), item(Column("text", TEXT, null=True)))
    moved = Renames(moves={("item", "text"): ("owner", "text")})  # it is not the one that goes
    assert replay(diff(other, gone, moved), other) == gone


def test_values_that_no_row_takes_can_be_lost_by_name():
    operations = diff(BEFORE, AFTER, Renames(moves=PLACE))
    planned = plan(operations, BEFORE, get_dialect("sqlite"))
    assert [each.kind for each in planned.guards] == ["left"]
    assert planned.losing(["owner.other", "owner"]) == planned
    assert planned.losing(["owner.note"]).guards == planned.losing(["all"]).guards == ()
    assert droppable([operations]) == ("owner.note",)
    other = plan([Add("item", ONE)], schema(owner(), item(indexes=())), get_dialect("sqlite"))
    assert other.losing(["all"]) == other
    renamed = [Rename("table", "owner", "owner", "boss"), replace(COPY, source="boss")]
    assert droppable([[Add("item", NOTE), *renamed]]) == ("owner.note",)
    made = [Add("owner", NOTE), replace(COPY, column="note")]
    assert droppable([made]) == ()
