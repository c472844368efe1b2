"""All that can be declared, on PostgreSQL: the statements and the values, without a server."""

from dataclasses import replace

import pytest

from peewee_mig.dialects.base import Capabilities, Guard, LiveStep, Statement
from peewee_mig.dialects.postgres import casts, reading, render
from peewee_mig.dialects.postgres.dialect import DIALECT
from peewee_mig.dialects.postgres.types import logical_type
from peewee_mig.diff import diff
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Add, Alter, Drop, Generated, Rename, RunSQL
from peewee_mig.schema import (
    Check,
    Column,
    Computed,
    EnumType,
    Exclusion,
    Expression,
    ForeignKey,
    Index,
    Options,
    PrimaryKey,
    Schema,
    Sequence,
    Table,
    Unique,
    View,
    expression,
    parse_type,
)
from peewee_mig.schema.standalone import VirtualTable
from peewee_mig.schema.types import native_type

OLD, NEW = Capabilities((14, 2)), Capabilities((18, 1))


def column(name="a", words="INT", *, default=None, computed=None, stored=True, **attributes):
    return Column(
        name,
        native_type(words) if words[:1].islower() else parse_type(words),
        default=Expression(default) if default else None,
        computed=Computed(Expression(computed), stored) if computed else None,
        **attributes,
    )


def table(*parts, name="t", options=Options()):  # noqa: B008 (a value, frozen)
    def of(kind):
        return tuple(part for part in parts if isinstance(part, kind))

    return Table(
        name,
        (column("id"), *of(Column)),
        PrimaryKey(("id",)),
        indexes=of(Index),
        foreign_keys=of(ForeignKey),
        checks=of(Check),
        uniques=of(Unique),
        exclusions=of(Exclusion),
        options=options,
    )


def sql(operations, before=Schema()):  # noqa: B008 (a value, frozen)
    found = []
    for step in DIALECT.lower(operations, before, DIALECT.assumed):
        found += [step.sql] if isinstance(step, Statement) else step.preview()
    return found


def change(before, after):
    one, other = (
        each if isinstance(each, Schema) else Schema.of([each]) for each in (before, after)
    )
    return sql(diff(one, other), one)


def altered(old, new):
    prefix = 'ALTER TABLE "t" '
    return [each.removeprefix(prefix) for each in change(table(old), table(new))]


# Words.


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (column(default="5"), '"a" INTEGER NOT NULL DEFAULT 5'),
        (column(default="-5"), '"a" INTEGER NOT NULL DEFAULT -5'),
        (column(default="now()"), '"a" INTEGER NOT NULL DEFAULT now()'),
        (column(default="f(1, 'x')"), "\"a\" INTEGER NOT NULL DEFAULT f(1, 'x')"),
        (column(default="f(1) + g(2)"), '"a" INTEGER NOT NULL DEFAULT (f(1) + g(2))'),
        (column(default="1 IN (1)"), '"a" INTEGER NOT NULL DEFAULT (1 IN (1))'),
        (
            column(null=True, computed='"b" * 2'),
            '"a" INTEGER GENERATED ALWAYS AS ("b" * 2) STORED',
        ),
        (
            column(computed='"b"', stored=False),
            '"a" INTEGER NOT NULL GENERATED ALWAYS AS ("b") VIRTUAL',
        ),
        (column(words="TEXT", collation="C"), '"a" TEXT COLLATE "C" NOT NULL'),
        (column(words="TEXT", collation="my.own"), '"a" TEXT COLLATE "my"."own" NOT NULL'),
        (
            column(sequence="billing.no"),
            '"a" INTEGER NOT NULL DEFAULT nextval(\'"billing"."no"\')',
        ),
        (column(words="VARCHAR(9)[]"), '"a" VARCHAR(9)[] NOT NULL'),
        (column(words="citext[]"), '"a" citext[] NOT NULL'),
        (column(words="AUTOINCREMENT"), '"a" SERIAL NOT NULL'),
    ],
)
def test_a_column_is_spelled_with_its_attributes(declared, expected):
    assert DIALECT.column_definition(declared) == expected


