"""Generated rows: values of every type, keys, checks; and what counts as the same value."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from peewee_mig.commands.verifying.candidates import ROWS, Coming
from peewee_mig.commands.verifying.comparing import changed_value
from peewee_mig.commands.verifying.filling import Filler, in_key_order
from peewee_mig.commands.verifying.kept import KeptColumn, KeptTable, kept_tables
from peewee_mig.commands.verifying.meaning import plain, same
from peewee_mig.commands.verifying.values import constant
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.sqlite.session import open_file
from peewee_mig.operations.verbs import Add, Alter, Copy, Drop, Rename, RunSQL
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.objects import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from peewee_mig.schema.rows import Ref, Row, Rows
from peewee_mig.schema.standalone import EnumType
from peewee_mig.schema.types import ARITY, ColumnType, native_type, parse_type

SQLITE = get_dialect("sqlite")
KEY = Column("id", parse_type("AUTO"))
NUMBERED = PrimaryKey(("id",))


def column(name, type_, *, null=False, **more):
    return Column(name, parse_type(type_), null, **more)


def table(name, *columns, **more):
    return Table(name, (KEY, *columns), NUMBERED, **more)


def filled(*tables):
    """Make tables in memory and fill them; return the filler and what the tables hold."""
    schema, session = Schema.of(tables), open_file(":memory:", create=True)
    session.execute("PRAGMA foreign_keys = ON")
    for each in tables:
        for sql in SQLITE.create_table(each):
            session.execute(sql)
    filler = Filler(session, SQLITE)
    filler.fill(schema, Coming(), nulls=True)
    names = [each.name for each in tables]
    return filler, {name: session.query(f'SELECT * FROM "{name}"') for name in names}


def test_every_type_has_values_that_differ():
    for name, arity in ARITY.items():
        args = (6, 2) if arity == (2,) else ()
        found = [constant(ColumnType(name, args), n, word="x", schema=Schema()) for n in (1, 2, 3)]
        assert None not in found
        assert len({each.value for each in found}) == (2 if name == "BOOL" else 3), name


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("citext", "x 2"),
        ("varchar(3)", "x 2"),
        ("int unsigned", 2),
        ("year", 2002),
        ("enum('a', 'it''s')", "a"),
        ("inet", "10.0.0.2"),
        ("polygon", None),
    ],
)
def test_a_type_of_an_engine_has_one_if_it_is_known(words, value):
    found = constant(native_type(words), 2, word="x", schema=Schema())
    assert (found and found.value) == value


def test_enum_types_and_arrays_have_values():
    schema = Schema((), (EnumType("mood", ("sad", "glad")),))
    assert constant(ColumnType("mood"), 1, word="x", schema=schema).value == "glad"
    assert constant(ColumnType("TEXT", (), 2), 1, word="x", schema=schema).value == '{{"x 1"}}'


def test_a_text_is_cut_to_its_length_and_still_differs():
    values = {constant(parse_type("VARCHAR(1)"), n, word="x", schema=Schema()).value for n in "123"}
    assert values == {"1", "2", "3"}


def test_rows_fit_keys_uniqueness_and_checks():
    team = table(
        "team", column("name", "VARCHAR(9)"), indexes=(Index("n", ("name",), unique=True),)
    )
    checks = (
        Check(expression("state IN ('open', 'done')", ("state",))),
        Check(expression("price >= 100 AND begins < ends", ("price", "begins", "ends"))),
    )
    member = table(
        "member",
        column("team_id", "INT"),
        column("boss_id", "INT", null=True),
        column("state", "VARCHAR(9)"),
        column("price", "INT"),
        column("begins", "DATE"),
        column("ends", "DATE"),
        column("nick", "TEXT", null=True),
        column("twice", "INT", null=True, computed=Computed(expression("price * 2", ("price",)))),
        foreign_keys=(
            ForeignKey(("team_id",), "team", ("id",)),
            ForeignKey(("boss_id",), "member", ("id",)),
        ),
        checks=checks,
        uniques=(Unique(("team_id",)),),
    )
    filler, rows = filled(member, team)
    assert {name: len(found) for name, found in rows.items()} == {"team": ROWS, "member": ROWS}
    assert sorted(row[1] for row in rows["member"]) == [1, 2, 3]
    assert {row[3] for row in rows["member"]} <= {"open", "done"}
    assert [row[7] is None for row in rows["member"]] == [False, False, True]
    assert (filler.made, filler.empty) == (6, {})


def test_rows_are_the_same_every_time():
    shape = table("t", column("a", "UUID"), column("b", "DATETIME"), column("c", "DOUBLE"))
    assert filled(shape)[1] == filled(shape)[1]


def test_a_row_may_have_to_refer_to_itself():
    own = ForeignKey(("parent_id",), "node", ("id",))
    filler, rows = filled(table("node", column("parent_id", "INT"), foreign_keys=(own,)))
    assert (len(rows["node"]), filler.empty) == (ROWS, {})


def test_a_circle_is_entered_where_a_reference_may_be_null():
    one = table(
        "one", column("two_id", "INT"), foreign_keys=(ForeignKey(("two_id",), "two", ("id",)),)
    )
    two = table(
        "two",
        column("one_id", "INT", null=True),
        foreign_keys=(ForeignKey(("one_id",), "one", ("id",)),),
    )
    assert [each.name for each in in_key_order(Schema.of([one, two]))] == ["two", "one"]
    assert {name: len(rows) for name, rows in filled(one, two)[1].items()} == {"one": 3, "two": 3}


def test_why_a_table_has_no_rows_is_kept():
    shape = table("t", column("a", "INT"), checks=(Check(expression("a < a", ("a",))),))
    other = table("u", column("t_id", "INT"), foreign_keys=(ForeignKey(("t_id",), "t", ("id",)),))
    filler, rows = filled(shape, other)
    assert rows == {"t": [], "u": []}
    assert list(filler.empty) == [shape, other]
    why, other_why = filler.empty.values()
    assert why.startswith("CHECK constraint failed")
    assert other_why == "t has no row to refer to"


@pytest.mark.parametrize(
    ("old", "new", "types"),
    [
        (1, True, "INT BOOL"),
        ("1", 1, "TEXT INT"),
        ("yes", True, "TEXT BOOL"),
        (Decimal("1.50"), "1.5", "DECIMAL(8, 2) TEXT"),
        (1.5, Decimal("1.50"), "DOUBLE DECIMAL(8, 2)"),
        (dt.date(2024, 1, 2), dt.datetime.fromisoformat("2024-01-02"), "DATE DATETIME"),
        ("2024-01-02T03:04", "2024-01-02 03:04:00", "TEXT DATETIME"),
        (
            dt.datetime(2024, 1, 2, tzinfo=dt.UTC),
            dt.datetime.fromisoformat("2024-01-02"),
            "TIMESTAMPTZ DATETIME",
        ),
        (uuid.UUID(int=7), f"{7:032x}", "UUID TEXT"),
        (uuid.UUID(int=7).bytes, f"{7:032x}", "UUIDB TEXT"),
        ("a  ", "a", "CHAR(3) TEXT"),
        ("abc", b"abc", "TEXT BLOB"),
        ('{"b": 1, "a": 2}', '{"a": 2, "b": 1}', "TEXT JSON"),
        (None, 0, "INT BIGINT"),
        (dt.timedelta(days=2), "2 days", "INTERVAL TEXT"),
    ],
)
def test_values_that_mean_the_same_are_kept(old, new, types):
    assert same(plain(old), plain(new), tuple(map(parse_type, types.replace(", ", ",").split())))


@pytest.mark.parametrize(
    ("old", "new", "types"),
    [
        (1, 2, "INT BIGINT"),
        (1, None, "INT BIGINT"),
        ("abc", "ab", "TEXT VARCHAR(2)"),
        ("abc", "", "TEXT TEXT"),
        (dt.date(2024, 1, 2), dt.datetime.fromisoformat("2024-01-03"), "DATE DATETIME"),
        (True, 0, "BOOL INT"),
        (1.5, 1, "DOUBLE INT"),
        (b"abc", b"abd", "BLOB BLOB"),
    ],
)
def test_values_that_mean_something_else_are_not(old, new, types):
    assert not same(plain(old), plain(new), tuple(map(parse_type, types.split())))


def test_the_value_that_changed_is_named():
    kept = KeptTable("t", "u", tuple(KeptColumn(n, n, (INT, INT)) for n in ("a", "b")))
    assert changed_value(kept, [(1, 2), (3, 4)], [(3, 4), (1, 2)]) == ""
    assert changed_value(kept, [(1, 2), (3, 4)], [(3, 4), (1, 9)]) == (
        "u.b was 2 in a row and is 9 now"
    )


INT = parse_type("INT")


def test_what_keeps_its_values_is_followed_through_names():
    before = Schema.of([table("t", column("a", "INT"), column("b", "INT"), column("c", "INT"))])
    operations = (
        Rename("column", "t", "a", "x"),
        Rename("table", "t", "t", "u"),
        Drop("u", column("b", "INT")),
        Add("u", column("b", "INT")),
        Alter("u", column("c", "INT"), column("c", "TEXT"), using=(("", "c || '!'"),)),
        Rename("column", "u", "c", "d"),
    )
    after = Schema.of([table("u", column("x", "INT"), column("b", "INT"), column("d", "TEXT"))])
    (kept,) = kept_tables(operations, before, after)
    assert (kept.old, kept.new, kept.exactly) == ("t", "u", True)
    assert [(each.old, each.new) for each in kept.columns] == [("id", "id"), ("a", "x")]


def test_what_sql_a_copy_or_a_trigger_changes_is_not_compared():
    schema = Schema.of(table(name, column("a", "INT")) for name in ("t", "u", "v"))
    operations = (
        RunSQL(("update T set a = 1",)),
        Copy("u", "a", "t", "a", (("id", "id"),)),
    )
    found = {each.old: each for each in kept_tables(operations, schema, schema, stirred=["v"])}
    assert {name: each.exactly for name, each in found.items()} == {
        "t": False,
        "u": True,
        "v": False,
    }
    assert [each.old for each in found["u"].columns] == ["id"]
    unknown = kept_tables((RunSQL(("CALL mend()",)),), schema, schema)
    assert not any(each.exactly for each in unknown)


def test_the_first_column_tells_rows_apart_like_any_other():
    number = ColumnType("INT")
    columns = tuple(KeptColumn(each, each, (number, number)) for each in ("id", "role_id"))
    kept = KeptTable("person", "person", columns)
    rows = ((3, None), (1, 1), (2, 2))
    assert changed_value(kept, rows, rows[1:] + rows[:1]) == ""
    words = "person.id was 3 in a row and is 1 now"
    assert changed_value(kept, rows, ((1, 1), (2, 2), (4, None))) == words


def test_rows_make_room_and_reference_rows_stay():
    role = table(
        "role",
        column("name", "VARCHAR(9)", null=True),
        indexes=(Index("role_name", ("name",), unique=True),),
        rows=Rows(("name",), (Row.of({"name": "a"}),)),
    )
    person = table(
        "person",
        column("role_id", "INT", null=True),
        foreign_keys=(ForeignKey(("role_id",), "role", ("id",)),),
    )
    may = Table(
        "may",
        (column("role_id", "INT"),),
        PrimaryKey(("role_id",)),
        foreign_keys=(ForeignKey(("role_id",), "role", ("id",)),),
        rows=Rows(("role_id",), (Row.of({"role_id": Ref("role", "id", Row.of({"name": "a"}))}),)),
    )
    schema, session = Schema.of([role, person, may]), open_file(":memory:", create=True)
    for each in schema:
        for sql in SQLITE.create_table(each):
            session.execute(sql)
    session.execute("INSERT INTO role (name) VALUES ('a'), ('made'), (NULL)")
    session.execute("INSERT INTO may (role_id) VALUES (1), (2)")
    session.execute("INSERT INTO person (role_id) VALUES (1)")
    Filler(session, SQLITE).clear({"role"}, schema)
    assert session.query("SELECT name FROM role") == [("a",)]
    assert session.query("SELECT role_id FROM may") == [(1,)]
    assert session.query("SELECT role_id FROM person") == []
