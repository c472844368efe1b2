"""A default of NULL: SQLite keeps the words, as Peewee writes them; elsewhere it is none."""

import pytest
from peewee import SQL, IntegerField, Model, TextField
from push_world import PushWorld


@pytest.fixture
def world(tmp_path, live, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return PushWorld(tmp_path, live, monkeypatch)


def model(*, said, other):
    words = {"null": True, "constraints": [SQL("DEFAULT NULL")]}
    fields = {"a": TextField(**words), "b": other(**(words if said else {"null": True}))}
    return type("Item", (Model,), fields)


def test_a_default_of_null_is_kept_where_it_is_seen(world):
    sqlite = world.dialect.name == "sqlite"
    world.push(model(said=False, other=IntegerField))
    assert world.push(model(said=False, other=IntegerField)).proposal.lines == ()
    world.sql("INSERT INTO item (a, b) VALUES ('x', 1)")
    changed = world.push(model(said=True, other=IntegerField)).proposal.lines
    assert bool(changed) == sqlite
    world.push(model(said=True, other=TextField))  # a rebuild on SQLite
    assert world.push(model(said=True, other=TextField)).proposal.lines == ()
    if sqlite:
        found = world.sql("SELECT name, dflt_value FROM pragma_table_info('item')")
        assert found == [("id", None), ("a", "NULL"), ("b", "NULL")]
    world.push(model(said=False, other=TextField))
    assert world.push(model(said=False, other=TextField)).proposal.lines == ()
    assert world.sql("SELECT a, b FROM item") == [("x", "1")]