def test_a_table_is_spelled_with_its_constraints_options_and_comments():
    declared = table(
        column(comment="it's"),
        Check(expression("a > 0", ["a"]), "positive"),
        Unique(("a",), deferrable="INITIALLY DEFERRED", nulls_distinct=False),
        Exclusion(expression("USING gist (a WITH =)", ["a"])),
        ForeignKey(("a",), "billing.p", ("id",), deferrable="DEFERRABLE"),
        name="billing.t",
        options=Options(("fillfactor=70", "UNLOGGED", "TABLESPACE fast", "USING heap"), "all"),
    )
    assert list(DIALECT.create_table(declared)) == [
        (
            'CREATE UNLOGGED TABLE "billing"."t" (\n'
            '  "id" INTEGER NOT NULL PRIMARY KEY,\n'
            '  "a" INTEGER NOT NULL,\n'
            '  FOREIGN KEY ("a") REFERENCES "billing"."p" ("id")'
            " DEFERRABLE INITIALLY IMMEDIATE,\n"
            '  UNIQUE NULLS NOT DISTINCT ("a") DEFERRABLE INITIALLY DEFERRED,\n'
            '  CONSTRAINT "positive" CHECK ("a" > 0),\n'
            '  EXCLUDE USING gist("a" WITH =)\n'
            ') USING heap WITH (fillfactor=70) TABLESPACE "fast"'
        ),
        'COMMENT ON TABLE "billing"."t" IS \'all\'',
        'COMMENT ON COLUMN "billing"."t"."a" IS \'it\'\'s\'',
    ]


def test_a_partitioned_table_is_spelled():
    words = ('PARTITION BY LIST(("a" = 1))', "TABLESPACE fast", "USING heap")
    made = replace(table(column(), options=Options(words)), primary_key=None)
    (sql,) = DIALECT.create_table(made)
    expected = ') PARTITION BY LIST(("a" = 1)) USING heap TABLESPACE "fast"'
    assert sql.rpartition("\n")[2] == expected


def test_what_cannot_change_of_a_partitioned_table_is_refused():
    parted, otherwise = (Options((f'PARTITION BY {how}("a")',)) for how in ("RANGE", "HASH"))
    for old, new in ((parted, Options()), (parted, otherwise)):
        with pytest.raises(RefusedError, match="how table t is partitioned"):
            change(table(column(), options=old), table(column(), options=new))
    computed = column(computed="1")
    for new in (column(words="BIGINT"), computed):
        with pytest.raises(RefusedError, match=r'column t.a from INT .* PARTITION BY RANGE\("a"'):
            change(table(column(), options=parted), table(new, options=parted))
    assert change(table(column(), options=parted), table(column(default="1"), options=parted))
    kept = table(column(), column("b"), options=parted)
    assert change(kept, table(column(), column("b", words="BIGINT"), options=parted))


def test_a_table_may_be_partitioned_before_it_is_declared_so():
    after = table(column(), options=Options(('PARTITION BY RANGE("a")',)))
    (step,) = DIALECT.lower(diff(Schema.of([table(column())]), Schema.of([after])),
                            Schema.of([table(column())]), DIALECT.assumed)  # fmt: skip
    assert (step.preview(), step.tables) == ((), ("t",))
    assert "has PARTITION BY RANGE" in step.note


def test_an_index_is_spelled_where_it_is():
    index = Index("i", ("a",), options=("TABLESPACE fast", "fillfactor=70"), where=Expression("b"))
    expected = 'CREATE INDEX "i" ON "t" ("a") WITH (fillfactor=70) TABLESPACE "fast" WHERE b'
    assert DIALECT.create_index("t", index) == expected
    usual = Index("i", ("a",), options=("TABLESPACE pg_default",))
    normal = DIALECT.normalize(Schema.of([table(column(), usual)])).table("t")
    assert normal.indexes == (Index("i", ("a",)),)


