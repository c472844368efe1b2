"""Indexes on MariaDB beside those that InnoDB makes for keys, and over columns that number rows."""

import pytest
from live_world import LiveWorld

TABLES = (
    'op.create_table("owner", op.column("id", "AUTO"), op.primary_key("id"))',
    """op.create_table("pet", op.column("id", "AUTO"), op.column("owner", "INT"),
    op.column("age", "INT"), op.primary_key("id"),
    op.foreign_key("owner", "owner", "id"))""",
)
RENAME = 'op.rename_column("pet", "owner", "keeper")'


@pytest.fixture
def world(mysql, tmp_path):
    made = LiveWorld(tmp_path, mysql)
    made.write(TABLES)
    made.migrate()
    made.sql("INSERT INTO owner VALUES (1)", "INSERT INTO pet VALUES (1, 1, 3), (2, 1, 3)")
    return made


def indexes(world):
    rows = world.sql("SHOW INDEX FROM pet")
    return sorted((row[2], row[4]) for row in rows if row[2] != "PRIMARY")


@pytest.mark.parametrize("name", ["keeper", "pet_keeper"])
@pytest.mark.parametrize("together", [True, False], ids=["together", "later"])
@pytest.mark.parametrize("kind", ["index", "unique"])
def test_one_takes_the_place_of_what_was_renamed_with_its_column(world, name, together, kind):
    if kind == "index":
        add = f'op.create_index("pet", op.index("{name}", "keeper"))'
    else:
        world.sql("DELETE FROM pet WHERE id = 2")
        add = f'op.add_unique("pet", op.unique("keeper", name="{name}"))'
    if together:
        world.write((RENAME, add))
    else:
        world.write((RENAME,))
        world.migrate()
        assert indexes(world) == [("keeper", "keeper")]
        world.write((add,))
    world.migrate()
    assert indexes(world) == [(name, "keeper")]
    assert world.sql(
        "SELECT constraint_name FROM information_schema.referential_constraints"
        " WHERE constraint_schema = database()"
    ) == [("pet_ibfk_1",)]
    world.rollback("0001")
    assert indexes(world) == [("owner", "owner")]


def test_one_over_a_column_that_numbers_rows_waits_for_the_numbers(world):
    world.write(
        (
            'op.add_column("pet", op.column("number", "BIGAUTO"))',
            'op.create_index("pet", op.index("pet_age", ("number", "age"), unique=True))',
            'op.alter_primary_key("pet", old=op.primary_key("id"), new=op.primary_key("number"))',
            'op.drop_column("pet", op.column("id", "AUTO"))',
        )
    )
    world.migrate()
    assert world.sql("SELECT number, age FROM pet ORDER BY number") == [(1, 3), (2, 3)]
    assert ("pet_age", "number") in indexes(world)
