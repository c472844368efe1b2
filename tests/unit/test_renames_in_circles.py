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
