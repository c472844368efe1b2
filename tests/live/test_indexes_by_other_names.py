"""Indexes that a server has by other names than the snapshot: told before the first statement."""

import pytest
from live_world import LiveWorld

from peewee_mig.errors import RefusedError

OWNER = """op.create_table("owner", op.column("id", "AUTO"), op.column("a", "INT", null=True),
    op.column("t", "VARCHAR(20)"), op.primary_key("id"), op.index("owner_a", "a"),
    op.index("owner_t", parts=['"t"(5)', '"a" DESC']))"""
DROP = """op.drop_index("pet_owner", op.index("owner_a", "a"))"""
RENAMES = (
    'op.rename_table("owner", "pet_owner")',
    'op.rename_index("pet_owner", "owner_t", "pet_owner_t")',
)


@pytest.fixture
def world(databases, tmp_path):
    made = LiveWorld(tmp_path, databases("mysql"))
    made.write(OWNER)
    made.migrate()
    return made


def refused(world, name):
    before = world.state()
    with pytest.raises(RefusedError, match=f"the database has no index {name} on owner") as caught:
        world.migrate()
    assert world.state() == before
    return caught.value.hint


def test_the_hint_gives_it_the_name(world):
    world.sql("ALTER TABLE owner RENAME INDEX owner_a TO a")
    world.write((*RENAMES, DROP))
    hint = refused(world, "owner_a")
    assert "(ALTER TABLE `owner` RENAME INDEX `a` TO `owner_a`)" in hint
    world.sql("ALTER TABLE owner RENAME INDEX a TO OWNER_A")
    world.migrate()


def test_one_over_parts_is_left_to_be_found(world):
    world.sql("ALTER TABLE owner RENAME INDEX owner_t TO t")
    world.write((*RENAMES, DROP))
    assert "RENAME INDEX `NAME` TO `owner_t`" in refused(world, "owner_t")


def test_ones_own_sql_may_give_it_the_name(world):
    world.sql("ALTER TABLE owner RENAME INDEX owner_a TO a")
    mend = """op.run_sql("ALTER TABLE owner RENAME INDEX a TO owner_a", backward="SELECT 1")"""
    world.write((mend, *RENAMES, DROP))
    world.migrate()
