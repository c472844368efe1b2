"""Guards: rows in the way stop a run before its first statement wherever they can be seen."""

import json

import pytest
from runner_world import PEOPLE, PETS, WIDEN

from peewee_mig.commands.migrate import migrate
from peewee_mig.errors import GuardError, UsageError

AGE = 'op.column("age", "INT", null=True)'
REQUIRE_AGE = f'op.alter_column("people", old={AGE}, new=op.column("age", "INT"))'
ADD_RANK = 'op.add_column("people", op.column("rank", "INT"))'
UNIQUE_NAME = 'op.create_index("people", op.index("people_name", "name", unique=True))'
SHRINK = """op.alter_column(
    "people", old=op.column("name", "VARCHAR(255)"), new=op.column("name", "VARCHAR(3)")
)"""
NUMBERS = """op.alter_column(
    "people", old=op.column("name", "VARCHAR(255)"), new=op.column("name", "INT")
)"""
KEY = """op.add_foreign_key(
    "people", op.foreign_key("age", "people", "id")
)"""
OPTIONAL_NAME = """op.alter_column(
    "people",
    old=op.column("name", "VARCHAR(255)"),
    new=op.column("name", "VARCHAR(255)", null=True),
)"""
COUNTER = 'op.create_table("counter", op.column("value", "INT"))'
SETTLE = 'op.run_sql("UPDATE people SET age = 0 WHERE age IS NULL", [])'

#: Shows the rows first.
LOOK = (
    'look at them: SELECT * FROM "people" WHERE "name" IN (SELECT "name" FROM "people"'
    ' GROUP BY "name" HAVING count(*) > 1) ORDER BY "name"; '
)
#: Keeps the first row of each name.
ONE_OF_EACH = (
    'DELETE FROM "people" WHERE "name" IS NOT NULL AND "id" NOT IN (SELECT least FROM'
    ' (SELECT min("id") AS least FROM "people" GROUP BY "name") AS kept)'
)


@pytest.fixture
def people(world):
    """Three people, one of them without an age, two of one name."""
    world.write(PEOPLE)
    world.migrate()
    world.sql("INSERT INTO people VALUES (11, 'Ann', 11), (12, 'Ann', NULL), (13, 'Robert', 11)")
    return world


def stopped(world, *, committed="nothing was changed", fills=None):
    before = world.dump()
    world.events.clear()
    with pytest.raises(GuardError) as caught:
        world.migrate(fills=fills or {})
    if committed == "nothing was changed":
        assert world.statements() == []
        assert world.dump() == before
    assert caught.value.committed == committed
    assert caught.value.exit_code == 5
    return caught.value


@pytest.mark.parametrize(
    ("operation", "count", "sample", "way_out"),
    [
        (REQUIRE_AGE, "1 row is", "12", "migrate --fill people.age=VALUE"),
        (ADD_RANK, "3 rows are", "11", "migrate --fill people.rank=VALUE"),
        (UNIQUE_NAME, "1 row is", "Ann", "change or delete these rows"),
        (SHRINK, "1 row is", "Robert", "change or delete these rows"),
        (NUMBERS, "3 rows are", "Ann; Robert", "change or delete these rows"),
    ],
)
def test_a_guard_counts_samples_and_names_the_way_out(people, operation, count, sample, way_out):
    names = people.write(COUNTER, PETS, operation)
    error = stopped(people)
    assert error.message.startswith(f"{count} in the way: ")
    assert sample in error.message
    assert error.where.startswith(f"{names[2]}: ")
    assert way_out in error.hint


def test_all_that_is_in_the_way_is_told_at_once(people):
    people.write(COUNTER, (REQUIRE_AGE, ADD_RANK), UNIQUE_NAME)
    error = stopped(people)
    assert "people has rows without age" in error.message
    rank, name = error.original.splitlines()
    assert rank.startswith("3 rows are in the way: ")
    assert "(0003_step: add column people.rank" in rank
    assert "have the same name (such as Ann) (0004_step: " in name
    assert error.hint == (
        f"{LOOK}change or delete these rows: {ONE_OF_EACH}, then: peewee-mig migrate"
        " --fill people.age=VALUE --fill people.rank=VALUE"
    )
    people.sql("DELETE FROM people WHERE id = 12")
    assert stopped(people).hint == "peewee-mig migrate --fill people.rank=VALUE"


