"""Guards of checks, unique constraints and special indexes; what an engine cannot have."""

from dataclasses import replace

import pytest

from peewee_mig.dialects import get_dialect
from peewee_mig.dialects.base import Capabilities
from peewee_mig.errors import RefusedError
from peewee_mig.operations.verbs import Add, Alter, Constant, Drop, Rename, RunSQL
from peewee_mig.plan.casts import cast
from peewee_mig.plan.guard_names import named_after, traced_back
from peewee_mig.plan.guards import guards
from peewee_mig.plan.hazards.guard import words
from peewee_mig.plan.planner import plan
from peewee_mig.plan.unsupported import Engine
from peewee_mig.schema import (
    Check,
    Column,
    Computed,
    Exclusion,
    Index,
    Options,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    View,
    VirtualTable,
    expression,
    parse_type,
)

INT, TEXT, FLOAT = parse_type("INT"), parse_type("TEXT"), parse_type("FLOAT")
SQLITE = get_dialect("sqlite")
COLUMNS = ("id", "price", "slug", "cost", "x")

NULLS_AND_CASTS = (
    'NOT (COALESCE(CASE WHEN CAST(CAST("slug" AS INTEGER) AS TEXT) <> "slug" THEN NULL'
    ' ELSE CAST("slug" AS INTEGER) END, 5) > 1)'
)


def e(sql):
    return expression(sql, COLUMNS)


ITEM = Table(
    "item",
    (Column("id", INT), Column("price", INT), Column("slug", TEXT, null=True)),
    PrimaryKey(("id",)),
)
BEFORE = Schema.of([ITEM])
POSITIVE = Add("item", Check(e("price > 0"), "positive"))
LIVE = Add("item", Index("live", ("slug",), unique=True, where=e("price > 0")))
LOWER = Add("item", Index("low", (), unique=True, parts=(e("lower(slug) DESC"), e("price"))))


def asked(*operations):
    return [words(guard) for guard in guards(operations, BEFORE)]


def test_a_check_asks_for_rows_of_which_it_is_false():
    assert asked(POSITIVE) == ['item has rows that are not "price" > 0']
    (guard,) = guards([POSITIVE], BEFORE)
    assert get_dialect("sqlite").guard_sql(guard) == (
        'SELECT count(*) FROM "item" WHERE NOT ("price" > 0)',
        'SELECT "id" FROM "item" WHERE NOT ("price" > 0) LIMIT 5',
    )


def test_a_check_is_asked_in_the_names_before_and_told_in_those_after():
    operations = [Rename("column", "item", "price", "cost"), Add("item", Check(e("cost > 0")))]
    (guard,) = guards(operations, BEFORE)
    assert words(guard) == 'item has rows that are not "price" > 0'
    assert words(named_after(guard, operations)) == 'item has rows that are not "cost" > 0'


@pytest.mark.parametrize(
    ("earlier", "check", "asked"),
    [
        (
            Add("item", Column("x", INT, null=True)),
            "x > 0 OR price > 0",
            'NOT (NULL > 0 OR "price" > 0)',
        ),
        (
            Add("item", Column("x", INT, default=e("1 + 2"))),
            "x > price",
            'NOT ((1 + 2) > "price")',
        ),
        (
            Alter("item", ITEM.columns[1], Column("price", TEXT)),
            "price <> ''",
            "NOT (CAST(\"price\" AS TEXT) <> '')",
        ),
        (
            Alter("item", ITEM.columns[2], Column("slug", INT, default=e("5"))),
            "slug > 1",
            NULLS_AND_CASTS,
        ),
    ],
)
def test_a_check_is_asked_of_the_values_that_the_migration_leaves(earlier, check, asked):
    found = guards([earlier, Add("item", Check(e(check)))], BEFORE)
    (guard,) = (each for each in found if each.kind == "violated")
    assert SQLITE.guard_sql(guard)[0] == f'SELECT count(*) FROM "item" WHERE {asked}'


