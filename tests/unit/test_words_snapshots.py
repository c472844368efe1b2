"""Snapshots of what stands beside the tables, and of every attribute: files, chain, merges."""

import json

import pytest
from words_world import CHANGES, OBJECTS, TABLE, TRIGGER, VIEW

from peewee_mig import op
from peewee_mig.errors import HistoryError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.snapshots import EMPTY, Snapshot, make_snapshot, read_snapshot, spell
from peewee_mig.history.verify import verify
from peewee_mig.history.writing import write_migration
from peewee_mig.schema import Schema
from peewee_mig.schema.codec import schema_hash

ITEM = op.create_table("item", op.column("name", "TEXT"), op.column("price", "INT"))
TOUCH = OBJECTS["function"]
CHEAP = op.view("cheap", 'SELECT "name" FROM "item"', needs="item")


def write(folder, name, depends_on, *operations):
    text = render_module(operations, depends_on=depends_on)
    write_migration(read_history(folder), name, text)


@pytest.fixture
def folder(tmp_path):
    directory = tmp_path / "migrations"
    created = [op.create_object(each) for each in (CHEAP, TOUCH, TRIGGER)]
    large = op.create_table("large", *(op.column(f"column_{n}", "INT") for n in range(20)))
    write(directory, "0001_a", [], ITEM, large, *created)
    write(directory, "0002_b", ["0001_a"], op.add_column("item", op.column("b", "INT", null=True)))
    return directory


def data_of(folder, name):
    return json.loads((folder / "snapshots" / f"{name}.json").read_text(encoding="utf-8"))


def test_a_snapshot_holds_what_its_migration_changed_and_dropped(folder):
    new = op.view("cheap", 'SELECT "price" FROM "item"', needs="item")
    changes = [op.alter_object(old=CHEAP, new=new), op.drop_object(TRIGGER)]
    write(folder, "0003_c", ["0002_b"], *changes)
    assert {"objects", "dropped_objects"}.isdisjoint(data_of(folder, "0002_b"))
    data = data_of(folder, "0003_c")
    assert not data["complete"]
    assert data["tables"] == {}
    assert data["objects"] == [
        {"kind": "view", "name": "cheap", "select": 'SELECT "price" FROM "item"', "needs": ["item"]}
    ]
    assert data["dropped_objects"] == [{"kind": "trigger", "name": "touched", "table": "item"}]
    history = read_history(folder)
    assert verify(history) == ()
    assert history.schema_at("0003_c").objects == (TOUCH, new)
    assert history.schema_at("0002_b").objects == Schema((), (CHEAP, TOUCH, TRIGGER)).objects


def test_what_stands_beside_the_tables_survives_a_merge(folder):
    """The states of several parents come from a replay, which once forgot all but tables."""
    write(folder, "0003_c", ["0001_a"], op.add_column("item", op.column("c", "INT", null=True)))
    write(folder, "0004_merge", ["0002_b", "0003_c"])
    history = read_history(folder)
    assert verify(history) == ()
    assert history.snapshot("0004_merge").complete
    assert history.schema_at("0004_merge").objects == history.schema_at("0001_a").objects
    assert data_of(folder, "0004_merge")["objects"]


def test_every_kind_and_attribute_reads_back_from_a_file(tmp_path):
    schema = Schema.of([TABLE.object], OBJECTS.values())
    snapshot = make_snapshot(EMPTY, schema, parents={}, chain=[])
    path = tmp_path / "0001_x.json"
    path.write_text(spell(snapshot), encoding="utf-8")
    assert read_snapshot(path) == snapshot
    state = EMPTY.after(read_snapshot(path))
    assert state.schema == schema
    assert state.hash == snapshot.schema == schema_hash(schema)


def test_objects_count_for_the_size_after_which_everything_is_written():
    old, new = (Schema((), (each,)) for each in CHANGES["view"])
    first = make_snapshot(EMPTY, old, parents={}, chain=[])
    assert first.size > Snapshot("", {}, complete=True, tables={}).size
    chain, state, schema = [first], EMPTY.after(first), old
    for number in range(9):
        schema = new if schema == old else old
        parents = {f"{number}": chain[-1].schema}
        snapshot = make_snapshot(state, schema, parents=parents, chain=chain)
        chain = [snapshot] if snapshot.complete else [*chain, snapshot]
        state = state.after(snapshot)
        assert state.schema == schema
        assert len(chain) < 4


def test_an_edited_object_does_not_go_unnoticed(folder):
    path = folder / "snapshots" / "0001_a.json"
    text = path.read_text(encoding="utf-8")
    assert 'FROM \\"item\\"' in text
    path.write_text(text.replace('FROM \\"item\\"', 'FROM \\"itam\\"'), encoding="utf-8")
    with pytest.raises(HistoryError, match="was edited"):
        read_history(folder).schema_at("0001_a")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("objects", [{"kind": "dragon", "name": "x"}], "unknown kind"),
        ("objects", [{"kind": "view", "name": "x"}], "select"),
        ("objects", [{"name": "x"}], "kind"),
        ("objects", ["x"], "cannot be read"),
        ("objects", 1, "cannot be read"),
        ("dropped_objects", [{"kind": "view", "name": "x", "colour": 1}], "unknown attributes"),
        ("dropped_objects", [{"kind": "view"}], "name"),
        ("dropped_objects", ["view x"], "unknown attributes"),
        ("views", [], "unknown attributes 'views'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_file(folder, key, value, message):
    path = folder / "snapshots" / "0002_b.json"
    data = {**data_of(folder, "0002_b"), key: value}
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(HistoryError) as caught:
        read_snapshot(path)
    assert message in caught.value.message
    assert caught.value.where == str(path)


def test_a_file_without_anything_new_looks_as_it_always_did():
    whole = make_snapshot(EMPTY, Schema.of([ITEM.object]), parents={}, chain=[])
    assert (
        spell(whole)
        == f"""{{
  "complete": true,
  "dropped": [],
  "format": 1,
  "parents": {{}},
  "schema": "{whole.schema}",
  "tables": {{
    "item": {{
      "columns": [
        {{"name": "name", "type": "TEXT"}},
        {{"name": "price", "type": "INT"}}
      ],
      "name": "item"
    }}
  }}
}}
"""
    )
    assert "objects" in spell(make_snapshot(EMPTY, Schema((), (VIEW,)), parents={}, chain=[]))
