"""All that can be declared, on MySQL and MariaDB, without a server: what is said and refused."""

import pytest
from fidelity_pairs import NAME, A, B, check, column, part_index, table

from peewee_mig.dialects.base import Capabilities, Statement
from peewee_mig.dialects.mysql.definitions import read_definition
from peewee_mig.dialects.mysql.dialect import DIALECT
from peewee_mig.dialects.mysql.texts import constant_text, neutral, normal_default
from peewee_mig.diff import Renames, diff
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Add, Alter, Constant
from peewee_mig.schema import Schema
from peewee_mig.schema.expressions import Expression
from peewee_mig.schema.objects import (
    Column,
    Exclusion,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Unique,
)
from peewee_mig.schema.standalone import EnumType, Sequence, View, VirtualTable
from peewee_mig.schema.types import parse_type

MARIADB = Capabilities((10, 11, 6), "MariaDB")
MYSQL = Capabilities((8, 4, 3), "MySQL")


def spelled(*steps):
    return [
        sql
        for step in steps
        for sql in ((step.sql,) if isinstance(step, Statement) else step.preview())
    ]


def changed(before, after, capabilities=MARIADB, renames=None):
    """Return the statements, or what is assumed, from one table to another."""
    one, other = (
        each if isinstance(each, Schema) else Schema.of([each]) for each in (before, after)
    )
    return DIALECT.lower(diff(one, other, renames), one, capabilities)


def test_a_column_is_written_with_all_that_it_has():
    full = column(
        "a", "VARCHAR(9)", default="'it''s \\ x'", collation="latin1_bin", comment="it's \\",
        options=("CHARACTER SET latin1",),
    )  # fmt: skip
    assert DIALECT.column_definition(full) == (
        "`a` VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL"
        r" DEFAULT 'it''s \\ x' COMMENT 'it''s \\'"
    )
    stamped = column(
        "at", "datetime(6)", null=True, default="CURRENT_TIMESTAMP(6)",
        options=("ON UPDATE CURRENT_TIMESTAMP(6)",),
    )  # fmt: skip
    assert DIALECT.column_definition(stamped) == (
        "`at` datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)"
    )
    computed = column("g", "BIGINT", computed='"a" || "b"', stored=False, comment="x")
    assert DIALECT.column_definition(computed) == (
        "`g` BIGINT GENERATED ALWAYS AS (`a` || `b`) VIRTUAL COMMENT 'x'"
    )
    number = column("id", "AUTO", options=("UNSIGNED", "ZEROFILL"))
    words = "`id` INTEGER UNSIGNED ZEROFILL AUTO_INCREMENT NOT NULL"
    assert DIALECT.column_definition(number) == words
    assert DIALECT.column_definition(column("t", "timestamp", null=True)) == "`t` timestamp NULL"


@pytest.mark.parametrize(
    ("words", "default", "expected"),
    [
        ("INT", "-5", "-5"),
        ("BOOL", "TRUE", "TRUE"),
        ("VARCHAR(9)", "'x'", "'x'"),
        ("VARCHAR(40)", "uuid()", "(uuid())"),
        ("TEXT", "'x'", "('x')"),
        ("JSON", "'{}'", "('{}')"),
        ("BLOB", "x'ff'", "(x'ff')"),
        ("longtext", "'x'", "('x')"),
        ("point", "point(1, 2)", "(point(1, 2))"),
        ("DATETIME", "now()", "now()"),
        ("DATETIME", "now() + INTERVAL 1 DAY", "(now() + INTERVAL 1 DAY)"),
        ("DATE", "CURRENT_TIMESTAMP", "(CURRENT_TIMESTAMP)"),
        ("INT", "1 + 2", "(1 + 2)"),
    ],
)
def test_a_default_is_in_parentheses_where_mysql_wants_them(words, default, expected):
    """Source: MySQL 8.0 manual, 11.6."""
    definition = DIALECT.column_definition(column("a", words, null=True, default=default))
    assert definition.partition(" DEFAULT ")[2] == expected