def test_an_index_is_spelled_with_all_that_it_has():
    index = Index(
        "i",
        (),
        unique=True,
        parts=(Expression('lower("a") text_pattern_ops DESC'), Expression('"b"')),
        where=Expression("\"b\" <> 'x'"),
        using="gin",
        include=("c",),
        nulls_distinct=False,
        options=("fillfactor=70",),
    )
    assert DIALECT.create_index("billing.t", index) == (
        'CREATE UNIQUE INDEX "i" ON "billing"."t" USING "gin" (lower("a") text_pattern_ops DESC,'
        ' "b") INCLUDE ("c") NULLS NOT DISTINCT WITH (fillfactor=70) WHERE "b" <> \'x\''
    )


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ('"a"', '"a"'),
        ('"a" text_pattern_ops', '"a"'),
        ('"a" COLLATE "C" DESC NULLS LAST', '"a"'),
        ('lower("a") varchar_pattern_ops', 'lower("a")'),
        ('("a" + 1) DESC', '("a" + 1)'),
        ("coalesce(\"a\", 'x')", "coalesce(\"a\", 'x')"),
        ('"a" gist_trgm_ops (siglen = 32)', '"a"'),
    ],
)
def test_the_value_of_a_part_of_an_index_is_known(part, value):
    assert render.part_value(Expression(part)) == Expression(value)


def test_a_guard_asks_for_the_values_of_the_parts():
    guard = Guard("duplicates", 0, "t", ("a",), parts=(Expression('"a" text_pattern_ops'),))
    assert DIALECT.guard_sql(guard)[0] == (
        'SELECT count(*) FROM (SELECT "a" FROM "t" WHERE "a" IS NOT NULL'
        " GROUP BY 1 HAVING count(*) > 1) AS twice"
    )


def test_a_sample_of_values_that_cannot_be_compared_is_of_texts():
    types = {"old": native_type("json"), "new": parse_type("INT")}
    guard = Guard("values", 0, "t", ("a",), **types)
    assert DIALECT.guard_sql(guard)[1] == (
        'SELECT DISTINCT CAST("a" AS TEXT) FROM "t" WHERE "a" IS NOT NULL LIMIT 5'
    )


# What PostgreSQL cannot have.


@pytest.mark.parametrize(
    ("thing", "why", "left"),
    [
        (column(options=("UNSIGNED",)), "has no UNSIGNED for columns", column()),
        (Unique(("a",), conflict="FAIL"), "has no ON CONFLICT FAIL", Unique(("a",))),
        (
            PrimaryKey(("a",), "own", "FAIL"),
            "has no ON CONFLICT FAIL",
            PrimaryKey(("a",), "own"),
        ),
        (
            column(words="TEXT", collation="NOCASE"),
            "has no collation NOCASE",
            column(words="TEXT"),
        ),
        (
            column(words="TEXT", collation="utf8mb4_bin"),
            "has no collation utf8mb4_bin",
            column(words="TEXT"),
        ),
        (
            column(computed="1", stored=False),
            "14.2 has no virtual generated columns, only stored ones",
            column(computed="1"),
        ),
        (
            Unique(("a",), nulls_distinct=False),
            "has no NULLS NOT DISTINCT before version 15",
            Unique(("a",)),
        ),
        (
            Index("i", ("a",), nulls_distinct=False),
            "has no NULLS NOT DISTINCT before version 15",
            Index("i", ("a",)),
        ),
        (Index("i", ("a",), using="fulltext"), "has no fulltext indexes", None),
        (
            Index("i", (), parts=(Expression('"a"(10)'),)),
            "has no indexes over the first characters of a column",
            None,
        ),
        (
            Options(("ENGINE=InnoDB", "STRICT", "fillfactor=70"), "x"),
            "has no ENGINE=InnoDB, STRICT for tables",
            Options(("fillfactor=70",), "x"),
        ),
    ],
)
def test_what_there_is_not_is_told_and_can_be_left_out(thing, why, left):
    assert DIALECT.lacks(thing, None, OLD) == why
    assert DIALECT.lesser(thing, OLD) == left
    if left is not None:
        assert DIALECT.lacks(left, None, OLD) == ""


