"""SQL expressions in the neutral form, and names with a schema."""

import pytest

from peewee_mig.errors import SchemaError
from peewee_mig.schema.expressions import Expression, expression, tokens
from peewee_mig.schema.names import bare, qualified, schema_of, split
from peewee_mig.schema.types import parse_type

READ = [
    ("price>=0", '"price" >= 0'),
    ("PRICE  >=\n -1 AND Price<>+2", '"price" >= -1 AND "price" <> +2'),
    ('("t1"."price" = 1)', '("price" = 1)'),
    ("lower(Price)", 'lower("price")'),
    ("lower (price)", 'lower("price")'),
    ("price IN(1,2)", '"price" IN (1, 2)'),
    ("price - 1 > 2 * -3", '"price" - 1 > 2 * -3'),
    ("`price` > 0 -- at least\n/* really */", '"price" > 0'),
    ('"Price" > 0', '"price" > 0'),
    ("\"other\" || 'it''s'", "\"other\" || 'it''s'"),
    ("price::text", '"price"::text'),
    ("price[1]", '"price"[1]'),
    ("E'a\\n' || x'00' || $$it's$$ || $q$ $$ $q$", "E'a\\n' || x'00' || $$it's$$ || $q$ $$ $q$"),
    ("price(1)", "price(1)"),
    ("1.5e-3 + .5", "1.5e-3 + .5"),
    ("price & 0x1F", '"price" & 0x1F'),
    ('price <> ""', "\"price\" <> ''"),
    ("price DESC NULLS LAST", '"price" DESC NULLS LAST'),
    ("CASE WHEN (price > 0) THEN 'a' END", "CASE WHEN (\"price\" > 0) THEN 'a' END"),
    ("t.price = 1", "t.price = 1"),
    ("größe + größe_2", "größe + größe_2"),
]


@pytest.mark.parametrize(("sql", "neutral"), READ)
def test_sql_is_read_into_the_neutral_form(sql, neutral):
    read = expression(sql, ["price"])
    assert str(read) == neutral
    assert Expression(neutral) == read
    assert expression(neutral, ["price"]) == read


def test_a_column_with_the_exact_word_is_meant_before_one_in_another_case():
    assert expression("Name = name", ["Name", "name"]).text == '"Name" = "name"'


def test_double_quotation_marks_may_be_those_of_a_text():
    assert expression('"new"', marks_text=True).text == "'new'"
    assert expression('"new"').text == '"new"'
    assert expression('"Price"', ["price"], marks_text=True).text == '"price"'


@pytest.mark.parametrize("sql", ["'open", '"open', "price > \x00", "\\"])
def test_what_has_no_end_is_refused(sql):
    with pytest.raises(SchemaError, match="cannot be read from"):
        expression(sql)


def test_names_are_followed():
    found = expression("lower(a) <> b", ["a", "b"])
    assert found.names == {"a", "b"}
    assert found.renamed({"a": "c", "x": "y"}).text == 'lower("c") <> "b"'
    assert found.renamed({"x": "y"}) is found
    assert expression("a", ["a"]).column == "a"
    assert found.column is expression("a").column is None


def test_a_dialect_spells_names_and_texts():
    spelled = expression("a = 'it''s'", ["a"]).spelled(lambda name: f"`{name}`", repr)
    assert spelled == '`a` = "it\'s"'


@pytest.mark.parametrize(
    ("sql", "bare_sql"),
    [
        ("((a > 0))", "a > 0"),
        ("(a) > (b)", "(a) > (b)"),
        ("((a) > (b))", "(a) > (b)"),
        ("a", "a"),
        ("()", "()"),
    ],
)
def test_parentheses_around_the_whole_go(sql, bare_sql):
    assert expression(sql).unwrapped.text == bare_sql


def test_tokens_have_kinds():
    kinds = [(each.kind, each.value) for each in tokens('"a""b" \'c\' d 1 <= $$e$$')]
    assert kinds == [
        ("name", 'a"b'),
        ("text", "c"),
        ("word", "d"),
        ("number", "1"),
        ("sign", "<="),
        ("raw", "$$e$$"),
    ]


NAMES = [
    ((None, "person"), "person"),
    (("billing", "invoice"), "billing.invoice"),
    ((None, "a.b"), '"a.b"'),
    (("x.y", '"q'), '"x.y"."""q"'),
    ((None, 'in"side'), 'in"side'),
]


@pytest.mark.parametrize(("parts", "text"), NAMES)
def test_a_name_with_a_schema_is_one_text(parts, text):
    assert qualified(*parts) == text
    assert split(text) == parts
    assert (schema_of(text), bare(text)) == parts


@pytest.mark.parametrize("text", ["", "a.b.c", ".a", "a.", '"a', '"a"b'])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(SchemaError, match="is no name of a table"):
        split(text)


def test_small_letters_are_a_type_of_the_database():
    for native in ("datetime(6)", "citext", "json", "int", "decimal(9, 3)", "int unsigned"):
        assert parse_type(native).native
        assert str(parse_type(native)) == native
    for unknown in ("Int", "NUMBER", "INT(3)", ""):
        with pytest.raises(SchemaError, match="column type"):
            parse_type(unknown)
