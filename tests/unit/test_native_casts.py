"""Casts from and to types in the words of an engine: which values do not fit."""

import pytest

from peewee_mig import op
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities
from peewee_mig.operations.verbs import Add, Alter, Rename
from peewee_mig.plan.casts import cast
from peewee_mig.plan.guard_names import traced_back
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import plan
from peewee_mig.schema import (
    Check,
    Column,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    expression,
    native_type,
    parse_type,
)
from peewee_mig.schema.standalone import EnumType, RawObject

SQLITE, POSTGRES, MYSQL = map(get_dialect, ("sqlite", "postgres", "mysql"))
MARIADB = Capabilities((10, 11), "MariaDB")
INT, TEXT = parse_type("INT"), parse_type("TEXT")


NUMBER = (
    "typeof(x) = 'text' AND x NOT GLOB '*[^0-9.eE+-]*' AND x GLOB '*[0-9]*'"
    " AND CAST(CAST(x AS NUMERIC) AS TEXT) <> x"
)


def table(*columns, name="t", **more):
    return Table(name, (Column("id", INT), *columns), PrimaryKey(("id",)), **more)


@pytest.mark.parametrize(
    ("old", "new", "misfit"),
    [
        ("TEXT", "longtext", ""),
        ("longtext", "TEXT", "octet_length(`x`) > 65535"),
        ("VARCHAR(10)", "tinytext", ""),
        ("VARCHAR(100)", "tinytext", "octet_length(`x`) > 255"),
        ("TEXT", "varchar(5)", "char_length(`x`) > 5"),
        ("BLOB", "longblob", ""),
        ("varbinary(9)", "binary(4)", "octet_length(`x`) > 4"),
        ("INT", "mediumint", "`x` NOT BETWEEN -8388608 AND 8388607"),
        ("mediumint", "INT", ""),
        ("INT", "int unsigned", "`x` NOT BETWEEN 0 AND 4294967295"),
        ("INT", "decimal(12,2)", ""),
        ("INT", "decimal(5,2)", "abs(`x`) >= 1000 OR `x` <> round(`x`, 2)"),
        ("decimal(8,3)", "INT", "`x` NOT BETWEEN -2147483648 AND 2147483647 OR `x` <> round(`x`)"),
        ("bigint unsigned", "double", "abs(`x`) > 9007199254740992"),
        ("float", "double", ""),
        ("DATETIME", "datetime(3)", ""),
        ("datetime(6)", "DATETIME", "`x` <> CAST(`x` AS DATETIME(0))"),
        ("time(3)", "TIME", "`x` <> CAST(`x` AS TIME(0))"),
        ("DATETIME", "timestamp",
         "`x` NOT BETWEEN '1970-01-02 00:00:00' AND '2038-01-17 23:59:59'"),
        ("timestamp", "DATE", "`x` <> CAST(`x` AS DATE)"),
        ("enum('a', 'b')", "enum('a', 'b', 'c')", ""),
        ("enum('a', 'b')", "enum('b')", "BINARY `x` NOT IN ('b')"),
        ("TEXT", "enum('b')", "BINARY `x` NOT IN ('b')"),
        ("enum('a', 'bb')", "varchar(2)", ""),
        ("enum('a', 'bb')", "char(1)", "char_length(`x`) > 1"),
        ("tinyint", "varchar(3)", "char_length(CAST(`x` AS CHAR)) > 3"),
        ("tinyint", "longtext", ""),
        ("point", "TEXT", None),
        ("json", "point", None),
        ("longtext", "JSON", "NOT json_valid(`x`)"),
        ("longtext", "uuid", None),
    ],
)  # fmt: skip
def test_what_native_types_of_mysql_cannot_hold(old, new, misfit):
    assert MYSQL.misfit("`x`", type_of(old), type_of(new)) == misfit


def type_of(words):
    return native_type(words) if words[0].islower() else parse_type(words)


