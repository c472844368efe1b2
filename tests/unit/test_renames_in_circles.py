"""Columns that trade names in a table that gets a name, too; options that are given again."""

import pytest

from peewee_mig import op
from peewee_mig.commands.answers import given_renames
from peewee_mig.diff import Renames
from peewee_mig.schema import Schema
from peewee_mig.schema.objects import Table


def schema(*names):
    columns = (op.column("id", "INT"), op.column("a", "INT"), op.column("b", "INT"))
    return Schema.of(Table(name, columns, op.primary_key("id")) for name in names)


TABLE = "item:thing"
SWAPPED = {("thing", "a"): "b", ("thing", "b"): "a"}


@pytest.mark.parametrize(
    "columns",
    [
        ["item.a:thing.b", "item.b:thing.a"],
        ["item.a:item.b", "item.b:item.a"],
        ["item.a:b", "item.b:a"],
        ["thing.a:b", "thing.b:a"],
        ["item.a:b", "thing.b:thing.a"],
    ],
)
def test_they_do_by_whichever_name_of_the_table(columns):
    renames = given_renames(schema("item"), schema("thing"), [TABLE, *columns], Renames())
    assert renames.columns == SWAPPED
    assert renames.tables == {"item": "thing"}


def test_they_do_not_trade_them_back_when_the_former_name_is_said_again():
    there = schema("thing")
    for columns in (["item.a:thing.b", "item.b:thing.a"], ["item.a:b", "item.b:a"]):
        assert given_renames(there, there, [TABLE, *columns], Renames()) == Renames()
    now = given_renames(there, there, ["thing.a:b", "thing.b:a"], Renames())
    assert now.columns == SWAPPED


def tables(**columns):
    return Schema.of(
        Table(
            name,
            tuple(op.column(each, "INT") for each in ("id", *own)),
            op.primary_key("id"),
        )
        for name, own in columns.items()
    )


CHAIN = ["old:item", "item:thing"]
TRADE = ["item:thing", "thing:item"]


@pytest.mark.parametrize(
    ("given", "before", "after", "renamed"),
    [
        (CHAIN, {"old": "p", "item": "x"}, {"item": "p", "thing": "y"}, "item.x:thing.y"),
        (CHAIN, {"old": "p", "item": "x"}, {"item": "p", "thing": "y"}, "thing.x:thing.y"),
        (CHAIN, {"old": "p", "item": "x"}, {"item": "p", "thing": "y"}, "item.x:y"),
        (TRADE, {"item": "x", "thing": "p"}, {"item": "p", "thing": "y"}, "item.x:thing.y"),
        (TRADE, {"item": "x", "thing": "p"}, {"item": "p", "thing": "y"}, "thing.x:thing.y"),
        (TRADE, {"item": "x", "thing": "p"}, {"item": "p", "thing": "y"}, "item.x:item.y"),
        (TRADE, {"item": "x", "thing": "x"}, {"item": "x", "thing": "y"}, "thing.x:y"),
    ],
)
def test_tables_that_chain_or_trade_names_keep_the_rename_of_a_column(
    given, before, after, renamed
):
    found = given_renames(tables(**before), tables(**after), [*given, renamed], Renames())
    assert found.tables == dict(each.split(":") for each in given)
    assert found.columns == {("thing", "x"): "y"}
    assert found.moves == {}


def test_a_name_that_fits_two_tables_is_the_new_one():
    before, after = tables(item="x", thing="x"), tables(item="y", thing="y")
    renames = [*TRADE, "item.x:item.y", "thing.x:thing.y"]
    found = given_renames(before, after, renames, Renames())
    assert found.columns == {("item", "x"): "y", ("thing", "x"): "y"}
