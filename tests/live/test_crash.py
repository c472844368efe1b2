"""``kill -9`` before each statement of a run on a server: one plain re-run ends as if nothing was.

What is killed before a statement has seen the one before it succeed, so these are the points
after each statement as well.
"""

import pytest
from live_world import BASE, ROWS, STEPS, LiveWorld, forks


@pytest.fixture(params=["postgres", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return LiveWorld(tmp_path, databases(request.param))


def test_a_run_killed_before_any_statement_is_finished_by_the_next(world):
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    world.write(*STEPS)
    kills, bad = forks(world, "crash", [None, None])
    assert kills > 20
    assert bad == []


def test_a_way_back_killed_before_any_statement_is_finished_by_the_next(world):
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    world.write(*STEPS)
    world.migrate()
    kills, bad = forks(world, "crash", ["0001_step", None])
    assert kills > 20
    assert bad == []


def test_the_first_migration_killed_before_any_statement(world):
    world.write(BASE)
    kills, bad = forks(world, "crash", [None, None])
    assert kills > 5
    assert bad == []
