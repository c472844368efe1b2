"""Rows in the way of a push: what is said of them."""

import pytest
from peewee import ForeignKeyField, IntegerField, Model
from push_world import PushWorld

from peewee_mig.errors import GuardError, UsageError


@pytest.fixture
def world(tmp_path, live, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return PushWorld(tmp_path, live, monkeypatch)


def model(name, **fields):
    return type(name, (Model,), fields)


def test_another_value_is_asked_for_where_no_row_has_the_one_given(world):
    world.push(model("Tag"), model("Orders"))
    world.sql(*(f"INSERT INTO {each} (id) VALUES (1)" for each in ("tag", "orders")))
    label = model("Label")
    models = label, model("Orders", label=ForeignKeyField(label))
    fills = {"renames": ["tag:label"], "fills": {"orders.label_id": "7"}}
    with pytest.raises(GuardError) as caught:
        world.push(*models, **fills)
    assert caught.value.message == (
        "1 row is in the way: orders.label_id would get 7, and label has no such row"
    )
    assert caught.value.hint == ("peewee-mig push --rename tag:label --fill orders.label_id=VALUE")


def test_a_consent_to_lose_what_is_not_dropped_is_misspelled(world):
    world.push(model("Tag", a=IntegerField(null=True)), model("Gone"))
    with pytest.raises(UsageError, match=r"--allow-data-loss tag\.b: nothing of") as caught:
        world.push(model("Tag"), allow_data_loss=["gone", "tag.b"])
    assert caught.value.hint.partition("dropped are: ")[2].split(", ") == ["tag.a", "gone"]
    assert "gone" in world.catalog().schema.names
    world.push(model("Tag"), allow_data_loss=["gone", "tag.a"])  # which lose no rows
    assert world.catalog().schema.names == {"tag"}


def test_a_key_that_goes_is_told_without_the_name_that_the_engine_made_up(world):
    tag = model("Tag")
    world.push(tag, model("Orders", tag=ForeignKeyField(tag)))
    pushed = world.push(tag, model("Orders", tag_id=IntegerField(index=True)))
    assert pushed.proposal.lines[0] == "drop foreign key orders (tag_id) to tag (id)"
