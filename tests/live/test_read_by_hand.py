"""Views and triggers made by hand: they follow, go on, or stop a migration before it starts."""

import pytest
from live_world import LiveWorld
from peewee import CharField, IntegerField, Model
from push_world import PushWorld

from peewee_mig.errors import RefusedError

PEOPLE = """op.create_table(
    "people",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(100)"),
    op.column("age", "INT", null=True),
    op.primary_key("id"),
)"""
PETS = PEOPLE.replace("people", "pets")
LOG = """op.create_table(
    "log",
    op.column("id", "AUTO"),
    op.column("words", "VARCHAR(100)", null=True),
    op.primary_key("id"),
)"""
AGE = 'op.column("age", "INT", null=True)'
DROP_AGE = f'op.drop_column("people", {AGE})'
DROP_PEOPLE = PEOPLE.replace("op.create_table", "op.drop_table")
DROP_LOG = LOG.replace("op.create_table", "op.drop_table")
WIDEN = f'op.alter_column("people", old={AGE}, new=op.column("age", "BIGINT", null=True))'
LONGER = (
    'op.alter_column("people", old=op.column("name", "VARCHAR(100)"),'
    ' new=op.column("name", "TEXT", null=True))'
)
RENAME_AGE = 'op.rename_column("people", "age", "years")'
RENAME_PEOPLE = 'op.rename_table("people", "folk")'


def world_of(folder, database):
    world = LiveWorld(folder, database)
    world.write((PEOPLE, PETS, LOG))
    world.migrate()
    world.sql("INSERT INTO people (name, age) VALUES ('Ann', 7)")
    return world


@pytest.fixture
def world(tmp_path, live):
    return world_of(tmp_path, live)


@pytest.fixture
def maria(tmp_path, mysql):
    return world_of(tmp_path, mysql)


@pytest.fixture
def lite(tmp_path, databases):
    return world_of(tmp_path, databases("sqlite"))


def refused(world, *operations, run=None):
    """Return the refusal of a migration that changes nothing."""
    if operations:
        world.write(operations)
    before = world.state()
    with pytest.raises(RefusedError) as caught:
        (run or world.migrate)()
    assert world.state() == before
    assert caught.value.committed == "nothing was changed"
    assert caught.value.exit_code == 5
    return caught.value


def test_a_view_that_reads_a_dropped_column_stops_the_migration(world):
    world.sql("CREATE VIEW ages AS SELECT p.age FROM people p JOIN pets ON pets.id = p.id")
    error = refused(world, DROP_AGE)
    assert error.message == "view ages needs the column people.age, which is dropped"
    assert "keep the definition to make it again afterwards, and drop it: DROP VIEW" in error.hint
    assert error.where == "0002_step: drop column people.age INT NULL"
    assert world.cli("migrate", "--dry-run") == world.cli("migrate") == 5
    assert world.cli("sql") == 0
    world.sql("DROP VIEW ages")
    world.migrate()
    assert world.schema().table("people").column_names == ("id", "name")


def test_a_view_that_reads_a_dropped_table_stops_the_migration(world):
    world.sql("CREATE VIEW many AS SELECT count(*) AS n FROM people")
    error = refused(world, DROP_PEOPLE)
    assert error.message == "view many needs the table people, which is dropped"


def test_all_that_is_in_the_way_is_named(world):
    for name in ("younger", "ages", "grown"):
        world.sql(f"CREATE VIEW {name} AS SELECT id FROM people WHERE age > 17")
    error = refused(world, WIDEN.replace('"age", "BIGINT"', '"age", "INT"'), DROP_AGE)
    assert error.message == (
        "view ages, view grown, view younger need the column people.age, which is dropped"
    )


def test_a_rollback_and_a_push_are_stopped_as_well(tmp_path, live, monkeypatch):
    world = world_of(tmp_path, live)
    world.write('op.add_column("people", op.column("town", "VARCHAR(50)", null=True))')
    world.migrate()
    world.sql("CREATE VIEW towns AS SELECT town FROM people")
    words = "view towns needs the column people.town, which is dropped"
    assert refused(world, run=world.rollback).message == words
    (tmp_path / "pushed").mkdir()
    pushing = PushWorld(tmp_path / "pushed", live, monkeypatch)
    for own in ("history", "journal", "lock"):
        world.sql(f"DROP TABLE IF EXISTS peewee_mig_{own}")
    for options in ({"dry_run": True}, {"allow_data_loss": ["all"]}):
        with pytest.raises(RefusedError) as caught:
            pushing.push(*people_without_town(), **options)
        assert (caught.value.message, caught.value.committed) == (words, "nothing was changed")
    assert "town" in world.schema().table("people").column_names


def people_without_town():
    fields = {"name": CharField(max_length=100), "age": IntegerField(null=True)}
    models = [type(each, (Model,), dict(fields)) for each in ("People", "Pets")]
    return [*models, type("Log", (Model,), {"words": CharField(max_length=100, null=True)})]