def test_what_there_is_is_not_refused():
    assert DIALECT.lacks(VirtualTable("v", "fts5"), None, NEW) == "has no virtual tables"
    for thing in (
        column(words="TEXT", collation="C"),
        column(computed="1", stored=False),
        Unique(("a",), nulls_distinct=False),
        Index("i", ("a",), using="gin"),
        Options(("UNLOGGED", "TABLESPACE fast", "USING columnar", "toast.x=1"), "c"),
        Exclusion(Expression("USING gist (a WITH =)")),
        Sequence("s"),
        PrimaryKey(("a",), "own"),
        table(),
    ):
        assert DIALECT.lacks(thing, None, NEW) == ""


# Changes.


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (column(), column(default="5"), ['ALTER COLUMN "a" SET DEFAULT 5']),
        (column(default="4"), column(default="5"), ['ALTER COLUMN "a" SET DEFAULT 5']),
        (column(default="5"), column(), ['ALTER COLUMN "a" DROP DEFAULT']),
        (
            column(default="5"),
            column(words="TEXT", default="'5'"),
            [
                'ALTER COLUMN "a" DROP DEFAULT',
                'ALTER COLUMN "a" TYPE TEXT',
                "ALTER COLUMN \"a\" SET DEFAULT '5'",
            ],
        ),
        (
            column(null=True),
            column(default="5"),
            [
                'ALTER COLUMN "a" SET DEFAULT 5',
                'UPDATE "t" SET "a" = 5 WHERE "a" IS NULL',
                'ALTER COLUMN "a" SET NOT NULL',
            ],
        ),
        (
            column(words="TEXT"),
            column(words="TEXT", collation="C"),
            ['ALTER COLUMN "a" TYPE TEXT COLLATE "C"'],
        ),
        (
            column(comment="x"),
            column(),
            ['COMMENT ON COLUMN "t"."a" IS NULL'],
        ),
        (column(comment=""), column(), []),
        (column(words="INT[]"), column(words="INT[][]"), []),
        (column(words="JSON"), column(words="JSONB"), []),
        (
            column(computed="1 + 1"),
            column(),
            ['ALTER COLUMN "a" DROP EXPRESSION'],
        ),
        (
            column(computed="1 + 1", null=True),
            column(computed="1 + 1"),
            ['ALTER COLUMN "a" SET NOT NULL'],
        ),
        (
            column(computed="1 + 1"),
            column(computed="1 + 2"),
            [
                'DROP COLUMN "a"',
                'ADD COLUMN "a" INTEGER NOT NULL GENERATED ALWAYS AS (1 + 2) STORED',
            ],
        ),
    ],
)
def test_a_column_changes(old, new, expected):
    assert altered(old, new) == expected


HELD = [
    'ADD COLUMN "_peewee_mig_a" INTEGER',
    'UPDATE "t" SET "_peewee_mig_a" = "a"',
    'DROP COLUMN "a"',
    'RENAME COLUMN "_peewee_mig_a" TO "a"',
]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (column(null=True), column(null=True), []),
        (column(), column(), ['ALTER COLUMN "a" SET NOT NULL']),
        (column(), column(null=True), []),
        (
            column(null=True),
            column(default="5"),
            [
                'ALTER COLUMN "a" SET DEFAULT 5',
                'UPDATE "t" SET "a" = 5 WHERE "a" IS NULL',
                'ALTER COLUMN "a" SET NOT NULL',
            ],
        ),
        (
            column(),
            column(words="TEXT"),
            [
                'ALTER COLUMN "a" TYPE TEXT',
                'ALTER COLUMN "a" SET NOT NULL',
            ],
        ),
        (
            column(null=True, comment="x"),
            column(null=True, comment="x"),
            ['COMMENT ON COLUMN "t"."a" IS \'x\''],
        ),
        (column(null=True, comment="x"), column(null=True), []),
    ],
)
def test_a_virtual_column_that_becomes_plain_keeps_its_values(old, new, expected):
    virtual = replace(old, computed=Computed(Expression("1 + 1"), stored=False))
    assert altered(virtual, new) == [*HELD, *expected]


