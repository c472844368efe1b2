"""Full-text tables that read the rows of another table: their index follows it, or is refused."""

import pytest

from peewee_mig.errors import RefusedError
from peewee_mig.history.folder import read_history
from peewee_mig.plan.hazards import hazards

NOTE = """op.create_table(
    "note", op.column("id", "AUTO"), op.column("title", "TEXT", null=True), op.primary_key("id")
)"""
TRIGGER = (
    "CREATE TRIGGER note_ai AFTER INSERT ON note BEGIN"
    " INSERT INTO docs (rowid, title) VALUES (new.id, new.title); END"
)


@pytest.fixture(params=["fts4", "fts5"])
def module(request):
    return request.param


def docs(module, column="title", source="note"):
    return f"""op.virtual_table("docs", {module!r}, '"{column}"', 'content = "{source}"')"""


def started(world, made):
    """Write and apply a migration with a table, its index, and the trigger that fills it."""
    world.write((NOTE, f"op.create_object({made})"))
    world.migrate()
    world.sql(TRIGGER, "INSERT INTO note (id, title) VALUES (7, 'a dog'), (9, NULL)")
    return world


def anew(old, new):
    return f"op.drop_object({old})", f"op.create_object({new})"


def found(world, column="title"):
    return world.sql(f"SELECT rowid, {column} FROM docs WHERE docs MATCH 'dog'")


TO_PAPER = 'op.rename_table("note", "paper")'
TO_HEAD = 'op.rename_column("note", "title", "head")'


def test_a_source_that_is_renamed_is_read_again_also_on_the_way_back(world, module):
    old, new = docs(module), docs(module, source="paper")
    started(world, old)
    drop, create = anew(old, new)
    world.write((drop, TO_PAPER, create))
    world.migrate()
    assert found(world) == [(7, "a dog")]
    world.sql("INSERT INTO paper (title) VALUES ('another dog')")
    assert found(world) == [(7, "a dog"), (10, "another dog")]
    world.rollback("1")
    assert found(world) == [(7, "a dog"), (10, "another dog")]


def test_a_column_that_is_renamed_is_read_again_also_on_the_way_back(world, module):
    old, new = docs(module), docs(module, column="head")
    started(world, old)
    drop, create = anew(old, new)
    world.write((drop, TO_HEAD, create))
    with pytest.raises(RefusedError, match="trigger note_ai does not work"):
        world.migrate()
    world.sql("DROP TRIGGER note_ai")
    world.migrate()
    assert found(world, "head") == [(7, "a dog")]
    world.rollback("1")
    assert found(world) == [(7, "a dog")]
    assert not [each for each in hazards(_last(world), _schema(world, 1))
                if each.id == "data-loss"]  # fmt: skip


def _last(world):
    return read_history(world.migrations).migrations[-1].operations


def _schema(world, number):
    history = read_history(world.migrations)
    return history.schema_at(history.names[number - 1])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (TO_PAPER, "note"),
        (TO_HEAD, r"note\.title"),
        ('op.drop_column("note", op.column("title", "TEXT", null=True))', r"note\.title"),
        (NOTE.replace("create", "drop"), "note"),
    ],
)
def test_what_is_read_does_not_go_without_a_word(world, module, change, what):
    started(world, docs(module))
    world.write(change)
    with pytest.raises(RefusedError, match=f"virtual table docs reads {what}, which is not there"):
        world.migrate()
    assert found(world) == [(7, "a dog")]


def test_values_and_numbers_that_change_are_read_again(world, module):
    """NULLs get a value in a rebuild; a rebuild that changes neither leaves the index alone."""
    started(world, docs(module))
    change = (
        'op.alter_column("note", old=op.column("title", "TEXT", null=True),'
        ' new=op.column("title", "TEXT"), fill="no dog")'
    )
    world.write(change)
    world.migrate()
    assert found(world) == [(7, "a dog"), (9, "no dog")]


def test_a_new_index_has_the_rows_that_are_there(world, module):
    world.write(NOTE)
    world.migrate()
    world.sql("INSERT INTO note (id, title) VALUES (7, 'a dog')")
    world.write(f"op.create_object({docs(module)})")
    world.migrate()
    assert found(world) == [(7, "a dog")]
    world.rollback("1")  # needs no consent: the rows are in the other table
    assert world.sql("SELECT count(*) FROM note") == [(1,)]