def test_what_reads_something_else_is_not_in_the_way(world):
    world.sql("CREATE VIEW names AS SELECT p.name, o.age FROM people p JOIN pets o ON o.id = p.id")
    world.sql("CREATE VIEW ages AS SELECT age, 'people.age' AS words FROM pets")
    world.sql("CREATE VIEW many AS SELECT count(*) AS n FROM people")
    world.write((DROP_AGE, WIDEN.replace("people", "pets")) if not world.is_postgres else DROP_AGE)
    world.migrate()
    assert world.sql("SELECT * FROM many") == [(1,)]
    assert world.sql("SELECT * FROM names") == world.sql("SELECT * FROM ages") == []


def test_a_view_that_is_broken_already_is_not_in_the_way(maria):
    maria.sql("CREATE TABLE other (id INT)")
    maria.sql("CREATE VIEW ages AS SELECT age FROM people JOIN other ON other.id = people.id")
    maria.sql("DROP TABLE other")
    maria.write(DROP_AGE)
    maria.migrate()


@pytest.mark.parametrize(("operation", "place"), [
    (DROP_AGE, "column people.age, which is dropped"),
    (RENAME_PEOPLE, "table people, which is renamed to folk"),
])  # fmt: skip
def test_triggers_of_other_tables_that_name_it_are_in_the_way(maria, operation, place):
    maria.sql("CREATE TABLE x (id INT)")
    for name, words in {
        "fills": "INSERT INTO people (name, age) VALUES (NEW.words, 1)",
        "second": "UPDATE x, people SET people.age = 2",
        "no": "INSERT INTO pets (name, age) VALUES ('people', 1)",
    }.items():
        maria.sql(f"CREATE TRIGGER {name} AFTER INSERT ON log FOR EACH ROW {words}")
    error = refused(maria, operation)
    assert error.message == f"trigger fills, trigger second need the {place}"


def test_views_go_on_over_a_changed_type(maria):
    maria.sql("CREATE VIEW ages AS SELECT age FROM people WHERE age > 1")
    maria.sql("CREATE TRIGGER tr AFTER INSERT ON people FOR EACH ROW SET @seen = NEW.age")
    maria.write(WIDEN)
    maria.migrate()
    maria.sql("INSERT INTO people (name, age) VALUES ('Bob', 9)")
    assert maria.sql("SELECT age FROM ages ORDER BY age") == [(7,), (9,)]


@pytest.mark.parametrize("operation", [RENAME_AGE, RENAME_PEOPLE], ids=["column", "table"])
def test_a_view_follows_a_rename_or_stops_it(world, operation):
    world.sql("CREATE VIEW ages AS SELECT age FROM people")
    if world.database.engine != "mysql":
        world.write(operation)
        world.migrate()
        assert world.sql("SELECT * FROM ages") == [(7,)]
        return
    place = ("column people.age", "years") if operation == RENAME_AGE else ("table people", "folk")
    error = refused(world, operation)
    assert error.message == "view ages needs the {}, which is renamed to {}".format(*place)


def test_names_that_change_places_are_not_left_to_a_view(maria):
    maria.sql("CREATE VIEW ages AS SELECT age FROM people")
    swap = [
        f'op.rename_table("{old}", "{new}")'
        for old, new in (("people", "between"), ("pets", "people"), ("between", "pets"))
    ]
    error = refused(maria, *swap)
    assert error.message == "view ages needs the table people, which is renamed to pets"


def test_what_is_made_again_by_its_name_is_not_in_the_way(maria):
    maria.sql("CREATE VIEW ages AS SELECT age FROM people")
    maria.write((DROP_AGE, f'op.add_column("people", {AGE})'))
    maria.migrate()
    assert maria.sql("SELECT * FROM ages") == [(None,)]


def test_names_of_columns_are_compared_as_the_server_does(maria):
    maria.sql("CREATE VIEW ages AS SELECT AGE FROM people")
    error = refused(maria, DROP_AGE)
    assert error.message == "view ages needs the column people.age, which is dropped"
    maria.remove("0002_step")
    maria.write(RENAME_AGE.replace("years", "Age"))
    maria.migrate()
    assert maria.sql("SELECT * FROM ages") == [(7,)]


def test_views_of_both_databases_are_looked_at(maria):
    here = maria.sql("SELECT database()")[0][0]
    other = f"{here}_other"
    maria.sql(f"CREATE DATABASE {other}")
    try:
        made = PEOPLE.replace('"people"', f'"{other}.people"')
        maria.write(made)
        maria.migrate()
        maria.sql(f"CREATE VIEW ages AS SELECT age FROM {other}.people")
        maria.sql(f"CREATE VIEW {other}.ages AS SELECT p.age FROM {other}.people p")
        maria.sql(f"CREATE VIEW {other}.no AS SELECT age FROM {here}.people")
        assert refused(maria, DROP_AGE).message.startswith(f"view {other}.no needs the column")
        maria.remove("0003_step")
        event = "AFTER INSERT ON people FOR EACH ROW SET @a = NEW.age"
        maria.sql(f"CREATE TRIGGER {other}.tr {event.replace('people', f'{other}.people')}")
        error = refused(maria, DROP_AGE.replace('"people"', f'"{other}.people"'))
    finally:
        maria.sql(f"DROP DATABASE {other}")
    assert error.message == (
        f"trigger {other}.tr, view ages, view {other}.ages need the column {other}.people.age,"
        " which is dropped"
    )


