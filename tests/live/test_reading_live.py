"""graph and show on servers: what they remember, in whose words, and with which rights."""

import json

import pytest
from live_world import BASE, BUMP, LiveWorld


@pytest.fixture(params=["postgres", "mysql"])
def world(request, databases, tmp_path):
    world = LiveWorld(tmp_path, databases(request.param))
    world.write(BASE, BUMP, 'op.drop_column("notes", op.column("spare", "INT", null=True))')
    world.migrate("0002")
    return world


def told(world, capsys, *args):
    assert world.cli(*args) == 0
    streams = capsys.readouterr()
    return streams.out, streams.err


def test_a_server_tells_what_is_applied_and_in_its_own_sql(world, capsys):
    out, _ = told(world, capsys, "graph", "--json")
    states = [(each["name"], each["state"]) for each in json.loads(out)["migrations"]]
    assert states == [("0001_step", "applied"), ("0002_step", "applied"), ("0003_step", "pending")]
    out, _ = told(world, capsys, "show", "3")
    mark = '"' if world.is_postgres else "`"
    assert f"ALTER TABLE {mark}notes{mark} DROP COLUMN {mark}spare{mark};" in out
    assert "\napplied:     no\n" in out
    (row,) = world.sql("SELECT finished, applied_by FROM peewee_mig_history WHERE id = 2")
    out, _ = told(world, capsys, "show", "2")
    assert f"\napplied:     {row[0]}, " in out
    assert f" s, by {row[1]}, with peewee-mig " in out


def test_a_role_without_rights_gets_the_files_and_the_grant(world, tmp_path, capsys):
    role = world.database.role("clerk")
    clerk = LiveWorld(tmp_path, world.database, world.database.url_as(role))
    out, err = told(clerk, capsys, "graph")
    assert out == "●  0001_step\n●  0002_step\n●  0003_step\n3 migrations.\n"
    assert "warning: what is applied is not known: " in err
    assert "GRANT SELECT ON" in err


def test_a_server_that_is_asked_is_not_changed(world, tmp_path, databases, capsys):
    other = databases(world.database.engine)
    empty = LiveWorld(tmp_path, other)
    out, _ = told(empty, capsys, "graph")
    assert out.endswith("3 migrations, 3 pending.\n")
    told(empty, capsys, "show", "1")
    assert empty.schema().names == frozenset()