@pytest.mark.parametrize(
    ("words", "default", "expected"),
    [
        ("INT", "'5'", "5"),
        ("INT", "+5", "5"),
        ("DECIMAL(10, 2)", "0.00", "0"),
        ("DECIMAL(10, 2)", "-1.50", "-1.5"),
        ("DOUBLE", "1e3", "1000"),
        ("BOOL", "true", "1"),
        ("VARCHAR(9)", "5", "'5'"),
        ("enum('a')", "'a'", "'a'"),
        ("DATETIME", "current_timestamp()", "CURRENT_TIMESTAMP"),
        ("DATETIME", "now(6)", "CURRENT_TIMESTAMP(6)"),
        ("DATE", "curdate()", "CURRENT_DATE"),
        ("INT", "'x'", "'x'"),
        ("BLOB", "x'ff'", "x'ff'"),
        ("INT", "1 + 1", "1 + 1"),
    ],
)
def test_a_default_has_a_normal_form(words, default, expected):
    found = column("a", words, default=default)
    assert normal_default(found.default, found.type) == Expression(expected)


def test_expressions_of_the_catalog_are_read():
    assert neutral(r"`a` <> 'it\'s \\ \n' and `b` = 'it''s'", "ab") == Expression(
        "\"a\" <> 'it''s \\ \n' and \"b\" = 'it''s'"
    )
    escaped = r"(`a` = _utf8mb4\'it\\\'s\')"  # as information_schema of MySQL says it
    assert neutral(escaped, "a", escaped=True).unwrapped == Expression("\"a\" = 'it''s'")
    assert neutral("X'ff'") == Expression("X'ff'")
    assert constant_text("5", "int") == "5"
    assert constant_text("5", "varchar") == "'5'"
    assert constant_text("it's", "text") == "'it''s'"
    assert constant_text("b'101'", "bit") == "b'101'"


def test_the_text_of_a_table_is_read():
    found = read_definition(
        "CREATE TABLE `t` (\n"
        "  `a``b` int(11) NOT NULL DEFAULT (1 + 2),\n"
        "  `e` enum('a, DEFAULT','b''c') DEFAULT 'b''c' COMMENT 'DEFAULT 5',\n"
        "  `d` datetime(6) DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),\n"
        "  `n` decimal(8,3) unsigned DEFAULT NULL,\n"
        "  `g` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin"
        " GENERATED ALWAYS AS (concat(`e`,'\\\\)')) STORED,\n"
        "  KEY `i0` (`a``b` DESC,`e`(3)),\n"
        "  KEY `i1` ((lower(`e`))),\n"
        "  CONSTRAINT `c0` CHECK (`e` <> 'it\\'s' and (`n` > 1))\n"
        ") ENGINE=InnoDB"
    )
    assert found.types["n"] == "decimal(8,3) unsigned"
    assert found.types["e"] == "enum('a, DEFAULT','b''c')"
    assert found.defaults == {"a`b": "1 + 2", "e": "'b''c'", "d": "current_timestamp(6)"}
    assert found.computed == {"g": "concat(\"e\", '\\)')"}
    assert found.indexes == {"i0": ('"a`b" DESC', '"e"(3)'), "i1": ('lower("e")',)}
    assert found.checks == {"c0": "\"e\" <> 'it''s' and (\"n\" > 1)"}


@pytest.mark.parametrize(
    ("index", "sql"),
    [
        (part_index("i", '"a" DESC', '"b" ASC'), "CREATE INDEX `i` ON `t` (`a` DESC, `b`)"),
        (part_index("i", '"name"(9)'), "CREATE INDEX `i` ON `t` (`name`(9))"),
        (part_index("i", "name(9) DESC"), "CREATE INDEX `i` ON `t` (`name`(9) DESC)"),
        (part_index("i", 'lower("name") DESC'), "CREATE INDEX `i` ON `t` ((lower(`name`)) DESC)"),
        (Index("i", ("a",), using="fulltext"), "CREATE FULLTEXT INDEX `i` ON `t` (`a`)"),
        (Index("i", ("a",), using="spatial"), "CREATE SPATIAL INDEX `i` ON `t` (`a`)"),
        (
            Index("i", ("a",), unique=True, using="hash"),
            "CREATE UNIQUE INDEX `i` USING HASH ON `t` (`a`)",
        ),
    ],
)
def test_an_index_is_written_with_all_that_it_has(index, sql):
    assert DIALECT.create_index("t", index) == sql


