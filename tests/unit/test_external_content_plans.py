"""When the index of a full-text table with a source is read again, and what that loses."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.plan.hazards import hazards
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.standalone import View, VirtualTable

DIALECT = get_dialect("sqlite")
ID, TITLE = op.column("id", "AUTO"), op.column("title", "TEXT", null=True)
ADD_NOTE = op.create_table("note", ID, TITLE, op.primary_key("id"))
TABLE = ADD_NOTE.object
DROP_NOTE = op.drop_table("note", ID, TITLE, op.primary_key("id"))
CODE = op.column("code", "CHAR(9)")
KEYED = op.create_table("note", CODE, TITLE, op.primary_key("code")).object
DOCS = VirtualTable("docs", "fts5", ("title", "content = note"))
BY_ID = VirtualTable("docs", "fts5", ("title", "content = note", "content_rowid = id"))
ALL = VirtualTable("docs", "fts4", ("content = note",))
READ_AGAIN = """INSERT INTO "docs" ("docs") VALUES ('rebuild')"""
UNIQUE = op.add_unique("note", op.unique("title"))
REKEYED = [
    op.drop_primary_key("note", op.primary_key("id")),
    op.add_primary_key("note", op.primary_key("title")),
]
FILLED = op.alter_column("note", old=TITLE, new=op.column("title", "TEXT"), fill="x")
OTHER = op.create_table("other", ID, TITLE, op.primary_key("id")).object
MORE = op.column("more", "TEXT", null=True)


def planned(operations, *before, objects=()):
    steps = plan(operations, Schema.of(before, objects), DIALECT).steps
    return [step.operations for step in steps if getattr(step, "sql", "") == READ_AGAIN]


def made(virtual):
    return op.create_object(virtual)


@pytest.mark.parametrize(
    ("virtual", "operations", "before", "positions"),
    [
        (DOCS, [UNIQUE], [TABLE], []),
        (BY_ID, [UNIQUE], [TABLE], []),
        (ALL, [UNIQUE], [TABLE], []),
        (DOCS, [UNIQUE], [KEYED], []),
        (DOCS, [FILLED], [TABLE], [(0,)]),
        (ALL, [op.rename_column("note", "title", "head")], [TABLE], [(0,)]),
        (BY_ID, REKEYED, [TABLE], []),
        (DOCS, REKEYED, [TABLE], [(0, 1)]),
        (DOCS, [op.drop_column("note", TITLE), op.add_column("note", TITLE)], [TABLE], [(0, 1)]),
        (DOCS, [DROP_NOTE, ADD_NOTE], [TABLE], [(0, 1)]),
        (DOCS, [op.rename_table("note", "x"), op.rename_table("other", "note")], [TABLE, OTHER],
         [(1,)]),
        (DOCS, [FILLED, op.rename_table("note", "x"), op.rename_table("x", "note")], [TABLE],
         [(0, 1, 2)]),
        (DOCS, [op.run_sql("DELETE FROM note", backward=()), op.add_column("other", MORE)],
         [TABLE, OTHER], []),
    ],
)  # fmt: skip
def test_an_index_is_read_again_where_rows_get_other_numbers_or_values(
    virtual, operations, before, positions
):
    assert planned(operations, *before, objects=[virtual]) == positions


def test_values_that_are_copied_from_another_table_are_read_again():
    copied = op.copy_values("note", "title", source="other", source_column="title", on={"id": "id"})
    assert planned([copied], TABLE, OTHER, objects=[DOCS]) == [(0,)]


VIEW = View("note", expression('SELECT "id", "title" FROM "other"'), needs=("other",))


@pytest.mark.parametrize(
    ("operations", "before", "positions"),
    [
        ([made(DOCS)], [TABLE], [(0,)]),
        ([made(DOCS)], [], []),
        ([ADD_NOTE, made(DOCS)], [], []),
        ([ADD_NOTE, made(DOCS), op.run_sql("INSERT INTO note VALUES (1, 'x')", backward=())], [],
         [(1,)]),
    ],
)  # fmt: skip
def test_a_new_index_reads_what_may_be_there(operations, before, positions):
    assert planned(operations, *before) == positions


def test_a_view_is_read_too():
    assert planned([made(DOCS)], OTHER, objects=[VIEW]) == [(0,)]
    assert planned([op.add_column("other", MORE)], OTHER, objects=[VIEW, DOCS]) == []


def test_an_index_of_a_table_of_nobody_is_read_again_if_it_is_made_anew():
    more = VirtualTable("docs", "fts5", ("title", "more", "content = note"))
    assert planned([op.drop_object(DOCS), made(more)], OTHER, objects=[DOCS]) == [(1,)]
    assert planned([op.drop_object(DOCS), made(more), op.drop_object(more)], objects=[DOCS]) == []


@pytest.mark.parametrize(
    ("arguments", "source"),
    [
        (("a", 'content="t"'), "t"),
        (("a", "content='t'"), "t"),
        (("a", "content=[t]"), "t"),
        (("a", "content='a.b'"), '"a.b"'),
        (("a", "content=''"), ""),
        (("a",), ""),
    ],
)
def test_the_source_is_read_from_the_options(arguments, source):
    assert VirtualTable("docs", "fts5", arguments).source == source
    other = VirtualTable("docs", "rtree", arguments)
    assert (other.source, other.text_columns) == ("", ())


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (DOCS, BY_ID, []),
        (DOCS, None, []),
        (DOCS, VirtualTable("docs", "fts5", ("title",)), ["data-loss"]),
        (VirtualTable("docs", "fts5", ("title",)), DOCS, ["data-loss"]),
        (VirtualTable("docs", "fts5", ("title",)), None, ["data-loss"]),
    ],
)
def test_rows_of_another_table_are_not_lost_with_their_index(old, new, lost):
    operations = [op.drop_object(old), *([made(new)] if new else [])]
    assert [each.id for each in hazards(operations, Schema.of([TABLE], [old]))] == lost
