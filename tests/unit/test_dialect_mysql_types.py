"""MySQL and MariaDB: types and schemas as the catalog gives them back."""

from __future__ import annotations

import pytest

from peewee_mig import op
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.dialects.mysql.normalize import normal_type_of
from peewee_mig.dialects.mysql.types import catalog_type, type_sql
from peewee_mig.errors import RefusedError
from peewee_mig.schema import Schema
from peewee_mig.schema.types import ColumnType, parse_type


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("int(11)", "INT"),
        ("int", "INT"),
        ("int(5)", "INT"),
        ("bigint(20)", "BIGINT"),
        ("smallint(6)", "SMALLINT"),
        ("tinyint(1)", "BOOL"),
        ("decimal(10,5)", "DECIMAL(10, 5)"),
        ("double", "DOUBLE"),
        ("float", "FLOAT"),
        ("char(1)", "CHAR(1)"),
        ("varchar(40)", "VARCHAR(40)"),
        ("varbinary(16)", "UUIDB"),
        ("json", "JSON"),
        ("text", "TEXT"),
        ("blob", "BLOB"),
        ("datetime", "DATETIME"),
    ],
)
def test_types_are_read_back(words, expected):
    found, options = catalog_type(words)
    assert options == ()
    assert (str(found), found.native) == (expected, False)


@pytest.mark.parametrize(
    "words",
    [
        "double(5,2)",
        "datetime(6)",
        "timestamp",
        "enum('a','it''s, (1)')",
        "varbinary(17)",
        "longtext",
        "uuid",
        "bit(1)",
    ],
)
def test_types_that_peewee_does_not_have_are_native(words):
    found, options = catalog_type(words)
    assert (found, options) == (ColumnType(words), ())
    assert found.native
    assert DIALECT.type_sql(found) == words
    assert normal_type_of(found) == (found, ())


@pytest.mark.parametrize(
    ("words", "expected", "options"),
    [
        ("int(10) unsigned", "INT", ("UNSIGNED",)),
        ("int unsigned", "INT", ("UNSIGNED",)),
        ("integer unsigned", "INT", ("UNSIGNED",)),
        ("int(10) unsigned zerofill", "INT", ("UNSIGNED", "ZEROFILL")),
        ("int(5) unsigned zerofill", "int(5)", ("UNSIGNED", "ZEROFILL")),
        ("decimal(5,2) unsigned", "DECIMAL(5, 2)", ("UNSIGNED",)),
        ("double precision unsigned", "DOUBLE", ("UNSIGNED",)),
        ("tinyint(1) unsigned", "BOOL", ("UNSIGNED",)),
        ("tinyint(4)", "tinyint", ()),
        ("mediumint(9)", "mediumint", ()),
        ("boolean", "BOOL", ()),
        ("numeric(5)", "DECIMAL(5, 0)", ()),
        ("bit", "bit(1)", ()),
        ("year(4)", "year", ()),
        ("enum('a', 'b')", "enum('a','b')", ()),
        ("timestamp(0)", "timestamp", ()),
        ("character varying(9)", "VARCHAR(9)", ()),
    ],
)
def test_other_words_for_a_type_are_brought_into_one_form(words, expected, options):
    found, said = catalog_type(words)
    assert (str(found), said) == (expected, options)


@pytest.mark.parametrize("words", ["citext", "numeric(10,2)[]", "TIMESTAMPTZ", "HSTORE", "INT[]"])
def test_types_of_other_engines_are_refused(words):
    with pytest.raises(RefusedError, match="MySQL and MariaDB have no column type"):
        type_sql(parse_type(words))


def normalized(*parts):
    (table,) = DIALECT.normalize(Schema.of([op.create_table("t", *parts).object]))
    return table


def test_types_that_are_spelled_alike_are_one():
    table = normalized(op.column("a", "UUID"), op.column("b", "CHAR"), op.column("c", "TEXT"))
    assert [str(column.type) for column in table.columns] == ["VARCHAR(40)", "CHAR(1)", "TEXT"]


def test_only_a_primary_key_numbers_itself_and_takes_no_null():
    columns = (op.column("a", "AUTO", null=True), op.column("b", "BIGAUTO", null=True))
    table = normalized(*columns, op.primary_key("a"))
    assert [(str(c.type), c.null) for c in table.columns] == [("AUTO", False), ("BIGINT", True)]


def test_actions_that_innodb_takes_for_none_are_none():
    key = op.foreign_key("a", "p", "id", on_delete="RESTRICT", on_update="SET DEFAULT", name="k")
    other = op.foreign_key("b", "p", "id", on_delete="CASCADE", on_update="SET NULL")
    table = normalized(op.column("a", "INT"), op.column("b", "INT"), key, other)
    assert [(k.name, k.on_delete, k.on_update) for k in table.foreign_keys] == [
        ("k", None, None),
        (None, "CASCADE", "SET NULL"),
    ]


def test_nobody_named_an_index():
    table = normalized(op.column("a", "INT"), op.index("mine", "a", named=True))
    assert not table.indexes[0].named


def test_what_the_engine_cannot_have_is_refused():
    with pytest.raises(RefusedError, match="no column type ANY"):
        normalized(op.column("a", "ANY"))
