"""Edges of what can be declared: words of expressions, native types, refusals, objects."""

import sys
from dataclasses import replace

import pytest
from peewee import SQL, DateTimeField, IntegerField, Model, TextField
from peewee import Check as ModelCheck

from peewee_mig.commands.answers import Answers, decide
from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities, Filled, Guard, Inspection
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.errors import ModelError, RefusedError, SchemaError
from peewee_mig.operations import parts, replay
from peewee_mig.operations.verbs import Add, Alter, Constant, Drop
from peewee_mig.plan.drift import drift
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards import hazards
from peewee_mig.plan.planner import plan
from peewee_mig.schema import (
    Check,
    Column,
    Computed,
    Index,
    Options,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    View,
    expression,
    native_type,
    parse_type,
)
from peewee_mig.schema.objects import ForeignKey
from peewee_mig.schema.standalone import EnumType, VirtualTable
from peewee_mig.sources.discover import find_models
from peewee_mig.sources.read import read_models

SQLITE, POSTGRES, MYSQL = map(get_dialect, ("sqlite", "postgres", "mysql"))
MARIADB = Capabilities((10, 11), "MariaDB")
INT, TEXT = parse_type("INT"), parse_type("TEXT")


NUMBER = (
    "typeof(x) = 'text' AND x NOT GLOB '*[^0-9.eE+-]*' AND x GLOB '*[0-9]*'"
    " AND CAST(CAST(x AS NUMERIC) AS TEXT) <> x"
)
SHOUT = Computed(expression("upper(c)", ["c"]), stored=True)


def table(*columns, name="t", **more):
    return Table(name, (Column("id", INT), *columns), PrimaryKey(("id",)), **more)


def made(table_, dialect=MYSQL, capabilities=MARIADB):
    schema = Schema.of([table_])
    return plan(diff(Schema(), schema), Schema(), dialect, capabilities)


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


# Models.


def test_an_id_that_is_no_primary_key_leaves_none():
    class Ranked(Model):
        id = IntegerField(unique=True)

    assert read_models([Ranked]).schema.table("ranked").primary_key is None


def test_sql_is_no_value_for_existing_rows():
    class Stamped(Model):
        at = DateTimeField(default=SQL("CURRENT_TIMESTAMP"))
        name = TextField()

        class Meta:
            constraints = (ModelCheck('name IN ("a", "b")'),)

    found = read_models([Stamped])
    assert found.fills == {}
    (check,) = found.schema.table("stamped").checks
    assert check.expression.text == """"name" IN ('a', 'b')"""


def test_a_table_is_not_dropped_because_its_model_has_an_heir(tmp_path):
    (tmp_path / "heirs.py").write_text(
        "from peewee import *\n"
        "class UserModel(Model):\n    name = TextField()\n"
        "class Admin(UserModel):\n    level = IntegerField()\n"
    )
    models = read_models(find_models(["heirs"], root=tmp_path))
    sys.modules.pop("heirs", None)
    before = Schema.of([table(name="usermodel")])
    with pytest.raises(ModelError, match="UserModel has a table, usermodel, and would lose it"):
        decide(before, models, Answers(no_renames=True))
    assert decide(Schema(), models, Answers(renames=["a:b", "x.a:x.b"]))[0].tables == {}


# Native types.


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
        ("bigint", "double", "abs(`x`) > 9007199254740992"),
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
        ("json", "INT", None),
    ],
)  # fmt: skip
def test_what_native_types_of_mysql_cannot_hold(old, new, misfit):
    assert MYSQL.misfit("`x`", type_of(old), type_of(new)) == misfit


def type_of(words):
    return native_type(words) if words[0].islower() else parse_type(words)


@pytest.mark.parametrize(
    ("old", "new", "misfit"),
    [
        ("INT", "numeric", "x::TEXT::numeric::TEXT::NUMERIC <> x::TEXT::NUMERIC"),
        ("VARCHAR(5)", "inet", "x::TEXT::inet::TEXT <> x::TEXT"),
        ("inet", "TEXT", ""),
        ("inet", "VARCHAR(9)", "x::TEXT::VARCHAR(9)::TEXT <> x::TEXT"),
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
    assert plan([Add("mood", enum), change], before, POSTGRES).guards == ()
    there = Schema.of(before.tables, [enum])
    assert [g.kind for g in plan([change], there, POSTGRES).guards] == ["cast", "duplicates"]


def test_what_cannot_be_cast_is_asked_for_once():
    before = Schema.of([table(Column("x", native_type("inet")), uniques=(Unique(("x",)),))])
    checked = Add("t", Check(expression("x > 1", ["x"])))
    change = Alter("t", Column("x", native_type("inet")), Column("x", INT))
    assert [g.kind for g in plan([change, checked], before, POSTGRES).guards] == ["values"]


def test_equal_nulls_are_asked_for():
    before = Schema.of([table()])
    new = Add("t", Column("x", INT, null=True))
    unique = Add("t", Unique(("x",), nulls_distinct=False))
    (guard,) = guards([new, unique], before)
    assert guard.kind == "duplicates"
    assert "SELECT CAST(NULL AS INTEGER) FROM" in POSTGRES.guard_sql(guard)[0]


# Refusals.


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        (table(Column("c", parse_type("CHAR(5)")),
               Column("d", TEXT, null=True, computed=SHOUT)),
         "computed from a CHAR"),
        (table(indexes=(Index("primary", ("id",)),)), "keep the name PRIMARY"),
        (table(checks=(Check(expression("id > 0", ["id"]), "Primary"),)), "keep the name PRIMARY"),
        (table(Column("p", INT, null=True), checks=(Check(expression("p > 0", ["p"])),),
               foreign_keys=(ForeignKey(("p",), "t", ("id",), "SET NULL", None),)),
         "no check of a column that a foreign key changes"),
        (table(Column("w", parse_type("VARCHAR(1024)")), indexes=(Index("i", ("w",)),)),
         "no more than 3072 bytes of a column, and w has up to 4096"),
        (table(Column("w", parse_type("VARCHAR(1024)")), uniques=(Unique(("w",)),)), "3072"),
    ],
)  # fmt: skip
def test_what_mariadb_would_refuse_half_way(wrong, match):
    with pytest.raises(RefusedError, match=match) as caught:
        made(wrong)
    assert "t" in caught.value.where


