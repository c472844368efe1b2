"""Declarations of full-text tables: what SQLite makes the same of."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import RefusedError
from peewee_mig.plan.planner import plan
from peewee_mig.schema import Schema
from peewee_mig.schema.full_text import FullText, full_text, is_same
from peewee_mig.schema.standalone import VirtualTable


def table(*arguments, module="fts5"):
    return VirtualTable("docs", module, arguments)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (('"title"', "body"), ("title", "[body]")),
        (("[a b] unindexed",), ('"a b" UNINDEXED',)),
        (("title", "tokenize = 'porter'"), ("title", 'tokenize = "porter"')),
        (("title", "a = 1", "b = 2"), ("title", "b = 2", "a = 1")),
        (("title", "prefix = '2,  3'"), ("title", "prefix = '2 3'")),
    ],
)
def test_marks_and_the_order_of_options_do_not_count(one, other):
    assert is_same(table(*one), table(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("title", "body"), ("body", "title")),
        (("title",), ("title unindexed",)),
        (("title", "a = 1"), ("title", "a = 2")),
        (("title", "a = 'x"), ("title", "a = x")),
        (("title", "a = b c"), ("title", "a = b")),
    ],
)
def test_columns_their_order_and_values_count(one, other):
    assert not is_same(table(*one), table(*other))


def test_of_other_modules_nothing_is_known_but_the_words():
    assert full_text(table("id", module="rtree")) is None
    assert is_same(table("id", module="rtree"), table("id", module="rtree"))
    assert not is_same(table("id", module="rtree"), table('"id"', module="rtree"))


def test_the_meaning_has_names_without_marks():
    found = full_text(table('"title" unindexed', "Prefix = '2'", module="FTS5"))
    assert found == FullText("fts5", (("title", "UNINDEXED"),), (("prefix", "2"),))


@pytest.mark.parametrize("engine", ["sqlite", "mysql"])
def test_names_that_are_one_to_an_engine_are_refused(engine):
    made = op.create_table("t", op.column("a", "INT"), op.column("A", "INT"))
    with pytest.raises(RefusedError, match=r"letter case: (a and A|A and a)"):
        plan([made], Schema(), get_dialect(engine))