def test_views_that_the_migration_itself_changes_are_not_in_the_way(maria):
    maria.sql("CREATE VIEW ages AS SELECT age FROM people")
    view = 'op.view("kept", "SELECT age FROM people")'
    maria.write(f"op.create_object({view})")
    maria.migrate()
    maria.write(
        (
            RENAME_AGE,
            f"op.alter_object(old={view}, new={view.replace('age', 'years')})",
            'op.run_sql("CREATE OR REPLACE VIEW ages AS SELECT years FROM people", "SELECT 1")',
        )
    )
    maria.migrate()
    assert maria.sql("SELECT * FROM ages") == maria.sql("SELECT * FROM kept") == [(7,)]


def test_behind_sql_of_the_users_nothing_is_asked(maria):
    maria.sql("CREATE PROCEDURE make_way() DROP VIEW ages")
    maria.sql("CREATE VIEW ages AS SELECT age FROM people")
    maria.write(('op.run_sql("CALL make_way()", "SELECT 1")', DROP_AGE))
    maria.migrate()


@pytest.mark.parametrize(
    "event",
    [
        "AFTER INSERT ON people FOR EACH ROW INSERT INTO log (words) VALUES (NEW.age)",
        "BEFORE UPDATE ON people FOR EACH ROW SET NEW . `age` = 1",
        "AFTER DELETE ON people FOR EACH ROW BEGIN SET @a = old.`name`; SET @b = Old.AGE; END",
    ],
)
@pytest.mark.parametrize("operation", [RENAME_AGE, DROP_AGE], ids=["rename", "drop"])
def test_a_trigger_that_names_what_goes_stops_the_migration(maria, event, operation):
    maria.sql(f"CREATE TRIGGER tr {event}")
    words = "renamed to years" if operation == RENAME_AGE else "dropped"
    error = refused(maria, operation)
    assert error.message == f"trigger tr needs the column people.age, which is {words}"
    maria.sql("DROP TRIGGER tr")
    maria.migrate()


@pytest.mark.parametrize(
    "body",
    [
        "SET @a = NEW.name, @b = 'NEW.age'",
        "BEGIN -- NEW.age\n /* OLD.age */ SET @b = NEW.name; END",
    ],
)
def test_a_trigger_that_names_other_columns_is_not_in_the_way(maria, body):
    maria.sql(f"CREATE TRIGGER tr AFTER INSERT ON people FOR EACH ROW {body}")
    maria.sql("CREATE TRIGGER tr2 AFTER INSERT ON pets FOR EACH ROW SET @a = NEW.age")
    maria.write(DROP_AGE)
    maria.migrate()
    maria.sql("INSERT INTO people (name) VALUES ('x')")


def test_a_trigger_that_writes_to_a_dropped_table_stops_the_migration(maria):
    maria.sql(
        "CREATE TRIGGER tr AFTER INSERT ON people FOR EACH ROW"
        " INSERT INTO `log` (words) VALUES (NEW.name)"
    )
    maria.sql("CREATE TRIGGER own AFTER INSERT ON log FOR EACH ROW SET @a = NEW.words")
    maria.sql("CREATE TRIGGER no AFTER INSERT ON pets FOR EACH ROW SET @log = NEW.name")
    error = refused(maria, DROP_LOG)
    assert error.message == "trigger tr needs the table log, which is dropped"


@pytest.mark.parametrize(
    "made",
    [
        'CREATE VIEW tr (a) AS SELECT "age" FROM people -- so it is',
        "CREATE VIEW tr AS WITH x AS (SELECT age FROM people) SELECT * FROM x;",
        "CREATE TRIGGER tr AFTER INSERT ON people WHEN new.[age] > 1 BEGIN SELECT 1; END",
        "CREATE TRIGGER tr AFTER UPDATE OF age ON people BEGIN SELECT 1; END",
    ],
)
@pytest.mark.parametrize("more", [(), (LONGER,)], ids=["native", "rebuild"])
def test_sqlite_names_what_reads_a_dropped_column(lite, made, more):
    lite.sql(made)
    error = refused(lite, *more, DROP_AGE)
    kind = made.split()[1].lower()
    assert error.message == f"{kind} tr needs the column people.age, which is dropped"
    assert error.where == "0002_step: drop column people.age INT NULL"


def test_sqlite_names_all_that_it_would_leave_broken(lite):
    for number in (1, 2):
        lite.sql(
            f"CREATE TRIGGER t{number} AFTER INSERT ON pets BEGIN UPDATE people SET age = 1; END"
        )
    error = refused(lite, DROP_AGE)
    assert error.message.startswith("it would leave the database broken: trigger t1 ")
    assert error.original.startswith("trigger t2 ")
