"""Reference rows as values: words of a file, JSON, what operations make of them, their words."""

import json
from dataclasses import replace

import pytest
from rows_world import State

from peewee_mig import op
from peewee_mig.diff import Renames, diff
from peewee_mig.errors import SchemaError
from peewee_mig.history.naming import propose_name
from peewee_mig.history.render import render_module
from peewee_mig.operations import (
    apply,
    describe,
    invert,
    invert_all,
    operations_from_json,
    operations_to_json,
    replay,
    word_of,
)
from peewee_mig.operations.touches import conflicts
from peewee_mig.schema import Schema
from peewee_mig.schema.codec import schema_hash, table_from_json, table_to_json
from peewee_mig.schema.compare import difference, differences
from peewee_mig.schema.rows import Ref, Row, Rows

ROLE = State({"a": "A", "b": "B"}, (("a", "x"),), {"leaf": "root", "root": ""})
REF = op.ref("role", "id", {"name": "a"})
CHANGES = (
    op.insert_rows("role", "name", [{"name": "c", "label": None}], over=True),
    op.update_rows(
        "role", "name", [({"name": "a", "label": "A"}, {"name": "a", "label": b"\xff"})]
    ),
    op.delete_rows("role", "name", [{"name": "x", "n": 1, "f": 0.5, "t": True, "at": op.now()}]),
    op.insert_rows("may", ["role_id", "what"], [{"role_id": REF, "what": "y"}]),
    op.change_row_key("role", old="name", new=["label", "name"]),
)


def test_changes_have_words_of_their_own():
    words = ["insert_rows", "update_rows", "delete_rows", "insert_rows", "change_row_key"]
    assert [word_of(each) for each in CHANGES] == words
    assert [describe(each) for each in CHANGES] == [
        "insert 1 row of role by name: c",
        "update 1 row of role by name: a",
        "delete 1 row of role by name: x",
        "insert 1 row of may by role_id, what: a, y",
        "know rows of role by label, name, not by name",
    ]
    narrowed = op.update_rows("role", "name", [({"name": "a", "label": "A"}, {"name": "a"})])
    assert describe(narrowed) == "leave label of rows of role undeclared"
    assert describe(op.create_table("t", op.column("a", "INT"), op.rows("a", [{"a": 1}]))) == (
        "create table t (a) with 1 row"
    )
    assert propose_name(CHANGES[:1]) == "insert_rows_of_role"
    assert propose_name(CHANGES[1:2]) == "update_rows_of_role"
    assert propose_name(CHANGES[2:3]) == "delete_rows_of_role"
    created = op.create_table("t", op.column("a", "INT"))
    assert propose_name([created, CHANGES[0]], first=True) == "initial"
    assert str(Row.of({"a": b"\x01", "b": None, "c": op.uuid4()})) == "x'01', NULL, uuid4()"


def test_json_has_every_field_and_old_operations_none_of_them():
    data = operations_to_json(CHANGES)
    assert operations_from_json(json.loads(json.dumps(data))) == CHANGES
    assert data[0] == {
        "op": "insert_rows",
        "table": "role",
        "key": ["name"],
        "new": [{"label": None, "name": "c"}],
        "over": True,
    }
    assert "over" not in data[1]
    bare = State(tables=("role",)).schema.table("role")
    assert "rows" not in table_to_json(bare)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"op": "delete_rows"}, "delete_rows has the rows of insert_rows"),
        ({"new": [{"name": {"what": 1}}]}, "no value of a row"),
        ({"new": [{"name": {"function": "rm"}}]}, "no value of a row"),
        ({"new": [{"name": {"hex": "x"}}]}, "non-hexadecimal"),
        ({"old": [{"name": "a"}, {"name": "b"}]}, "no.* pairs"),
    ],
)
def test_damaged_json_is_refused(change, message):
    with pytest.raises(SchemaError, match=message):
        operations_from_json([{**operations_to_json(CHANGES[:1])[0], **change}])


