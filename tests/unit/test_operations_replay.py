"""What replay refuses, and what undoes what."""

import pytest

from peewee_mig import op
from peewee_mig.errors import SchemaError
from peewee_mig.operations import (
    Add,
    Alter,
    Constant,
    Drop,
    Generated,
    describe,
    invert,
    invert_all,
    replay,
)
from peewee_mig.schema import Column, Schema, Table

ID, KEY = op.column("id", "INT"), op.primary_key("id")
CODE = op.column("code", "TEXT")
UNIQUE = op.index("team_code", "code", unique=True)
AT = op.column("at", "DATETIME")
TO_CODE = op.foreign_key("team_code", "team", "code")

BEFORE = replay(
    [
        op.create_table("team", ID, CODE, KEY, UNIQUE),
        op.create_table(
            "person",
            ID,
            op.column("team_code", "TEXT"),
            KEY,
            op.index("person_team_code", "team_code"),
            TO_CODE,
        ),
        op.create_table("bare", op.column("only", "INT")),
        op.create_table("log", ID, AT, op.options('PARTITION BY RANGE("at")', "UNLOGGED")),
    ],
    Schema(),
)

REFUSED = {
    "there is column team.code TEXT NOT NULL already": op.add_column("team", CODE),
    "there is primary key team (id) already": op.add_primary_key("team", KEY),
    "there is unique index team_code": op.create_index("team", UNIQUE),
    "there is foreign key person (team_code)": op.add_foreign_key("person", TO_CODE),
    "there is a table team already": op.create_table("team", ID),
    "table a is defined as b": Add("a", Table("b", (ID,))),
    "there is no table nowhere": op.add_column("nowhere", ID),
    "column only is the only one": op.drop_column("bare", op.column("only", "INT")),
    "column team.code is used by index team_code, a foreign key of person": op.drop_column(
        "team", CODE
    ),
    "column person.team_code is used by index": op.drop_column(
        "person", op.column("team_code", "TEXT")
    ),
    "column team.id is used by the primary key": op.drop_column("team", ID),
    'column log.at is used by PARTITION BY RANGE("at")': op.drop_column("log", AT),
    "table team is used by person": op.drop_table("team", ID, CODE, KEY, UNIQUE),
    "the schema does not have index x": op.drop_index("team", op.index("x", "code")),
    "the schema has unique index team_code on team (code), not index": op.drop_index(
        "team", op.index("team_code", "code")
    ),
    "team (code) is not unique": op.drop_index("team", UNIQUE),
    "column code changes its name": op.alter_column(
        "team", old=CODE, new=op.column("other", "TEXT")
    ),
    "a foreign key changes its columns": op.alter_foreign_key(
        "person", old=TO_CODE, new=op.foreign_key("id", "team", "id")
    ),
    "an object cannot become one of another kind": Alter("team", CODE, KEY),
    "table team has a column id already": op.rename_column("team", "code", "id"),
    "table team has no column x": op.rename_column("team", "x", "y"),
    "there is a table team already ": op.rename_table("person", "team"),
    "table team has no index x": op.rename_index("team", "x", "y"),
    "table team has an index team_code already": op.rename_index("team", "team_code", "team_code"),
    "table bare has no column nope": op.create_index("bare", op.index("i", "nope")),
    "table bare has no column gone": op.add_primary_key("bare", op.primary_key("gone")),
    "table team has no column nix": op.add_foreign_key(
        "bare", op.foreign_key("only", "team", "nix")
    ),
    "table bare has no column nil": op.add_foreign_key("bare", op.foreign_key("nil", "team", "id")),
    "there is no table lost": op.add_foreign_key("bare", op.foreign_key("only", "lost", "id")),
}


@pytest.mark.parametrize("message", REFUSED)
def test_an_operation_that_does_not_fit_is_refused_by_name(message):
    operation = REFUSED[message]
    with pytest.raises(SchemaError) as caught:
        replay([operation], BEFORE)
    assert caught.value.message.startswith(message.strip())
    assert caught.value.where == describe(operation)
    assert caught.value.hint


def test_a_dropped_column_comes_back_empty():
    assert invert(op.drop_column("team", CODE)) == Add("team", CODE, Generated("empty"))
    nullable = op.column("note", "TEXT", null=True)
    assert invert(op.drop_column("team", nullable)) == Add("team", nullable)
    auto = op.column("number", "AUTO")
    assert invert(op.drop_column("team", auto)) == Add("team", auto)