@pytest.mark.parametrize(
    "column",
    [
        Column("x", TEXT, default=e("hex(randomblob(4))")),
        Column("x", parse_type("BIGAUTO")),
    ],
)
def test_a_check_of_values_that_nobody_can_tell_is_not_asked(column):
    check = Add("item", Check(e("x <> price")))
    assert [g.kind for g in guards([Add("item", column), check], BEFORE)] == []


def test_values_that_change_are_held_to_the_checks_and_indexes_that_stay():
    table = replace(
        ITEM,
        columns=(*ITEM.columns[:1], Column("price", FLOAT), *ITEM.columns[2:]),
        checks=(Check(e("price > 0")),),
        indexes=(Index("i", (), unique=True, parts=(e('"price" + 1'),)),),
    )
    before = BEFORE.with_table(table)
    change = Alter("item", Column("price", FLOAT), Column("price", INT))
    kinds = [guard.kind for guard in guards([change], before)]
    assert kinds == ["cast", "duplicates", "violated"]


def test_a_check_is_asked_with_the_values_that_the_migration_gives():
    check = Add("item", Check(e("x < price")))
    (guard,) = guards([Add("item", Column("x", INT), Constant(1)), check], BEFORE)
    count, _ = get_dialect("sqlite").guard_sql(guard)
    assert count == 'SELECT count(*) FROM "item" WHERE NOT (1 < "price")'
    (guard,) = guards([Add("item", Column("x", INT, default=e("7"))), check], BEFORE)
    assert "NOT (7 <" in get_dialect("sqlite").guard_sql(guard)[0]


def test_unique_indexes_with_a_condition_or_parts_ask_for_duplicates():
    assert asked(LIVE) == ['two rows of item have the same slug where "price" > 0']
    assert asked(LOWER) == ['two rows of item have the same lower("slug") DESC, "price"']
    (guard,) = guards([LIVE], BEFORE)
    count, sample = get_dialect("postgres").guard_sql(guard)
    twice = (
        'SELECT "slug" FROM "item" WHERE "slug" IS NOT NULL AND ("price" > 0)'
        " GROUP BY 1 HAVING count(*) > 1"
    )
    assert (count, sample) == (f"SELECT count(*) FROM ({twice}) AS twice", f"{twice} LIMIT 5")
    (guard,) = guards([LOWER], BEFORE)
    assert 'SELECT lower("slug"), "price" FROM' in get_dialect("sqlite").guard_sql(guard)[1]
    new = Add("item", Column("x", INT, null=True))
    index = Add("item", Index("i", ("x",), unique=True, where=e("price > 0")))
    assert asked(new, index) == []


def test_a_unique_constraint_asks_as_an_index_does():
    assert asked(Add("item", Unique(("slug",)))) == ["two rows of item have the same slug"]
    (guard,) = guards([Add("item", Unique(("slug",), nulls_distinct=False))], BEFORE)
    assert guard.nulls_equal
    assert "IS NOT NULL" not in get_dialect("postgres").guard_sql(guard)[0]
    assert asked(Add("item", Exclusion(e("USING gist (slug WITH =)")))) == []


def test_what_fills_itself_needs_no_value():
    for column in (
        Column("x", INT, default=e("5")),
        Column("x", INT, computed=Computed(e("price"))),
        Column("x", INT, sequence="s"),
    ):
        assert asked(Add("item", column)) == []
    slug = ITEM.columns[2]
    assert asked(Alter("item", slug, Column("slug", TEXT, default=e("'x'")))) == []
    assert asked(Alter("item", slug, Column("slug", TEXT, computed=Computed(e("price"))))) == []


def test_one_default_in_all_rows_of_a_unique_column_asks_for_a_second_row():
    unique = Add("item", Unique(("x",)))
    one = Add("item", Column("x", INT, default=e("5")))
    assert asked(one, unique) == ["item has more than one row, and all would get the same x"]
    assert asked(Add("item", Column("x", INT, default=e("f()"))), unique) == []
    today = Add("item", Column("x", parse_type("DATE"), default=e("CURRENT_DATE")))
    assert asked(today, unique) == ["item has more than one row, and all would get the same x"]


