"""The worked example: its history is true, intact, and ends where its models are."""

from pathlib import Path

import peewee
import pytest

from peewee_mig.commands.check import check
from peewee_mig.commands.config import Options
from peewee_mig.commands.migrate import migrate
from peewee_mig.commands.project import open_project
from peewee_mig.commands.rollback import rollback
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.sqlite.session import open_file
from peewee_mig.diff import diff
from peewee_mig.history.folder import read_history
from peewee_mig.operations import word_of
from peewee_mig.operations.verbs import Alter
from peewee_mig.schema import Column, ForeignKey, Schema
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    return open_project(Options(database=f"sqlite:///{tmp_path}/app.db"), {}, ROOT)


@pytest.fixture
def history():
    return read_history(ROOT / "migrations")


def inspected(path):
    session = open_file(str(path), create=False)
    try:
        return get_dialect("sqlite").inspect(session.query)
    finally:
        session.close()


def created(path):
    """Let Peewee itself create the tables; return what it leaves out, too."""
    models = find_models(["models"], root=ROOT)
    database = peewee.SqliteDatabase(str(path))
    with database.bind_ctx(models, bind_refs=False, bind_backrefs=False):
        database.create_tables(models)
    database.close()
    return [key for model in models for key in model._meta.refs if key.deferred]


def test_check_finds_nothing(project):
    assert [f for f in check(project).findings if "git does not know" not in f.message] == []


def test_history_ends_in_what_create_tables_makes(project, tmp_path):
    migrate(project)
    deferred = created(tmp_path / "peewee.db")
    made, expected = inspected(tmp_path / "app.db"), inspected(tmp_path / "peewee.db")
    missing = diff(expected.schema, made.schema)
    assert [word_of(operation) for operation in missing] == ["add_foreign_key"] * len(deferred)
    assert made.unmanaged == expected.unmanaged == ()


def test_history_has_the_steps_of_a_real_one(history):
    words = {m.name: [word_of(o) for o in m.operations] for m in history.migrations}
    assert len(words) >= 8
    for wanted in ("rename_column", "rename_table", "drop_column", "create_index"):
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


def test_every_step_can_be_undone(project, tmp_path, history):
    migrate(project)
    rollback(project, target="zero")
    left = inspected(tmp_path / "app.db").schema
    assert left == Schema()
    assert len(migrate(project).applied) == len(history.migrations)


def test_models_have_nothing_to_generate(history):
    models = read_models(find_models(["models"], root=ROOT))
    assert diff(history.last_schema, models.schema) == ()