def test_a_table_of_a_schema_is_named_with_it():
    place = table(A, Unique(("a",), "un"), check("a > 0"), name="shop.t",
                  options=Options(("ENGINE=InnoDB",), "it's"))  # fmt: skip
    (create,) = DIALECT.create_table(place)
    assert create.startswith("CREATE TABLE `shop`.`t` (")
    assert create.endswith(
        "CONSTRAINT `un` UNIQUE (`a`),\n  CHECK (`a` > 0)\n) ENGINE=InnoDB COMMENT='it''s'"
    )


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        (Index("i", ("a",), where=Expression('"a" > 1')), "has no partial indexes"),
        (Index("i", ("a",), include=("b",)), "has no indexes that include columns"),
        (
            Index("i", ("a",), unique=True, nulls_distinct=False),
            "has no unique indexes with equal NULLs",
        ),
        (Index("i", ("a",), using="gin"), "has no indexes of the method gin"),
        (Index("i", ("a",), options=("fillfactor=70",)), "has no fillfactor=70 for indexes"),
        (part_index("i", 'lower("a")'), "has no indexes over expressions"),
        (part_index("i", '"a" COLLATE "C"'), "has no indexes over expressions"),
        (Unique(("a",), deferrable="INITIALLY DEFERRED"), "checks constraints at once"),
        (Unique(("a",), nulls_distinct=False), "has no unique constraints with equal NULLs"),
        (Unique(("a",), conflict="IGNORE"), "has no ON CONFLICT IGNORE"),
        (PrimaryKey(("a",), conflict="FAIL"), "has no ON CONFLICT FAIL"),
        (column("a", options=("ON CONFLICT FAIL",)), "has no ON CONFLICT FAIL"),
        (ForeignKey(("a",), "t", ("id",), deferrable="DEFERRABLE"), "checks constraints at once"),
        (Exclusion(Expression("USING gist (x WITH &&)")), "has no exclusion constraints"),
        (check("a || b = 'x'"), "takes || for OR"),
        (check("a::text = 'x'"), "has no :: for casts"),
        (column("a", default="'x'::text"), "has no :: for casts"),
        (column("a", computed='"b" || "c"'), "takes || for OR"),
        (column("a", sequence="s"), "numbers no columns by a sequence"),
        (column("a", "TEXT", collation="NOCASE"), "has no collation NOCASE"),
        (Options(("STRICT", "ENGINE=InnoDB", "fillfactor=70")), "has no STRICT, fillfactor=70"),
        (View("v", Expression("SELECT 1"), materialized=True), "has no materialized views"),
        (View("v", Expression('SELECT "a" || "b" FROM "t"')), "takes || for OR"),
        (VirtualTable("f", "fts5"), "has no virtual tables"),
        (Sequence("s"), "numbers no columns by a sequence"),
        (EnumType("e", ("a",)), "has no enum types"),
    ],
)
def test_what_the_server_cannot_have_is_told(thing, why):
    assert why in DIALECT.lacks(thing, None, MARIADB)


@pytest.mark.parametrize(
    "thing",
    [
        column("a", "TEXT", collation="utf8mb4_bin", default="'::||'", comment="x"),
        column("a", options=("UNSIGNED",), computed='"b" + 1'),
        part_index("i", '"a" DESC', '"name"(5)'),
        Index("i", ("a",), using="hash"),
        Unique(("a",)),
        PrimaryKey(("a",), "own"),
        check("a > 0"),
        Options(("ENGINE=InnoDB", "CHARSET=utf8mb4"), "x"),
        View("v", Expression("SELECT 1")),
        table(A),
    ],
)
def test_what_the_server_can_have_is_not_refused(thing):
    assert DIALECT.lacks(thing, None, MARIADB) == ""


