"""PostgreSQL: the statements, without a server."""

from __future__ import annotations

from dataclasses import replace

import peewee as pw
import pytest

from peewee_mig import op
from peewee_mig.dialects.base import Guard, LiveStep, Statement
from peewee_mig.dialects.postgres.dialect import DIALECT
from peewee_mig.dialects.postgres.render import object_name
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Constant
from peewee_mig.schema import Schema, parse_type
from peewee_mig.sources.read import read_models


def schema_of(*tables):
    return Schema.of(table.object for table in tables)


def lower(operations, before=Schema()):  # noqa: B008 (a value, frozen)
    return DIALECT.lower(operations, before, DIALECT.assumed)


def sql(operations, before=Schema()):  # noqa: B008 (a value, frozen)
    found = []
    for step in lower(operations, before):
        found += [step.sql] if isinstance(step, Statement) else step.preview()
    return found


PARENT = op.create_table(
    "parent",
    op.column("id", "AUTO"),
    op.column("code", "VARCHAR(20)"),
    op.primary_key("id"),
    op.index("parent_code", "code", unique=True),
)
CHILD = op.create_table(
    "child",
    op.column("id", "AUTO"),
    op.column("parent_id", "INT"),
    op.column("note", "TEXT", null=True),
    op.primary_key("id"),
    op.index("child_parent_id", "parent_id"),
    op.foreign_key("parent_id", "parent", "id", on_delete="RESTRICT"),
)
FAMILY = schema_of(PARENT, CHILD)


class Every(pw.Model):
    id = pw.BigAutoField()
    name = pw.CharField(unique=True, max_length=30)
    parent = pw.ForeignKeyField("self", null=True, on_delete="SET NULL", on_update="CASCADE")
    price = pw.DecimalField()
    flag = pw.BooleanField(index=True)
    key = pw.UUIDField()
    raw_key = pw.BinaryUUIDField()
    data = pw.BlobField()
    big = pw.BigIntegerField()
    fixed = pw.FixedCharField(max_length=4)
    number = pw.IntegerField()
    small = pw.SmallIntegerField(null=True)
    single = pw.FloatField()
    double = pw.DoubleField()
    at = pw.DateTimeField()
    day = pw.DateField()
    hour = pw.TimeField()
    text = pw.TextField()

    class Meta:
        table_name = 'every"%'
        indexes = ((("name", "flag"), True),)


class Pair(pw.Model):
    one = pw.ForeignKeyField(Every, on_delete="CASCADE", constraint_name="pair_one_%")
    two = pw.ForeignKeyField(Every)

    class Meta:
        primary_key = pw.CompositeKey("one", "two")


class Number(pw.Model):
    id = pw.IdentityField(generate_always=True)


@pytest.mark.parametrize("model", [Every, Pair, Number])
def test_create_table_is_what_peewee_creates(model):
    manager = pw.SchemaManager(model, pw.PostgresqlDatabase(None))
    expected = [manager._create_table(safe=False).query()[0]]
    expected += sorted(index.query()[0] for index in manager._create_indexes(safe=False))
    table = read_models([Every, Pair, Number]).schema.table(model._meta.table_name)
    create, *indexes = DIALECT.create_table(table)
    flat = create.replace("\n  ", "").replace("\n)", ")").replace(",", ", ").replace(",  ", ", ")
    assert [flat, *sorted(indexes)] == expected


def test_create_table_has_a_column_a_line():
    assert sql([PARENT]) == [
        (
            'CREATE TABLE "parent" (\n'
            '  "id" SERIAL NOT NULL PRIMARY KEY,\n'
            '  "code" VARCHAR(20) NOT NULL\n'
            ")"
        ),
        'CREATE UNIQUE INDEX "parent_code" ON "parent" ("code")',
    ]


def test_a_self_reference_to_a_unique_column_waits_for_its_index():
    table = op.create_table(
        "t",
        op.column("id", "AUTO"),
        op.column("code", "INT"),
        op.column("next", "INT", null=True),
        op.primary_key("id"),
        op.index("t_code", "code", unique=True),
        op.foreign_key("next", "t", "code"),
    )
    assert sql([table])[1:] == [
        'CREATE UNIQUE INDEX "t_code" ON "t" ("code")',
        'ALTER TABLE "t" ADD FOREIGN KEY ("next") REFERENCES "t" ("code")',
    ]