def test_rows_are_in_the_hash_and_their_order_is_not():
    schema = ROLE.schema
    turned = State({"b": "B", "a": "A"}, ROLE.may, dict(reversed(ROLE.tree.items()))).schema
    assert schema == turned
    assert schema_hash(schema) == schema_hash(turned)
    assert hash(schema.table("role")) == hash(turned.table("role"))
    other = State({"a": "A", "b": ""}, ROLE.may, ROLE.tree).schema
    assert schema_hash(schema) != schema_hash(other)
    for table in schema:
        assert table_from_json(json.loads(json.dumps(table_to_json(table)))) == table
    assert Rows(("a",), (Row.of({"a": 1}),)) != "rows"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: op.rows([], [{"a": 1}]), "no key of rows"),
        (lambda: op.rows(["a", "a"], [{"a": 1}]), "no key of rows"),
        (lambda: op.rows("a", [{"b": 1}]), "has no a, which is its key"),
        (lambda: op.rows("a", [{"a": None}]), "has no a, which is its key"),
        (lambda: op.rows("a", [{"a": 1, "b": 1}, {"a": 1}]), "two rows have the a 1"),
        (lambda: op.rows("a", ["a"]), "is no row"),
        (lambda: op.rows("a", [{"a": [1]}]), "cannot be a list"),
        (lambda: op.insert_rows("t", "a", []), "no rows of t"),
        (lambda: Row((("a", 1), ("a", 2))), "a column twice"),
        (
            lambda: op.create_table("t", op.column("a", "INT"), *[op.rows("a", [{"a": 1}])] * 2),
            "one of",
        ),
    ],
)
def test_what_no_rows_can_be_is_refused(make, message):
    with pytest.raises(SchemaError, match=message):
        make()


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (op.insert_rows("role", "name", [{"name": "a"}]), "has a reference row .a. already"),
        (op.insert_rows("role", "label", [{"label": "Z"}]), r"is \(name\), not \(label\)"),
        (op.insert_rows("role", "name", [{"name": "z", "no": 1}]), "no column no"),
        (op.delete_rows("role", "name", [{"name": "z"}]), "has no reference row .z. of role"),
        (op.delete_rows("role", "name", [{"name": "b"}]), r"the reference row \(B, b\), not \(b\)"),
        (
            op.update_rows("role", "name", [({"name": "b", "label": "C"}, {"name": "b"})]),
            r"the reference row \(B, b\), not \(C, b\)",
        ),
        (
            op.delete_rows("role", "name", [{"name": "a", "label": "A"}]),
            "which is no reference row",
        ),
        (
            op.insert_rows(
                "may",
                ["role_id", "what"],
                [{"role_id": op.ref("role", "id", {"name": "z"}), "what": "x"}],
            ),
            "refers to the row .z. of role, which is no reference row",
        ),
        (op.insert_rows("no", "name", [{"name": "a"}]), "no table no"),
        (op.change_row_key("role", old="label", new="name"), r"do not have the key \(label\)"),
        (
            op.drop_column("role", op.column("label", "VARCHAR(40)", null=True)),
            "used by the reference rows",
        ),
    ],
)
def test_replay_is_strict_with_rows(operation, message):
    with pytest.raises(SchemaError, match=message) as caught:
        apply(operation, ROLE.schema)
    assert caught.value.hint


def test_no_row_gives_a_generated_column_a_value():
    twice = op.column("b", "INT", computed='"a" * 2')
    table = op.create_table("t", op.column("a", "INT"), twice, op.rows("a", [{"a": 1, "b": 2}]))
    with pytest.raises(SchemaError, match=r"t\.b is generated"):
        apply(table, Schema())


def test_a_table_whose_rows_others_refer_to_is_not_dropped():
    schema = ROLE.schema
    key = schema.table("may").foreign_keys[0]
    schema = apply(op.drop_foreign_key("may", key), schema)
    drop = invert(diff(Schema(), State(ROLE.roles, tables=("role",)).schema)[0])
    with pytest.raises(SchemaError, match="used by the reference rows of may"):
        apply(drop, schema)


