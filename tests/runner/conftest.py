"""The fixture of the runner's tests: a project in a new folder."""

import pytest
from runner_world import World


@pytest.fixture
def world(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "PEEWEE_MIG_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)