@pytest.mark.parametrize("name", ["ANY", "BARE"])
def test_types_that_do_not_exist_are_refused(name):
    with pytest.raises(RefusedError, match=f"PostgreSQL has no column type {name}"):
        DIALECT.type_sql(parse_type(name))


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        ("it's 100%\\", "TEXT", "'it''s 100%\\'"),
        (1, "BOOL", "TRUE"),
        (True, "INT", "1"),
        (5, "VARCHAR(9)", "'5'"),
        (1.5, "DOUBLE", "1.5"),
        (float("nan"), "DOUBLE", "'nan'"),
        (b"\x00'", "BLOB", "'\\x0027'"),
        ('{"a": 1}', "JSON", "'{\"a\": 1}'"),
        (True, "JSON", "'true'"),
    ],
)
def test_literals(value, type_, expected):
    assert DIALECT.literal(Constant(value), parse_type(type_)) == expected


def test_a_text_with_nul_is_refused():
    with pytest.raises(RefusedError, match="NUL"):
        DIALECT.literal(Constant("a\0"), parse_type("TEXT"))


@pytest.mark.parametrize(
    ("fill", "type_", "expected"),
    [
        (op.now(), "DATETIME", "CAST(LOCALTIMESTAMP AS TIMESTAMP)"),
        (op.utcnow(), "DATETIME", "CAST(timezone('utc', now()) AS TIMESTAMP)"),
        (op.today(), "DATE", "CAST(CURRENT_DATE AS DATE)"),
        (op.now(), "BIGINT", "floor(extract(epoch FROM now()))"),
        (op.uuid4(), "UUID", "gen_random_uuid()"),
        (op.uuid4(), "VARCHAR(40)", "gen_random_uuid()::TEXT"),
        (op.uuid4(), "UUIDB", "decode(replace(gen_random_uuid()::TEXT, '-', ''), 'hex')"),
        (op.empty(), "VARCHAR(9)", "''"),
        (op.empty(), "BOOL", "FALSE"),
        (op.empty(), "DECIMAL(5, 2)", "0"),
        (op.empty(), "UUIDB", f"'\\x{'00' * 16}'"),
    ],
)
def test_fills(fill, type_, expected):
    assert DIALECT.fill_sql(fill, parse_type(type_)) == expected


def test_a_constant_fill_is_a_default_that_does_not_stay():
    operations = [op.add_column("child", op.column("age", "INT"), fill=3)]
    assert sql(operations, FAMILY) == [
        'ALTER TABLE "child" ADD COLUMN "age" INTEGER NOT NULL DEFAULT 3',
        'ALTER TABLE "child" ALTER COLUMN "age" DROP DEFAULT',
    ]


def test_a_generated_fill_updates_each_row():
    operations = [op.add_column("child", op.column("key", "UUID"), fill=op.uuid4())]
    assert sql(operations, FAMILY) == [
        'ALTER TABLE "child" ADD COLUMN "key" UUID',
        'UPDATE "child" SET "key" = gen_random_uuid() WHERE "key" IS NULL',
        'ALTER TABLE "child" ALTER COLUMN "key" SET NOT NULL',
    ]


def test_a_column_without_fill_is_added_at_once():
    operations = [op.add_column("child", op.column("age", "INT"))]
    assert sql(operations, FAMILY) == ['ALTER TABLE "child" ADD COLUMN "age" INTEGER NOT NULL']