def test_a_fill_that_refers_to_nothing_asks_for_another(people):
    key = 'op.add_foreign_key("people", op.foreign_key("boss", "humans", "id"))'
    boss = 'op.add_column("people", op.column("boss", "INT"), fill=7)'
    people.write(('op.rename_table("people", "humans")', *(
        text.replace('"people"', '"humans"') for text in (boss, key)
    )))  # fmt: skip
    error = stopped(people)
    assert error.message == (
        "3 rows are in the way: humans.boss would get 7, and humans has no such row"
    )
    assert error.hint == "peewee-mig migrate --fill humans.boss=VALUE"
    people.migrate(fills={"humans.boss": "11"})
    assert people.sql("SELECT DISTINCT boss FROM humans") == [(11,)]


def test_orphans_that_are_there_already_are_not_the_fault_of_a_fill(people):
    people.sql("UPDATE people SET age = 99 WHERE id = 13")
    people.write((REQUIRE_AGE.replace('"INT"))', '"INT"), fill=7)'), KEY))
    error = stopped(people)
    assert error.message.startswith("2 rows are in the way: people.age refers to rows that people")
    assert error.hint == "change or delete these rows, then: peewee-mig migrate"


def test_orphans_stop_a_new_key(people):
    people.sql("UPDATE people SET age = 99 WHERE id = 13")
    people.write(KEY)
    error = stopped(people)
    assert error.message.startswith("1 row is in the way: ")
    assert people.sql("SELECT count(*) FROM people") == [(3,)]


def test_what_comes_after_a_guard_that_fails_does_not_run_either(people):
    people.write(COUNTER, PETS, REQUIRE_AGE)
    stopped(people)
    assert people.applied() == ["0001_step"]


def test_a_guard_sees_through_earlier_renames(people):
    people.write(
        'op.rename_table("people", "humans")',
        'op.rename_column("humans", "age", "years")',
        'op.alter_column("humans", old=op.column("years", "INT", null=True),'
        ' new=op.column("years", "INT"))',
    )
    error = stopped(people)
    assert error.hint.endswith("--fill humans.years=VALUE")


@pytest.mark.parametrize("settle", [SETTLE, "fill"])
def test_a_guard_waits_for_earlier_migrations_that_may_change_the_column(people, settle):
    """What an earlier migration of the run mends is no hindrance."""
    if settle == "fill":
        back = f'op.alter_column("people", old=op.column("age", "INT"), new={AGE})'
        people.write(REQUIRE_AGE.replace('"INT"))', '"INT"), fill=0)'), back)
    else:
        people.write(settle)
    people.write(REQUIRE_AGE)
    people.migrate()
    assert people.sql("SELECT age FROM people WHERE id = 12") == [(0,)]


def test_a_guard_that_waited_stops_only_its_own_migration(people):
    names = people.write(COUNTER, 'op.run_sql("SELECT 1", [])', (PETS, REQUIRE_AGE), WIDEN)
    error = stopped(people, committed="0002_step, 0003_step")
    assert error.where.startswith(f"{names[2]}: ")
    assert people.applied() == ["0001_step", *names[:2]]
    assert people.sql("SELECT count(*) FROM sqlite_master WHERE name = 'pets'") == [(0,)]
    people.migrate(fills={"people.age": "1"})
    assert people.sql("SELECT age FROM people WHERE id = 12") == [(1,)]


def test_rows_that_come_between_the_plan_and_the_lock_are_seen(world):
    """The guard is asked again inside the transaction."""
    world.write(PEOPLE, COUNTER, ADD_RANK)
    world.migrate("1")

    def insert(event):
        if event.kind == "done":
            world.sql("INSERT INTO people VALUES (1, 'Ann', 1)")

    with pytest.raises(GuardError) as caught:
        migrate(world.project, listener=insert)
    assert caught.value.committed == "0002_step"
    assert world.applied() == ["0001_step", "0002_step"]