def test_mysql_has_indexes_over_expressions_since_8_0_13():
    index = part_index("i", 'lower("a")')
    assert DIALECT.lacks(index, None, MYSQL) == ""
    assert DIALECT.lacks(index, None, Capabilities((8, 0, 12), "MySQL"))


@pytest.mark.parametrize(
    ("thing", "left"),
    [
        (column("a", sequence="s", comment="x"), column("a", comment="x")),
        (column("a", "TEXT", collation="NOCASE"), column("a", "TEXT")),
        (column("a", default="now()::date"), A),
        (column("a", computed='"b"::int'), None),
        (column("a", options=("ON CONFLICT FAIL", "UNSIGNED")), column("a", options=("UNSIGNED",))),
        (PrimaryKey(("a",), "own", "FAIL"), PrimaryKey(("a",), "own")),
        (Unique(("a",), conflict="FAIL"), Unique(("a",))),
        (Unique(("a",), "u", "DEFERRABLE", nulls_distinct=False), Unique(("a",), "u")),
        (ForeignKey(("a",), "t", ("id",), deferrable="DEFERRABLE"),
         ForeignKey(("a",), "t", ("id",))),
        (Options(("STRICT", "ENGINE=InnoDB"), "x"), Options(("ENGINE=InnoDB",), "x")),
        (Index("i", ("a",), where=Expression('"a" > 1')), None),
        (check("a || b = 'x'"), None),
    ],
)  # fmt: skip
def test_what_is_left_of_a_thing(thing, left):
    assert DIALECT.lesser(thing, MARIADB) == left


def test_names_that_the_server_makes_up_are_assumed_offline():
    before = table(A, B, check("a > 0"), check("b > 0"), Unique(("a", "b")))
    steps = changed(before, table(A, B, check("a > 0")))
    assert sorted(step.note for step in steps) == [
        'assumes that the check of t ("b" > 0) is named CONSTRAINT_2',
        "assumes that the unique constraint of t (a, b) is named a",
    ]
    assert sorted(spelled(*steps)) == [
        "ALTER TABLE `t` DROP CONSTRAINT `CONSTRAINT_2`",
        "ALTER TABLE `t` DROP INDEX `a`",
    ]
    (named,) = changed(table(A, check("a > 0", "ck")), table(A))
    assert (named.note, *spelled(named)) == ("", "ALTER TABLE `t` DROP CONSTRAINT `ck`")
    (named,) = changed(table(A, Unique(("a",), "un")), table(A))
    assert spelled(named) == ["DROP INDEX `un` ON `t`"]


def test_what_is_not_in_the_database_cannot_be_dropped():
    facts = ("10.11.6-MariaDB", "db", "utf8mb4_general_ci", "InnoDB")

    def empty(sql):
        return [facts] if "schemata" in sql else []

    (step,) = changed(table(A, Unique(("a",))), table(A))
    with pytest.raises(RefusedError, match="has no unique constraint of t"):
        step.resolve(empty)