def altered(old, new, *, old_null=True, new_null=True, fill=None):
    before = schema_of(
        op.create_table("t", op.column("id", "INT"), op.column("c", old, null=old_null))
    )
    change = op.alter_column(
        "t",
        old=op.column("c", old, null=old_null),
        new=op.column("c", new, null=new_null),
        fill=fill,
    )
    return [
        each.removeprefix('ALTER TABLE "t" ALTER COLUMN "c" ') for each in sql([change], before)
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("INT", "BIGINT", "TYPE BIGINT"),
        ("VARCHAR(9)", "VARCHAR(5)", "TYPE VARCHAR(5)"),
        ("INT", "TEXT", "TYPE TEXT"),
        ("TEXT", "INT", 'TYPE INTEGER USING "c"::INTEGER'),
        ("TEXT", "JSON", 'TYPE JSONB USING "c"::JSONB'),
        ("BOOL", "INT", 'TYPE INTEGER USING "c"::INTEGER'),
        ("SMALLINT", "BOOL", 'TYPE BOOLEAN USING "c" <> 0'),
        ("UUID", "UUIDB", "TYPE BYTEA USING decode(replace(\"c\"::TEXT, '-', ''), 'hex')"),
        ("INT", "UUID", "TYPE UUID USING NULL::UUID"),
    ],
)
def test_a_type_changes_with_the_cast_that_it_needs(old, new, expected):
    assert altered(old, new) == [expected]


def test_not_null_comes_after_the_fill():
    assert altered("TEXT", "INT", new_null=False, fill=7) == [
        'TYPE INTEGER USING "c"::INTEGER',
        'UPDATE "t" SET "c" = 7 WHERE "c" IS NULL',
        "SET NOT NULL",
    ]
    assert altered("INT", "INT", old_null=False) == ["DROP NOT NULL"]


def test_numbering_starts_after_the_rows():
    assert altered("INT", "AUTO", old_null=False, new_null=False) == [
        'CREATE SEQUENCE "t_c_seq" AS INTEGER OWNED BY "t"."c"',
        "SET DEFAULT nextval('\"t_c_seq\"')",
        (
            "SELECT setval(pg_get_serial_sequence('\"t\"', 'c'), "
            'greatest(coalesce(max("c"), 0) + 1, 1), false) FROM "t"'
        ),
    ]


def test_numbering_ends_with_its_sequence():
    assert altered("AUTO", "INT", old_null=False, new_null=False) == [
        "DROP DEFAULT",
        'DROP SEQUENCE "t_c_seq"',
    ]
    assert altered("IDENTITY", "INT", old_null=False, new_null=False) == ["DROP IDENTITY"]


def test_numbering_widens_with_its_sequence():
    assert altered("AUTO", "BIGAUTO", old_null=False, new_null=False) == [
        "TYPE BIGINT",
        'ALTER SEQUENCE "t_c_seq" AS BIGINT',
    ]


def test_a_sequence_is_found_by_its_column():
    before = schema_of(op.create_table("t", op.column("id", "AUTO")))
    change = op.alter_column("t", old=op.column("id", "AUTO"), new=op.column("id", "INT"))
    (step,) = lower([change], before)
    assert isinstance(step, LiveStep)
    assert "t_id_seq" in step.note
    assert step.resolve(lambda _: [("public.old_id_seq",)])[1] == "DROP SEQUENCE public.old_id_seq"
    with pytest.raises(RefusedError, match=r"no sequence for t\.id"):
        step.resolve(lambda _: [(None,)])


ALTER_KEY = op.alter_foreign_key(
    "child",
    old=op.foreign_key("parent_id", "parent", "id", on_delete="RESTRICT"),
    new=op.foreign_key("parent_id", "parent", "id", on_delete="SET NULL"),
)


def test_an_altered_foreign_key_is_attached_at_the_end():
    optional = op.alter_column(
        "child", old=op.column("parent_id", "INT"), new=op.column("parent_id", "INT", null=True)
    )
    assert sql([ALTER_KEY, optional], FAMILY) == [
        'ALTER TABLE "child" DROP CONSTRAINT "child_parent_id_fkey"',
        'ALTER TABLE "child" ALTER COLUMN "parent_id" DROP NOT NULL',
        (
            'ALTER TABLE "child" ADD FOREIGN KEY ("parent_id") REFERENCES "parent" ("id") '
            "ON DELETE SET NULL"
        ),
    ]
    assert [step.operations for step in lower([ALTER_KEY, optional], FAMILY)] == [(0,), (1,), (0,)]