def test_a_fill_at_run_time_is_remembered_and_leaves_the_file(people):
    (name,) = people.write((REQUIRE_AGE, ADD_RANK))
    path = people.migrations / f"{name}.py"
    before = path.read_bytes()
    assert people.cli("migrate", "--fill", "people.age=5", "--fill", "people.rank=6") == 0
    assert path.read_bytes() == before
    assert people.sql("SELECT age, rank FROM people WHERE id = 12") == [(5, 6)]
    (meta,) = people.sql("SELECT meta FROM peewee_mig_history WHERE name = '0002_step'")[0]
    assert json.loads(meta) == {"fills": {"people.age": "5", "people.rank": "6"}}
    assert people.cli("status", "--check") == 0


def test_a_fill_leaves_no_default_behind(people):
    people.write(ADD_RANK)
    people.migrate(fills={"people.rank": "6"})
    assert "DEFAULT" not in people.sql("SELECT sql FROM sqlite_master WHERE name = 'people'")[0][0]


@pytest.mark.parametrize("fill", ["people.nothing=1", "nowhere.age=1", "people.name=x"])
def test_a_fill_that_nothing_needs(people, fill):
    people.write(REQUIRE_AGE)
    before = people.dump()
    assert people.cli("migrate", "--fill", fill) == 2
    assert people.dump() == before
    with pytest.raises(UsageError, match="no pending migration needs such a value") as caught:
        people.migrate(fills=dict([fill.split("=")]))
    assert "people.age" in caught.value.hint


def test_a_fill_of_the_wrong_type(people):
    people.write(REQUIRE_AGE)
    before = people.dump()
    assert people.cli("migrate", "--fill", "people.age=many") == 2
    assert people.dump() == before


def test_a_fill_that_is_null_after_all_changes_nothing(people):
    people.write(REQUIRE_AGE)
    before = people.dump()
    assert people.cli("migrate", "--fill", "people.age=") in (2, 5)
    assert people.dump() == before


def test_the_way_back_is_guarded_as_well(people):
    people.write(OPTIONAL_NAME)
    people.migrate()
    people.sql("INSERT INTO people VALUES (14, NULL, 1)")
    before = people.dump()
    with pytest.raises(GuardError) as caught:
        people.rollback()
    assert caught.value.hint.endswith("rollback --fill people.name=VALUE")
    assert people.dump() == before
    people.rollback(fills={"people.name": "nobody"})
    assert people.sql("SELECT name FROM people WHERE id = 14") == [("nobody",)]


def test_a_guard_waits_for_an_earlier_migration_that_gives_the_values_it_refers_to(world):
    world.write(
        (
            """op.create_table(
                "codes",
                op.column("code", "INT", null=True),
                op.index("codes_code", "code", unique=True),
            )""",
            'op.create_table("uses", op.column("used", "INT", null=True))',
        )
    )
    world.migrate()
    world.sql("INSERT INTO codes VALUES (NULL)", "INSERT INTO uses VALUES (5)")
    names = world.write(
        'op.alter_column("codes", old=op.column("code", "INT", null=True),'
        ' new=op.column("code", "INT"), fill=5)',
        'op.add_foreign_key("uses", op.foreign_key("used", "codes", "code"))',
    )
    world.migrate()
    assert world.applied()[1:] == names