def test_rows_follow_renames_of_tables_columns_and_values():
    mood = op.enum("mood", "sad", "ok")
    table = op.create_table(
        "t",
        op.column("a", "VARCHAR(9)"),
        op.column("m", "mood"),
        op.primary_key("a"),
        op.rows("a", [{"a": "sad", "m": "sad"}, {"a": "x", "m": "ok"}]),
    )
    other = op.create_table("u", op.column("a", "INT"), op.rows("a", [{"a": 1}]))
    made = [op.create_object(mood), table, other, op.rename_value("mood", "sad", "blue")]
    rows = replay(made, Schema()).table("t").rows
    assert rows == op.rows("a", [{"a": "sad", "m": "blue"}, {"a": "x", "m": "ok"}])
    renames = [op.rename_table("role", "roles"), op.rename_column("roles", "name", "code")]
    renames.append(op.rename_column("roles", "id", "number"))
    schema = replay(renames, ROLE.schema)
    assert [*schema.table("may").rows.rows[0].refs] == [op.ref("roles", "number", {"code": "a"})]
    assert schema.table("roles").rows.key == ("code",)
    assert replay(invert_all(renames), schema) == ROLE.schema
    nested = Row.of({"a": op.ref("t", "id", {"b": REF})})
    assert [ref.table for ref in nested.refs] == ["t", "role"]
    assert nested.referring(lambda ref: Ref(f"{ref.table}s", ref.column, ref.key)) == Row.of(
        {"a": op.ref("ts", "id", {"b": op.ref("roles", "id", {"name": "a"})})}
    )


def test_a_module_spells_rows_that_python_reads_back(tmp_path):
    operations = (*diff(Schema(), ROLE.schema), *CHANGES)
    names = {}
    exec(render_module(operations, depends_on=[]), names)  # noqa: S102 (a module of ours)
    assert names["operations"] == list(operations)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (State({"a": "A"}, ROLE.may, ROLE.tree), ["the reference row (b) of role is missing"]),
        (
            State({**ROLE.roles, "c": "C"}, ROLE.may, ROLE.tree),
            ["the reference row (c) of role is not expected"],
        ),
        (
            State({"a": None, "b": "X"}, ROLE.may, ROLE.tree),
            [
                "the reference row (a) of role has label undeclared, expected A",
                "the reference row (b) of role has label X, expected B",
            ],
        ),
        (
            State({}, (), ROLE.tree),
            [
                "the reference row (a, x) of may is missing",
                "the reference row (a) of role is missing",
                "the reference row (b) of role is missing",
            ],
        ),
    ],
)
def test_differences_of_rows_are_said_one_by_one(found, lines):
    assert difference(ROLE.schema, found.schema) == lines


def test_a_row_that_is_not_expected_is_accepted_with_its_values():
    states = (State(roles, tables=("role",)) for roles in ({}, {"a": "A"}))
    (found,) = differences(*(state.schema for state in states))
    assert found.exact == (
        'the reference row (a) of role is not expected: {"label":"A","name":"a"}'
    )


def test_another_key_is_a_difference():
    other = apply(op.change_row_key("role", old="name", new="label"), ROLE.schema)
    assert difference(ROLE.schema, other) == [
        "the key of the reference rows of role is label, expected name"
    ]


def words(one, other, renames=None):
    operations = diff(one, other, renames or Renames())
    assert replay(operations, one) == other
    assert replay(invert_all(operations), other) == one
    return [describe(each) for each in operations]


def role(*rows, key="name", name="VARCHAR(20)", label="VARCHAR(40)"):
    return Schema.of([
        op.create_table(
            "role",
            op.column("name", name),
            op.column("label", label, null=True),
            *([op.rows(key, rows)] if rows else []),
        ).object
    ])  # fmt: skip


def test_a_key_changes_without_a_change_of_rows():
    one, other = role({"name": "a", "label": "A"}), role({"name": "a", "label": "A"}, key="label")
    assert words(one, other) == ["know rows of role by label, not by name"]
    new = role({"name": "b", "label": "A"}, {"name": "c", "label": "C"}, key="label")
    assert words(one, new) == [
        "know rows of role by label, not by name",
        "update 1 row of role by label: A",
        "insert 1 row of role by label: C",
    ]


def test_rows_that_do_not_have_the_new_key_yet_are_known_by_the_old_one():
    one, other = role({"name": "a"}), role({"name": "a", "label": "A"}, key="label")
    assert words(one, other) == [
        "update 1 row of role by name: a",
        "know rows of role by label, not by name",
    ]
    assert words(one, role({"label": "A"}, key="label")) == [
        "delete 1 row of role by name: a",
        "insert 1 row of role by label: A",
    ]


