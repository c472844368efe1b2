"""Migrations of two branches in each order, on servers: merged, rebased, resumed, undone."""

import pytest
from live_world import BASE, ROWS, LiveWorld

from peewee_mig.commands.merge import merge
from peewee_mig.commands.rebase import rebase
from peewee_mig.history.folder import read_history
from peewee_mig.history.writing import write_migration

ONE = (
    'op.add_column("people", op.column("town", "VARCHAR(50)"), fill="?")',
    'op.create_index("people", op.index("people_town", "town"))',
    """op.drop_foreign_key(
        "notes", op.foreign_key("person_id", "people", "id", on_delete="CASCADE")
    )""",
    """op.add_foreign_key(
        "notes", op.foreign_key("person_id", "people", "id", on_delete="RESTRICT")
    )""",
)
OTHER = (
    """op.alter_column(
        "people", old=op.column("age", "INT", null=True), new=op.column("age", "BIGINT", null=True)
    )""",
    'op.rename_column("notes", "text", "body")',
    """op.create_table(
        "pets",
        op.column("id", "AUTO"),
        op.column("owner_id", "INT"),
        op.primary_key("id"),
        op.foreign_key("owner_id", "people", "id"),
    )""",
    'op.run_sql("UPDATE people SET age = 7", [], touches=["people.age"])',
)


@pytest.fixture(params=["postgres", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = LiveWorld(tmp_path, databases(request.param))
    made.write(BASE)
    made.migrate()
    made.sql(*ROWS)
    return made


def write(world, name, operations):
    """Write a migration of a branch, behind the first one."""
    body = "".join(f"    {text},\n" for text in operations)
    text = (
        '"""Step."""\n\nfrom peewee_mig import op\n\nformat = 1\n\ndepends_on = ["0001_step"]\n\n'
    )
    write_migration(read_history(world.migrations), name, f"{text}operations = [\n{body}]\n")


def ends_well(world):
    """See that all is applied and as the files say, then go back to the start."""
    world.migrate()
    assert world.cli("diff") == 0
    assert world.cli("status", "--check") == 0
    assert [*world.sql("SELECT name, age, town FROM people ORDER BY id")[0]] == ["Ann", 7, "?"]
    assert world.sql("SELECT count(*) FROM notes") == [(3,)]
    while len(world.applied()) > 1:
        assert world.cli("rollback", "--allow-data-loss", "all") == 0
        assert world.cli("diff") == 0
    assert world.sql("SELECT count(*) FROM notes") == [(3,)]


@pytest.mark.parametrize("first", ["0002_one", "0002_other", ""])
def test_a_merge_brings_what_is_missing(world, first):
    operations = {"0002_one": ONE, "0002_other": OTHER}
    if first:
        write(world, first, operations.pop(first))
        world.migrate()
    for name, texts in operations.items():
        write(world, name, texts)
    merge(world.project, name="join")
    ends_well(world)


@pytest.mark.parametrize("atomic", [False, True])
def test_a_rebase_lets_the_others_come_late(world, atomic):
    write(world, "0002_one", ONE)
    world.migrate()
    write(world, "0002_other", OTHER)
    if not atomic:
        world.edit("0002_other", "format = 1", "format = 1\n\natomic = False")
    rebase(world.project, names=["0002_one"])
    ends_well(world)


def test_what_comes_late_and_fails_half_way_is_finished(world):
    write(world, "0002_one", ONE)
    world.migrate()
    write(world, "0002_other", (*OTHER, 'op.run_sql("UPDATE nowhere SET x = 1", [], touches=[])'))
    world.edit("0002_other", "format = 1", "format = 1\n\natomic = False")
    rebase(world.project, names=["0002_one"])
    assert world.cli("migrate") == 3
    world.edit("0002_other", "UPDATE nowhere SET x = 1", "UPDATE people SET age = 7")
    assert world.cli("migrate") == 0
    ends_well(world)


def test_what_does_not_commute_is_refused_before_anything_runs(world):
    write(world, "0002_one", ('op.drop_column("people", op.column("age", "INT", null=True))',))
    world.migrate()
    write(world, "0002_other", ("op.run_sql(\"UPDATE people SET name = 'x'\", [])",))
    rebase(world.project, names=["0002_one"])
    before = world.state()
    assert world.cli("migrate") == 5
    assert world.state() == before
