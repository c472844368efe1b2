"""Laws of what operations touch: what is said to commute leads to the same in any order."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich import rich_changes
from strategies import changes_of, schemas

from peewee_mig.diff import diff
from peewee_mig.errors import SchemaError
from peewee_mig.operations import invert_all, replay
from peewee_mig.operations.touches import commute, conflicts


def operations_of(change):
    return diff(change.before, change.after, change.renames, change.fills)


def leads_to_the_same(one, other, before):
    """Whether the order of two lists does not matter, and each undoes what it did."""
    reached = replay([*one, *other], before)
    assert replay([*other, *one], before) == reached
    assert replay(invert_all(one), reached) == replay(other, before)


@given(st.data())
def test_two_changes_of_one_schema_commute_or_are_told_apart(data):
    before = data.draw(schemas(min_tables=1))
    one, other = (operations_of(data.draw(changes_of(before, least=1))) for _ in range(2))
    assume(one and other)
    if commute(one, other):
        _refuse_or_same(one, other, before)
    else:
        assert all(each.why.startswith("both touch ") for each in conflicts(one, other))
        assert not commute(other, one)


@pytest.mark.parametrize("engine", ["sqlite", "postgres", "mysql"])
@given(data=st.data())
def test_the_parts_of_one_change_commute_or_are_told_apart(engine, data):
    change = data.draw(rich_changes(engine))
    one, other = _dealt(data, operations_of(change), change.before)
    assume(one and other)
    if commute(one, other):
        _refuse_or_same(one, other, change.before)
    else:
        assert not commute(other, one)


def _dealt(data, operations, before):
    """Deal operations to two sides, each of which fits the schema without the other."""
    sides, reached = ([], []), [before, before]
    for operation in operations:
        first = data.draw(st.integers(0, 1))
        for side in (first, 1 - first):
            try:
                reached[side] = replay([operation], reached[side])
            except SchemaError:
                continue
            sides[side].append(operation)
            break
    return sides


def _refuse_or_same(one, other, before):
    try:
        reached = replay([*one, *other], before)
    except SchemaError as error:  # what a table cannot be without is more than its parts
        reached = error.message
    if isinstance(reached, str):
        assert "is the only one of" in reached
    else:
        leads_to_the_same(one, other, before)
