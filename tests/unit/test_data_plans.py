"""Plans of data operations and of what is apart: steps, guards, hazards, losses, names. Pure."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.calls import Call
from peewee_mig.dialects.sqlite.rebuild import Rebuild
from peewee_mig.errors import RefusedError, SchemaError
from peewee_mig.operations import replay
from peewee_mig.operations.apart import fitting
from peewee_mig.operations.names import Names
from peewee_mig.operations.verbs import has_data, is_opaque
from peewee_mig.plan.guard_names import traced_back
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards import hazards
from peewee_mig.plan.planner import plan
from peewee_mig.runner.losses import droppable
from peewee_mig.schema import Schema

ENGINES = ("sqlite", "postgres", "mysql")
on_each = pytest.mark.parametrize("engine", ENGINES)


def fill(models):
    """Fill."""


AGE = op.column("age", "INT", null=True)
TABLE = op.create_table(
    "person",
    op.column("id", "AUTO"),
    AGE,
    op.column("name", "TEXT", null=True),
    op.primary_key("id"),
)
BEFORE = replay([TABLE], Schema())
CALL = op.run_python(fill, [], touches=["person.age"])
NEEDED = op.alter_column("person", old=AGE, new=op.column("age", "INT"))
TOWN = op.add_column("person", op.column("town", "TEXT", null=True))


def planned(engine, *operations, before=BEFORE):
    return plan(operations, before, get_dialect(engine))


@on_each
def test_a_function_is_a_step_with_the_schema_of_its_place(engine):
    steps = planned(engine, TOWN, CALL, op.rename_table("person", "people")).steps
    (call,) = [step for step in steps if isinstance(step, Call)]
    assert (call.name, call.function, call.operations) == ("fill", fill, (1,))
    assert call.schema.table("person").column_names == ("id", "age", "name", "town")
    assert call.preview() == ()
    assert call.resolve(None) == ("-- calls fill() of the migration file, with models as of here",)
    assert call.moved([4, 5]).operations == (5,)
    assert call.moved([4, 5]).function is fill
    assert steps.index(call) == len(steps) - 2


def test_a_table_is_rebuilt_before_a_function_looks_at_it():
    steps = planned("sqlite", NEEDED, CALL, op.alter_column(
        "person", old=op.column("age", "INT"), new=op.column("age", "TEXT")
    )).steps  # fmt: skip
    assert [type(step) for step in steps] == [Rebuild, Call, Rebuild]


@on_each
def test_an_engine_that_is_not_named_has_no_step_and_waits_for_nothing(engine):
    other = next(each for each in ENGINES if each != engine)
    found = planned(engine, op.run_python({other: fill}), op.run_sql({other: "x"}), NEEDED)
    assert not any(
        isinstance(step, Call) or getattr(step, "sql", "") == "x" for step in found.steps
    )
    assert [guard.behind for guard in found.guards] == [None]


def test_a_call_without_its_function_is_refused_before_anything_runs():
    call = Call("fill", BEFORE, (0,))
    with pytest.raises(RefusedError, match="the file is not here"):
        call.check(None)
    Call("fill", BEFORE, (0,), fill).check(None)


@pytest.mark.parametrize("own", [CALL, op.run_sql("UPDATE person SET age = 1")])
@on_each
def test_a_guard_behind_the_users_own_is_asked_behind_it(engine, own):
    found = planned(engine, own, NEEDED)
    (guard,) = found.guards
    assert (guard.kind, guard.behind) == ("nulls", 0)
    assert found.asked_first == ()
    assert found.asked_behind(0) == (guard,)
    assert found.asked_behind(1) == ()
    assert traced_back(guard, []) is None


def test_a_guard_behind_several_statements_waits_for_the_last():
    found = planned("sqlite", op.run_sql(["UPDATE a", "UPDATE b"]), NEEDED)
    assert (found.asked_behind(0), len(found.asked_behind(1))) == ((), 1)


def test_a_guard_behind_is_in_the_names_of_then():
    renamed = op.alter_column("people", old=AGE, new=op.column("age", "INT"))
    (guard,) = guards([op.rename_table("person", "people"), CALL, renamed], BEFORE)
    assert (guard.table, guard.behind) == ("people", 1)
    (first,) = guards([op.rename_table("person", "people"), renamed], BEFORE)
    assert (first.table, first.behind) == ("person", None)


def test_a_guard_of_a_later_migration_is_not_asked_early_behind_functions():
    (guard,) = guards([NEEDED], BEFORE)
    assert traced_back(guard, [TOWN]) is not None
    for own in (CALL, op.run_sql("x"), op.state_only(TOWN)):
        assert traced_back(guard, [own]) is None


def test_what_the_user_may_have_answered_does_not_stop_check():
    assert [hazard.stops for hazard in hazards([NEEDED], BEFORE)] == [True]
    assert [hazard.stops for hazard in hazards([CALL, NEEDED], BEFORE)] == [False]


@pytest.mark.parametrize(
    ("operation", "stops"),
    [
        (op.run_python(fill), True),
        (CALL, False),
        (op.run_sql("x"), True),
        (op.database_only(op.run_sql("x")), True),
        (op.run_sql("x", [], effect=[TOWN]), False),
    ],
)
def test_what_has_no_way_back_is_a_hazard(operation, stops):
    assert [hazard.id for hazard in hazards([operation], BEFORE)] == ["no-way-back"] * stops


# What is apart.

INDEX = op.index("by_hand", "age")


@on_each
def test_what_only_the_schema_sees_runs_nothing(engine):
    found = planned(engine, op.state_only(TOWN, op.create_index("person", INDEX)))
    assert (found.steps, found.guards) == ((), ())
    assert found.after.table("person").find_column("town")


@on_each
def test_what_only_the_database_sees_runs_and_is_not_tracked(engine):
    found = planned(engine, op.database_only(op.create_index("person", INDEX)))
    (step,) = found.steps
    assert "by_hand" in step.sql
    assert step.operations == (0,)
    assert found.after == BEFORE


@on_each
def test_the_database_may_drop_what_is_not_tracked(engine):
    gone = op.drop_table("old", op.column("id", "INT"), op.primary_key("id"))
    steps = planned(engine, op.database_only(gone, op.drop_index("person", INDEX))).steps
    (sql,) = [steps[0].sql] if isinstance(steps[0], Statement) else steps[0].preview()
    assert "DROP TABLE" in sql
    assert len(steps) == 2


@on_each
def test_sql_stands_for_its_effect(engine):
    rename = op.rename_column("person", "age", "years")
    found = planned(engine, op.run_sql("X", "Y", effect=[rename]), TOWN)
    assert getattr(found.steps[0], "sql", "") == "X"
    assert found.after.table("person").find_column("years")


def test_a_rebuild_does_not_reach_over_what_is_apart():
    retyped = op.alter_column("person", old=op.column("age", "INT"), new=op.column("age", "TEXT"))
    steps = planned("sqlite", NEEDED, op.database_only(op.run_sql("X")), retyped).steps
    assert [type(step) for step in steps] == [Rebuild, Statement, Rebuild]


@on_each
def test_the_database_is_asked_about_rows_that_its_side_needs(engine):
    needed = op.database_only(NEEDED, op.rename_table("nobody", "knows"))
    with pytest.raises(SchemaError, match="nobody can tell what the database has there"):
        planned(engine, needed)
    (guard,) = guards([needed], BEFORE)
    assert (guard.kind, guard.operation, guard.behind) == ("nulls", 0, None)


def test_values_that_sql_gives_are_known_to_nobody():
    effect = op.run_sql("X", effect=[TOWN, op.create_index("person", INDEX)])
    unique = op.create_index("person", op.index("u", "town", unique=True))
    (guard,) = guards([effect, unique], BEFORE)
    assert guard.behind == 0


def test_what_is_there_already_is_asked_about():
    needed = op.alter_column(
        "person", old=op.column("town", "TEXT", null=True), new=op.column("town", "TEXT")
    )
    (guard,) = guards([op.state_only(TOWN), needed], BEFORE)
    assert (guard.kind, guard.columns, guard.behind) == ("nulls", ("town",), None)


def test_what_is_there_of_a_table_that_is_new_is_not_asked_about():
    made = op.create_table("pet", op.column("id", "AUTO"), op.primary_key("id"))
    column = op.state_only(op.add_column("pet", op.column("x", "INT", null=True)))
    assert guards([made, column], BEFORE) == ()


def test_effects_of_which_no_part_is_a_column_say_nothing_of_values():
    effect = op.apart(
        schema=[op.rename_table("person", "people"), TOWN_OF_PEOPLE],
        database=[op.rename_table("person", "people")],
    )
    needed = op.alter_column("people", old=AGE, new=op.column("age", "INT"))
    (guard,) = guards([effect, needed], BEFORE)
    assert (guard.table, guard.columns) == ("person", ("age",))


TOWN_OF_PEOPLE = op.add_column("people", op.column("town", "TEXT", null=True))


def test_names_follow_what_the_database_does():
    rename = op.rename_table("person", "people")
    names = Names()
    names.follow(op.state_only(rename))
    assert names.table("people") == "people"
    names.follow(op.database_only(rename))
    assert names.table("people") == "people"
    names.follow(op.run_sql("X", effect=[rename]))
    assert names.table("people") == "person"


def test_what_is_lost_in_the_database_is_a_hazard_and_may_be_allowed():
    gone = op.database_only(op.drop_column("person", AGE))
    (hazard,) = hazards([TOWN, gone], BEFORE)
    assert (hazard.id, hazard.operation) == ("data-loss", 1)
    assert droppable([[gone]]) == ("person.age",)
    assert droppable([[op.state_only(op.drop_column("person", AGE))]]) == ()


def test_what_an_engine_cannot_have_is_refused_on_either_side():
    partial = op.create_index("person", op.index("p", "age", where='"age" > 1'))
    for operation in (op.state_only(partial), op.database_only(partial)):
        with pytest.raises(RefusedError, match="partial"):
            planned("mysql", operation)
        skipping = plan([operation], BEFORE, get_dialect("mysql", skips=True))
        assert skipping.after == BEFORE
        assert skipping.steps == ()
        assert skipping.left_out


def test_a_type_that_an_engine_cannot_have_is_refused_on_either_side():
    column = op.add_column("person", op.column("x", "HSTORE", null=True))
    with pytest.raises(RefusedError):
        planned("sqlite", op.state_only(column))


def test_transactions_are_not_ended_by_any_engine():
    for operation in (op.run_sql({"mysql": "COMMIT"}), op.database_only(op.run_sql("BEGIN"))):
        with pytest.raises(RefusedError, match="would break"):
            planned("sqlite", operation)


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("UPDATE person SET age = 1; COMMIT", "COMMIT"),
        ("UPDATE person SET name = ';' ;\n-- now\n commit; SELECT 1", "COMMIT"),
        ("SELECT $x$ ; $x$; ROLLBACK;", "ROLLBACK"),
        ("/* a; b */ SELECT 1; start  transaction", "START TRANSACTION"),
        ("START TRANSACTION", "START TRANSACTION"),
        ("CREATE TABLE t (x INT); BEGIN", "BEGIN"),
        ("ABORT", "ABORT"),
    ],
)
def test_transactions_are_not_ended_in_the_middle_of_a_text(sql, word):
    with pytest.raises(RefusedError, match=f"which {word} would break"):
        planned("postgres", op.run_sql(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE person SET name = '; COMMIT'",
        "DO $$ BEGIN UPDATE person SET age = 1; COMMIT; END $$",
        "SELECT 1 -- ; COMMIT",
        "SELECT 1; ROLLBACK TO here",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 1",
        "CREATE DEFINER = root PROCEDURE p() BEGIN UPDATE person SET age = 1; COMMIT; END",
        'UPDATE person SET "a; commit" = 1; UPDATE committed SET x = 1',
    ],
)
def test_what_only_reads_like_an_end_is_none(sql):
    (step,) = planned("postgres", op.run_sql(sql)).steps
    assert step.sql == sql


def test_what_changes_rows_is_known():
    assert has_data([op.database_only(CALL)])
    assert not has_data([op.state_only(TOWN), NEEDED])
    assert [*map(is_opaque, (CALL, op.state_only(TOWN), TOWN))] == [True, True, False]


# Where an operation on the database alone fits.

VIEW = op.view("v", "SELECT 1")
OTHER_VIEW = op.view("v", "SELECT 2")


@pytest.mark.parametrize(
    "operation",
    [
        TABLE,
        op.drop_table("old", op.column("id", "INT")),
        op.add_column("person", op.column("age", "TEXT", null=True)),
        op.drop_column("person", op.column("age", "TEXT", null=True)),
        op.drop_column("person", op.column("more", "TEXT", null=True)),
        op.alter_column("person", old=op.column("x", "INT"), new=op.column("x", "TEXT")),
        op.alter_column("person", old=op.column("age", "DATE"), new=op.column("age", "TEXT")),
        op.alter_options("person", old=op.options(comment="x"), new=op.options(comment="y")),
        op.drop_object(VIEW),
        op.create_object(VIEW),
        op.alter_object(old=OTHER_VIEW, new=VIEW),
        op.drop_primary_key("person", op.primary_key("id", name="other")),
        op.run_sql("x"),
    ],
    ids=str,
)
def test_an_operation_fits_in_what_it_is_about(operation):
    met = fitting(operation, BEFORE)
    replay([operation], met)
    replay([operation], fitting(operation, met.with_objects([VIEW])))


@pytest.mark.parametrize(
    "operation",
    [
        op.rename_table("nobody", "knows"),
        op.add_column("nobody", AGE),
        op.drop_column("nobody", AGE),
        op.alter_options("nobody", old=op.options(), new=op.options(comment="y")),
    ],
)
def test_what_nobody_knows_is_refused(operation):
    with pytest.raises(SchemaError, match="nobody can tell") as raised:
        fitting(operation, BEFORE)
    assert raised.value.hint == "write what the database runs as op.run_sql(...)"


def test_a_new_value_of_an_enum_is_there_for_functions_of_the_same_transaction():
    mood, more = op.enum("mood", "sad"), op.enum("mood", "sad", "ok")
    before = replay([op.create_object(mood)], Schema())
    grows = op.alter_object(old=mood, new=more)
    alone = planned("postgres", grows, before=before).steps
    assert "ADD VALUE" in alone[0].sql
    used = planned("postgres", grows, CALL, before=before).steps
    assert not isinstance(used[0], Statement)


def test_keys_that_come_back_follow_the_names_that_sql_gives():
    tables = [
        op.create_table("a", op.column("id", "INT"), op.primary_key("id")),
        op.create_table(
            "b",
            op.column("id", "AUTO"),
            op.column("a_id", "INT"),
            op.primary_key("id"),
            op.foreign_key("a_id", "a", "id"),
        ),
    ]
    before = replay(tables, Schema())
    found = planned(
        "mysql",
        op.alter_column("a", old=op.column("id", "INT"), new=op.column("id", "BIGINT")),
        op.run_sql("X", "Y", effect=[op.rename_table("b", "c")]),
        op.alter_column("c", old=op.column("a_id", "INT"), new=op.column("a_id", "BIGINT")),
        before=before,
    )
    assert found.steps[-1].sql.startswith("ALTER TABLE `c` ADD")
