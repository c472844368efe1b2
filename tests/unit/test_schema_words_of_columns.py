"""Which words of an expression are columns, and which quotation marks are those of a text."""

import pytest

from peewee_mig.schema import (
    expression,
)


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("not IS NOT NULL", "not IS NOT NULL"),
        ('"not" IS NOT NULL AND desc > 1', '"not" IS NOT NULL AND "desc" > 1'),
        ("desc DESC NULLS last", '"desc" DESC NULLS last'),
        ("CASE WHEN desc THEN end END", 'CASE WHEN "desc" THEN "end" END'),
        ("last COLLATE desc", '"last" COLLATE desc'),
        ("desc.last = 1", "desc.last = 1"),
        ("(desc) end", '("desc") end'),
    ],
)
def test_words_are_columns_only_where_a_column_can_stand(sql, text):
    assert expression(sql, ["not", "desc", "end", "last"]).text == text


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ('a IN ("x", "b")', """"a" IN ('x', "b")"""),
        ('a COLLATE "C" = "x"', """"a" COLLATE "C" = 'x'"""),
        ('"f"("x") = "s"."b"', """"f"('x') = "s"."b\""""),
        ("$tag$ a 'text' $tag$ = a", """$tag$ a 'text' $tag$ = "a\""""),
    ],
)
def test_double_quotation_marks_are_those_of_a_text_where_no_column_is_called_so(sql, text):
    assert expression(sql, ["a", "b"], marks_text=True).text == text


def test_expressions_take_the_place_of_names():
    one = expression("a + b", ["a", "b"])
    assert one.substituted({"a": expression("c * 2", ["c"])}).text == '("c" * 2) + "b"'
    assert one.substituted({"x": one}) is one