def test_a_virtual_column_becomes_plain_between_a_check_and_the_same_check():
    positive = Check(Expression('"a" > 0'), "ck")
    before = table(column(computed='"id" + 1', stored=False), positive)
    after = table(column(words="BIGINT"), positive)
    assert change(before, after) == [
        *(each if each[0] == "U" else f'ALTER TABLE "t" {each}' for each in HELD),
        'ALTER TABLE "t" ALTER COLUMN "a" TYPE BIGINT',
        'ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL',
        'ALTER TABLE "t" ADD CONSTRAINT "ck" CHECK ("a" > 0)',
    ]


def test_a_virtual_column_that_becomes_stored_is_computed_and_back():
    virtual, stored = (column(computed="1 + 1", stored=each) for each in (False, True))
    definition = '"a" INTEGER NOT NULL GENERATED ALWAYS AS (1 + 1)'
    assert altered(virtual, stored) == ['DROP COLUMN "a"', f"ADD COLUMN {definition} STORED"]
    assert altered(stored, virtual) == ['DROP COLUMN "a"', f"ADD COLUMN {definition} VIRTUAL"]


def test_a_fill_goes_before_a_default_that_stays():
    added = Add("t", column(default="5"), Generated("empty"))
    assert sql([added], Schema.of([table()])) == [
        'ALTER TABLE "t" ADD COLUMN "a" INTEGER NOT NULL DEFAULT 0',
        'ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 5',
    ]


def test_what_reads_a_column_makes_way_for_its_type():
    parts = (
        Check(expression("a > 0", ["a"]), "ck"),
        Index("i", (), parts=(Expression('abs("a")'),)),
        Index("plain", ("a",)),
        column("g", computed='"a" * 2'),
        Unique(("g",), "un"),
    )
    assert change(table(column(), *parts), table(column(words="BIGINT"), *parts)) == [
        'DROP INDEX "i"',
        'ALTER TABLE "t" DROP CONSTRAINT "ck"',
        'ALTER TABLE "t" DROP COLUMN "g"',
        'ALTER TABLE "t" ALTER COLUMN "a" TYPE BIGINT',
        'ALTER TABLE "t" ADD COLUMN "g" INTEGER NOT NULL GENERATED ALWAYS AS ("a" * 2) STORED',
        'ALTER TABLE "t" ADD CONSTRAINT "un" UNIQUE ("g")',
        'CREATE INDEX "i" ON "t" (abs("a"))',
        'ALTER TABLE "t" ADD CONSTRAINT "ck" CHECK ("a" > 0)',
    ]


def test_the_options_of_a_table_change():
    old = Options(("fillfactor=70", "autovacuum_enabled=false", "TABLESPACE fast"), "x")
    new = Options(("fillfactor=80", "UNLOGGED", "USING columnar"))
    assert change(table(options=old), table(options=new)) == [
        'COMMENT ON TABLE "t" IS NULL',
        'ALTER TABLE "t" RESET (autovacuum_enabled)',
        'ALTER TABLE "t" SET (fillfactor=80)',
        'ALTER TABLE "t" SET UNLOGGED',
        'ALTER TABLE "t" SET ACCESS METHOD columnar',
        'ALTER TABLE "t" SET TABLESPACE "pg_default"',
    ]


def test_a_table_moves_between_schemas():
    before = Schema.of([table(name="a.t")])
    there = [Rename("table", "a.t", "a.t", "b.t")]
    assert sql(there, before) == ['ALTER TABLE "a"."t" SET SCHEMA "b"']
    (step,) = DIALECT.lower([Rename("table", "a.t", "a.t", "t")], before, DIALECT.assumed)
    assert step.preview() == ('ALTER TABLE "a"."t" SET SCHEMA "public"',)
    mine = {"SELECT current_schema()::text": [("mine",)]}
    found = step.resolve(lambda sql: mine.get(sql, []))
    assert found == ('ALTER TABLE "a"."t" SET SCHEMA "mine"',)
    assert step.note


