"""JSON of every kind of object and attribute: there and back, strict, and hashed as before."""

import json
from dataclasses import MISSING, fields, replace

import pytest
from words_world import (
    CHECKS,
    ENUM,
    EXCLUSIONS,
    OBJECTS,
    OPERATIONS,
    OPTIONS,
    PARTS,
    TABLE,
    TRIGGER,
    UNIQUES,
    VIEW,
)

from peewee_mig import op
from peewee_mig.errors import SchemaError
from peewee_mig.history.snapshots import EMPTY, make_snapshot
from peewee_mig.operations import operations_from_json, operations_to_json, word_of
from peewee_mig.schema import Schema, Table
from peewee_mig.schema.codec import (
    object_from_json,
    object_hash,
    object_to_json,
    schema_hash,
    table_from_json,
    table_hash,
    table_to_json,
)
from peewee_mig.schema.standalone import kind_of

WHOLE = TABLE.object
BEFORE_ISSUE_4 = Schema.of([
    op.create_table(
        "item",
        op.column("id", "AUTO"),
        op.column("price", "DECIMAL(10, 2)", null=True),
        op.primary_key("id"),
        op.index("item_price", "price", unique=True, named=True),
        op.index("a", "id"),
        op.foreign_key("id", "item", "id", on_delete="CASCADE", on_update="SET NULL", name="k"),
    ).object,
    op.create_table("é", op.column("a", "TEXT")).object,
])  # fmt: skip


@pytest.mark.parametrize("word", OPERATIONS)
def test_an_operation_survives_json(word):
    operation = OPERATIONS[word]
    (data,) = operations_to_json([operation])
    assert data["op"] == word == word_of(operation)
    assert operations_from_json([json.loads(json.dumps(data))]) == (operation,)


def test_every_attribute_of_every_kind_is_among_the_cases():
    """A new attribute that the cases lack would be one that no test takes through the codec."""
    cases = [WHOLE, *PARTS, OPTIONS, WHOLE.primary_key, *OBJECTS.values()]
    cases += [column.computed for column in WHOLE.columns if column.computed]
    cases += [op.index("i", "a"), op.foreign_key("a", "t", "b", on_delete="CASCADE")]
    cases += [
        op.foreign_key("a", "t", "b", on_update="CASCADE"),
        op.view("v", "S", materialized=True),
    ]
    for kind in {type(each) for each in cases}:
        for attribute in fields(kind):
            values = [getattr(each, attribute.name) for each in cases if type(each) is kind]
            unlike = attribute.default is MISSING or set(values) - {attribute.default}
            assert unlike, f"{kind.__name__}.{attribute.name}"


@pytest.mark.parametrize("thing", OBJECTS.values(), ids=kind_of)
def test_what_stands_beside_the_tables_survives_json(thing):
    data = json.loads(json.dumps(object_to_json(thing)))
    assert data["kind"] == kind_of(thing)
    assert object_from_json(data) == thing


def test_attributes_are_left_out_at_their_default():
    assert table_to_json(op.create_table("t", op.column("a", "INT")).object) == {
        "name": "t",
        "columns": [{"name": "a", "type": "INT"}],
    }
    assert object_to_json(op.view("v", "SELECT 1")) == {
        "kind": "view",
        "name": "v",
        "select": "SELECT 1",
    }


def test_expressions_and_types_are_texts():
    data = table_to_json(WHOLE)
    columns = {each["name"]: each for each in data["columns"]}
    assert columns["tags"] == {"name": "tags", "type": "VARCHAR(40)[]", "default": "'{}'"}
    assert columns["twice"]["computed"] == {"expression": '"price" * 2', "stored": True}
    assert columns["half"]["computed"] == {"expression": '"price" / 2'}
    assert columns["price"]["options"] == ["UNSIGNED", "ZEROFILL"]
    assert data["options"] == {"words": ["STRICT", "WITHOUT ROWID"], "comment": "what is sold"}
    assert data["checks"][0] == {"expression": "\"name\" <> 'it''s'"}
    assert object_to_json(TRIGGER)["create"] == {
        "mysql": 'CREATE TRIGGER "…"',
        "sqlite": "CREATE TRIGGER …",
    }


def test_no_order_of_constraints_counts():
    turned = replace(
        WHOLE,
        columns=WHOLE.columns[::-1],
        checks=WHOLE.checks[::-1],
        uniques=WHOLE.uniques[::-1],
        exclusions=WHOLE.exclusions[::-1],
        indexes=WHOLE.indexes[::-1],
    )
    assert turned == WHOLE
    assert table_hash(turned) == table_hash(WHOLE)
    assert table_from_json(table_to_json(turned)) == WHOLE