@pytest.mark.parametrize(
    ("words", "meanings"),
    [
        # on SQLite, PostgreSQL, MySQL
        ("numeric(12,3)", ("DECIMAL(0, 0)", "DECIMAL(12, 3)", "DECIMAL(12, 3)")),
        ("decimal(5)", ("DECIMAL(0, 0)", "DECIMAL(5, 0)", "DECIMAL(5, 0)")),
        ("numeric", ("DECIMAL(0, 0)", None, "DECIMAL(10, 0)")),
        ("numeric(2,5)", ("DECIMAL(0, 0)", None, "DECIMAL(2, 5)")),
        ("int", ("INT", "INT", "INT")),
        ("int8", (None, "BIGINT", "BIGINT")),
        ("double precision", ("DOUBLE", "DOUBLE", "DOUBLE")),
        ("varchar(5)", ("VARCHAR(5)", "VARCHAR(5)", "VARCHAR(5)")),
        ("timestamp", (None, "DATETIME", None)),
        ("int unsigned", (None, None, None)),
        ("uuid", (None, "UUID", None)),
        ("varbinary(16)", (None, None, None)),
        ("bool", (None, "BOOL", "BOOL")),
        ("json", (None, None, "JSON")),
        ("numeric(12,3)[]", (None, "DECIMAL(12, 3)[]", None)),
        ('"int"', (None, None, None)),
    ],
)
def test_words_of_an_engine_mean_a_type_of_peewee(words, meanings):
    given = native_type(words)
    found = tuple(each.meaning(given) for each in (SQLITE, POSTGRES, MYSQL))
    assert found == tuple(parse_type(each) if each else given for each in meanings)


def test_a_text_is_compared_as_the_number_that_it_becomes():
    assert POSTGRES.misfit("x", TEXT, native_type("numeric")) == (
        r"CASE WHEN x ~* '^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?\s*$'"
        " THEN x::TEXT::numeric::TEXT::NUMERIC <> x::TEXT::NUMERIC ELSE TRUE END"
    )
    for dialect in (SQLITE, POSTGRES, MYSQL):
        words, logical = native_type("numeric(12,3)"), parse_type("DECIMAL(12, 3)")
        assert dialect.misfit("x", TEXT, words) == dialect.misfit("x", TEXT, logical)


@pytest.mark.parametrize(
    ("old", "new", "misfit"),
    [
        ("INT", "numeric", "x::TEXT::numeric::TEXT::NUMERIC <> x::TEXT::NUMERIC"),
        ("VARCHAR(5)", "inet", "abbrev(x::TEXT::inet) <> x::TEXT"),
        ("inet", "TEXT", ""),
        ("inet", "VARCHAR(9)", "abbrev(x)::VARCHAR(9)::TEXT <> abbrev(x)"),
        ("inet", "citext", ""),
        ("json", "JSONB", ""),
        ("timestamp(6)", "timestamp(3)", "x::TEXT::timestamp(3)::TEXT <> x::TEXT"),
        ("BIGINT[]", "INT[]", "x::TEXT::INTEGER[]::TEXT <> x::TEXT"),
        ("inet", "INT", None),
    ],
)
def test_what_native_types_of_postgresql_cannot_hold(old, new, misfit):
    assert POSTGRES.misfit("x", type_of(old), type_of(new)) == misfit


@pytest.mark.parametrize(
    ("old", "new", "misfit"),
    [
        ("TEXT", "longtext", ""),
        ("DATETIME", "datetime(3)", ""),
        ("INT", "clob", ""),
        ("bigint", "double", "abs(x) > 9007199254740992"),
        ("TEXT", "mediumint", NUMBER),
        ("double", "mediumint", ""),
    ],
)  # fmt: skip
def test_what_the_affinity_of_sqlite_changes(old, new, misfit):
    assert SQLITE.misfit("x", type_of(old), type_of(new)) == misfit


def test_a_cast_that_an_engine_does_not_know_stops_at_any_value():
    before = Schema.of([table(Column("x", native_type("point")))])
    change = Alter("t", Column("x", native_type("point")), Column("x", TEXT))
    assert [g.kind for g in plan([change], before, MYSQL, MARIADB).guards] == ["values"]
    assert [g.kind for g in plan([change], before, SQLITE).guards] == []


def test_a_type_that_the_migration_makes_is_not_asked_about():
    enum = EnumType("mood", ("a",))
    before = Schema.of([table(Column("x", TEXT), uniques=(Unique(("x",)),))])
    change = Alter("t", Column("x", TEXT), Column("x", native_type("mood")))
    (guard,) = plan([Add("mood", enum), change], before, POSTGRES).guards  # asks no type
    assert (guard.kind, guard.allowed) == ("cast", ("a",))
    there = Schema.of(before.tables, [enum])
    assert [g.kind for g in plan([change], there, POSTGRES).guards] == ["cast", "duplicates"]
    citext = Alter("t", Column("x", TEXT), Column("x", native_type("citext")))
    extension = Add("citext", RawObject("extension", "citext", (("", "x"),), (("", "y"),)))
    assert plan([extension, citext], before, POSTGRES).guards == ()