def test_a_detached_key_follows_renames():
    operations = [
        ALTER_KEY,
        op.rename_table("child", "kid"),
        op.rename_column("kid", "parent_id", "mother_id"),
        op.rename_column("parent", "id", "number"),
        op.rename_index("kid", "child_parent_id", "kid_mother_id"),
    ]
    assert sql(operations, FAMILY)[1:] == [
        'ALTER TABLE "child" RENAME TO "kid"',
        'ALTER TABLE "kid" RENAME COLUMN "parent_id" TO "mother_id"',
        'ALTER TABLE "parent" RENAME COLUMN "id" TO "number"',
        'ALTER INDEX "child_parent_id" RENAME TO "kid_mother_id"',
        (
            'ALTER TABLE "kid" ADD FOREIGN KEY ("mother_id") REFERENCES "parent" ("number") '
            "ON DELETE SET NULL"
        ),
    ]


def test_a_detached_key_that_is_dropped_stays_away():
    drop = op.drop_foreign_key("child", ALTER_KEY.new)
    assert sql([ALTER_KEY, drop], FAMILY) == [
        'ALTER TABLE "child" DROP CONSTRAINT "child_parent_id_fkey"'
    ]


def retyped(type_):
    return [
        op.alter_column("parent", old=op.column("id", "AUTO"), new=op.column("id", type_)),
        op.alter_column(
            "child", old=op.column("parent_id", "INT"), new=op.column("parent_id", type_)
        ),
    ]


def test_foreign_keys_stay_while_numbers_widen():
    assert not any("CONSTRAINT" in each for each in sql(retyped("BIGINT"), FAMILY))


def test_foreign_keys_go_once_while_types_change():
    statements = sql(retyped("UUID"), FAMILY)
    assert statements[0] == 'ALTER TABLE "child" DROP CONSTRAINT "child_parent_id_fkey"'
    assert statements[-1].startswith('ALTER TABLE "child" ADD FOREIGN KEY')
    assert sum("FOREIGN KEY" in each or "CONSTRAINT" in each for each in statements) == 2
    assert lower(retyped("UUID"), FAMILY)[-1].operations == (0, 1)


def test_a_unique_index_goes_after_the_keys_that_need_it():
    key = op.foreign_key("code", "parent", "code", name="to_code")
    other = op.create_table("other", op.column("code", "VARCHAR(20)"), key)
    operations = [
        op.create_index("parent", op.index("code_2", "code", unique=True)),
        op.drop_index("parent", op.index("parent_code", "code", unique=True)),
    ]
    assert sql(operations, schema_of(PARENT, other)) == [
        'CREATE UNIQUE INDEX "code_2" ON "parent" ("code")',
        'ALTER TABLE "other" DROP CONSTRAINT "to_code"',
        'DROP INDEX "parent_code"',
        (
            'ALTER TABLE "other" ADD CONSTRAINT "to_code" FOREIGN KEY ("code") '
            'REFERENCES "parent" ("code")'
        ),
    ]


def test_a_primary_key_changes_and_frees_its_columns():
    before = schema_of(
        op.create_table("t", op.column("a", "INT"), op.column("b", "INT"), op.primary_key("a", "b"))
    )
    operations = [
        op.alter_column("t", old=op.column("b", "INT"), new=op.column("b", "INT", null=True)),
        op.alter_primary_key("t", old=op.primary_key("a", "b"), new=op.primary_key("a")),
    ]
    assert sql(operations, before) == [
        'ALTER TABLE "t" DROP CONSTRAINT "t_pkey"',
        'ALTER TABLE "t" ALTER COLUMN "b" DROP NOT NULL',
        'ALTER TABLE "t" ADD PRIMARY KEY ("a")',
    ]


def test_drops_and_sql_of_the_user():
    operations = [
        op.drop_column("child", op.column("note", "TEXT", null=True)),
        op.drop_table("child", *(p for p in _parts(CHILD) if getattr(p, "name", "") != "note")),
        op.run_sql(["SELECT '100%'", "SELECT 2"]),
    ]
    assert sql(operations, FAMILY) == [
        'ALTER TABLE "child" DROP COLUMN "note"',
        'DROP TABLE "child"',
        "SELECT '100%'",
        "SELECT 2",
    ]