def test_wide_texts_of_another_character_set_are_left_to_the_server():
    wide = Column("w", parse_type("VARCHAR(1024)"), collation="latin1_bin")
    assert made(table(wide, indexes=(Index("i", ("w",)),))).steps
    options = Options(("CHARSET=latin1",))
    plain = replace(wide, collation=None)
    assert made(table(plain, indexes=(Index("i", ("w",)),), options=options)).steps


def test_a_type_that_an_engine_lacks_is_refused_with_its_column():
    column = Column("x", parse_type("BARE"))
    for operations, before in (
        ([Add("t", table(column))], Schema()),
        ([Add("t", column, Constant("a"))], Schema.of([table()])),
    ):
        with pytest.raises(RefusedError, match="no column type") as caught:
            plan(operations, before, POSTGRES)
        assert caught.value.where == "column t.x"


# Objects.


def test_names_of_unique_constraints_make_way():
    unique = Unique(("id",), "one")
    before, after = (Schema.of([table(name=name, uniques=(unique,))]) for name in ("a", "b"))
    assert [type(each).__name__ for each in diff(before, after)] == ["Drop", "Add"]
    changed = Schema.of([table(Column("x", INT), name="a", uniques=(Unique(("x",), "one"),))])
    operations = diff(before, changed)
    assert replay(operations, before) == changed
    other = Schema.of(
        [table(name="a", uniques=(replace(unique, deferrable="INITIALLY DEFERRED"),))]
    )
    assert replay(diff(before, other), before) == other


def test_a_generated_column_goes_before_its_source_changes():
    computed = Computed(expression("upper(x)", ["x"]), stored=True)
    old = table(Column("x", TEXT), Column("y", TEXT, null=True, computed=computed))
    new = table(Column("x", INT))
    operations = diff(Schema.of([old]), Schema.of([new]))
    assert [type(each) for each in operations] == [Drop, Alter]


def test_a_generated_column_with_an_index_is_changed_in_its_place():
    def version(type_, words):
        column = Column("y", TEXT, null=True, computed=Computed(expression(words, ["x"])))
        return Schema.of([table(Column("x", type_), column, indexes=(Index("i", ("y",)),))])

    before, after = version(TEXT, "upper(x)"), version(INT, "x + 1")
    operations = diff(before, after)
    assert [type(each) for each in operations] == [Alter, Alter]
    assert replay(operations, before) == after


def test_a_unique_constraint_that_a_key_needs_is_exchanged_late():
    key = ForeignKey(("id",), "t", ("x",))
    old = table(Column("x", INT), uniques=(Unique(("x",), "one"),), foreign_keys=(key,))
    new = replace(old, uniques=(Unique(("x",), "other"),))
    before, after = Schema.of([old]), Schema.of([new])
    assert replay(diff(before, after), before) == after


def test_a_unique_index_over_what_nobody_can_tell_is_not_asked():
    before = Schema.of([table()])
    new = Add("t", Column("x", TEXT, default=expression("hex(randomblob(4))")))
    index = Index("i", (), unique=True, parts=(expression("lower(x)", ["x"]),))
    assert list(guards([new, Add("t", index)], before)) == []


def test_a_collation_is_looked_at_where_texts_become_equal():
    before = Schema.of([table(Column("x", TEXT), uniques=(Unique(("x",)),))])
    change = Alter("t", Column("x", TEXT), Column("x", TEXT, collation="NOCASE"))
    (guard,) = guards([change], before)
    assert guard.filled == (Filled("x", None, TEXT, added=False, collation="NOCASE"),)
    assert 'SELECT "x" COLLATE NOCASE FROM' in SQLITE.guard_sql(guard)[0]
    assert "COLLATE" not in POSTGRES.guard_sql(guard)[0]


