"""Values of enum types that are renamed, and of columns that become one: questions, operations."""

from dataclasses import replace

import pytest

from peewee_mig import op
from peewee_mig.commands.answers import decide_renames, given_renames, renames_in
from peewee_mig.dialects import get_dialect
from peewee_mig.diff import Renames, candidates, diff
from peewee_mig.errors import RefusedError, SchemaError, UsageError
from peewee_mig.history.naming import propose_name
from peewee_mig.operations import describe, invert_all, operations_from_json, operations_to_json
from peewee_mig.operations.replay import replay
from peewee_mig.plan.guards import guards
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Column, PrimaryKey, Schema, Table, expression, parse_type
from peewee_mig.schema.standalone import EnumType

ID = Column("id", parse_type("AUTO"))
TURN = op.rename_value("mood", "sad", "it's blue")


def schema(*values, default=None):
    how = Column("how", parse_type("mood"), default=default and expression(default))
    text = Column("text", parse_type("TEXT"), default=expression("'sad'"))
    table = Table("t", (ID, how, text), PrimaryKey(("id",)))
    return Schema.of([table], [EnumType("mood", values)] if values else [])


BEFORE, AFTER = schema("sad", "ok"), schema("it's blue", "ok")
RENAMED = Renames(values={("mood", "sad"): "it's blue"})


def test_a_value_in_the_place_of_another_is_asked_about():
    (found,) = candidates(BEFORE, AFTER, Renames())
    assert (found.kind, found.option) == ("value", "mood.sad:mood.it's blue")
    assert candidates(BEFORE, AFTER, RENAMED) == ()
    assert candidates(BEFORE, AFTER, Renames(), frozenset({found.option})) == ()


@pytest.mark.parametrize("after", [schema("ok", "sad"), schema("ok"), schema("sad", "ok", "x")])
def test_values_that_stay_or_have_no_counterpart_are_not_asked_about(after):
    assert candidates(BEFORE, after, Renames()) == ()


def test_a_yes_decides():
    class Ask:
        def rename(self, candidate):
            return candidate.kind == "value"

    found = decide_renames(
        BEFORE, AFTER, options=(), declared=Renames(), no_renames=False, ask=Ask()
    )
    assert found == RENAMED


@pytest.mark.parametrize("option", ["mood.sad:mood.it's blue", "mood.sad:it's blue"])
def test_an_option_decides_and_can_be_repeated(option):
    assert given_renames(BEFORE, AFTER, [option], Renames()) == RENAMED
    assert given_renames(AFTER, AFTER, [option], Renames()) == Renames()


@pytest.mark.parametrize("option", ["mood.nose:mood.it's blue", "mood.sad:x", "mood.ok:it's blue"])
def test_an_option_with_other_values_is_refused(option):
    with pytest.raises(UsageError, match="enum type mood had sad, ok and has it's blue, ok"):
        given_renames(BEFORE, AFTER, [option], Renames())


def test_a_migration_that_is_written_anew_keeps_the_answer():
    old = renames_in(diff(BEFORE, AFTER, RENAMED))
    assert old == RENAMED
    assert given_renames(BEFORE, AFTER, (), old) == RENAMED
    assert given_renames(BEFORE, schema(), (), old) == Renames()
    assert given_renames(BEFORE, BEFORE, (), old) == Renames()


def test_defaults_of_the_type_follow():
    before, after = schema("sad", default="'sad'"), schema("it's blue", default="'it''s blue'")
    operations = diff(before, after, RENAMED)
    assert operations == (TURN,)
    assert replay(operations, before) == after
    assert replay(invert_all(operations), after) == before
    (step,) = plan(operations, before, get_dialect("postgres")).steps
    assert step.sql == "ALTER TYPE \"mood\" RENAME VALUE 'sad' TO 'it''s blue'"


def test_other_values_change_behind_it():
    after = schema("x", "it's blue", "ok")
    operations = diff(BEFORE, after, RENAMED)
    assert [describe(each) for each in operations] == [
        "rename value mood.sad to it's blue",
        "change enum type mood (it's blue, ok) to (x, it's blue, ok)",
    ]
    assert replay(operations, BEFORE) == after


def test_an_answer_about_a_type_that_is_not_there_is_passed_over():
    assert diff(schema(), schema(), RENAMED) == ()


@pytest.mark.parametrize(
    "found", [schema(), schema("ok"), schema("sad", "it's blue")], ids=["type", "value", "taken"]
)
def test_a_value_that_cannot_be_renamed_is_refused(found):
    with pytest.raises(SchemaError, match="value sad of enum type mood cannot become it's blue"):
        replay([TURN], found)


def test_it_has_words():
    (data,) = operations_to_json([TURN])
    assert data == {"op": "rename_value", "table": "mood", "old": "sad", "new": "it's blue"}
    assert operations_from_json([data]) == (TURN,)
    assert propose_name([TURN]) == "rename_mood_sad_to_it_s_blue"


@pytest.mark.parametrize("engine", ["sqlite", "mysql"])
def test_an_engine_without_enum_types_refuses_it_or_leaves_it_out(engine):
    dialect = get_dialect(engine)
    plain = Schema.of([replace(BEFORE.table("t"), columns=(ID,))], BEFORE.objects)
    with pytest.raises(RefusedError, match="enum type mood"):
        plan([TURN], plain, dialect)
    dialect = type(dialect)()
    dialect.skips = True
    assert plan([TURN], plain, dialect).steps == ()


# A column whose type becomes an enum type


def into(enum, old, *, others=()):
    column = Column("how", parse_type(old))
    before = Table("t", (ID, column), PrimaryKey(("id",)))
    turn = op.alter_column("t", old=column, new=Column("how", parse_type(enum.name)))
    return [op.create_object(enum), turn], Schema.of([before], others)


MOOD = EnumType("mood", ("sad", "it's ok"))


def test_values_that_the_type_does_not_have_are_asked_for_though_it_is_made_only_now():
    dialect = get_dialect("postgres")
    (guard,) = plan(*into(MOOD, "TEXT"), dialect).guards
    assert (guard.kind, guard.allowed) == ("cast", MOOD.values)
    assert dialect.guard_sql(guard)[0] == (
        """SELECT count(*) FROM "t" WHERE "how" IS NOT NULL AND"""
        """ (CAST("how" AS TEXT) NOT IN ('sad', 'it''s ok'))"""
    )


def test_another_enum_type_with_the_same_values_takes_all():
    feeling, fewer = EnumType("feeling", ("it's ok", "sad", "x")), EnumType("few", ("sad",))
    dialect = get_dialect("postgres")
    assert plan(*into(feeling, "mood", others=[MOOD]), dialect).guards == ()
    (guard,) = plan(*into(fewer, "mood", others=[MOOD]), dialect).guards
    assert guard.allowed == ("sad",)
    (guard,) = plan(*into(MOOD, "TEXT[]"), dialect).guards
    assert guard.kind == "values"


def test_values_that_are_renamed_in_the_same_step_are_left_to_the_server():
    operations, before = into(EnumType("feeling", ("sad",)), "mood", others=[MOOD])
    assert plan([op.rename_value("mood", "it's ok", "ok"), *operations], before,
                get_dialect("postgres")).guards == ()  # fmt: skip


def test_an_array_of_an_enum_type_is_asked_about_as_any_other():
    column = Column("how", parse_type("TEXT[]"))
    turn = op.alter_column("t", old=column, new=Column("how", parse_type("mood[]")))
    before = Schema.of([Table("t", (ID, column), PrimaryKey(("id",)))], [MOOD])
    assert all(not guard.allowed for guard in guards([turn], before))
