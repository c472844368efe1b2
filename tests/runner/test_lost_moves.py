"""Values of a column that moved, which no row takes on the way back: lost only by name."""

import pytest

from peewee_mig.errors import GuardError, UsageError

MADE = (
    """op.create_table("owner", op.column("id", "AUTO"), op.column("note", "TEXT", null=True),
        op.primary_key("id"))""",
    """op.create_table("item", op.column("id", "AUTO"), op.column("owner_id", "INT", null=True),
        op.primary_key("id"), op.index("item_owner_id", "owner_id", unique=True),
        op.foreign_key("owner_id", "owner", "id"))""",
)
MOVE = (
    'op.add_column("item", op.column("note", "TEXT", null=True))',
    'op.copy_values("item", "note", source="owner", source_column="note", on={"owner_id": "id"})',
    'op.drop_column("owner", op.column("note", "TEXT", null=True))',
)


def test_they_stop_a_rollback_until_they_are_named(world):
    world.write(MADE, MOVE)
    world.migrate()
    world.sql("INSERT INTO owner (id) VALUES (1)",
              "INSERT INTO item (owner_id, note) VALUES (1, 'a'), (NULL, 'b')")  # fmt: skip
    with pytest.raises(GuardError) as caught:
        world.rollback()
    assert "or lose the values (--allow-data-loss item.note)" in caught.value.hint
    with pytest.raises(UsageError, match=r"owner\.id: nothing of that name is dropped"):
        world.rollback(allow_data_loss=["item.note", "owner.id"])
    assert world.sql("SELECT note FROM item") == [("a",), ("b",)]
    world.rollback(allow_data_loss=["item.note"])
    assert world.sql("SELECT id, note FROM owner") == [(1, "a")]


def test_they_have_the_names_of_their_migration_where_a_later_one_renamed_them(world):
    renamed = ('op.rename_table("item", "thing")', 'op.rename_column("thing", "note", "said")')
    world.write(MADE, MOVE, renamed)
    world.migrate()
    world.sql("INSERT INTO thing (owner_id, said) VALUES (NULL, 'b')")
    with pytest.raises(GuardError) as caught:
        world.rollback("0001")
    assert "(--allow-data-loss item.note)" in caught.value.hint
    world.rollback("0001", allow_data_loss=["item.note"])
    assert world.sql("SELECT note FROM owner") == []


KEYS = (
    'op.create_table("place", op.column("id", "AUTO"), op.primary_key("id"))',
    """op.create_table("owner", op.column("id", "AUTO"), op.column("place_id", "INT"),
        op.primary_key("id"), op.foreign_key("place_id", "place", "id"))""",
    MADE[1],
)
MOVE_KEY = (
    'op.drop_foreign_key("owner", op.foreign_key("place_id", "place", "id"))',
    'op.add_column("item", op.column("place_id", "INT"), fill=op.empty())',
    """op.copy_values("item", "place_id", source="owner", source_column="place_id",
        on={"owner_id": "id"})""",
    'op.add_foreign_key("item", op.foreign_key("place_id", "place", "id"))',
    'op.drop_column("owner", op.column("place_id", "INT"))',
)


def test_a_key_that_moves_back_needs_a_value_for_rows_that_nobody_refers_to(world):
    world.write(KEYS, MOVE_KEY)
    world.migrate()
    world.sql("INSERT INTO place VALUES (1), (2)", "INSERT INTO owner VALUES (1), (2)",
              "INSERT INTO item (owner_id, place_id) VALUES (1, 2)")  # fmt: skip
    with pytest.raises(GuardError) as caught:
        world.rollback()
    assert caught.value.hint == "peewee-mig rollback --fill owner.place_id=VALUE"
    world.rollback(fills={"owner.place_id": "1"})
    assert world.sql("SELECT id, place_id FROM owner") == [(1, 2), (2, 1)]
