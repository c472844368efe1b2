"""baseline on live databases of every engine: exactly there, and nothing but records is written."""

import pytest
from live_world import ROWS, LiveWorld

from peewee_mig.commands.baseline import baseline
from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.migrate import open_database
from peewee_mig.dialects.base import Statement
from peewee_mig.diff import diff
from peewee_mig.errors import LockedError, RefusedError
from peewee_mig.history.folder import read_history
from peewee_mig.history.table import HistoryTable
from peewee_mig.plan.planner import plan
from peewee_mig.runner.events import silent
from peewee_mig.runner.lock import held
from peewee_mig.runner.recording import push_row
from peewee_mig.schema import Schema

BUMP = 'op.run_sql("UPDATE people SET age = age + 1", "UPDATE people SET age = age - 1")'
CASCADE = 'op.foreign_key("person_id", "people", "id", on_delete="CASCADE")'
SET_NULL = 'op.foreign_key("person_id", "people", "id", on_delete="SET NULL")'

#: A history in which each step but the data migrations makes a schema of its own.
HISTORY = (
    """op.create_table(
    "people",
    op.column("id", "AUTO"),
    op.column("name", "VARCHAR(100)"),
    op.column("age", "INT", null=True),
    op.primary_key("id"),
)""",
    """op.create_table(
    "notes",
    op.column("id", "AUTO"),
    op.column("person_id", "INT", null=True),
    op.column("text", "VARCHAR(200)"),
    op.primary_key("id"),
    op.index("notes_person_id", "person_id"),
    op.foreign_key("person_id", "people", "id", on_delete="CASCADE"),
)""",
    'op.add_column("people", op.column("town", "VARCHAR(50)", null=True))',
    BUMP,
    """op.alter_column(
    "people", old=op.column("town", "VARCHAR(50)", null=True), new=op.column("town", "VARCHAR(50)"),
    fill="?"
)""",
    'op.create_index("people", op.index("people_town", "town"))',
    'op.create_index("people", op.index("people_name", "name", unique=True))',
    'op.rename_column("notes", "text", "body")',
    'op.rename_table("notes", "remarks")',
    BUMP,
    """op.alter_column(
    "people", old=op.column("name", "VARCHAR(100)"), new=op.column("name", "VARCHAR(150)")
)""",
    'op.drop_column("people", op.column("age", "INT", null=True))',
    (
        f'op.drop_foreign_key("remarks", {CASCADE})',
        f'op.add_foreign_key("remarks", {SET_NULL})',
    ),
    """op.create_table(
    "tags",
    op.column("remark_id", "INT"),
    op.column("word", "VARCHAR(20)"),
    op.primary_key("remark_id", "word"),
    op.foreign_key("remark_id", "remarks", "id"),
)""",
    'op.drop_index("people", op.index("people_town", "town"))',
)
#: Steps whose schema another one has too, with a data migration between.
TWINS = {3: "0004_step", 4: "0003_step", 9: "0010_step", 10: "0009_step"}


@pytest.fixture
def world(tmp_path, live):
    return LiveWorld(tmp_path, live)


def build(world, before, after):
    """Lead the database from one schema to another by statements, as nobody's tool does."""
    if before == after:
        return
    for step in plan(diff(before, after), before, world.dialect).steps:
        exact = (step.sql,) if isinstance(step, Statement) else step.resolve(world.sql)
        world.sql("SELECT 1", *exact)


def forget(world):
    """Leave no record, as in a database that no migration has seen."""
    world.sql("SELECT 1", *(f"DROP TABLE {name}" for name in own_tables(world)))


def own_tables(world):
    names = ("peewee_mig_history", "peewee_mig_lock", "peewee_mig_journal")
    return [name for name in names if world.dialect.has_table(world.sql, name)]


def record(world, **options):
    return baseline(world.project, listener=world.events.append, **options)


def states(world):
    return dict(world.sql("SELECT name, state FROM peewee_mig_history"))


def test_each_step_of_a_history_is_found_exactly(world):
    names = world.write(*HISTORY)
    history = read_history(world.migrations)
    before = Schema()
    for number, name in enumerate(names, start=1):
        build(world, before, history.schema_at(name))
        before = history.schema_at(name)
        if number in TWINS:
            with pytest.raises(RefusedError, match="data migration") as refused:
                record(world)
            assert name in refused.value.hint
            assert TWINS[number] in refused.value.hint
            record(world, target=name)
        else:
            assert record(world).target == name
        assert states(world) == dict.fromkeys(names[:number], "baselined")
        assert find_drift(world.project).drift.words == ()
        forget(world)
    build(world, before, Schema())
    assert record(world).target == "zero"


def test_a_baselined_database_goes_on_with_migrations(world):
    names = world.write(*HISTORY)
    build(world, Schema(), read_history(world.migrations).schema_at(names[6]))
    record(world)
    assert [done.name for done in world.migrate().applied] == names[7:]
    assert find_drift(world.project).is_clean
    world.rollback("0003")
    assert find_drift(world.project).is_clean


def test_names_of_indexes_and_keys_that_nobody_chose_do_not_count(world):
    names = world.write(*HISTORY[:2])
    build(world, Schema(), read_history(world.migrations).last_schema)
    if world.database.engine == "mysql":
        world.sql("ALTER TABLE notes RENAME INDEX notes_person_id TO by_hand")
    elif world.database.engine == "postgres":
        world.sql(
            "ALTER INDEX notes_person_id RENAME TO by_hand",
            "ALTER TABLE notes RENAME CONSTRAINT notes_person_id_fkey TO by_hand_too",
        )
    else:
        world.sql("DROP INDEX notes_person_id", "CREATE INDEX by_hand ON notes (person_id)")
    assert record(world).target == names[-1]
    assert find_drift(world.project).is_clean