def test_expressions_are_traced_back_through_earlier_migrations():
    (guard,) = guards([POSITIVE], BEFORE)
    earlier = [Rename("column", "item", "cost", "price")]
    assert traced_back(guard, earlier).condition == e("cost > 0")
    assert traced_back(guard, [Add("item", Column("price", INT))]) is None
    retyped = Alter("item", Column("price", TEXT), Column("price", INT))
    assert traced_back(guard, [retyped]) is None
    (guard,) = guards([LOWER], BEFORE)
    slug = [Rename("column", "item", "x", "slug")]
    assert traced_back(guard, slug).parts == (e("lower(x) DESC"), e("price"))


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("INT[]", "BIGINT[]", "free"),
        ("BIGINT[]", "INT[]", "native"),
        ("INT", "INT[]", "unknown"),
        ("citext", "citext", "free"),
        ("citext", "TEXT", "native"),
        ("JSON", "JSONB", "free"),
        ("DATETIME", "TIMESTAMPTZ", "free"),
        ("TEXT", "TIMESTAMPTZ", "checked"),
        ("AUTOINCREMENT", "INT", "free"),
        ("HSTORE", "JSON", "unknown"),
    ],
)
def test_casts_of_arrays_and_types_of_one_engine(old, new, how):
    assert cast(parse_type(old), parse_type(new)) == how


class NoChecks(type(get_dialect("sqlite"))):
    """A database without checks, comments and views."""

    def lacks(self, thing, table, capabilities):
        match thing:
            case Check() | View():
                return "has none"
            case Column(comment=str()):
                return "has no comments"
            case Table(name="gone"):
                return "has no such table"
            case Options(comment=str()):
                return "has no comments"
        return ""

    def lesser(self, thing, capabilities):
        if isinstance(thing, Column):
            return Column(thing.name, thing.type, thing.null)
        return None


VIEW = View("v", expression("SELECT 1"))
TOLD = Column("x", INT, null=True, comment="told")
PLAIN = Column("x", INT, null=True)
LACKING = Table(
    "other", (*ITEM.columns, TOLD), checks=(Check(e("price > 0")),), options=Options((), "all")
)


def engine(*, skips):
    dialect = NoChecks()
    dialect.skips = skips
    return dialect


def test_what_an_engine_cannot_have_is_refused_by_name_before_it_starts():
    operations = [POSITIVE, Add("other", LACKING), Add("v", VIEW), Add("item", TOLD)]
    with pytest.raises(RefusedError) as refused:
        plan(operations, BEFORE, engine(skips=False))
    assert [line.strip() for line in refused.value.message.splitlines()] == [
        'check positive on item ("price" > 0): SQLite has none',
        "column other.x INT NULL COMMENT 'told': SQLite has no comments",
        'check on other ("price" > 0): SQLite has none',
        "options of other COMMENT 'all': SQLite has no comments",
        "view v: SQLite has none",
        "column item.x INT NULL COMMENT 'told': SQLite has no comments",
    ]
    assert "unsupported = skip" in refused.value.hint


def test_what_an_engine_cannot_have_is_left_out_if_that_is_wanted():
    gone = Table("gone", ITEM.columns)
    operations = [
        POSITIVE,
        Add("other", LACKING),
        Add("v", VIEW),
        Add("item", TOLD),
        Alter("item", TOLD, PLAIN),
        Alter("item", PLAIN, Column("x", TEXT, null=True, comment="text")),
        Add("gone", gone),
        Drop("v", VIEW),
        Drop("item", POSITIVE.object),
        Rename("column", "item", "price", "cost"),
    ]
    planned = plan(operations, BEFORE, engine(skips=True))
    assert planned.after.objects == ()
    assert planned.after.names == {"item", "other"}
    other = planned.after.table("other")
    assert (other.checks, other.columns[-1], other.options) == ((), PLAIN, Options())
    assert planned.after.table("item").column("x") == Column("x", TEXT, null=True)
    assert len(planned.left_out) == 8
    assert {place for step in planned.steps for place in step.operations} == {1, 3, 5, 9}


