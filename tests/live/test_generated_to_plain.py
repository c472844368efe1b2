"""Generated columns that become plain ones of another type: their values are asked and cast."""

import pytest
from live_world import LiveWorld

from peewee_mig.errors import ConsentError, GuardError

KINDS = [(engine, stored) for engine in ("sqlite", "postgres", "mysql") for stored in (True, False)]


@pytest.fixture(params=KINDS, ids=lambda kind: f"{kind[0]}-stored={kind[1]}")
def kind(request):
    return request.param


@pytest.fixture
def world(kind, databases, tmp_path):
    world = LiveWorld(tmp_path, databases(kind[0]))
    if kind == ("postgres", False) and world.sql("SHOW server_version_num") < [("180000",)]:
        pytest.skip("this PostgreSQL has no virtual generated columns")
    return world


def generated(kind, type_="VARCHAR(20)"):
    return f'op.column("c", "{type_}", null=True, computed="trim(a)", stored={kind[1]})'


def write(world, kind, new, *more):
    """A table of which ``c`` is computed from ``a``, then ``c`` as a plain column."""
    base = 'op.column("id", "INT"), op.column("a", "VARCHAR(20)", null=True)'
    made = (
        'op.create_table("o", op.column("id", "INT"), op.primary_key("id"))',
        f'op.create_table("t", {base}, {generated(kind)}, op.primary_key("id"))',
    )
    world.write(made, (f'op.alter_column("t", old={generated(kind)}, new={new})', *more))
    world.migrate("0001_step")


def insert(world, *values):
    rows = ", ".join(f"({n}, {value})" for n, value in enumerate(values))
    world.sql(f"INSERT INTO t (id, a) VALUES {rows}")


def stopped(world):
    with pytest.raises(GuardError) as caught:
        world.migrate()
    assert caught.value.committed == "nothing was changed"
    return caught.value.message


def test_values_that_do_not_fit_stop_it_and_others_are_cast(world, kind):
    write(world, kind, 'op.column("c", "INT")')
    insert(world, "' 7 '", "'x'", "NULL")
    assert "no value is given" in stopped(world)
    world.sql("DELETE FROM t WHERE id = 2")
    assert "t.c has values that are no INT (such as x)" in stopped(world)
    world.sql("UPDATE t SET a = '8' WHERE id = 1")
    world.migrate()
    world.sql("UPDATE t SET a = '9'")
    assert world.sql("SELECT c FROM t ORDER BY id") == [(7,), (8,)]


def test_words_become_the_values_that_a_plain_column_would_have(world, kind):
    write(world, kind, 'op.column("c", "BOOL", null=True)')
    insert(world, "'yes'", "'off'", "NULL")
    world.migrate()
    found = world.sql("SELECT c FROM t ORDER BY id")
    assert [value if value is None else bool(value) for (value,) in found] == [True, False, None]


def test_a_fill_takes_the_place_of_what_was_computed_as_null(world, kind):
    write(world, kind, 'op.column("c", "INT"), fill=5')
    insert(world, "'7'", "NULL")
    world.migrate()
    assert world.sql("SELECT c FROM t ORDER BY id") == [(7,), (5,)]


def test_keys_over_it_are_asked_for_first(world, kind):
    write(
        world, kind, 'op.column("c", "INT", null=True)',
        'op.create_index("t", op.index("t_c", "c", unique=True))',
        'op.add_foreign_key("t", op.foreign_key("c", "o", "id"))',
    )  # fmt: skip
    world.sql("INSERT INTO o (id) VALUES (7)")
    insert(world, "'7'", "' 7'", "'8'")
    assert "two rows of t have the same c" in stopped(world)
    world.sql("DELETE FROM t WHERE id = 1")
    assert "t.c refers to rows that o lacks (such as 8)" in stopped(world)
    world.sql("DELETE FROM t WHERE id = 2")
    world.migrate()
    assert world.sql("SELECT c FROM t") == [(7,)]


def test_what_it_is_computed_from_may_change_first(world, kind):
    change = 'op.alter_column("t", old=op.column("a", "VARCHAR(20)", null=True), new=op.column("a"'
    write(world, kind, 'op.column("c", "INT", null=True)', f'{change}, "INT", null=True))')
    insert(world, "'7'", "NULL")
    world.migrate()
    assert world.sql("SELECT a, c FROM t ORDER BY id") == [(7, 7), (None, None)]


def test_what_was_written_by_hand_is_lost_on_the_way_back_by_consent_only(world, kind):
    write(world, kind, 'op.column("c", "VARCHAR(20)", null=True)')
    insert(world, "' 7 '", "'x'")
    world.migrate()
    world.sql("UPDATE t SET c = 'mine' WHERE id = 1")
    with pytest.raises(ConsentError, match=r"lose data: t\.c \(2 rows\)"):
        world.rollback()
    assert world.sql("SELECT c FROM t ORDER BY id") == [("7",), ("mine",)]
    world.rollback(allow_data_loss=["t.c"])
    assert world.sql("SELECT c FROM t ORDER BY id") == [("7",), ("x",)]