def test_nothing_but_records_is_written(world):
    world.write(*HISTORY[:2])
    build(world, Schema(), read_history(world.migrations).last_schema)
    people, notes = "INSERT INTO people (name, age) VALUES ('Ann', 1)", ROWS[1].partition("(1,")[0]
    world.sql(people, notes.replace("spare", "id") + "(1, 'a', 7)")
    before = {"schema": world.schema(), "unmanaged": world.unmanaged()}
    rows = world.sql("SELECT * FROM people"), world.sql("SELECT * FROM notes")
    record(world)
    statements = [event.text for event in world.events if event.kind == "statement"]
    assert statements
    assert [sql for sql in statements if "peewee_mig_history" not in sql] == []
    assert [sql for sql in statements if sql.split()[1] == "TABLE"] == statements[:1]
    assert {"schema": world.schema(), "unmanaged": world.unmanaged()} == before
    assert (world.sql("SELECT * FROM people"), world.sql("SELECT * FROM notes")) == rows


def test_a_push_is_landed(world):
    names = world.write(*HISTORY[:3])
    world.migrate("0001")
    build(world, *map(read_history(world.migrations).schema_at, (names[0], names[2])))
    mark_as_pushed(world)
    assert world.cli("migrate") == 5
    assert find_drift(world.project).pushed_at
    result = record(world)
    assert (result.push_landed, result.target) == (True, names[2])
    assert states(world) == {
        names[0]: "applied",
        names[1]: "baselined",
        names[2]: "baselined",
    }
    assert world.cli("status", "--check") == 0


def mark_as_pushed(world):
    row = push_row("", ["people", "notes"])
    table = HistoryTable(world.dialect)
    world.sql(table.insert(row))


def test_backwards_rows_are_deleted(world):
    names = world.write(*HISTORY[:3])
    world.migrate()
    build(world, *map(read_history(world.migrations).schema_at, (names[2], names[1])))
    result = record(world)
    assert (result.target, result.forgotten) == (names[1], (names[2],))
    assert states(world) == {names[0]: "applied", names[1]: "applied"}


def test_what_is_beyond_our_kinds_is_accepted_until_it_changes(world):
    world.write(*HISTORY[:1])
    build(world, Schema(), read_history(world.migrations).last_schema)
    by_hand(world, "age + 1")
    (accepted,) = record(world).accepted
    assert "age" in accepted
    drifted = find_drift(world.project)
    assert (drifted.is_clean, drifted.accepted) == (True, (accepted,))
    assert find_drift(world.project, everything=True).drift.words == (accepted,)
    by_hand(world, "age + 2")
    assert not find_drift(world.project).is_clean
    record(world)
    assert find_drift(world.project).is_clean


def by_hand(world, expression):
    """Put a trigger on a table, in place of the one that is there."""
    if world.database.engine == "postgres":
        function = f"BEGIN NEW.age = NEW.{expression}; RETURN NEW; END"
        world.sql(
            "CREATE OR REPLACE FUNCTION older() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ {function} $$",
            "DROP TRIGGER IF EXISTS older ON people",
            "CREATE TRIGGER older BEFORE INSERT ON people FOR EACH ROW"
            f" WHEN (NEW.{expression} > 5) EXECUTE FUNCTION older()",
        )
        return
    world.sql("DROP TRIGGER IF EXISTS older")
    if world.database.engine == "mysql":
        event, body = "BEFORE INSERT", f"SET NEW.age = NEW.{expression}"
        world.sql(f"CREATE TRIGGER older {event} ON people FOR EACH ROW {body}")
    else:
        body = f"BEGIN UPDATE people SET age = {expression} WHERE id = NEW.id; END"
        world.sql(f"CREATE TRIGGER older AFTER INSERT ON people {body}")


def test_a_difference_is_refused_or_stored(world):
    names = world.write(*HISTORY[:3])
    build(world, Schema(), read_history(world.migrations).schema_at(names[1]))
    world.sql("ALTER TABLE people ADD shoe_size INT")
    with pytest.raises(RefusedError, match="equals no migration; the nearest is 0002_step"):
        record(world)
    assert own_tables(world) == []
    (line,) = record(world, target="0002", force=True).accepted
    assert line == "column people.shoe_size is not expected: INT NULL"
    drifted = find_drift(world.project, plan=True)
    assert (drifted.is_clean, drifted.accepted, drifted.statements) == (True, (line,), ())
    world.migrate()
    assert find_drift(world.project).is_clean
    world.sql("ALTER TABLE people DROP COLUMN shoe_size")
    assert find_drift(world.project).is_clean


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_it_waits_for_whoever_holds_the_lock(engine, tmp_path, databases):
    world = LiveWorld(tmp_path, databases(engine))
    world.write(*HISTORY[:1])
    build(world, Schema(), read_history(world.migrations).last_schema)
    with open_database(world.project, create=True) as connection:
        own = HistoryTable(connection.dialect).own
        with held(connection.session, connection.dialect, own, wait=1, listener=silent):
            with pytest.raises(LockedError):
                record(world, wait_lock=0.1)
            assert not world.dialect.has_table(world.sql, "peewee_mig_history")
    assert record(world, wait_lock=0.1).changed