def test_generated_columns_are_asked_for_by_what_they_are_computed_from():
    computed = Computed(expression("x + 1", ["x"]))
    before = Schema.of([table(Column("x", INT), Column("y", INT, null=True, computed=computed))])
    partial = Index("i", ("y",), unique=True, where=expression("y > 2", ["y"]))
    for part in (Unique(("y",)), partial, Unique(("id", "x"))):
        (guard,) = guards([Add("t", part)], before)
        assert "y" not in {*guard.columns, *guard.names}
    (guard,) = guards([Add("t", partial)], before)
    assert 'SELECT ("x" + 1) FROM "t"' in SQLITE.guard_sql(guard)[0]
    assert '(("x" + 1) > 2)' in SQLITE.guard_sql(guard)[0]


def test_only_what_a_column_is_part_of_is_asked_about_its_new_values():
    uniques = (Unique(("id",)), Unique(("x",)))
    before = Schema.of([table(Column("x", TEXT, null=True), uniques=uniques)])
    change = Alter("t", Column("x", TEXT, null=True), Column("x", TEXT), Constant("a"))
    assert [guard.columns for guard in guards([change], before)] == [("x",)]


def test_the_value_of_a_prefix_is_its_beginning():
    part = expression("x(2)", []).substituted({})
    named = expression('"x"(2) DESC', ["x"])
    guard = Guard("duplicates", 0, "t", ("x",), parts=(named,))
    assert "SELECT left(`x`, 2) FROM" in MYSQL.guard_sql(guard)[0]
    assert MYSQL.valued(part) == part


def test_an_unnamed_unique_constraint_is_an_index_beyond_the_declared_ones():
    declared = table(
        Column("x", INT),
        indexes=(Index("chosen", ("x",), unique=True, named=True),),
        uniques=(Unique(("x",)),),
    )
    found = table(
        Column("x", INT),
        indexes=(Index("chosen", ("x",), unique=True), Index("x", ("x",), unique=True)),
    )
    schema = Schema.of([declared])
    assert settle(recognize(Inspection(Schema.of([found])), schema, MYSQL), schema) == schema
    alone = Schema.of([replace(found, indexes=found.indexes[:1])])
    assert settle(recognize(Inspection(alone), schema, MYSQL), schema).table("t").uniques == ()


def test_a_unique_constraint_on_the_primary_key_comes_later():
    sql = POSTGRES.create_table(table(uniques=(Unique(("id",)),)))
    assert [each.split(" (")[0] for each in sql] == [
        'CREATE TABLE "t"',
        'ALTER TABLE "t" ADD UNIQUE',
    ]


def test_accepted_differences_of_objects_and_options():
    enum = EnumType("mood", ("a",))
    declared = Schema.of([table(options=Options(("fillfactor=70",)))], [enum])
    found = Schema.of([table(options=Options(("fillfactor=90",)))], [EnumType("mood", ("b",))])
    seen = drift(Inspection(found), declared, POSTGRES)
    assert len(seen.lines) == 2
    accepted = seen.without(seen.exact)
    assert accepted.lines == ()
    assert accepted.expected.table("t").options.words == ("fillfactor=90",)
    assert accepted.expected.objects == found.objects
    gone = drift(Inspection(Schema.of(found.tables)), declared, POSTGRES)
    assert gone.without(gone.exact).expected.objects == ()


def test_a_full_text_table_loses_only_columns_that_go():
    old = VirtualTable("n", "fts5", ("title", "body"))
    for new, lost in (
        (VirtualTable("n", "fts5", ("title", "tags", "tokenize=porter", "body")), []),
        (VirtualTable("n", "fts5", ("title",)), ["data-loss"]),
        (VirtualTable("n", "fts5", ("title", "content=''")), ["data-loss"]),
        (VirtualTable("other", "fts5", ("title", "body")), ["data-loss"]),
        (VirtualTable("n", "rtree", ("id", "a", "b")), ["data-loss"]),
    ):
        operations = [Drop("n", old), Add(new.name, new)]
        assert [each.id for each in hazards(operations, Schema((), (old,)))] == lost
    assert [e.id for e in hazards([Drop("n", old)], Schema((), (old,)))] == ["data-loss"]


def test_options_of_fts4_have_no_blanks():
    new = VirtualTable("n", "fts4", ("title", "prefix='2,3'"))
    operations = [Add("n", new)]
    (step,) = plan(operations, Schema(), SQLITE).steps
    assert step.sql == """CREATE VIRTUAL TABLE "n" USING fts4 (title, prefix='2,3')"""


def test_what_cannot_be():
    key = PrimaryKey(("id",))
    assert parts.identity(key) is None
    with pytest.raises(SchemaError, match="two tables have one name"):
        Schema((table(), table()))
    enum = EnumType("mood", ("a",))
    with pytest.raises(SchemaError, match="two objects are the enum mood"):
        Schema((), (enum, enum))
    view = View("t", expression("SELECT 1"))
    with pytest.raises(SchemaError, match="the schema has table t"):
        replay([Drop("t", table(Column("x", INT)))], Schema.of([table()]))
    with pytest.raises(SchemaError, match="there is a table t already"):
        replay([Add("t", view)], Schema.of([table()]))
    with pytest.raises(SchemaError, match="is added as other"):
        replay([Add("other", enum)], Schema())
