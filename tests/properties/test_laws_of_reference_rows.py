"""Laws of reference rows: what is declared is there, what nobody declared stays, and back."""

import json
import sqlite3

from hypothesis import given
from hypothesis import strategies as st
from rows_world import State

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Statement
from peewee_mig.diff import Renames, diff
from peewee_mig.operations import invert_all, operations_from_json, operations_to_json, replay
from peewee_mig.plan.planner import plan
from peewee_mig.runner.lost_rows import edited, untouched
from peewee_mig.runner.rows import with_rows
from peewee_mig.schema import Schema
from peewee_mig.schema.codec import table_from_json, table_to_json

SQLITE = get_dialect("sqlite")
NAMES = ("a", "bb", "c'c", "d")
#: Rows of somebody's that no state declares.
OWN = (
    "INSERT INTO role (id, {name}, label) VALUES (70, 'own', 'mine')",
    "INSERT INTO may (role_id, what) VALUES (70, 'x')",
    "INSERT INTO tree (id, name) VALUES (71, 'own')",
)


@st.composite
def states(draw):
    roles = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["", "A", "B"])))
    pairs = [(role, what) for role in roles for what in ("x", "y")]
    may = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    order = draw(st.permutations(NAMES))
    tree = {}
    for name in order[: draw(st.integers(0, len(order)))]:
        tree[name] = draw(st.sampled_from(["", *tree]))
    mixed = dict(draw(st.permutations(list(tree.items()))))
    ranked = draw(st.sampled_from(["", "INT", "VARCHAR(9)"]))
    called = draw(st.sampled_from(["name", "code"]))
    return State(roles, tuple(may), mixed, ranked, called, draw(st.booleans()))


class Database:
    """A SQLite database that runs plans as the runner does: guards first."""

    def __init__(self):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.query("PRAGMA foreign_keys = ON")

    def query(self, sql):
        return self.connection.execute(sql).fetchall()

    def run(self, operations, before):
        made = plan(operations, before, SQLITE)
        for guard in made.guards:
            assert not self.query(SQLITE.guard_sql(guard)[0])[0][0], guard
        self.query("PRAGMA foreign_keys = OFF")
        for step in made.steps:
            sql = (step.sql,) if isinstance(step, Statement) else step.resolve(self.query)
            for each in sql:
                self.query(each)
        self.query("PRAGMA foreign_keys = ON")
        assert not self.query("PRAGMA foreign_key_check")


def renames(one, other):
    found = Renames()
    return (
        found if one.called == other.called else found.with_column("role", one.called, other.called)
    )


@given(states(), states())
def test_declared_rows_are_there_others_stay_and_the_way_back_leads_back(one, other):
    operations = diff(one.schema, other.schema, renames(one, other))
    assert replay(operations, one.schema) == other.schema
    back = invert_all(operations)
    assert replay(back, other.schema) == one.schema
    database = Database()
    database.run(diff(Schema(), one.schema), Schema())
    assert one.found(database.query) == one.expected()
    for sql in OWN:
        database.query(sql.format(name=one.called))
    started = one.found(database.query)
    database.run(operations, one.schema)
    rank = (None,) if other.ranked else ()
    own = {
        "role": ("own", "mine", *rank),
        "may": ("own", "x"),
        "tree": ("own", None)[: 2 - other.flat],
    }
    assert other.found(database.query) == {t: {own[t], *r} for t, r in other.expected().items()}
    assert with_rows(other.schema, SQLITE, database.query) == other.schema
    for table in ("role", "may", "tree"):
        rows = other.schema.table(table).rows
        assert untouched(table, other.schema, SQLITE, database.query) == len(
            rows.rows if rows else ()
        )
        assert not edited(table, rows.by_key if rows else (), other.schema, SQLITE, database.query)
    database.run(back, other.schema)
    found = one.found(database.query)
    lost = started["role"] - found["role"]
    assert {row[:2] for row in found["role"]} == {row[:2] for row in started["role"]}, lost
    assert found["may"] == started["may"]
    assert {row[0] for row in found["tree"]} == {row[0] for row in started["tree"]}
    assert with_rows(one.schema, SQLITE, database.query) == one.schema


@given(states(), states())
def test_changes_of_rows_survive_json(one, other):
    operations = diff(one.schema, other.schema, renames(one, other))
    assert (
        operations_from_json(json.loads(json.dumps(operations_to_json(operations)))) == operations
    )
    for table in other.schema:
        assert table_from_json(json.loads(json.dumps(table_to_json(table)))) == table


@given(states(), st.randoms(use_true_random=False))
def test_what_differs_in_a_database_is_found_and_mended(state, random):
    database = Database()
    database.run(diff(Schema(), state.schema), Schema())
    for sql in OWN:
        database.query(sql.format(name=state.called))
    if not state.flat:
        database.query("UPDATE tree SET parent_id = 71 WHERE parent_id IS NULL AND id < 3")
    database.query(f"UPDATE role SET label = 'changed' WHERE id % 2 = {random.randint(0, 2)}")
    database.query(f"DELETE FROM may WHERE role_id = {random.randint(1, 3)}")
    found = with_rows(state.schema, SQLITE, database.query)
    database.run(diff(found, state.schema), found)
    assert with_rows(state.schema, SQLITE, database.query) == state.schema
