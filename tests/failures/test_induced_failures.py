"""Induced failures: exit code and message are right, and the printed way out resolves them."""

import os
import shutil

import pytest
from cases import CASES
from induced import Project, try_out

PAIRS = [
    pytest.param(
        case,
        engine,
        id=f"{case.name}-{engine}",
        marks=() if case.is_quick(engine) else pytest.mark.thorough,
    )
    for case in CASES
    for engine in case.engines
]


@pytest.fixture
def project(request, tmp_path, monkeypatch, databases):
    engine = request.param
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    _as_at_home(monkeypatch, tmp_path)
    made = Project(folder, engine, None if engine == "sqlite" else databases(engine))
    made.configure()
    before = dict(os.environ)
    yield made
    os.environ.clear()
    os.environ.update(before)


def _as_at_home(monkeypatch, place):
    """Let nothing of this machine show."""
    for name in [each for each in os.environ if each.startswith(("PEEWEE_MIG_", "GIT_", "PG"))]:
        if not name.startswith(("PEEWEE_MIG_TEST", "PEEWEE_MIG_REQUIRE")):
            monkeypatch.delenv(name)
    for name in ("CI", "DATABASE_URL", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    settings = {"user.name": "Ada", "user.email": "ada@example.com", "init.defaultBranch": "main"}
    settings |= {"core.fsync": "none", "gc.auto": "0"}
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (key, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)


@pytest.mark.parametrize(("failure", "project"), PAIRS, indirect=["project"])
def test_what_is_printed_resolves_it(failure, project, record_property):
    if "git" in failure.name and not shutil.which("git"):
        pytest.skip("no git")
    resolved = try_out(failure, project)
    record_property("resolved", resolved)


def test_there_are_at_least_a_hundred_and_almost_all_have_a_way_out_to_paste():
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CASES) >= 100
    assert sum(case.prose for case in CASES) <= 0.05 * len(CASES)