def _parts(added):
    table = added.object
    return (*table.columns, table.primary_key, *table.indexes, *table.foreign_keys)


def test_a_foreign_key_is_found_by_its_structure():
    (step,) = lower([op.drop_foreign_key("child", ALTER_KEY.old)], FAMILY)
    assert "child_parent_id_fkey" in step.note
    rows = [
        ("other", ["note"], "parent", ["id"]),
        ("odd name", ["parent_id"], "parent", ["id"]),
    ]
    assert step.resolve(lambda _: rows) == ('ALTER TABLE "child" DROP CONSTRAINT "odd name"',)
    with pytest.raises(RefusedError, match=r"no foreign key of child \(parent_id\)"):
        step.resolve(lambda _: rows[:1])
    with pytest.raises(RefusedError, match="twice: odd name, odd name"):
        step.resolve(lambda _: rows[1:] * 2)


def test_a_primary_key_is_found_whatever_its_name():
    (step,) = lower([op.drop_primary_key("parent", op.primary_key("id"))], schema_of(PARENT))
    rows = [("pk", ["id"], None, [])]
    assert step.resolve(lambda _: rows) == ('ALTER TABLE "parent" DROP CONSTRAINT "pk"',)


def test_a_primary_key_gets_a_name_whatever_it_was():
    old, new = op.primary_key("id"), op.primary_key("id", name="own")
    usual = op.primary_key("id", name="parent_pkey")
    rename = 'ALTER TABLE "parent" RENAME CONSTRAINT "{}" TO "{}"'
    for key, found, expected in (
        (new, "parent_pkey", rename.format("parent_pkey", "own")),
        (new, "pk", rename.format("pk", "own")),
        (usual, "parent_pkey", None),
    ):
        (step,) = lower([op.alter_primary_key("parent", old=old, new=key)], schema_of(PARENT))
        rows = [(found, ["id"], None, [])]
        assert step.resolve(lambda _, rows=rows: rows) == ((expected,) if expected else ())
    named = replace(PARENT.object, primary_key=new)
    back = op.alter_primary_key("parent", old=new, new=op.primary_key("id"))
    assert sql([back], Schema.of([named])) == [rename.format("own", "parent_pkey")]
    other = [("was_pkey", ["id"], None, [])]
    before = Schema.of([replace(named, primary_key=usual)])
    (step,) = lower([op.alter_primary_key("parent", old=usual, new=new)], before)
    assert step.resolve(lambda _: other) == (rename.format("was_pkey", "own"),)
    (step,) = lower([op.drop_primary_key("parent", usual)], before)
    assert step.resolve(lambda _: other) == ('ALTER TABLE "parent" DROP CONSTRAINT "was_pkey"',)
    same = op.alter_primary_key("parent", old=usual, new=op.primary_key("id"))
    assert sql([same], before) == []
    dropped = op.drop_primary_key("parent", new)
    assert sql([dropped], Schema.of([named])) == ['ALTER TABLE "parent" DROP CONSTRAINT "own"']


def test_the_usual_name_of_a_primary_key_is_none():
    for name, kept in (
        ("parent_pkey", None),
        ("was_pkey1", None),
        ("own", "own"),
        ("o" * 70, "o" * 63),
    ):
        table = replace(PARENT.object, primary_key=op.primary_key("id", name=name))
        assert DIALECT.normalize(Schema.of([table])).table("parent").primary_key.name == kept


def test_names_are_cut_as_postgresql_cuts_them():
    # Names that PostgreSQL 15 gave.
    assert object_name("t", ("a", "b"), "fkey") == "t_a_b_fkey"
    assert object_name("x" * 60, ("y" * 10,), "fkey") == f"{'x' * 47}_{'y' * 10}_fkey"
    assert object_name("x" * 60, ("y" * 60,), "fkey") == f"{'x' * 29}_{'y' * 28}_fkey"
    assert object_name("x" * 63, (), "pkey") == f"{'x' * 58}_pkey"


