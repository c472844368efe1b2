"""Indexes that a database has by other names than the snapshot: told before the first statement."""

import pytest
from live_world import LiveWorld

from peewee_mig.errors import RefusedError

OWNER = """op.create_table("owner", op.column("id", "AUTO"), op.column("a", "INT", null=True),
    op.column("t", "VARCHAR(20)"), op.primary_key("id"), op.index("owner_a", "a"),
    op.index("owner_t", parts=['"t"(5)', '"a" DESC']))"""
#: A part of an index, and what other engines have in its place.
BESIDE = ('"t"(5)', '"t"')
DROP = """op.drop_index("pet_owner", op.index("owner_a", "a"))"""
RENAMES = (
    'op.rename_table("owner", "pet_owner")',
    'op.rename_index("pet_owner", "owner_t", "pet_owner_t")',
)
#: What the hint says.
RENAMING = {
    "mysql": "ALTER TABLE `owner` RENAME INDEX `{old}` TO `owner_a`",
    "postgres": 'ALTER INDEX "{old}" RENAME TO "owner_a"',
    "sqlite": 'DROP INDEX "{old}"; CREATE INDEX "owner_a" ON "owner" ("a")',
}


@pytest.fixture
def world(live, tmp_path):
    made = LiveWorld(tmp_path, live)
    made.write(OWNER if made.database.engine == "mysql" else OWNER.replace(*BESIDE))
    made.migrate()
    return made


def by_other_name(world, old, new):
    """Give an index of ``owner`` another name, as somebody made it by hand."""
    match world.database.engine:
        case "mysql":
            world.sql(f"ALTER TABLE owner RENAME INDEX {old} TO {new}")
        case "postgres":
            world.sql(f"ALTER INDEX {old} RENAME TO {new}")
        case _:
            parts = "t, a DESC" if old.endswith("t") else "a"
            world.sql("SELECT 1", f"DROP INDEX {old}", f"CREATE INDEX {new} ON owner ({parts})")


def refused(world, name):
    before = world.state()
    with pytest.raises(RefusedError, match=f"the database has no index {name} on owner") as caught:
        world.migrate()
    assert world.state() == before
    assert caught.value.where
    return caught.value.hint


def test_the_hint_gives_it_the_name(world):
    by_other_name(world, "owner_a", "a1")
    world.write((*RENAMES, DROP))
    words = RENAMING[world.database.engine].format(old="a1")
    assert f": {words.replace('; ', ', then: ')}, then: " in refused(world, "owner_a")
    world.sql("SELECT 1", *words.split("; "))
    world.migrate()
    (table,) = world.schema()
    assert [index.name for index in table.indexes] == ["pet_owner_t"]


def test_one_over_parts_is_left_to_be_found_by_mysql(world):
    by_other_name(world, "owner_t", "t1")
    world.write((*RENAMES, DROP))
    old = "NAME" if world.database.engine == "mysql" else "t1"
    assert world.dialect.quote(old) in refused(world, "owner_t")


def test_one_that_is_gone_has_no_name(world):
    drop = {"mysql": "DROP INDEX owner_a ON owner"}
    world.sql(drop.get(world.database.engine, "DROP INDEX owner_a"))
    world.write((*RENAMES, DROP))
    assert world.dialect.quote("NAME") in refused(world, "owner_a")


def test_ones_own_sql_may_give_it_the_name(world):
    by_other_name(world, "owner_a", "a1")
    words = RENAMING[world.database.engine].format(old="a1").split("; ")
    world.write((f"op.run_sql({words!r}, backward=[])", *RENAMES, DROP))
    world.migrate()


def test_case_means_nothing_where_it_does_not(world):
    if world.database.engine == "postgres":
        pytest.skip("there it does")
    by_other_name(world, "owner_a", "a1")
    by_other_name(world, "a1", "OWNER_A")
    world.write((*RENAMES, DROP))
    world.migrate()


def test_in_a_schema_of_postgres(databases, tmp_path):
    world = LiveWorld(tmp_path, databases("postgres"))
    world.sql("CREATE SCHEMA store")
    table, drop = (each.replace("owner", "store.owner", 1) for each in (OWNER, DROP))
    world.write(table.replace(*BESIDE))
    world.migrate()
    world.sql("ALTER INDEX store.owner_a RENAME TO a1")
    world.write(drop.replace("pet_store.owner", "store.owner"))
    with pytest.raises(RefusedError) as caught:
        world.migrate()
    assert ': ALTER INDEX "store"."a1" RENAME TO "owner_a", then: ' in caught.value.hint
