"""Laws of fold: the same schema, the same rows, no more operations than before."""

from hypothesis import given
from hypothesis import strategies as st
from strategies import changes_of, schemas

from peewee_mig.diff import diff
from peewee_mig.diff.fold import fold
from peewee_mig.operations import RunSQL, invert_all, replay
from peewee_mig.operations.fates import fates


def touches(schema):
    """Draw what somebody says that SQL touches: nothing, nobody knows, a table."""
    return st.sampled_from([None, (), *((name,) for name in schema.names)])


@st.composite
def stories(draw):
    """Draw a schema and the operations of several migrations on it, SQL among them."""
    before = schema = draw(schemas())
    operations = []
    for _ in range(draw(st.integers(1, 4))):
        change = draw(changes_of(schema))
        operations += diff(change.before, change.after, change.renames, change.fills)
        schema = replay(operations, before)
        if draw(st.integers(0, 3)) == 0:
            operations.append(RunSQL((f"SELECT {len(operations)}",), touches=draw(touches(schema))))
    return before, tuple(operations)


@given(stories())
def test_folded_operations_lead_to_the_same_schema_and_rows(story):
    before, operations = story
    folded = fold(operations, before)
    assert replay(folded, before) == replay(operations, before)
    assert fates(folded, before) == fates(operations, before)
    assert len(folded) <= len(operations)


@given(stories())
def test_what_is_folded_folds_no_more(story):
    before, operations = story
    folded = fold(operations, before)
    assert fold(folded, before) == folded


@given(stories())
def test_the_users_sql_stays_in_its_order(story):
    before, operations = story
    kept = [each for each in operations if isinstance(each, RunSQL)]
    assert [each for each in fold(operations, before) if isinstance(each, RunSQL)] == kept


@given(stories())
def test_there_and_back_is_nothing(story):
    before, operations = story
    structural = [each for each in operations if not isinstance(each, RunSQL)]
    there = replay(structural, before)
    back = invert_all(structural)
    folded = fold([*structural, *back], before)
    assert replay(folded, before) == before
    assert there == replay(structural, before)
