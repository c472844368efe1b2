"""The worked example: its history is true, intact, and ends where its models are.

``tests/live/test_example.py`` applies it on every engine.
"""

from pathlib import Path

import pytest

from peewee_mig.commands.check import check
from peewee_mig.commands.config import Options
from peewee_mig.commands.project import open_project
from peewee_mig.diff import diff
from peewee_mig.history.folder import read_history
from peewee_mig.operations import word_of
from peewee_mig.operations.verbs import Alter
from peewee_mig.schema import Column, ForeignKey
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    return open_project(Options(database=f"sqlite:///{tmp_path}/app.db"), {}, ROOT)


@pytest.fixture
def history():
    return read_history(ROOT / "migrations")


def test_check_finds_nothing(project):
    assert [f for f in check(project).findings if "git does not know" not in f.message] == []


def test_history_has_the_steps_of_a_real_one(history):
    words = {m.name: [word_of(o) for o in m.operations] for m in history.migrations}
    assert len(words) >= 8
    kinds = "rename_column rename_table drop_column create_index add_check create_view"
    for wanted in kinds.split():
        assert any(wanted in each for each in words.values()), wanted


def test_workflow_steps_lose_their_template(history):
    old, new = [], []
    for operation in history.migration(history.find("0008")).operations:
        assert isinstance(operation, Alter)
        old.append(operation.old)
        new.append(operation.new)
    column, key = new
    assert isinstance(column, Column)
    assert isinstance(key, ForeignKey)
    assert (old[0].null, column.null) == (False, True)
    assert (old[1].on_delete, key.on_delete) == ("RESTRICT", "SET NULL")


def test_models_have_nothing_to_generate(history):
    models = read_models(find_models(["models"], root=ROOT))
    assert diff(history.last_schema, models.schema) == ()
