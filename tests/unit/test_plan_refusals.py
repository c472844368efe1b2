"""What an engine would refuse half-way is refused before the first statement."""

from dataclasses import replace

import pytest

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities
from peewee_mig.dialects.mysql.refuse import refuse
from peewee_mig.diff import diff
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Add, Constant
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
    expression,
    parse_type,
)
from peewee_mig.schema.objects import ForeignKey

SQLITE, POSTGRES, MYSQL = map(get_dialect, ("sqlite", "postgres", "mysql"))
MARIADB = Capabilities((10, 11), "MariaDB")
INT, TEXT = parse_type("INT"), parse_type("TEXT")


SHOUT = Computed(expression("upper(c)", ["c"]), stored=True)


def e(sql):
    return expression(sql, ["a", "b"])


def table(*columns, name="t", **more):
    return Table(name, (Column("id", INT), *columns), PrimaryKey(("id",)), **more)


def checked(name, *columns, **more):
    return table(*columns, checks=(Check(expression("id > 0", ["id"]), name),), **more)


def made(table_, dialect=MYSQL, capabilities=MARIADB):
    schema = Schema.of([table_])
    return plan(diff(Schema(), schema), Schema(), dialect, capabilities)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        (table(Column("c", parse_type("CHAR(5)")),
               Column("d", TEXT, null=True, computed=SHOUT)),
         "computed from a CHAR"),
        (table(indexes=(Index("primary", ("id",)),)), "keep the name PRIMARY"),
        (table(checks=(Check(expression("id > 0", ["id"]), "Primary"),)), "keep the name PRIMARY"),
        (checked("Same", indexes=(Index("same", ("id",), unique=True),)), "the unique index on t"),
        (checked("same", uniques=(Unique(("id",), "same"),)), "unique constraint on \\(id\\)"),
        (checked("x", Column("x", INT), uniques=(Unique(("x", "id")),)), "on \\(x, id\\)"),
        (checked("same", Column("x", INT),
                 foreign_keys=(ForeignKey(("x",), "t", ("id",), name="SAME"),)),
         "the foreign key on \\(x\\)"),
        (checked("t_ibfk_2", Column("x", INT), foreign_keys=(ForeignKey(("x",), "t", ("id",)),)),
         "the foreign key on \\(x\\)"),
        (table(checks=(Check(expression("id > 0", ["id"]), "a"),
                       Check(expression("id > 1", ["id"]), "A"))),
         "the check \\("),
        (table(checks=(Check(expression("id > 0", ["id"]), "CONSTRAINT_1"),
                       Check(expression("id > 1", ["id"])))),
         "the check \\("),
        (table(Column("p", INT, null=True), checks=(Check(expression("p > 0", ["p"])),),
               foreign_keys=(ForeignKey(("p",), "t", ("id",), "SET NULL", None),)),
         "no check of a column that a foreign key changes"),
        (table(Column("x", INT), indexes=(Index("X", ("id",)),), uniques=(Unique(("x", "id")),)),
         "name the unique constraint on \\(x, id\\) x, as an index is called"),
        (table(Column("w", parse_type("VARCHAR(1024)")), indexes=(Index("i", ("w",)),)),
         "more than 3072 bytes, and this has up to 4096: 4 for each character of w"),
        (table(Column("w", parse_type("VARCHAR(1024)")), uniques=(Unique(("w",)),)), "3072"),
    ],
)  # fmt: skip
def test_what_mariadb_would_refuse_half_way(wrong, match):
    with pytest.raises(RefusedError, match=match) as caught:
        made(wrong)
    assert "t" in caught.value.where


def test_a_check_can_have_the_name_of_a_plain_index_or_on_mysql_of_a_key():
    assert made(checked("same", indexes=(Index("same", ("id",)),))).steps
    key = ForeignKey(("x",), "t", ("id",), name="same")
    mysql = Capabilities((8, 0, 36), "MySQL")
    assert made(checked("same", Column("x", INT), foreign_keys=(key,)), capabilities=mysql).steps


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


def test_all_columns_of_an_index_count_together():
    one, other = (Column(name, parse_type("VARCHAR(500)")) for name in "ab")
    for columns, parts in ((("a", "b"), ()), ((), (e("a DESC"), e("b"))), (("a", "id"), ())):
        index = Index("i", columns, parts=parts)
        if "id" in columns:
            assert made(table(one, other, indexes=(index,))).steps
        else:
            with pytest.raises(RefusedError, match="up to 4000: 4 for each character of a, b"):
                made(table(one, other, indexes=(index,)))
    prefixes = Index("i", (), parts=(e("a(100)"), e("b(100) DESC")))
    assert made(table(one, other, indexes=(prefixes,))).steps
    full = Column("f", parse_type("VARCHAR(768)"))
    with pytest.raises(RefusedError, match="3076"):
        made(table(full, indexes=(Index("i", ("f", "id")),)))


@pytest.mark.parametrize("form", ["ROW_FORMAT=COMPACT", "ROW_FORMAT=REDUNDANT"])
def test_a_column_of_an_index_is_narrow_in_an_older_row_format(form):
    wide, options = Column("w", parse_type("VARCHAR(192)"), null=True), Options((form,))
    for parts in (
        {"indexes": (Index("i", ("w",)),)},
        {"uniques": (Unique(("w",)),)},
        {"foreign_keys": (ForeignKey(("w",), "t", ("id",)),)},
    ):
        with pytest.raises(RefusedError, match=r"more than 767 bytes .* w has up to 768"):
            refuse(Schema(), Schema.of([table(wide, **parts, options=options)]), product="")
        refuse(Schema(), Schema.of([table(wide, **parts)]), product="")
    prefix = Index("i", (), parts=(e("a(191)"),))
    narrow = Column("a", parse_type("VARCHAR(200)"), collation="utf8mb4_bin")
    assert made(table(narrow, indexes=(prefix,), options=options)).steps


def test_mysql_stores_what_is_computed_from_a_char():
    columns = (Column("c", parse_type("CHAR(5)")), Column("d", TEXT, null=True, computed=SHOUT))
    assert made(table(*columns), capabilities=Capabilities((8, 0, 36), "MySQL")).steps