def test_all_rows_that_a_reference_holds_go_before_those_of_another_key_come():
    one = State({"a": "A"}, (("a", "x"),)).schema
    roles = State({"z": "Z"}, (("z", "x"),)).schema
    other = roles.with_table(
        apply(op.change_row_key("role", old="name", new="label"), State({"z": "Z"}).schema).table(
            "role"
        )
    )
    may = op.rows(
        ["role_id", "what"], [{"role_id": op.ref("role", "id", {"label": "Z"}), "what": "x"}]
    )

    other = other.with_table(replace(other.table("may"), rows=may))
    assert words(one, other) == [
        "delete 1 row of may by role_id, what: a, x",
        "delete 1 row of role by name: a",
        "insert 1 row of role by label: Z",
        "insert 1 row of may by role_id, what: Z, x",
    ]


def test_values_of_another_type_are_set_behind_the_change_of_the_type():
    one = role({"name": "1", "label": "7"})
    assert words(one, role({"name": 1, "label": 8}, name="INT", label="INT")) == [
        "leave label of rows of role undeclared",
        "change column role.name from VARCHAR(20) NOT NULL to INT NOT NULL",
        "change column role.label from VARCHAR(40) NULL to INT NULL",
        "update 1 row of role by name: 1",
    ]
    assert words(one, role({"name": "1", "label": "7"}, label="VARCHAR(60)")) == [
        "change column role.label from VARCHAR(40) NULL to VARCHAR(60) NULL"
    ]


def test_rows_in_a_circle_are_refused():
    circle = State(tree={"a": "b", "b": "a"}).schema
    empty = State().schema
    with pytest.raises(SchemaError, match=r"in a circle, .*: tree \(a\); tree \(b\)"):
        diff(empty, circle)


def test_rows_of_a_table_that_is_kept_go_once_nothing_refers_to_them():
    one = State(
        {"a": "A", "b": "B"}, (("a", "x"), ("b", "x")), {"leaf": "mid", "mid": "root", "root": ""}
    )
    other = State({"a": "A"}, (("a", "x"),), {"leaf": "root", "root": ""})
    assert words(one.schema, other.schema) == [
        "delete 1 row of may by role_id, what: b, x",
        "delete 1 row of role by name: b",
        "update 1 row of tree by name: leaf",
        "delete 1 row of tree by name: mid",
    ]
    gone = State({"a": "A"}, tables=("role", "tree"))
    assert words(one.schema, gone.schema) == [
        "delete 3 rows of tree by name: leaf; mid; root",
        "drop table may (role_id, what) with 2 rows",
        "delete 1 row of role by name: b",
    ]


def test_a_column_that_referred_to_a_table_that_goes_is_declared_anew():
    role = State({"a": "A"}, tables=("role",)).schema
    log = [op.column("name", "VARCHAR(9)"), op.column("role_id", "INT", null=True)]
    key = op.foreign_key("role_id", "role", "id")
    rows = [{"name": "x", "role_id": op.ref("role", "id", {"name": "a"})}, {"name": "y"}]
    one = role.with_table(op.create_table("log", *log, key, op.rows("name", rows)).object)
    plain = op.rows("name", [{"name": "x", "role_id": 7}, {"name": "y"}])
    other = Schema.of([op.create_table("log", *log, plain).object])
    assert words(one, other) == [
        "leave role_id of rows of log undeclared",
        "drop foreign key log (role_id) to role (id)",
        "drop table role (id, name, label) with 1 row",
        "update 1 row of log by name: x",
    ]


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        (CHANGES[0], op.insert_rows("role", "name", [{"name": "d"}]), None),
        (CHANGES[0], op.insert_rows("role", "name", [{"name": "C"}]), "the rows of role (c)"),
        (CHANGES[0], op.add_column("role", op.column("n", "INT")), "column role.n"),
        (CHANGES[1], op.add_column("role", op.column("n", "INT")), None),
        (CHANGES[1], op.rename_column("role", "label", "title"), "column role.label"),
        (
            CHANGES[3],
            op.delete_rows("role", "name", [{"name": "a"}]),
            "the rows of role (a)",
        ),
        (CHANGES[4], CHANGES[1], "the rows of role (label)"),
        (
            op.create_table("u", op.column("r", "INT"), op.rows("r", [{"r": REF}])),
            op.delete_rows("role", "name", [{"name": "a"}]),
            "the rows of role (a)",
        ),
    ],
)
def test_rows_of_other_keys_are_in_nobodys_way(one, other, place):
    for pair in ((one, other), (other, one)):
        found = [str(each.place).lower() for each in conflicts([pair[0]], [pair[1]])]
        assert found[:1] == ([place] if place else [])
