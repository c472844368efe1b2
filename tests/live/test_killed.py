"""Runs that die, or lose their connection: one plain re-run ends as if nothing had been.

What is killed before a statement has seen the one before it succeed, so these are the points
after each statement as well. The thorough profile tries every point, the quick one some.
"""

import pytest
from hypothesis import settings
from live_world import BASE, BUMP, ROWS, STEPS, LiveWorld, forks

EVERY = 1 if settings.get_current_profile_name() == "thorough" else 16


@pytest.fixture(params=["postgres", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return LiveWorld(tmp_path, databases(request.param))


@pytest.fixture
def filled(world):
    """Tables with rows, and migrations for them that are pending."""
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    world.write(*STEPS)
    return world


def crash(world, how, first, target=None):
    """Disturb a run at every point, or some; return how many points there are."""
    first = (first + world.is_postgres) % EVERY
    argument = {"target": target, "every": EVERY, "first": first, "how": how}
    points, bad = forks(world, "crash", argument)
    print(points, "points")
    assert bad == []
    return points


def test_a_run_killed_before_any_statement_is_finished_by_the_next(filled):
    assert crash(filled, "kill", 0) > 20


def test_a_way_back_killed_before_any_statement_is_finished_by_the_next(filled):
    filled.migrate()
    assert crash(filled, "kill", 2, "0001_step") > 20


def test_the_first_migration_killed_before_any_statement(world):
    world.write(BASE)
    assert crash(world, "kill", 4) > 5


def test_a_run_whose_connection_is_lost_after_any_statement_is_finished_by_the_next(filled):
    assert crash(filled, "lost", 1) > 20


def test_a_way_back_whose_connection_is_lost_is_finished_by_the_next(filled):
    filled.migrate()
    assert crash(filled, "lost", 3, "0001_step") > 20


CONCURRENTLY = (
    'op.run_sql("CREATE INDEX CONCURRENTLY by_age ON people (age)",'
    ' "DROP INDEX CONCURRENTLY by_age")'
)


@pytest.fixture
def single_steps(databases, tmp_path, monkeypatch):
    """PostgreSQL, a transaction for each step, and a statement that no transaction holds."""
    monkeypatch.chdir(tmp_path)
    world = LiveWorld(tmp_path, databases("postgres"))
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    world.write(STEPS[0], (BUMP, *STEPS[2], CONCURRENTLY, BUMP), atomic=False)
    return world


@pytest.mark.parametrize("how", ["kill", "lost"])
def test_a_run_of_single_steps_is_finished_by_the_next(single_steps, how):
    assert crash(single_steps, how, 5) > 30


@pytest.mark.parametrize("how", ["kill", "lost"])
def test_a_way_back_of_single_steps_is_finished_by_the_next(single_steps, how):
    single_steps.migrate()
    assert crash(single_steps, how, 2, "0001_step") > 30