@pytest.mark.parametrize(
    ("type_", "taken", "refused"),
    [
        ("INT", ["1", "'12'", "'1e2'", "3.0", "NULL"], ["'12a'", "'x'", "1.5", "1e300", "x'31'"]),
        ("FLOAT", ["1", "'1.5'", "2.5"], ["'x'", "x'31'"]),
        ("VARCHAR(9)", ["'a'", "1", "''"], ["x'31'"]),
        ("BLOB", ["x'00'"], ["'a'", "1"]),
        ("DATE", ["'a'", "1", "x'31'"], []),
    ],
)
def test_a_table_becomes_strict_without_the_values_that_it_does_not_take(
    world, type_, taken, refused
):
    column = f'op.column("c", "{type_}", null=True)'
    world.write(f'op.create_table("t", op.column("id", "INT"), {column}, op.primary_key("id"))')
    world.write('op.alter_options("t", old=op.options(), new=op.options("STRICT"))')
    world.migrate("0001_step")
    world.sql("INSERT INTO t (c) VALUES " + ", ".join(f"({each})" for each in taken + refused))
    if refused:
        error = stopped(world)
        what = f"t.c has values that no {type_} of a STRICT table takes (such as "
        rows = f"{len(refused)} row{'s are' if refused[1:] else ' is'} in the way: "
        assert error.message.startswith(rows + what)
        world.sql(f"DELETE FROM t WHERE id > {len(taken)}")
    world.migrate()
    assert world.sql("SELECT count(*) FROM t") == [(len(taken),)]


def test_the_next_command_is_the_whole_one(people):
    people.write(
        ('op.drop_column("people", op.column("age", "INT", null=True))', OPTIONAL_NAME),
        'op.create_table("more", op.column("id", "INT"), op.primary_key("id"))',
    )
    people.migrate()
    people.sql("INSERT INTO people VALUES (14, NULL)")
    ways = {}
    for target in ("zero", "2", "0001_step"):
        with pytest.raises(GuardError) as caught:
            people.rollback(target, allow_data_loss=["all"])
        ways[target] = caught.value.hint
    command = "peewee-mig rollback {} --allow-data-loss all --fill people.name=VALUE"
    goals = {"zero": "zero", "2": "0001_step", "0001_step": "0001_step"}
    assert ways == {target: command.format(goal) for target, goal in goals.items()}


def test_values_given_are_in_the_next_command(people):
    people.write((ADD_RANK, UNIQUE_NAME))
    error = stopped(people, fills={"people.rank": "1"})
    assert error.hint == (
        f"{LOOK}change or delete these rows: {ONE_OF_EACH},"
        " then: peewee-mig migrate --fill people.rank=1"
    )


def test_what_no_other_value_would_mend_is_said(people):
    moment = 'op.column("born", "DATETIME"{})'
    people.write(f'op.add_column("people", {moment.format(", null=True")})')
    people.migrate()
    people.sql("UPDATE people SET born = '2000-01-01 10:00:00'")
    alter = 'op.alter_column("people", old={}, new=op.column("born", "{}", null=True))'
    (name,) = people.write(alter.format(moment.format(", null=True"), "TIME"))
    error = stopped(people)
    same = "\"born\" = '2000-01-01 10:00:00'"
    assert error.hint == (
        "no other value would fit: say what these become (using in the migration), or set these"
        " values to NULL or delete the rows:"
        f' UPDATE "people" SET "born" = NULL WHERE {same}, then: peewee-mig migrate;'
        f' or: DELETE FROM "people" WHERE {same}, then: peewee-mig migrate'
    )
    people.remove(name)
    rank = 'op.add_column("people", op.column("rank", "INT"), fill=1)'
    people.write((rank, 'op.create_index("people", op.index("r", "rank", unique=True))'))
    error = stopped(people)
    assert error.message == (
        "3 rows are in the way: people has more than one row, and all would get the same rank"
    )
    assert error.hint == (
        "give each row a value of its own before this is unique, or leave one row,"
        " then: peewee-mig migrate"
    )


def test_a_text_without_letters_and_bytes_are_shown(people):
    people.sql("UPDATE people SET name = ''")
    people.write(NUMBERS)
    assert stopped(people).message.endswith("(such as '')")
    people.remove("0002_step")
    people.sql(f"UPDATE people SET name = x'{'ff' * 20}'")
    people.write(NUMBERS)
    assert stopped(people).message.endswith(f"(such as x'{'ff' * 16}…')")
