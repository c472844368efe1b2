"""Which checks go before changes of values and come back behind them."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.operations import describe, replay
from peewee_mig.plan.apart import with_checks_apart
from peewee_mig.plan.guards import guards
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema

A, B, ID = op.column("a", "INT"), op.column("b", "INT", null=True), op.column("id", "AUTO")
CHECK, OTHER = op.check('"a" < "b"'), op.check('"a" > 0', name="positive")
PARTS = (ID, A, B, op.primary_key("id"), CHECK, OTHER)
BEFORE = Schema.of(
    [
        op.create_table("t", *PARTS).object,
        op.create_table("other", ID, B, op.primary_key("id"), op.check('"b" > "id"')).object,
    ]
)
DROP_CHECK, DROP_TABLE = (
    op.drop_check("t", CHECK),
    op.drop_table("t", ID, op.column("a", "BIGINT"), *PARTS[2:]),
)
DROP_OTHER = op.drop_check("other", op.check('"b" > "id"'))
STRICT = op.alter_options("t", old=op.options(), new=op.options("STRICT"))


def change(old, using=None, *, table="t", type_="BIGINT", null=None, name="", fill=None):
    null = old.null if null is None else null
    old = op.column(name or old.name, "INT", null=old.null)
    new = op.column(old.name, type_, null=null)
    return op.alter_column(table, old=old, new=new, using=using, fill=fill)


BY_A, BY_B = change(A, "a * 9"), change(B, "b * 9")
WIDE_A, WIDE_B = change(A), change(B)
FILLED = change(B, type_="INT", null=False, fill=5)


@pytest.mark.parametrize(
    ("operations", "found"),
    [
        ([BY_A, BY_B], [(0, "drop"), (1, "add")]),
        ([BY_A, WIDE_B], [(0, "drop"), (1, "add")]),
        ([WIDE_B, BY_A], [(0, "drop"), (1, "add")]),
        ([FILLED, BY_A], [(0, "drop"), (1, "add")]),
        ([BY_A], []),
        ([WIDE_A, WIDE_B], []),
        ([BY_A, DROP_CHECK, BY_B], []),
        ([BY_A, DROP_TABLE], []),
        ([BY_A, op.rename_column("t", "b", "c"), change(B, "c * 9", name="c")],
         [(0, "drop"), (2, "add")]),
        ([BY_A, op.rename_table("t", "u"), change(B, "b * 9", table="u")],
         [(0, "drop"), (2, "add")]),
        ([STRICT, BY_A, DROP_OTHER, change(B, "b * 9", table="other"),
          op.rename_table("other", "x"), BY_B], [(1, "drop"), (5, "add")]),
        ([op.run_sql("SELECT 1", backward=()), BY_A, STRICT, BY_B], [(1, "drop"), (3, "add")]),
    ],
)  # fmt: skip
def test_a_check_waits_for_the_last_of_several_changes(operations, found):
    done, places = with_checks_apart(operations, BEFORE)
    placed = [pair for pair in zip(done, places, strict=True) if pair[0] not in operations]
    assert [(place, describe(each).partition(" ")[0]) for each, place in placed] == found
    replay(done, BEFORE)


def test_it_comes_back_by_the_names_that_there_are_then():
    operations = [BY_A, op.rename_column("t", "b", "c"), change(B, "c * 9", name="c")]
    done, _ = with_checks_apart(operations, BEFORE)
    assert done[0] == op.drop_check("t", CHECK)
    assert done[-1] == op.add_check("t", op.check('"a" < "c"'))


def test_it_is_asked_once_with_both_expressions():
    asked = [each for each in guards([BY_A, BY_B], BEFORE) if len(each.columns) > 1]
    (guard,) = asked
    assert (guard.operation, guard.kind, str(guard.condition)) == (1, "violated", '"a" < "b"')
    assert [str(each.using) for each in guard.filled] == ['"a" * 9', '"b" * 9']


@pytest.mark.parametrize("engine", ["sqlite", "postgres", "mysql"])
def test_the_steps_know_the_operations_that_they_serve(engine):
    steps = plan([BY_A, BY_B], BEFORE, get_dialect(engine)).steps
    served = [each.operations for each in steps]
    assert served == sorted(served)
    assert set(served) == {(0,), (1,)}
