"""Laws of diff, replay and invert, whatever the schemas."""

from hypothesis import given
from hypothesis import strategies as st
from strategies import changes, schemas

from peewee_mig.diff import candidates, diff
from peewee_mig.operations import Drop, Rename, describe, invert, invert_all, replay
from peewee_mig.operations.verbs import Add, Alter
from peewee_mig.schema.objects import Column, Table
from peewee_mig.schema.schema import Schema


def equivalent(one: Schema, other: Schema) -> bool:
    """Whether two schemas differ at most in names of indexes that nobody chose."""
    return one.names == other.names and all(_alike(table, other.table(table.name)) for table in one)


def _alike(one: Table, other: Table) -> bool:
    if (
        {*one.columns} != {*other.columns}
        or one.primary_key != other.primary_key
        or {*one.foreign_keys} != {*other.foreign_keys}
        or len(one.indexes) != len(other.indexes)
    ):
        return False
    return all(any(i.equivalent(each) for each in other.indexes) for i in one.indexes) and all(
        any(i.equivalent(each) for each in one.indexes) for i in other.indexes
    )


@given(changes())
def test_the_operations_of_a_diff_lead_to_the_other_schema(change):
    operations = diff(change.before, change.after, change.renames, change.fills)
    reached = replay(operations, change.before)
    assert equivalent(reached, change.after)
    assert diff(reached, change.after) == ()


@given(schemas())
def test_nothing_differs_from_itself(schema):
    assert diff(schema, schema) == ()


@given(schemas(), schemas())
def test_schemas_that_have_nothing_to_do_with_each_other(before, after):
    assert equivalent(replay(diff(before, after), before), after)


@given(changes())
def test_the_inverse_leads_back(change):
    operations = diff(change.before, change.after, change.renames, change.fills)
    reached = replay(operations, change.before)
    assert replay(invert_all(operations), reached) == change.before


@given(changes())
def test_the_inverse_of_an_inverse_is_the_operation_itself(change):
    for operation in diff(change.before, change.after, change.renames):
        twice = invert(invert(operation))
        assert _without_fill(twice) == _without_fill(operation)
        # A column that a rollback dropped comes back as a new one: it may have a fill.
        assert invert(invert(twice)) == twice


def _without_fill(operation):
    match operation:
        case Add():
            return Add(operation.table, operation.object)
        case Alter():
            return Alter(operation.table, operation.old, operation.new)
        case _:
            return operation


@given(changes())
def test_a_rename_that_was_answered_is_a_rename(change):
    operations = diff(change.before, change.after, change.renames)
    dropped = {(o.table, o.object.name) for o in operations if isinstance(o, Drop)
               and isinstance(o.object, Table | Column)}  # fmt: skip
    for old in change.renames.tables:
        assert (old, old) not in dropped
        assert any(isinstance(o, Rename) and o.old == old for o in operations)


@given(changes())
def test_each_operation_is_described_in_one_line(change):
    for operation in diff(change.before, change.after, change.renames, change.fills):
        words = describe(operation)
        assert words
        assert len(words.splitlines()) == 1


@given(changes(), st.data())
def test_candidates_propose_what_can_be_answered_until_no_question_is_left(change, data):
    renames, refused = type(change.renames)(), frozenset()
    while found := candidates(change.before, change.after, renames, refused):
        assert len({candidate.option for candidate in found}) == len(found)
        for candidate in found:
            _can_be(candidate, change, renames)
        candidate = data.draw(st.sampled_from(found))
        if not data.draw(st.booleans()):
            refused |= {candidate.option}
        elif candidate.kind == "table":
            renames = renames.with_table(candidate.old, candidate.new)
        else:
            renames = renames.with_column(candidate.table, candidate.old, candidate.new)
        assert candidate not in candidates(change.before, change.after, renames, refused)
    operations = diff(change.before, change.after, renames)
    assert equivalent(replay(operations, change.before), change.after)


def _can_be(candidate, change, renames):
    assert 0 <= candidate.score <= 1
    assert candidate.reason
    if candidate.kind == "table":
        assert candidate.old in change.before
        assert candidate.old not in change.after
        assert candidate.new in change.after
        assert candidate.new not in change.before
        return
    old = change.before.table(renames.old_table(candidate.table)).column(candidate.old)
    new = change.after.table(candidate.table).column(candidate.new)
    assert old.type == new.type