def test_parts_are_named_in_the_schema_of_their_table():
    before = Schema.of([table(column(words="AUTO"), Index("i", ("a",)), name="x.t")])
    assert sql([Rename("index", "x.t", "i", "j")], before) == ['ALTER INDEX "x"."i" RENAME TO "j"']
    assert sql([Drop("x.t", Index("i", ("a",)))], before) == ['DROP INDEX "x"."i"']
    rename = Rename("table", "x.t", "x.t", "x.s")
    assert sql([rename], before) == ['ALTER TABLE "x"."t" RENAME TO "s"']
    plain = [Alter("x.t", column(words="AUTO"), column())]
    assert sql(plain, before)[1] == 'DROP SEQUENCE "x"."t_a_seq"'


@pytest.mark.parametrize(
    ("constraint", "name"),
    [
        (Unique(("a", "b")), "t_a_b_key"),
        (Check(expression("a > 0", ["a"])), "t_a_check"),
        (Check(expression("a > b", ["a", "b"])), "t_check"),
        (Exclusion(expression("USING gist (a WITH =)", ["a"])), "t_a_excl"),
        (Check(expression("a > 0", ["a"]), "mine"), "mine"),
    ],
)
def test_a_constraint_is_dropped_by_its_name_or_the_one_that_it_should_have(constraint, name):
    before = Schema.of([table(column(), column("b"), constraint)])
    assert sql([Drop("t", constraint)], before) == [f'ALTER TABLE "t" DROP CONSTRAINT "{name}"']


def of_enum(*values, default=None):
    parts = [table(column("m", "mood", default=default))]
    return Schema.of(parts, [EnumType("mood", values)])


def test_values_of_an_enum_type_are_added_in_their_places():
    assert change(of_enum("b"), of_enum("a", "b", "c", "d's")) == [
        "ALTER TYPE \"mood\" ADD VALUE 'a' BEFORE 'b'",
        "ALTER TYPE \"mood\" ADD VALUE 'c' AFTER 'b'",
        "ALTER TYPE \"mood\" ADD VALUE 'd''s' AFTER 'c'",
    ]


def test_a_value_that_the_same_migration_uses_makes_a_new_type():
    statements = change(of_enum("a"), of_enum("a", "b", default="'b'"))
    assert statements == [
        'ALTER TYPE "mood" RENAME TO "_peewee_mig_mood"',
        "CREATE TYPE \"mood\" AS ENUM ('a', 'b')",
        'ALTER TABLE "t" ALTER COLUMN "m" TYPE "mood" USING "m"::TEXT::"mood"',
        'DROP TYPE "_peewee_mig_mood"',
        'ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT \'b\'',
    ]


def test_an_enum_type_changes_before_defaults_but_not_before_the_users_sql():
    one, other = EnumType("mood", ("a", "b")), EnumType("mood", ("a",))
    old, new = column("m", "mood", default="'b'"), column("m", "mood", default="'a'")
    user, default, enum = RunSQL(("UPDATE t",)), Alter("t", old, new), Alter("mood", one, other)
    before = Schema.of([table(old)], [one])
    steps = DIALECT.lower([user, default, enum], before, DIALECT.assumed)
    assert [step.operations for step in steps] == [(0,), (2,), (1,)]


def test_objects_beside_the_tables_are_spelled():
    things = [
        Sequence("x.s"),
        EnumType("x.mood", ("it's",)),
        View("v", Expression('SELECT 1 AS "a"'), materialized=True),
    ]
    assert sql([Add(each.name, each) for each in things]) == [
        'CREATE SEQUENCE "x"."s"',
        "CREATE TYPE \"x\".\"mood\" AS ENUM ('it''s')",
        'CREATE MATERIALIZED VIEW "v" AS SELECT 1 AS "a"',
    ]
    before = Schema.of([], things)
    assert sql([Drop(each.name, each) for each in things], before) == [
        'DROP SEQUENCE "x"."s"',
        'DROP TYPE "x"."mood"',
        'DROP MATERIALIZED VIEW "v"',
    ]


def test_only_what_needs_something_of_the_database_asks_for_it():
    declared = table(column(), column("h", "HSTORE"), column("n", "mood"), name="x.t")
    (step,) = DIALECT.lower([Add("x.t", declared)], Schema(), DIALECT.assumed)
    assert isinstance(step, LiveStep)
    assert [type(need).__name__ for need in step.needs] == [
        "SchemaExists",
        "TypeExists",
        "TypeExists",
    ]
    known = Schema.of([], [EnumType("mood", ("a",))])
    (step,) = DIALECT.lower([Add("x.t", declared)], known, DIALECT.assumed)
    assert len(step.needs) == 2
    steps = DIALECT.lower([RunSQL(("x",)), Add("x.t", declared)], Schema(), DIALECT.assumed)
    assert all(isinstance(each, Statement) for each in steps)