@pytest.mark.parametrize("words", ['"x" IS NOT NULL', '"x" is null OR "a" > 0'])
def test_whether_a_column_of_a_type_that_the_migration_makes_is_null_is_asked(words):
    enum, check = Add("mood", EnumType("mood", ("it",))), Add("t", Check(expression(words)))
    before = Schema.of([table(Column("a", INT, null=True))])
    for column, value in (
        (Column("x", native_type("mood"), null=True), "CAST(NULL AS TEXT)"),
        (Column("x", native_type("mood"), default=expression("'it'")), "''"),
    ):
        (guard,) = plan([enum, Add("t", column), check], before, POSTGRES).guards
        assert f"not ({value} is n".lower() in POSTGRES.guard_sql(guard)[0].lower()
    other = Add("t", Check(expression("\"x\" IS NOT DISTINCT FROM 'it'")))
    assert plan([enum, Add("t", column), other], before, POSTGRES).guards == ()


def test_what_cannot_be_cast_is_asked_for_once():
    before = Schema.of([table(Column("x", native_type("inet")), uniques=(Unique(("x",)),))])
    checked = Add("t", Check(expression("x > 1", ["x"])))
    change = Alter("t", Column("x", native_type("inet")), Column("x", INT))
    assert [g.kind for g in plan([change, checked], before, POSTGRES).guards] == ["values"]


@pytest.mark.parametrize(
    ("new", "wrong"),
    [
        (Check(expression("x IS NOT NULL", ["x"])), "NOT (CAST(NULL AS INTEGER) IS NOT NULL)"),
        (Unique(("x",), nulls_distinct=False), "SELECT CAST(NULL AS INTEGER) FROM"),
        (op.index("i", "id", unique=True, where='"x" IS NULL'), "(CAST(NULL AS INTEGER) IS NULL)"),
    ],
)
@pytest.mark.parametrize("old", [native_type("inet"), parse_type("INTERVAL")])
def test_what_cannot_be_cast_is_null_in_each_row(old, new, wrong):
    before = Schema.of([table(Column("x", old, null=True))])
    change = Alter("t", before.table("t").column("x"), Column("x", INT, null=True))
    values, other = plan([change, Add("t", new)], before, POSTGRES).guards
    assert values.kind == "values"
    assert wrong in POSTGRES.guard_sql(other)[0]
    renamed = traced_back(other, [Rename("column", "t", "y", "x")])
    assert renamed is not None
    assert wrong in POSTGRES.guard_sql(renamed)[0]


def test_equal_nulls_are_asked_for():
    before = Schema.of([table()])
    new = Add("t", Column("x", INT, null=True))
    unique = Add("t", Unique(("x",), nulls_distinct=False))
    (guard,) = guards([new, unique], before)
    assert guard.kind == "duplicates"
    assert "SELECT CAST(NULL AS INTEGER) FROM" in POSTGRES.guard_sql(guard)[0]


def test_a_text_becomes_an_array_if_each_element_does():
    numbers, texts, nested = map(parse_type, ("INT[]", "TEXT[]", "INT[][]"))
    assert [cast(TEXT, each) for each in (numbers, texts)] == ["native", "native"]
    assert cast(numbers, TEXT) == "native"
    assert cast(numbers, parse_type("DATE")) == "unknown"
    misfit = POSTGRES.misfit("x", TEXT, numbers)
    assert misfit.startswith("CASE WHEN x ~ '^\\s*\\{")
    assert "FROM unnest(x::TEXT[]) AS item WHERE item IS NOT NULL AND (CASE WHEN" in misfit
    assert POSTGRES.misfit("x", TEXT, texts).startswith("NOT x ~ '")
    assert POSTGRES.misfit("x", numbers, TEXT) == ""
    assert POSTGRES.misfit("x", INT, numbers) is None
    assert POSTGRES.misfit("x", TEXT, nested) is None
    assert POSTGRES.misfit("x", TEXT, parse_type("BLOB[]")) is None
    found = [POSTGRES.cast_sql("x", *pair) for pair in ((TEXT, numbers), (numbers, TEXT))]
    assert found == ["x::INTEGER[]", "x::TEXT"]
    assert POSTGRES.cast_sql("x", TEXT, nested) == "NULL::INTEGER[][]"


def test_a_native_element_is_compared_as_it_is_written():
    misfit = POSTGRES.misfit("x", TEXT, native_type("inet[]"))
    assert "abbrev(item::TEXT::inet) <> item::TEXT" in misfit


def test_bytes_are_a_text_only_in_utf8():
    before = Schema.of([table(Column("x", parse_type("BLOB")))])
    change = Alter("t", Column("x", parse_type("BLOB")), Column("x", parse_type("VARCHAR(9)")))
    (guard,) = plan([change], before, SQLITE).guards
    assert words(guard) == "t.x has values that are no VARCHAR(9) in UTF-8"
