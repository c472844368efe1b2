"""What leaves its name in a migration, and what the migration itself takes out of the way."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Statement
from peewee_mig.dialects.preflight import Checked, Leaving, handled, leaving
from peewee_mig.operations import replay
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema

ID, KEY = op.column("id", "INT"), op.primary_key("id")
A, B = (op.column(name, "INT", null=True) for name in "ab")
T, U = op.create_table("t", ID, A, B, KEY), op.create_table("u", ID, KEY)
BEFORE = replay([T, U], Schema())
VIEW = op.view("v", "SELECT a FROM t")
OTHER = op.view("v", "SELECT b FROM t")


def found(*operations):
    return [
        (position, each.table, each.column, each.changes)
        for position, each in leaving(operations, replay(operations, BEFORE))
    ]


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([op.add_column("t", op.column("c", "INT", null=True))], []),
        ([op.drop_column("t", A)], [(0, "t", "a", "is dropped")]),
        ([op.drop_column("t", A), op.add_column("t", A)], []),
        ([op.rename_column("t", "a", "c")], [(0, "t", "a", "is renamed to c")]),
        ([op.rename_column("t", "a", "c"), op.rename_column("t", "c", "a")], []),
        (
            [op.rename_column("t", "a", "c"), op.rename_column("t", "c", "d")],
            [(0, "t", "a", "is renamed to d")],
        ),
        (
            [op.drop_column("t", A), op.rename_column("t", "b", "a")],
            [(0, "t", "a", "is dropped"), (1, "t", "b", "is renamed to a")],
        ),
        (
            [
                op.rename_column("t", "a", "c"),
                op.rename_column("t", "b", "a"),
                op.rename_column("t", "c", "b"),
            ],
            [(0, "t", "a", "is renamed to b"), (1, "t", "b", "is renamed to a")],
        ),
        (
            [op.rename_table("t", "s"), op.drop_column("s", A)],
            [(0, "t", "", "is renamed to s"), (1, "t", "a", "is dropped")],
        ),
        (
            [op.drop_column("t", A), op.drop_table("t", ID, B, KEY)],
            [(0, "t", "a", "is dropped"), (1, "t", "", "is dropped")],
        ),
        ([op.drop_table("u", ID, KEY), U], []),
        (
            [
                op.create_table("s", ID, A, KEY),
                op.drop_column("s", A),
                op.rename_table("s", "x"),
                op.add_column("t", op.column("c", "INT", null=True)),
                op.rename_column("t", "c", "d"),
            ],
            [],
        ),
        ([op.run_sql("DROP VIEW v", []), op.drop_column("t", A)], []),
        (
            [op.drop_column("t", A), op.run_sql("CREATE VIEW v AS SELECT 1", [])],
            [(0, "t", "a", "is dropped")],
        ),
    ],
)
def test_names_that_stand_for_nothing_or_something_else_afterwards(operations, expected):
    assert found(*operations) == expected


def test_what_a_migration_drops_or_changes_itself_is_not_in_the_way():
    trigger = op.trigger("tr", table="t", create="CREATE TRIGGER tr …", drop="DROP TRIGGER tr")
    own = handled(
        [
            op.alter_object(old=VIEW, new=OTHER),
            op.drop_object(trigger),
            op.run_sql(["DROP VIEW w", 'DROP VIEW "an odd"'], []),
            op.create_object(op.view("x", "SELECT 1")),
        ],
        "mysql",
    )
    names = ("v", "tr", "w", "W", "an odd", "x", "odd_", "t")
    assert [name for name in names if own.has(name)] == ["v", "tr", "w", "W", "an odd"]


@pytest.mark.parametrize("engine", ["sqlite", "mysql", "postgres"])
def test_the_first_step_of_a_drop_checks_and_is_spelled_as_ever(engine):
    dialect = get_dialect(engine)
    (step,) = plan([op.drop_column("t", A)], BEFORE, dialect).steps
    assert isinstance(step, Checked)
    assert isinstance(step.step, Statement)
    assert step.preview() == step.resolve(None) == (step.step.sql,)
    assert (step.note, step.counted, step.tables) == ("", (), step.step.tables)


def test_a_rebuild_that_checks_counts_its_rows_and_is_about_what_is_in_the_way():
    changed = op.alter_column("t", old=B, new=op.column("b", "TEXT", null=True))
    (step,) = plan([changed, op.drop_column("t", A)], BEFORE, get_dialect("sqlite")).steps
    assert (step.operations, step.counted) == ((1, 0), ("t",))
    assert step.note.startswith("rebuild of t: ")
    assert step.preview() == step.step.preview()


def test_sqlite_lets_all_follow_a_rename():
    for operation in (op.rename_column("t", "a", "c"), op.rename_table("t", "s")):
        (step,) = plan([operation], BEFORE, get_dialect("sqlite")).steps
        assert isinstance(step, Statement)


def test_it_is_told_in_the_names_before_the_migration():
    operations = [op.rename_table("t", "s"), op.rename_column("s", "a", "c")]
    _, column = leaving(operations, replay(operations, BEFORE))
    assert column == (1, Leaving("t", "a", "c"))
