"""The fixture of the tests of tenants: a project in a new folder."""

import pytest
from tenants_world import Project


@pytest.fixture
def project(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, capsys)