# Values in another type.


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("DATETIME", "TIMESTAMPTZ", "c AT TIME ZONE 'UTC'"),
        ("TIMESTAMPTZ", "DATETIME", "c AT TIME ZONE 'UTC'"),
        ("DATE", "TIMESTAMPTZ", "c::TIMESTAMP AT TIME ZONE 'UTC'"),
        ("TIMESTAMPTZ", "DATE", "(c AT TIME ZONE 'UTC')::DATE"),
        ("JSON", "json", "c::TEXT::json"),
        ("citext", "TEXT", "c::TEXT::TEXT"),
        ("TEXT", "mood", "c::TEXT::mood"),
        ("INT[]", "TEXT[]", "c::TEXT[]"),
        ("INT", "INT[]", "NULL::INTEGER[]"),
        ("UUID[]", "INT[]", "NULL::INTEGER[]"),
        (
            "TEXT",
            "TSVECTOR",
            (
                "CASE WHEN c ~ '^(''([^'']|'''')+''(:[0-9]+[ABCD]?(,[0-9]+[ABCD]?)*)?( |$))+$'"
                " THEN c::TSVECTOR ELSE to_tsvector(c) END"
            ),
        ),
        ("TEXT", "HSTORE", "c::HSTORE"),
        ("HSTORE", "JSON", "c::JSONB"),
        ("TEXT", "INTERVAL", "c::INTERVAL"),
        ("INT", "TIMESTAMPTZ", "NULL::TIMESTAMPTZ"),
        ("TEXT", "JSONB", "c::JSONB"),
        ("bigint generated always as identity", "TEXT", ""),
    ],
)
def test_values_are_cast(old, new, expected):
    assert casts.cast_sql("c", of(old), of(new)) == expected


def of(words):
    return native_type(words) if words[:1].islower() else parse_type(words)


def test_arrays_are_refused_whose_elements_need_more_than_a_cast():
    with pytest.raises(RefusedError, match=r"cannot cast DATETIME\[\] to TIMESTAMPTZ\[\]"):
        casts.cast_sql("c", of("DATETIME[]"), of("TIMESTAMPTZ[]"))


@pytest.mark.parametrize(
    ("words", "numbering", "expected"),
    [
        ("character varying(9)[]", "", "VARCHAR(9)[]"),
        ("bigint", "a", "BIGIDENTITY_ALWAYS"),
        ("smallint", "a", "smallint generated always as identity"),
        ("timestamp(3) with time zone", "", "timestamp(3) with time zone"),
        ("hstore", "", "HSTORE"),
        ('"Odd mood"[]', "", '"Odd mood"[]'),
    ],
)
def test_types_are_read_in_words_that_files_can_hold(words, numbering, expected):
    found = logical_type(words, numbering)
    assert str(found) == expected
    assert parse_type(expected) == found


# What the catalog spells.


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("'x'::character varying", "character varying", "'x'"),
        ("'x'::text", "character varying", "'x'::text"),
        ("'-1'::integer", "bigint", "-1"),
        ("'-1.5'::numeric", "double precision", "-1.5"),
        ("'a::b'::text", "text", "'a::b'"),
        ("('x'::text || 'y'::text)", "text", "('x'::text || 'y'::text)"),
        ("'x'::text COLLATE \"C\"", "text", "'x'::text COLLATE \"C\""),
        ("now()", "date", "now()"),
    ],
)
def test_a_default_is_read_without_the_cast_of_its_literal(text, type_, expected):
    assert reading.default_expression(text, type_) == Expression(expected)


def test_words_of_types_are_not_taken_for_columns():
    text = "((at > ('x'::text)::timestamp without time zone) AND (name = lower(lower)))"
    found = reading.catalog_expression(text, ["at", "name", "lower", "timestamp"])
    assert found.names == {"at", "name", "lower"}
    assert "timestamp without time zone" in found.text