def test_a_schema_is_compared_without_what_is_left_out():
    whole = Schema.of([LACKING, Table("gone", ITEM.columns)], [VIEW])
    lenient = Engine(engine(skips=True), Capabilities((3,)))
    assert lenient.schema(whole).names == {"other"}
    assert lenient.schema(whole).objects == ()
    strict = Engine(engine(skips=False), Capabilities((3,)))
    assert strict.schema(whole) is whole
    assert strict.operations([RunSQL(())]) == (RunSQL(()),)


def test_a_generated_column_that_becomes_plain_is_asked_about_as_any_other():
    slug = Column("x", TEXT, null=True, computed=Computed(e("slug")))
    before = Schema.of([replace(ITEM, columns=(*ITEM.columns, slug))])
    number = Alter("item", slug, Column("x", INT))
    unique = Add("item", Unique(("x",)))
    found = [(words(each), each.sources) for each in guards([number, unique], before)]
    assert found == [
        ("item has rows without x (no value is given)", ("slug",)),
        ("item.x has values that are no INT", ("slug",)),
        ("two rows of item have the same x", ("slug",)),
    ]
    named = replace(slug, computed=None, null=True)
    assert [*guards([Alter("item", slug, named)], before)] == []
    strict = replace(slug, null=False)  # not every server holds to that
    before = Schema.of([replace(ITEM, columns=(*ITEM.columns, strict))])
    (nulls,) = guards([Alter("item", strict, Column("x", TEXT))], before)
    assert nulls.kind == "nulls"


def test_nobody_can_tell_what_is_computed_once_its_source_changes():
    middle = Column("cost", TEXT, null=True, computed=Computed(e("slug")))
    last = Column("x", TEXT, null=True, computed=Computed(e("cost")))
    before = Schema.of([replace(ITEM, columns=(*ITEM.columns, middle, last))])
    source, number = before.table("item").column("slug"), Column("x", INT, null=True)
    plain, unique = Alter("item", last, number), Add("item", Unique(("x",)))
    assert [each.kind for each in guards([plain, unique], before)] == ["cast", "duplicates"]
    for earlier in (
        Alter("item", source, replace(source, type=parse_type("VARCHAR(9)"))),
        Alter("item", middle, replace(middle, computed=Computed(e("price")))),
        Alter("item", last, replace(last, computed=Computed(e("price")))),
    ):
        old = earlier.new if earlier.old is last else last
        found = guards([earlier, replace(plain, old=old), unique], before)
        assert not {"cast", "duplicates"} & {each.kind for each in found}


def test_a_guard_over_what_is_computed_waits_for_its_source():
    slug = Column("x", TEXT, null=True, computed=Computed(e("slug")))
    before = Schema.of([replace(ITEM, columns=(*ITEM.columns, slug))])
    (guard,) = guards([Alter("item", slug, Column("x", INT, null=True))], before)
    source = Column("slug", TEXT, null=True)
    assert traced_back(guard, [Alter("item", replace(source, type=INT), source)]) is None
    assert traced_back(guard, [Alter("item", Column("price", TEXT), Column("price", INT))]) == guard


def refusal(operation, before, dialect, *version):
    with pytest.raises(RefusedError) as refused:
        plan([operation], before, get_dialect(dialect), Capabilities(version) if version else None)
    return refused.value.hint


def test_the_way_out_names_the_version_only_where_another_one_has_it():
    virtual = Column("x", INT, null=True, computed=Computed(e("price"), stored=False))
    versions = "engines = postgres:VERSION"
    assert versions in refusal(Add("item", virtual), BEFORE, "postgres")
    assert versions not in refusal(Add("item", virtual), BEFORE, "postgres", 17)
    conflict = replace(virtual, options=("ON CONFLICT FAIL",))
    assert versions not in refusal(Add("item", conflict), BEFORE, "postgres")
    assert "VERSION" not in refusal(Add("item", Exclusion(e("price"))), BEFORE, "sqlite")
    assert "VERSION" not in refusal(Add("f", VirtualTable("f", "fts5")), BEFORE, "mysql")
    over = Add("item", Index("i", (), parts=(e("price + 1"),)))
    assert "engines = mysql:VERSION" in refusal(over, BEFORE, "mysql")