def test_schemas_without_anything_new_hash_as_they_always_did():
    """Taken from the version before constraints and objects beside the tables."""
    expected = "42140881942013ee05b1bf0a115465ec31edd9777f1c4105a8b77240950e0d1c"
    assert schema_hash(BEFORE_ISSUE_4) == expected
    snapshot = make_snapshot(EMPTY, BEFORE_ISSUE_4, parents={}, chain=[])
    assert (snapshot.schema, snapshot.size) == (expected, 466)


def test_every_object_counts_in_the_hash_of_a_schema():
    hashes = {schema_hash(Schema.of([WHOLE], [each])) for each in OBJECTS.values()}
    assert len(hashes | {schema_hash(Schema.of([WHOLE]))}) == len(OBJECTS) + 1
    changed = op.view(VIEW.name, VIEW.select.text, needs=["other"])
    assert object_hash(changed) != object_hash(VIEW)


def of(word, **changes):
    (data,) = operations_to_json([OPERATIONS[word]])
    return {**data, **changes}


def defined(word, **changes):
    return of(word, definition={**of(word)["definition"], **changes})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (of("add_check", op="create_check"), "unknown operation"),
        (of("create_view", op="add_view"), "unknown operation"),
        (
            of("add_check", op="alter_check", old={"expression": "1"}, new={"expression": "2"}),
            "unknown operation",
        ),
        (of("create_sequence", op="alter_sequence", old={}, new={}), "cannot be read"),
        (of("create_view", op="create_dragon"), "unknown operation"),
        (of("create_view", op="rename_view", old="a", new="b"), "unknown operation"),
        ({"op": "add_options", "table": "t", "definition": {}}, "neither added nor dropped"),
        (defined("add_check", expression=1), "expression is no text"),
        (defined("add_check", expression="'open"), "cannot be read"),
        (defined("add_check", deferrable="x"), "unknown attributes 'deferrable'"),
        (of("add_check", definition={"name": "c"}), "KeyError 'expression'"),
        (of("add_check", definition=[]), "KeyError"),
        (of("add_check", definition="x"), "unknown attributes"),
        (defined("add_unique", nulls_distinct=1), "neither true nor false"),
        (defined("add_unique", deferrable="SOMETIMES"), "unknown deferral"),
        (defined("add_unique", conflict="EXPLODE"), "unknown word"),
        (defined("add_unique", columns=[]), "has no columns"),
        (defined("add_unique", columns="price"), "no list of names"),
        (defined("add_unique", name=None), "name is no text"),
        (of("alter_options", new={"words": "STRICT"}), "no list of names"),
        (of("alter_options", new={"comment": 1}), "comment is no text"),
        (defined("create_view", kind="dragon"), "unknown kind 'dragon'"),
        (defined("create_view", kind="sequence"), "unknown attributes"),
        (of("create_view", definition=object_to_json(ENUM)), "view has the definition of a enum"),
        (of("create_trigger", definition=of("create_function")["definition"]), "trigger has the"),
        (defined("create_view", colour="red"), "unknown attributes 'colour'"),
        (defined("create_enum", values=["a", "a"]), "not distinct"),
        (defined("create_enum", values=[1]), "no list of names"),
        (defined("create_trigger", create=["sqlite"]), "cannot be read"),
        (defined("create_trigger", create={"sqlite": 1}), "no text"),
        (defined("create_virtual_table", arguments="a"), "no list of names"),
        (defined("create_index", parts=['lower("a"', 1]), "no list of names"),
        (defined("create_index", columns=["a"]), "has columns and parts"),
        (
            of("alter_column", new={"name": "a", "type": "INT", "computed": {"stored": True}}),
            "KeyError 'expression'",
        ),
        (of("alter_column", new={"name": "a", "type": "INT", "computed": "1"}), "unknown attribut"),
        (
            of(
                "alter_column",
                new={"name": "a", "type": "INT", "default": "1", "computed": {"expression": "1"}},
            ),
            "is generated",
        ),
        (of("alter_column", new={"name": "a", "type": "VARCHAR(1, 2)[]"}), "2 modifiers"),
    ],
)  # fmt: skip
def test_what_is_no_operation_is_refused_with_a_message(data, message):
    with pytest.raises(SchemaError) as caught:
        operations_from_json([data])
    assert message in caught.value.message


def test_two_constraints_of_one_identity_are_refused():
    base = table_to_json(Table("t", WHOLE.columns))
    for attribute, one in (
        ("checks", {"expression": "1"}),
        ("uniques", {"columns": ["price"]}),
        ("exclusions", {"expression": "1", "name": "e"}),
    ):
        with pytest.raises(SchemaError, match="are the same"):
            table_from_json({**base, attribute: [one, one]})


def test_constraints_keep_their_names():
    again = table_from_json(table_to_json(WHOLE))
    assert {each.name for each in again.checks} == {each.name for each in CHECKS}
    assert {each.name for each in again.uniques} == {each.name for each in UNIQUES}
    assert {each.name for each in again.exclusions} == {each.name for each in EXCLUSIONS}
