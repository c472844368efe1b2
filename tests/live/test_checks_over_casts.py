"""A check that stays, or comes, and that no server can compute with the values rows will have."""

import pytest
from live_world import LiveWorld

from peewee_mig.errors import GuardError, RefusedError

TABLE = """op.create_table("t", op.column("id", "AUTO"), op.column("a", "VARCHAR(9)", null=True),
    op.column("b", "VARCHAR(9)", null=True), op.column("n", "INT"), op.primary_key("id"),
    op.check(CHECK))"""


def change(column, using=""):
    words = f', using="{using}"' if using else ""
    return (
        f'op.alter_column("t", old=op.column("{column}", "VARCHAR(9)", null=True),'
        f' new=op.column("{column}", "INT", null=True){words})'
    )


NUMBERS = (change("a", "char_length(a)"), change("b", "char_length(b)"))


def made(databases, tmp_path, check, *rows):
    world = LiveWorld(tmp_path, databases("mysql"))
    world.write(TABLE.replace("CHECK)", f"{check!r})"))
    world.migrate()
    for row in rows:
        world.sql(f"INSERT INTO t (a, b, n) VALUES {row}")
    return world


def refused(world, *operations, match=r"Truncated incorrect \w+ value: 'zz' \(1292\)"):
    world.write(operations)
    before = world.state()
    with pytest.raises(RefusedError, match=match) as caught:
        world.migrate()
    assert world.state() == before
    assert "values that rows of t will have" in caught.value.message
    assert caught.value.where
    assert "change it together with the column" in caught.value.hint


def test_of_values_by_expressions(databases, tmp_path):
    refused(made(databases, tmp_path, '"b" <> \'zz\' OR "a" IS NULL', "('1', '2', 3)"), *NUMBERS)


def test_of_one_value_by_an_expression_that_gives_texts(databases, tmp_path):
    world = made(databases, tmp_path, "\"b\" <> 'zz'", "('1', '2', 3)")
    refused(world, change("b", "concat('', char_length(b))"))


def test_of_a_cast(databases, tmp_path):
    refused(made(databases, tmp_path, "\"b\" <> 'zz'", "('1', '2', 3)"), change("b"))


def test_of_a_column_that_stays_as_it_is(databases, tmp_path):
    """The other column of the check holds what does not compare."""
    world = made(databases, tmp_path, '"b" <> "a"', "('zz', '2', 3)")
    refused(world, change("b"))


def test_of_a_check_that_comes(databases, tmp_path):
    world = made(databases, tmp_path, '"n" > 0', "('1', '2', 3)")
    check = """op.add_check("t", op.check('"n" / 0 IS NULL', name="one"))"""
    refused(world, 'op.add_column("t", op.column("c", "INT", null=True))', check, match="1365")


def test_one_that_can_be_computed_is_no_matter(databases, tmp_path):
    world = made(databases, tmp_path, '"b" <> \'7\' OR "a" IS NULL', "('1', '2', 3)")
    world.write(NUMBERS)
    world.migrate()
    assert world.sql("SELECT a, b FROM t") == [(1, 1)]


def test_nor_is_one_without_rows_or_with_none_but_nulls(databases, tmp_path):
    world = made(databases, tmp_path, '"b" <> \'zz\' OR "a" IS NULL', "(NULL, NULL, 3)")
    world.write(NUMBERS)
    world.migrate()


def test_rows_that_violate_it_are_counted(databases, tmp_path):
    world = made(databases, tmp_path, '"b" <> \'1\' OR "a" IS NULL', "('1', '2', 3)")
    world.write(NUMBERS)
    with pytest.raises(GuardError, match="1 row is in the way"):
        world.migrate()