@pytest.mark.parametrize(
    "key",
    [
        Drop("team", op.foreign_key("code", "country", "code")),
        Drop("team", op.primary_key("code")),
        Alter("team", op.primary_key("code"), op.primary_key("id")),
    ],
)
def test_a_dropped_key_column_comes_back_guarded(key):
    back = invert_all([key, op.rename_column("team", "code", "old"), op.drop_column("team", CODE2)])
    assert back[0] == Add("team", CODE2, None)
    renamed = [key, op.rename_table("team", "squad"), op.drop_column("squad", CODE)]
    assert invert_all(renamed)[0] == Add("squad", CODE, None)


def test_a_dropped_unique_column_comes_back_empty():
    back = invert_all([Drop("team", UNIQUE), op.drop_column("team", CODE)])
    assert back[0] == Add("team", CODE, Generated("empty"))


CODE2 = op.column("old", "TEXT")


def test_another_column_of_that_table_comes_back_empty():
    other = op.column("x", "TEXT")
    back = invert_all([Drop("team", UNIQUE), op.drop_column("team", other)])
    assert back[0] == Add("team", other, Generated("empty"))


def test_sql_without_a_way_back_says_so():
    assert invert(op.run_sql("a", [])) == op.run_sql([], "a")
    with pytest.raises(SchemaError, match="no way back") as caught:
        invert(op.run_sql("UPDATE team SET code = ''"))
    assert "UPDATE team" in caught.value.where


def test_sql_does_not_change_the_schema():
    assert replay([op.run_sql("DELETE FROM team")], BEFORE) == BEFORE


def test_a_renamed_table_and_column_are_followed_by_keys():
    after = replay(
        [op.rename_table("team", "squad"), op.rename_column("squad", "code", "word")], BEFORE
    )
    key = after.table("person").foreign_keys[0]
    assert (key.referred_table, key.referred_columns) == ("squad", ("word",))
    assert after.table("squad").indexes[0].columns == ("word",)


def test_one_line_for_each_operation():
    altered = op.alter_foreign_key(
        "person", old=TO_CODE, new=op.foreign_key("team_code", "team", "code", on_update="CASCADE")
    )
    assert describe(altered).endswith("to team (code) ON UPDATE CASCADE")
    named = op.foreign_key("team_code", "team", "code", name="fk")
    dropped = op.drop_foreign_key("person", named)
    assert describe(dropped) == "drop foreign key fk of person (team_code) to team (code)"
    renamed = op.alter_foreign_key("person", old=TO_CODE, new=named)
    assert describe(renamed).endswith(" to team (code) named fk")
    key = op.alter_primary_key("team", old=KEY, new=op.primary_key("code", "id"))
    assert describe(key) == "change primary key team (id) to (code, id)"
    assert describe(Alter("team", CODE, KEY)) == "change an object of team to one of another kind"
    assert describe(op.run_sql([])) == "run SQL: nothing"
    assert describe(op.run_sql("SELECT " + "x" * 80)).endswith("...")
    filled = op.add_column("t", op.column("u", "UUID"), fill=op.uuid4())
    assert describe(filled) == "add column t.u UUID NOT NULL; existing rows get a new UUID each"
    assert "\n" not in describe(op.rename_table("a\nb", "c"))


def test_words_of_a_migration_refuse_what_is_none():
    for fill in (float("nan"), float("inf"), [], object()):
        with pytest.raises(SchemaError):
            op.add_column("t", op.column("c", "INT"), fill=fill)
    with pytest.raises(SchemaError, match="at most one primary key"):
        op.create_table("t", ID, KEY, op.primary_key("id"))
    with pytest.raises(SchemaError, match="is made of"):
        op.create_table("t", ID, op.add_column("t", CODE))
    assert op.add_column("t", CODE, fill="x").fill == Constant("x")
    assert Column("a", ID.type) == op.column("a", "INT")


def test_the_columns_of_partitions_are_renamed():
    after = replay([op.rename_column("log", "at", "on")], BEFORE)
    assert after.table("log").options == op.options('PARTITION BY RANGE("on")', "UNLOGGED")
