"""A virtual table gets another name: asked about, or named by ``--rename``."""

import pytest

from peewee_mig import op
from peewee_mig.commands.answers import decide_renames, given_renames, renames_in
from peewee_mig.commands.renamed import _renames_of
from peewee_mig.dialects import get_dialect
from peewee_mig.diff import Renames, diff
from peewee_mig.diff.questions import candidates
from peewee_mig.errors import MigError, UsageError
from peewee_mig.operations import describe, invert_all, replay
from peewee_mig.operations.codec import operations_from_json, operations_to_json
from peewee_mig.operations.names import Names
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import expression
from peewee_mig.schema.objects import Column, PrimaryKey, Table
from peewee_mig.schema.standalone import View, VirtualTable
from peewee_mig.schema.types import parse_type

PLAIN = Table("plain", (Column("id", parse_type("AUTO")),), PrimaryKey(("id",)))


def schema(*names, arguments=("title", "body"), module="fts5", more=()):
    virtual = [VirtualTable(name, module, arguments) for name in names]
    return Schema.of([PLAIN], [*virtual, *more])


BEFORE, AFTER = schema("doc"), schema("paper")
RENAMED = Renames(tables={"doc": "paper"})
TURN = op.rename_virtual_table("doc", "paper")


def test_a_table_like_one_that_is_gone_is_asked_about():
    (found,) = candidates(BEFORE, AFTER, Renames())
    assert (found.kind, found.option) == ("table", "doc:paper")
    assert found.reason == "2 of 2 arguments are equal"
    assert candidates(BEFORE, AFTER, RENAMED) == ()
    assert candidates(BEFORE, AFTER, Renames(), frozenset({"doc:paper"})) == ()


@pytest.mark.parametrize(
    "after",
    [
        schema("doc", "paper"),
        schema("paper", module="fts4"),
        schema("paper", arguments=("x", "y")),
        schema(),
    ],
)
def test_what_stays_or_is_not_alike_is_not_asked_about(after):
    assert candidates(BEFORE, after, Renames()) == ()


def test_a_yes_decides():
    class Ask:
        def rename(self, candidate):
            return candidate.option == "doc:paper"

    found = decide_renames(
        BEFORE, AFTER, options=(), declared=Renames(), no_renames=False, ask=Ask()
    )
    assert found == RENAMED


def test_an_option_decides_and_can_be_repeated():
    assert given_renames(BEFORE, AFTER, ["doc:paper"], Renames()) == RENAMED
    assert given_renames(AFTER, AFTER, ["doc:paper"], Renames()) == Renames()
    assert given_renames(BEFORE, AFTER, [], RENAMED) == RENAMED
    assert given_renames(AFTER, AFTER, [], RENAMED) == Renames()


@pytest.mark.parametrize(("option", "words"), [
    ("doc:plain", "does not go while plain"), ("doc:other", "does not go while other"),
    ("other:paper", "has no table"),
])  # fmt: skip
def test_an_option_that_does_not_fit_is_refused(option, words):
    with pytest.raises(UsageError, match=words):
        given_renames(BEFORE, AFTER, [option], Renames())


def test_it_is_renamed_before_all_and_changed_under_its_new_name():
    after = schema("paper", arguments=("title", "body", "more"))
    operations = diff(BEFORE, after, RENAMED)
    assert [describe(each) for each in operations] == [
        "rename virtual table doc to paper",
        "drop virtual table paper",
        "create virtual table paper",
    ]
    assert replay(operations, BEFORE) == after
    assert replay(invert_all(operations), after) == BEFORE
    assert renames_in(operations) == RENAMED


def test_a_view_that_reads_it_goes_along():
    def view(name):
        return View("seen", expression(f"SELECT title FROM {name}"), needs=(name,))

    before, after = schema("doc", more=[view("doc")]), schema("paper", more=[view("paper")])
    operations = diff(before, after, RENAMED)
    assert replay(operations, before) == after
    assert operations[0] == TURN


def test_it_is_written_and_read_again():
    assert operations_from_json(operations_to_json([TURN])) == (TURN,)
    assert operations_to_json([TURN]) == [
        {"op": "rename_virtual_table", "old": "doc", "new": "paper"}
    ]


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (op.rename_virtual_table("other", "paper"), "no virtual table other"),
        (op.rename_virtual_table("doc", "plain"), "is a table plain already"),
        (op.rename_virtual_table("doc", "doc"), "is a table doc already"),
    ],
)
def test_what_does_not_fit_is_refused(turn, words):
    with pytest.raises(MigError, match=words):
        replay([turn], BEFORE)


def test_it_is_left_out_where_there_are_no_virtual_tables():
    dialect = type(get_dialect("postgres"))()
    dialect.skips = True
    assert plan([TURN], BEFORE, dialect).steps == ()
    with pytest.raises(MigError, match="virtual table doc: PostgreSQL has no virtual tables"):
        plan([TURN], BEFORE, get_dialect("postgres"))


def test_what_migrations_rename_on_the_way_is_known():
    names = Names()
    names.follow(TURN)
    assert _renames_of(names, AFTER) == RENAMED
    assert _renames_of(Names(), AFTER) == Renames()