def test_a_new_table_gets_a_key_when_the_types_agree():
    operations = [
        op.create_table(
            "late", op.column("parent_id", "BIGINT"), op.foreign_key("parent_id", "parent", "id")
        ),
        op.alter_column("parent", old=op.column("id", "AUTO"), new=op.column("id", "BIGAUTO")),
    ]
    statements = sql(operations, schema_of(PARENT))
    assert "REFERENCES" not in statements[0]
    assert statements[-1] == (
        'ALTER TABLE "late" ADD FOREIGN KEY ("parent_id") REFERENCES "parent" ("id")'
    )


def cast_guard(old, new):
    guard = Guard("cast", 0, "t", ("c",), old=parse_type(old), new=parse_type(new))
    return DIALECT.guard_sql(guard)[0].removeprefix('SELECT count(*) FROM "t" WHERE ')


def test_guards():
    rows, keys = DIALECT.guard_sql(Guard("rows", 0, "t", ("new",), key=("id",)))
    assert (rows, keys) == (
        'SELECT count(*) FROM "t"',
        'SELECT "id" FROM "t" WHERE 1 = 1 LIMIT 5',
    )
    assert DIALECT.guard_sql(Guard("nulls", 0, "t", ("c",))) == (
        'SELECT count(*) FROM "t" WHERE "c" IS NULL',
        'SELECT 1 FROM "t" WHERE 1 = 0',
    )
    assert "count(*) > 1 THEN" in DIALECT.guard_sql(Guard("rows", 0, "t", ("new",), limit=1))[0]
    assert DIALECT.guard_sql(Guard("duplicates", 0, "t", ("a", "b")))[1] == (
        'SELECT "a", "b" FROM "t" WHERE "a" IS NOT NULL AND "b" IS NOT NULL '
        "GROUP BY 1, 2 HAVING count(*) > 1 LIMIT 5"
    )
    orphans = Guard("orphans", 0, "t", ("a",), referred_table="p", referred_columns=("id",))
    assert DIALECT.guard_sql(orphans)[0] == (
        'SELECT count(*) FROM "t" AS child WHERE child."a" IS NOT NULL AND NOT EXISTS '
        '(SELECT 1 FROM "p" AS parent WHERE parent."id" = child."a")'
    )
    assert DIALECT.guard_sql(Guard("too_long", 0, "t", ("c",), limit=3))[1] == (
        'SELECT DISTINCT "c" FROM "t" WHERE char_length(CAST("c" AS TEXT)) > 3 LIMIT 5'
    )
    assert DIALECT.guard_sql(Guard("values", 0, "t", ("c",)))[0].endswith('WHERE "c" IS NOT NULL')


def test_guards_of_casts():
    assert cast_guard("INT", "BIGINT") == '"c" IS NOT NULL AND (1 = 0)'
    assert "NOT BETWEEN -32768 AND 32767" in cast_guard("INT", "SMALLINT")
    assert "round(CAST" in cast_guard("DOUBLE", "DECIMAL(5, 2)")
    assert cast_guard("INT", "UUID") == '"c" IS NOT NULL AND (TRUE)'
    assert "~* '^\\s*[-+]?\\d{1,30}\\s*$' THEN" in cast_guard("TEXT", "INT")
    assert "!~* '(?c)^" in cast_guard("TEXT", "JSON")
    assert "char_length" in cast_guard("TEXT", "VARCHAR(3)")
    assert "jsonb_typeof" in cast_guard("JSON", "INT")
    assert "date_trunc" in cast_guard("DATETIME", "DATE")


def test_has_table_asks_for_the_exact_name():
    asked = []
    assert DIALECT.has_table(lambda q: asked.append(q) or [(True,)], 'a"b')
    assert asked == ['SELECT to_regclass(\'"a""b"\') IS NOT NULL']
    assert not DIALECT.has_table(lambda _: [(False,)], "a")
    assert DIALECT.problems(lambda _: []) == frozenset()


def test_identities_start_after_the_rows_and_change_their_kind():
    started = altered("INT", "IDENTITY", old_null=False, new_null=False)
    assert started[0] == "ADD GENERATED BY DEFAULT AS IDENTITY"
    assert started[1].startswith("SELECT setval(")
    assert altered("IDENTITY", "IDENTITY_ALWAYS", old_null=False, new_null=False) == [
        "SET GENERATED ALWAYS"
    ]


