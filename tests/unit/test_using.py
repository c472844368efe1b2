"""Values in a new type by an expression of the user's: said, written, guarded, undone."""

from dataclasses import replace
from pathlib import Path

import pytest

from peewee_mig import op
from peewee_mig.commands.answers import Answers
from peewee_mig.commands.using import with_usings
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import MigError, UsageError
from peewee_mig.history.module import parse_module
from peewee_mig.history.render import render_module
from peewee_mig.operations import describe, invert, replay
from peewee_mig.operations.codec import operations_from_json, operations_to_json
from peewee_mig.operations.verbs import Add, Rename
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema
from peewee_mig.schema.objects import Check, ForeignKey, Index, Table

OLD, NEW = op.column("at", "INT"), op.column("at", "DATETIME")
BY = {"sqlite": "datetime(at, 'unixepoch')", "postgres": "to_timestamp(at)"}
BACK = "unix(at)"
TURN = op.alter_column("t", old=OLD, new=NEW, using=BY, using_back=BACK)


def schema(*more, key=("id",)):
    columns = [op.column("id", "INT"), OLD, op.column("b", "INT", null=True)]
    parts = {name: [x for x in more if isinstance(x, kind)] for name, kind in KINDS.items()}
    table = Table(
        "t", tuple(columns), op.primary_key(*key), **{k: tuple(v) for k, v in parts.items()}
    )
    return Schema.of([table, Table("other", (op.column("at", "DATETIME"),), op.primary_key("at"))])


KINDS = {"indexes": Index, "checks": Check, "foreign_keys": ForeignKey}


def asked(operations, before):
    return [
        (guard.kind, str(guard.condition or ""), [str(each.using or "") for each in guard.filled])
        for guard in guards(operations, before)
    ]


def statements(engine, operation=TURN, before=None):
    return [
        sql
        for step in plan([operation], before or schema(), get_dialect(engine)).steps
        for sql in ([step.sql] if hasattr(step, "sql") else step.preview())
    ]


# How it is said and kept


def test_it_is_described_written_and_read():
    assert describe(TURN).endswith("to DATETIME NOT NULL, by datetime(at, 'unixepoch')")
    assert operations_from_json(operations_to_json([TURN])) == (TURN,)
    text = render_module([TURN], depends_on=[])
    assert parse_module(Path("0001_x.py"), text.encode()).operations == (TURN,)
    assert 'using_back="unix(at)"' in text
    plain = op.alter_column("t", old=OLD, new=NEW)
    assert "using" not in operations_to_json([plain])[0]


def test_the_way_back_goes_by_the_other_expression():
    back = invert(TURN)
    assert (back.using, back.using_back) == ((("", BACK),), tuple(BY.items()))
    assert invert(back) == TURN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, op.column("at", "INT", null=True)),
        (OLD, op.column("at", "TEXT", computed="\"b\" || ''")),
        (op.primary_key("id"), op.primary_key("id", "at")),
    ],
)
def test_where_no_values_change_their_type_it_is_refused(old, new):
    with pytest.raises(MigError, match="nothing changes its type"):
        replay([op.alter_column("t", old=old, new=new, using="1")], schema())


def test_what_is_no_expression_is_refused():
    with pytest.raises(MigError, match="5 is no SQL"):
        op.alter_column("t", old=OLD, new=NEW, using=5)
    for wrong in (" ", "f(at", "at)", "at) OR (1 = 1"):
        with pytest.raises(MigError, match="`using` is no whole expression"):
            replay([op.alter_column("t", old=OLD, new=NEW, using={"postgres": wrong})], schema())
    replay([op.alter_column("t", old=OLD, new=NEW, using="')' || f((at))")], schema())


# What is run


def test_each_engine_runs_its_own():
    (postgres,) = statements("postgres")
    assert postgres.endswith('TYPE TIMESTAMP USING (to_timestamp("at"))')
    assert any("datetime(\"at\", 'unixepoch')" in sql for sql in statements("sqlite"))
    everywhere = op.alter_column("t", old=OLD, new=NEW, using="f(at)")
    assert any("= (f(`at`))" in sql for sql in statements("mysql", everywhere))


def test_an_engine_without_one_casts_as_it_would():
    plain = op.alter_column("t", old=OLD, new=NEW)
    assert statements("mysql") == statements("mysql", plain)
    (guard,) = plan([TURN], schema(), get_dialect("mysql")).guards
    assert guard.kind == "values"


def test_rows_with_null_get_the_fill():
    filled = op.alter_column(
        "t",
        old=op.column("b", "INT", null=True),
        new=op.column("b", "TEXT"),
        fill="?",
        using="f(b)",
    )
    assert any("COALESCE((f(\"b\")), '?')" in sql for sql in statements("sqlite", filled))
    assert any("COALESCE(`_peewee_mig_b`, '?')" in sql for sql in statements("mysql", filled))
    assert guards([filled], schema()) == ()


@pytest.mark.parametrize(
    "before", [{"key": ("at",)}, {"more": [op.foreign_key("at", "other", "at")]}]
)
def test_a_key_of_mariadb_is_refused(before):
    turn = op.alter_column("t", old=OLD, new=NEW, using="1")
    with pytest.raises(MigError, match="part of a key"):
        statements("mysql", turn, schema(*before.get("more", ()), key=before.get("key", ("id",))))