@pytest.mark.parametrize(
    "definition",
    ["CHECK ((a > 0)) NOT VALID", "CHECK ((a > 0)) NO INHERIT", "CHECK ((a > 0)) NOT ENFORCED"],
)
def test_a_check_that_says_more_is_not_ours(definition):
    assert reading.read_check(definition, "ck", ["a"]) is None
    assert reading.read_check("CHECK ((a > 0))", "ck", ["a"]) == Check(Expression('"a" > 0'), "ck")


def test_constraints_of_other_kinds_are_read():
    assert reading.read_unique("UNIQUE (a) INCLUDE (b)", "u", ["a"]) is None
    assert reading.read_unique('UNIQUE ("A b", a)', "u", ["A b", "a"]) == Unique(("A b", "a"), "u")
    assert reading.read_unique('UNIQUE (",", a)', "u", [",", "a"]) == Unique((",", "a"), "u")
    assert reading.read_exclusion("EXCLUDE USING gist (a WITH &&)", "x", ["a"]) == Exclusion(
        Expression('USING gist ("a" WITH &&)'), "x"
    )
    assert reading.read_enum("AS ENUM ('a', 'it''s', E'back\\\\slash')") == (
        "a",
        "it's",
        "back\\slash",
    )
    assert reading.read_enum("AS (x integer)") == ()


def test_an_index_is_read_as_it_is_declared():
    index = reading.read_index(
        'CREATE UNIQUE INDEX "USING" ON public.t USING btree (lower(a) COLLATE "C" DESC, "B")'
        " INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor='70') WHERE (a IS NOT NULL)",
        "USING",
        ["a", "B", "c"],
    )
    assert index == Index(
        "USING",
        (),
        unique=True,
        parts=(Expression('lower("a") COLLATE "C" DESC'), Expression('"B"')),
        where=Expression('("a" IS NOT NULL)'),
        include=("c",),
        nulls_distinct=False,
        options=("fillfactor=70",),
    )
    for odd in ("(a, a)", "(a) SOMETHING NEW"):
        assert reading.read_index(f"CREATE INDEX i ON t USING btree {odd}", "i", ["a"]) is None


# As it is read back.


def test_names_are_cut_everywhere():
    long, cut = "é" * 40, "é" * 31
    declared = table(
        column(long),
        Check(Expression(f'"{long}" > 0'), long),
        Unique((long,), long),
        Exclusion(Expression(f'USING gist ("{long}" WITH =)'), long),
        Index("i", (), parts=(Expression(f'abs("{long}")'),), include=(long,)),
        column("g", computed=f'"{long}" + 1'),
        name=f"{long}.{long}",
    )
    normal = DIALECT.normalize(Schema.of([declared])).tables[0]
    assert normal.name == f"{cut}.{cut}" == DIALECT.stored_name(f"{long}.{long}")
    assert normal == table(
        column(cut),
        Check(Expression(f'"{cut}" > 0'), cut),
        Unique((cut,), cut),
        Exclusion(Expression(f'USING gist ("{cut}" WITH =)'), cut),
        Index("i", (), parts=(Expression(f'abs("{cut}")'),), include=(cut,)),
        column("g", computed=f'"{cut}" + 1'),
        name=f"{cut}.{cut}",
    )


def test_what_is_there_anyway_is_not_read_back():
    declared = replace(
        table(column(words="JSONB[][]", comment="")),
        options=Options(("USING heap", "TABLESPACE pg_default"), ""),
    )
    assert DIALECT.normalize(Schema.of([declared])) == Schema.of([table(column(words="JSON[]"))])


def test_a_value_is_cast_to_a_type_without_its_numbering():
    numbered = native_type("smallint generated always as identity")
    for old, new in ((parse_type("INT"), numbered), (numbered, parse_type("INT"))):
        asked = DIALECT.native_misfit('"a"', old, new)
        assert "generated" not in str(asked or "generated")
        assert "generated" not in DIALECT.cast_sql('"a"', old, new)
