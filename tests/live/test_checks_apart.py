"""A check over two columns that both change by expressions sees the old rows or the new ones."""

import pytest
from live_world import LiveWorld

from peewee_mig.errors import GuardError

SPAN = """op.create_table("span", op.column("id", "AUTO"), op.column("a", "INT"),
    op.column("b", "INT"), op.primary_key("id"), op.check('"a" < "b"'),
    op.check('"b" < "a" + 9000', name="near"))"""


def change(column, using, back="{} / 1000"):
    return (
        f'op.alter_column("span", old=op.column("{column}", "INT"),'
        f' new=op.column("{column}", "BIGINT"), using={using!r},'
        f" using_back={back.format(column)!r})"
    )


@pytest.fixture
def world(tmp_path, live):
    made = LiveWorld(tmp_path, live)
    made.write(SPAN)
    made.migrate()
    made.sql("INSERT INTO span (a, b) VALUES (1, 2)")
    return made


def test_rows_that_only_half_way_would_violate_it_go_there_and_back(world):
    before = world.schema()
    world.write((change("a", "a * 1000"), change("b", "b * 1000")))
    world.migrate()
    assert world.sql("SELECT a, b FROM span") == [(1000, 2000)]
    (table,) = (each for each in world.schema() if each.name == "span")
    assert len(table.checks) == 2
    world.rollback()
    assert world.schema() == before
    assert world.sql("SELECT a, b FROM span") == [(1, 2)]


def test_rows_that_violate_it_at_last_stop_it_first(world):
    """``a`` alone would pass; the first change is followed by the name that the column gets."""
    before = world.state()
    rename = 'op.rename_column("span", "b", "c")'
    second = change("c", "c - 2")
    world.write((change("a", "a - 1"), rename, second))
    with pytest.raises(GuardError, match='span has rows that are not "a" < "c"') as caught:
        world.migrate()
    assert "0002_step" in caught.value.where
    assert world.state() == before


def test_a_rehearsal_assumes_what_is_renamed_first(world):
    before = world.state()
    world.write(
        ('op.rename_table("span", "era")', """op.drop_check("era", op.check('"a" < "b"'))""")
    )
    world.migrate(dry_run=True)
    assert world.state() == before
    world.migrate()
    (table,) = (each for each in world.schema() if each.name == "era")
    assert [check.name for check in table.checks] == ["near"]