def test_a_dropped_table_takes_its_detached_keys_along():
    changed = CHILD.object
    drop = op.drop_table(
        "child",
        *changed.columns,
        changed.primary_key,
        *changed.indexes,
        ALTER_KEY.new,
    )
    assert sql([ALTER_KEY, drop], FAMILY)[1:] == ['DROP TABLE "child"']


def test_foreign_keys_are_added_and_dropped_with_composite_columns():
    pair = op.create_table(
        "pair", op.column("a", "INT"), op.column("b", "INT"), op.primary_key("a", "b")
    )
    user = op.create_table("user", op.column("x", "INT"), op.column("y", "INT"))
    key = op.foreign_key(["x", "y"], "pair", ["a", "b"], on_update="CASCADE")
    assert sql([pair])[0].endswith('  PRIMARY KEY ("a", "b")\n)')
    assert sql([op.add_foreign_key("user", key)], schema_of(pair, user)) == [
        (
            'ALTER TABLE "user" ADD FOREIGN KEY ("x", "y") REFERENCES "pair" ("a", "b") '
            "ON UPDATE CASCADE"
        ),
    ]


def test_an_index_that_is_not_unique_just_goes():
    drop = op.drop_index("child", op.index("child_parent_id", "parent_id"))
    assert sql([drop], FAMILY) == ['DROP INDEX "child_parent_id"']


def test_a_cast_guard_without_types_is_refused():
    with pytest.raises(RefusedError, match=r"the cast of t\.c has no types"):
        DIALECT.guard_sql(Guard("cast", 0, "t", ("c",)))


def test_guards_of_numbers():
    assert cast_guard("DOUBLE", "BOOL").endswith("NOT IN (0, 1))")
    assert f"> {2**24}" in cast_guard("DOUBLE", "FLOAT")


def test_a_name_is_cut_after_the_last_character_within_63_bytes():
    assert DIALECT.stored_name("x" * 63) == "x" * 63
    assert DIALECT.stored_name("x" * 64) == "x" * 63
    assert DIALECT.stored_name("x" * 62 + "é") == "x" * 62
    assert DIALECT.stored_name("é" * 32) == "é" * 31


def test_a_normal_schema_says_what_postgresql_makes_of_it():
    long = "n" * 70
    table = op.create_table(
        long,
        op.column("id", "AUTO", null=True),
        op.column(f"{long}1", "UUIDB", null=True),
        op.column("flag", "CHAR"),
        op.column("number", "BIGAUTO", null=True),
        op.primary_key(f"{long}1"),
        op.index(f"{long}2", "flag", unique=True, named=True),
        op.foreign_key("id", long, "number"),
        op.foreign_key("number", long, f"{long}1", name=f"{long}3"),
    )
    cut = "n" * 63
    expected = op.create_table(
        cut,
        op.column("id", "AUTO"),
        op.column(cut, "BLOB"),
        op.column("flag", "CHAR(1)"),
        op.column("number", "BIGAUTO"),
        op.primary_key(cut),
        op.index(cut, "flag", unique=True),
        op.foreign_key("id", cut, "number"),
        op.foreign_key("number", cut, cut, name=cut),
    )
    assert DIALECT.normalize(schema_of(table)) == schema_of(expected)


def test_keys_and_sequences_are_looked_up_by_the_names_that_are_stored():
    long, cut = "n" * 70, "n" * 63
    parent = op.create_table(long, op.column(f"{long}", "AUTO"), op.primary_key(long))
    child = op.create_table("c", op.column(long, "INT"), op.foreign_key(long, long, long))
    before = schema_of(parent, child)
    (step,) = lower([op.drop_foreign_key("c", child.object.foreign_keys[0])], before)
    assert step.resolve(lambda _: [("key", [cut], cut, [cut])]) == (
        'ALTER TABLE "c" DROP CONSTRAINT "key"',
    )
    numbering = op.alter_column(long, old=op.column(long, "AUTO"), new=op.column(long, "INT"))
    asked = []
    lower([numbering], before)[0].resolve(lambda sql: asked.append(sql) or [("seq",)])
    assert f"'{cut}')" in asked[0]