def test_moments_of_the_last_change_stay_on_mariadb():
    seen = op.column("seen", "timestamp", options=["ON UPDATE CURRENT_TIMESTAMP"])
    table = Table("t", (op.column("id", "INT"), OLD, seen), op.primary_key("id"))
    turn = op.alter_column("t", old=OLD, new=NEW, using="f(at)")
    updates = [sql for sql in statements("mysql", turn, Schema.of([table])) if "UPDATE `t`" in sql]
    assert len(updates) == 3
    assert all("SET `seen` = `seen`, " in sql for sql in updates)


# What is asked first


def test_rows_that_would_get_no_value():
    value = "(datetime(\"at\", 'unixepoch')) IS NOT NULL"
    assert asked([TURN], schema()) == [("violated", value, [])]
    (guard,) = guards([TURN], schema())
    assert words(guard) == "t has rows where (datetime(\"at\", 'unixepoch')) is NULL"
    free = op.alter_column("t", old=OLD, new=op.column("at", "DATETIME", null=True), using="f(at)")
    assert asked([free], schema()) == []


def test_keys_and_checks_of_the_values_to_come():
    using = ['f("at" + "b")']
    free = op.column("at", "DATETIME", null=True)
    turn = op.alter_column("t", old=OLD, new=free, using="f(at + b)")
    unique = op.index("u", "at", unique=True)
    assert asked([turn], schema(unique)) == [("duplicates", "", using)]
    check = op.check('"at" > 5')
    assert asked([turn], schema(check)) == [("violated", '"at" > 5', using)]
    key = op.foreign_key("at", "other", "at")
    renamed = op.rename_column("t", "b", "c")
    after = op.alter_column("t", old=OLD, new=turn.new, using="f(at + c)")
    assert asked([renamed, after, op.create_index("t", unique)], schema()) == [
        ("duplicates", "", using)
    ]
    assert asked([turn, op.add_foreign_key("t", key)], schema()) == []


@pytest.mark.parametrize(
    "earlier",
    [
        op.alter_column(
            "t", old=op.column("b", "INT", null=True), new=op.column("b", "INT"), fill=9
        ),
        op.alter_column(
            "t", old=op.column("b", "INT", null=True), new=op.column("b", "TEXT", null=True)
        ),
    ],
)
def test_nobody_knows_what_comes_of_values_that_change_earlier(earlier):
    turn = op.alter_column("t", old=OLD, new=NEW, using="f(at + b)")
    unique = op.create_index("t", op.index("u", "at", unique=True))
    found = guards([earlier, turn, unique], schema())
    assert [guard for guard in found if guard.operation] == []


def test_nobody_knows_the_values_of_a_column_that_comes():
    turn = op.alter_column("t", old=OLD, new=NEW, using="f(at + c)")
    added = op.add_column("t", op.column("c", "INT", default="1"))
    unique = op.create_index("t", op.index("u", "at", unique=True))
    assert asked([added, turn, unique], schema()) == []


def test_the_values_are_spelled_for_the_server():
    turn = op.alter_column("t", old=OLD, new=NEW, using="f(at)")
    dialect = get_dialect("postgres")
    _, twice = plan([turn], schema(op.index("u", "at", unique=True)), dialect).guards
    assert 'SELECT (f("at")) FROM "t"' in dialect.guard_sql(twice)[0]
    _, check = plan([turn], schema(op.check('"at" > 5')), dialect).guards
    assert dialect.guard_sql(check)[0].endswith('NOT ((f("at")) > 5)')


# The option


def test_an_option_gives_it():
    plain = op.alter_column("t", old=OLD, new=NEW)
    other = op.alter_column("t", old=OLD, new=op.column("at", "TEXT"))
    more = op.add_column("t", op.column("c", "INT", null=True))
    assert with_usings([more, plain], {"t.at": "f(at)"})[1].using == (("", "f(at)"),)
    assert with_usings([plain], {}, [TURN]) == (TURN,)
    assert with_usings([plain], {"t.at": "f(at)"}, [TURN])[0].using_back == (("", BACK),)
    assert with_usings([plain], {}, [other, more]) == (plain,)
    assert Answers(usings={"t.at": "f(at)"}).options == ("--using 't.at=f(at)'",)


def test_an_option_about_what_keeps_its_type_is_refused():
    with pytest.raises(UsageError, match=r"--using t\.b: its type does not change") as caught:
        with_usings([TURN], {"t.b": "1"})
    assert caught.value.hint == "the types that change: t.at"


def test_an_option_with_a_name_that_is_gone_by_then_is_refused():
    rename = Rename("column", "t", "was", "at")
    with pytest.raises(UsageError, match=r"--using t\.at: t\.was is called at by then") as caught:
        with_usings([rename, replace(TURN, using=())], {"t.at": "f(was)"})
    assert caught.value.hint == "write at in its place"
    elsewhere, value = replace(rename, table="u"), Rename("value", "t", "was", "at")
    taken = Add("t", op.column("was", "INT", null=True))
    comes_later = Rename("column", "t", "other", "was")
    for more in ([elsewhere], [value], [rename, taken], [rename, comes_later]):
        with_usings([*more, TURN], {"t.at": "f(was)"})
    with_usings([rename, Add("u", taken.object), TURN], {"t.at": "f(at)"})
