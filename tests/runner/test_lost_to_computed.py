"""A plain column that becomes a generated one, either way: its values count as those of a drop."""

import pytest

from peewee_mig.errors import ConsentError

PLAIN = 'op.column("c", "INT", null=True)'
MADE = 'op.column("c", "INT", null=True, computed="a * 2", stored=True)'
TO_PLAIN = f'op.alter_column("t", old={MADE}, new={PLAIN})'
TO_MADE = f'op.alter_column("t", old={PLAIN}, new={MADE})'


def table(column):
    base = 'op.column("id", "INT"), op.column("a", "INT", null=True)'
    return f'op.create_table("t", {base}, {column}, op.primary_key("id"))'


def test_values_written_by_hand_go_back_to_computed_ones_with_consent_only(world):
    world.write(table(MADE), TO_PLAIN)
    world.migrate()
    world.sql("INSERT INTO t VALUES (1, 1, 7), (2, 2, NULL)")
    before = world.dump()
    with pytest.raises(ConsentError, match=r"lose data: t\.c \(1 row\)") as caught:
        world.rollback()
    assert caught.value.hint == "peewee-mig rollback --allow-data-loss t.c"
    assert world.dump() == before
    assert world.cli("rollback", "--allow-data-loss", "t.c") == 0
    assert world.sql("SELECT c FROM t ORDER BY id") == [(2,), (4,)]


def test_what_is_empty_becomes_computed_without_a_question(world):
    world.write(table(MADE), TO_PLAIN)
    world.migrate()
    world.sql("INSERT INTO t VALUES (1, 1, NULL)")
    world.rollback()
    assert world.sql("SELECT c FROM t") == [(2,)]


def test_a_committed_migration_is_consent_and_the_way_back_keeps_what_was_computed(world):
    world.write(table(PLAIN), TO_MADE)
    world.migrate("0001")
    world.sql("INSERT INTO t VALUES (1, 1, 7)")
    world.migrate()
    assert world.sql("SELECT c FROM t") == [(2,)]
    world.rollback()
    assert world.sql("SELECT c FROM t") == [(2,)]


def test_a_column_that_is_computed_has_nothing_of_its_own_to_lose(world):
    base = 'op.column("id", "INT"), op.column("a", "INT", null=True), op.primary_key("id")'
    world.write(f'op.create_table("t", {base})', f'op.add_column("t", {PLAIN})', TO_MADE)
    world.migrate()
    world.sql("INSERT INTO t (id, a) VALUES (1, 1)")
    world.rollback("2")
    assert world.sql("SELECT * FROM t") == [(1, 1)]


def test_a_column_that_is_lost_twice_is_named_once(world):
    world.write(
        'op.create_table("t", op.column("id", "INT"), op.column("a", "INT", null=True),'
        ' op.primary_key("id"))',
        f'op.add_column("t", {PLAIN})', TO_MADE, TO_PLAIN,
        'op.rename_column("t", "c", "d")',
    )  # fmt: skip
    world.migrate()
    world.sql("INSERT INTO t VALUES (1, 1, 7)")
    with pytest.raises(ConsentError, match=r"lose data: t\.d \(1 row\)$"):
        world.rollback("4")
    world.rollback("4", allow_data_loss=["t.d"])
    assert world.sql("SELECT * FROM t") == [(1, 1)]
