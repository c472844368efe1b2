"""Operations and schemas as JSON: all of them there and back, and what is no JSON of ours."""

import json

import pytest

from peewee_mig import op
from peewee_mig.errors import SchemaError
from peewee_mig.operations import operations_from_json, operations_to_json, word_of
from peewee_mig.schema import Column, ForeignKey, Index, PrimaryKey, Schema, Table, parse_type
from peewee_mig.schema.codec import schema_hash, table_from_json, table_hash, table_to_json

COLUMN = op.column("c", "DECIMAL(10, 5)", null=True)
KEY = op.primary_key("id", "c")
INDEX = op.index("i", ("c", "id"), unique=True, named=True)
FOREIGN = op.foreign_key(
    ("c",), "t", ("id",), on_delete="SET NULL", on_update="CASCADE", name="chosen"
)
BARE = {"name": "t", "columns": [{"name": "c", "type": "INT"}]}
ALL = {
    "create_table": op.create_table("t", op.column("id", "AUTO"), COLUMN, KEY, INDEX, FOREIGN),
    "drop_table": op.drop_table("t", COLUMN),
    "rename_table": op.rename_table("t", "u"),
    "add_column": op.add_column("t", COLUMN, fill=b"\x00\xff"),
    "drop_column": op.drop_column("t", COLUMN),
    "alter_column": op.alter_column("t", old=COLUMN, new=op.column("c", "INT"), fill=op.now()),
    "rename_column": op.rename_column("t", "c", "d"),
    "add_primary_key": op.add_primary_key("t", KEY),
    "drop_primary_key": op.drop_primary_key("t", KEY),
    "alter_primary_key": op.alter_primary_key("t", old=KEY, new=op.primary_key("c")),
    "create_index": op.create_index("t", INDEX),
    "drop_index": op.drop_index("t", INDEX),
    "rename_index": op.rename_index("t", "i", "j"),
    "add_foreign_key": op.add_foreign_key("t", FOREIGN),
    "drop_foreign_key": op.drop_foreign_key("t", FOREIGN),
    "alter_foreign_key": op.alter_foreign_key("t", old=FOREIGN, new=FOREIGN),
    "copy_values": op.copy_values(
        "t", "c", source="u", source_column="d", on={"u_id": "id", "e": "f"}, back=False
    ),
    "run_sql": op.run_sql(["a", "b"], []),
}


@pytest.mark.parametrize("word", ALL)
def test_an_operation_survives_json(word):
    (data,) = operations_to_json([ALL[word]])
    assert data["op"] == word == word_of(ALL[word])
    assert operations_from_json([json.loads(json.dumps(data))]) == (ALL[word],)


@pytest.mark.parametrize("fill", [1, 1.5, True, "x", op.utcnow(), op.today(), op.empty()])
def test_a_fill_survives_json(fill):
    operation = op.add_column("t", op.column("c", "INT"), fill=fill)
    (again,) = operations_from_json(operations_to_json([operation]))
    assert again == operation
    assert repr(again) == repr(operation)


@pytest.mark.parametrize(
    "data",
    [
        {"op": "copy_values", "table": "t", "column": "c", "source": "u", "source_column": "d",
         "on": [["a", "b"]], "back": 1},
        {},
        [],
        "x",
        {"op": "add_view", "table": "t"},
        {"op": "create_column", "table": "t", "definition": {"name": "c", "type": "INT"}},
        {"op": "melt_table", "table": "t"},
        {"op": "rename_foreign_key", "table": "t", "old": "a", "new": "b"},
        {"op": "add_column", "table": "t"},
        {"op": "add_column", "table": 1, "definition": {"name": "c", "type": "INT"}},
        {"op": "add_column", "table": "t", "definition": {"name": "c", "type": "INT", "x": 1}},
        {"op": "add_column", "table": "t", "definition": {"name": "c", "type": "INT", "null": 1}},
        {"op": "add_column", "table": "t", "definition": {"name": "c", "type": "INT(3)"}},
        {"op": "add_primary_key", "table": "t", "definition": {"columns": "id"}},
        {"op": "add_primary_key", "table": "t", "definition": {"columns": []}},
        {"op": "alter_table", "table": "t", "old": BARE, "new": BARE},
        {**operations_to_json([ALL["add_column"]])[0], "fill": {"function": "rm"}},
        {**operations_to_json([ALL["add_column"]])[0], "fill": {"value": None}},
    ],
)  # fmt: skip
def test_what_is_no_operation_is_refused(data):
    with pytest.raises(SchemaError):
        operations_from_json([data])


def test_the_hash_of_a_schema_ignores_orders_and_nothing_else():
    columns = (op.column("a", "INT"), op.column("b", "TEXT"))
    one, other = Table("t", columns), Table("t", columns[::-1])
    assert one == other
    assert table_hash(one) == table_hash(other)
    assert one != "t"
    assert hash(one) == hash(other)
    changed = Table("t", (columns[0], op.column("b", "TEXT", null=True)))
    assert schema_hash(Schema((changed,))) != schema_hash(Schema((one,)))


def test_a_table_survives_json():
    table = ALL["create_table"].object
    assert table_from_json(table_to_json(table)) == table


@pytest.mark.parametrize(
    "make",
    [
        lambda: PrimaryKey(()),
        lambda: PrimaryKey(("a", "a")),
        lambda: Index("i", ()),
        lambda: ForeignKey(("a",), "t", ("b", "c")),
        lambda: ForeignKey(("a",), "t", ("b",), on_delete="EXPLODE"),
        lambda: Table("t", ()),
        lambda: Table("t", (COLUMN, COLUMN)),
        lambda: Table(
            "t", (COLUMN,), indexes=(Index("i", ("c",)), Index("i", ("c",), unique=True))
        ),
        lambda: Table("t", (COLUMN,), foreign_keys=(FOREIGN, ForeignKey(("c",), "u", ("c",)))),
        lambda: Schema((Table("t", (COLUMN,)), Table("t", (COLUMN,)))),
        lambda: Table("t", (COLUMN,)).column("x"),
        lambda: Schema().table("x"),
        lambda: parse_type("INT(3)"),
        lambda: parse_type("NUMBER"),
        lambda: parse_type("Int"),
        lambda: parse_type("VARCHAR(\u0663)"),
    ],
)
def test_a_value_that_no_database_holds_is_refused(make):
    with pytest.raises(SchemaError):
        make()


def test_actions_are_in_normal_form():
    key = ForeignKey(("a",), "t", ("b",), on_delete="no action", on_update="set null")
    assert (key.on_delete, key.on_update) == (None, "SET NULL")


def test_indexes_differ_in_chosen_names_only():
    made_up, other = Index("a", ("c",)), Index("b", ("c",))
    assert made_up.equivalent(other)
    assert not made_up.equivalent(Index("b", ("c",), named=True))
    assert made_up.equivalent(Index("a", ("c",), named=True))
    assert not made_up.equivalent(Index("a", ("c",), unique=True))


def test_the_plain_type_of_a_key():
    assert str(parse_type("BIGAUTO").plain) == "BIGINT"
    assert parse_type("TEXT").plain == parse_type("TEXT")
    assert Column("a", parse_type("AUTO")).type.auto
