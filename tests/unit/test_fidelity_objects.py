"""Constraints, generated columns and full-text tables: their order, guards and losses."""

from dataclasses import replace

import pytest

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.asked import Filled, Guard
from peewee_mig.dialects.base import Inspection
from peewee_mig.dialects.recognize import recognize, settle
from peewee_mig.diff import diff
from peewee_mig.errors import SchemaError
from peewee_mig.operations import parts, replay
from peewee_mig.operations.verbs import Add, Alter, Constant, Drop
from peewee_mig.plan.drift import drift
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards import hazards
from peewee_mig.plan.planner import plan
from peewee_mig.schema import (
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
    parse_type,
)
from peewee_mig.schema.objects import ForeignKey
from peewee_mig.schema.standalone import EnumType, VirtualTable

SQLITE, POSTGRES, MYSQL = map(get_dialect, ("sqlite", "postgres", "mysql"))
INT, TEXT = parse_type("INT"), parse_type("TEXT")


def table(*columns, name="t", **more):
    return Table(name, (Column("id", INT), *columns), PrimaryKey(("id",)), **more)


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
        (VirtualTable("n", "fts4", ("title", "body", 'languageid="lid"')), ["data-loss"]),
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


def test_a_primary_key_that_a_foreign_key_needs_becomes_a_unique_constraint():
    parent = Table("p", (Column("a", TEXT),), PrimaryKey(("a",)))
    unique = replace(parent, primary_key=None, uniques=(Unique(("a",)),))
    child = table(Column("b", TEXT), foreign_keys=(ForeignKey(("b",), "p", ("a",)),))
    for tables in ([child], []):  # kept, or dropped as late as its key
        before, after = Schema.of([parent, child]), Schema.of([unique, *tables])
        assert replay(diff(before, after), before) == after


def test_a_deferrable_constraint_is_no_key_that_anything_can_refer_to():
    unique = Unique(("x",), deferrable="INITIALLY DEFERRED")
    assert ("x",) not in table(Column("x", TEXT), uniques=(unique,)).keys