def test_mysql_renames_a_column_without_what_names_it():
    """Source: errors 3108 and 3959 of MySQL; MariaDB renames it there too."""
    before = table(A, check("a > 0", "ck"), column("g", computed='"a" + 1', null=True),
                   Index("t_g", ("g",)))  # fmt: skip
    after = table(column("z"), check("z > 0", "ck", ("z",)),
                  column("g", computed='"z" + 1', null=True), Index("t_g", ("g",)))  # fmt: skip
    answer = Renames(columns={("t", "a"): "z"})
    rename = "ALTER TABLE `t` RENAME COLUMN `a` TO `z`"
    assert spelled(*changed(before, after, MARIADB, answer)) == [rename]
    assert spelled(*changed(before, after, MYSQL, answer)) == [
        "DROP INDEX `t_g` ON `t`",
        "ALTER TABLE `t` DROP COLUMN `g`",
        "ALTER TABLE `t` DROP CONSTRAINT `ck`",
        rename,
        "ALTER TABLE `t` ADD CONSTRAINT `ck` CHECK (`z` > 0)",
        "ALTER TABLE `t` ADD COLUMN `g` INTEGER GENERATED ALWAYS AS (`z` + 1) STORED",
        "CREATE INDEX `t_g` ON `t` (`g`)",
    ]


def test_a_virtual_column_that_gets_values_keeps_them():
    before = table(A, column("g", computed='"a" * 2', stored=False, null=True))
    after = table(A, column("g", default="0"))
    assert spelled(*changed(before, after)) == [
        "ALTER TABLE `t` ADD COLUMN `_peewee_mig_g` INTEGER DEFAULT 0",
        "UPDATE `t` SET `_peewee_mig_g` = COALESCE(`g`, 0)",
        "ALTER TABLE `t` DROP COLUMN `g`, CHANGE `_peewee_mig_g` `g` INTEGER NOT NULL DEFAULT 0",
    ]


def test_settings_that_are_not_declared_any_more_become_the_usual():
    old = Options(("ROW_FORMAT=COMPRESSED", "MAX_ROWS=5", "ENGINE=MyISAM", "CHARSET=latin1"), "x")
    before = Schema.of([table(A, NAME, options=old)])
    steps = DIALECT.lower([Alter("t", old, Options())], before, MARIADB)
    assert spelled(*steps) == [
        (
            "ALTER TABLE `t` MAX_ROWS=0, ROW_FORMAT=DEFAULT, COMMENT='', DEFAULT CHARSET=DEFAULT,"
            " MODIFY `name` VARCHAR(50) NOT NULL"
        ),
        "ALTER TABLE `t` ENGINE=InnoDB",
    ]
    assert steps[1].note == "assumes that the server's default engine is InnoDB"
    assert steps[1].resolve(lambda _: [("Aria",)]) == ("ALTER TABLE `t` ENGINE=Aria",)


def test_a_view_is_replaced_so_that_grants_stay():
    old, new = (View("v", Expression(f'SELECT "{name}" FROM "t"')) for name in "ab")
    before = Schema.of([table(A, B)], [old])
    (step,) = DIALECT.lower([Alter("v", old, new)], before, MARIADB)
    assert step == Statement("CREATE OR REPLACE VIEW `v` AS SELECT `b` FROM `t`", (0,), ("v",))


def test_a_fill_leaves_the_declared_default():
    added = column("d", default="3")
    steps = DIALECT.lower([Add("t", added, Constant(7))], Schema.of([table(A)]), MARIADB)
    assert spelled(*steps) == [
        "ALTER TABLE `t` ADD COLUMN `d` INTEGER NOT NULL DEFAULT 7",
        "ALTER TABLE `t` MODIFY `d` INTEGER NOT NULL DEFAULT 3",
    ]


def test_names_of_constraints_have_a_limit():
    long = table(A, check("a > 0", "c" * 65))
    with pytest.raises(RefusedError, match="for a constraint, and this has 65"):
        DIALECT.lower(diff(Schema(), Schema.of([long])), Schema(), MARIADB)


def test_types_are_normal_with_their_options():
    given = Column("a", parse_type("int unsigned"), options=("ON UPDATE CURRENT_TIMESTAMP",))
    (found,) = DIALECT.normalize(Schema.of([table(given, column("b", options=("ZEROFILL",)))]))
    assert found.column("a").options == ("ON UPDATE CURRENT_TIMESTAMP", "UNSIGNED")
    assert str(found.column("a").type) == "INT"
    assert found.column("b").options == ("UNSIGNED", "ZEROFILL")
