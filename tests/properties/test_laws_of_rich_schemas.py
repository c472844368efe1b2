"""Laws of diff, replay, invert, files and snapshots over all that an engine can have."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich import rich_changes

from peewee_mig.dialects.recognize import settle
from peewee_mig.diff import diff
from peewee_mig.history.module import parse_module
from peewee_mig.history.render import render_module
from peewee_mig.history.snapshots import EMPTY, make_snapshot
from peewee_mig.operations import (
    describe,
    invert_all,
    operations_from_json,
    operations_to_json,
    replay,
)
from peewee_mig.schema import Schema
from peewee_mig.schema.codec import schema_hash

#: Each example starts the formatter.
formatted = settings(max_examples=settings().max_examples // 5)
of_each_engine = pytest.mark.parametrize("engine", ["sqlite", "postgres", "mysql"])


def operations_of(change):
    return diff(change.before, change.after, change.renames, change.fills)


@of_each_engine
@given(data=st.data())
def test_the_operations_of_a_diff_lead_there_and_back(engine, data):
    change = data.draw(rich_changes(engine))
    operations = operations_of(change)
    reached = replay(operations, change.before)
    assert settle(reached, change.after) == change.after
    assert diff(reached, change.after) == ()
    assert replay(invert_all(operations), reached) == change.before


@of_each_engine
@given(data=st.data())
def test_a_schema_is_made_and_taken_away(engine, data):
    schema = data.draw(rich_changes(engine)).after
    assert diff(schema, schema) == ()
    assert replay(diff(Schema(), schema), Schema()) == schema
    assert replay(diff(schema, Schema()), schema) == Schema()


@of_each_engine
@given(data=st.data())
def test_operations_read_back_from_json_and_from_a_module(engine, data):
    operations = operations_of(data.draw(rich_changes(engine)))
    assert operations_from_json(operations_to_json(operations)) == operations
    text = render_module(operations, depends_on=[])
    assert parse_module(Path("0001_x.py"), text.encode()).operations == operations


@of_each_engine
@formatted
@given(data=st.data())
def test_modules_are_laid_out_as_the_formatter_leaves_them(engine, data):
    text = render_module(operations_of(data.draw(rich_changes(engine))), depends_on=[])
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--stdin-filename", "m.py"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout.decode() == text


@of_each_engine
@given(data=st.data())
def test_each_operation_is_described_in_one_line(engine, data):
    for operation in operations_of(data.draw(rich_changes(engine))):
        assert len(describe(operation).splitlines()) == 1


@of_each_engine
@given(data=st.data())
def test_a_chain_of_snapshots_gives_the_schema(engine, data):
    change = data.draw(rich_changes(engine))
    state, chain = EMPTY, []
    for schema in (change.before, change.after, change.before):
        snapshot = make_snapshot(state, schema, parents={}, chain=chain)
        state = state.after(snapshot)
        chain = [snapshot] if snapshot.complete else [*chain, snapshot]
        assert state.schema == schema
        assert state.hash == snapshot.schema == schema_hash(schema)
