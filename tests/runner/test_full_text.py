"""Full-text tables that change keep their rows, also on the way back."""

from itertools import pairwise

import pytest

from peewee_mig.errors import ConsentError
from peewee_mig.history.folder import read_history
from peewee_mig.plan.hazards import hazards
from peewee_mig.schema import Schema


@pytest.fixture(params=["fts4", "fts5"])
def module(request):
    return request.param


def virtual(module, *arguments):
    words = ", ".join(map(repr, arguments))
    return f'op.virtual_table("notes", {module!r}, {words})'


def written(world, *versions):
    """Write a migration that makes a table, and one for each change of it."""
    world.write(f"op.create_object({versions[0]})")
    for old, new in pairwise(versions):
        world.write((f"op.drop_object({old})", f"op.create_object({new})"))


def found(world, words):
    return world.sql(f"SELECT rowid, * FROM notes WHERE notes MATCH '{words}'")


def test_rows_are_there_after_a_change_and_after_its_rollback(world, module):
    option = "tokenize=porter" if module == "fts4" else "tokenize='porter'"
    written(world, virtual(module, "title"), virtual(module, "title", "body", option))
    world.migrate("0001_step")
    world.sql("INSERT INTO notes (rowid, title) VALUES (7, 'running dogs')")
    assert found(world, "run") == []
    world.migrate()
    assert found(world, "run") == [(7, "running dogs", None)]
    world.rollback("1")
    assert found(world, "run") == []
    assert found(world, "running") == [(7, "running dogs")]
    assert world.sql("SELECT name FROM sqlite_master WHERE name LIKE '%peewee_mig_old%'") == []


def test_triggers_that_fill_a_table_go_on_filling_it(world, module):
    written(world, virtual(module, "title"), virtual(module, "title", "body"))
    world.migrate("0001_step")
    world.sql("CREATE TABLE source (title)", "CREATE TRIGGER fills AFTER INSERT ON source BEGIN"
              " INSERT INTO notes (title) VALUES (new.title); END")  # fmt: skip
    world.migrate()
    world.sql("INSERT INTO source VALUES ('late')")
    assert found(world, "late") == [(1, "late", None)]


def test_rows_that_no_version_keeps_need_consent(world, module):
    """On the way to nothing, and where the drop and the addition are two migrations."""
    made = virtual(module, "title")
    written(world, made, virtual(module, "title", "body"))
    world.migrate()
    world.sql("INSERT INTO notes (title) VALUES ('x')")
    with pytest.raises(ConsentError, match="notes"):
        world.rollback("2")
    world.rollback("2", allow_data_loss=["notes"])
    assert world.sql("SELECT name FROM sqlite_master WHERE name = 'notes'") == []


def test_columns_that_are_lost_are_told(world):
    kept, lost = virtual("fts5", "title", "body"), virtual("fts5", "title")
    written(world, kept, lost, kept, virtual("fts5", "title", "body", "content=''"))
    told = []
    schema = Schema()
    for migration in read_history(world.migrations).migrations:
        told.append([each.id for each in hazards(migration.operations, schema)])
        schema = read_history(world.migrations).schema_at(migration.name)
    assert told == [[], ["data-loss"], [], ["data-loss"]]


def test_rows_are_there_after_a_rename_and_after_its_rollback(world, module):
    world.write(f"op.create_object({virtual(module, 'title')})")
    papers = virtual(module, "title").replace("notes", "papers")
    more = virtual(module, "title", "body").replace("notes", "papers")
    world.write(
        (
            "op.rename_virtual_table('notes', 'Papers')",
            "op.rename_virtual_table('Papers', 'papers')",
        )
    )
    world.write((f"op.drop_object({papers})", f"op.create_object({more})"))
    world.migrate("0001_step")
    world.sql("INSERT INTO notes (rowid, title) VALUES (7, 'running dogs')")
    world.sql("CREATE TABLE source (title)", "CREATE TRIGGER fills AFTER INSERT ON source BEGIN"
              " INSERT INTO notes (title) VALUES (new.title); END")  # fmt: skip
    world.migrate()
    assert world.sql("SELECT rowid, * FROM papers") == [(7, "running dogs", None)]
    world.rollback("2")
    world.sql("INSERT INTO source VALUES ('late')")
    assert found(world, "dogs late".replace(" ", " OR ")) == [(7, "running dogs"), (8, "late")]
