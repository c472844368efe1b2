"""diff on live databases of every engine."""

import sqlite3

import hand_written
import hand_written_mysql
import hand_written_sqlite
import pytest
from hand_written import BASE
from live_world import LiveWorld

from peewee_mig.commands.drift import find_drift
from peewee_mig.commands.migrate import open_database
from peewee_mig.diff import diff
from peewee_mig.errors import UsageError
from peewee_mig.history.folder import read_history
from peewee_mig.history.render import render_module
from peewee_mig.history.table import HistoryTable
from peewee_mig.history.writing import write_migration
from peewee_mig.plan.drift import words
from peewee_mig.runner.events import silent
from peewee_mig.runner.lock import held
from peewee_mig.schema import Schema

CHANGES = {
    "sqlite": hand_written_sqlite.CHANGES,
    "postgres": hand_written.POSTGRES,
    "mysql": hand_written_mysql.CHANGES,
}
#: Those whose difference an operation describes on every engine.
PLANNED = {
    "table dropped", "column", "column dropped", "column renamed", "type", "length", "precision",
    "bigger integer", "number of another precision", "long text", "not null", "null",
    "index dropped", "index", "unique index", "index of an undeclared name", "index twice",
    "index no more unique", "foreign key dropped", "foreign key",
    "foreign key with another action", "foreign key that follows", "foreign key to another column",
    "primary key dropped", "another primary key", "unsigned", "no type",
}  # fmt: skip


@pytest.fixture
def world(tmp_path, live):
    return with_base(LiveWorld(tmp_path, live))


def with_base(world):
    history = read_history(world.migrations)
    text = render_module(diff(Schema(), BASE), depends_on=(), summary="Base.")
    write_migration(history, "0001_base", text)
    world.migrate()
    return world


def found(world, **options):
    """Return all that differs, in words."""
    drift = find_drift(world.project, **options).drift
    return {*drift.words, *map(words, drift.apart)}


def run(world, *statements):
    """Run a script as somebody at a prompt would."""
    if world.database.engine == "sqlite":
        connection = sqlite3.connect(world.database.path)
        connection.executescript(";\n".join(statements))
        connection.close()
        return
    allowed = [each.replace("-- ALTER TABLE", "ALTER TABLE") for each in statements]
    world.sql("SELECT 1", *(each for each in allowed if not each.startswith("--")))


@pytest.mark.parametrize("change", hand_written_sqlite.CHANGES, ids=lambda change: change.id)
def test_a_change_by_hand_is_found_and_named(change, tmp_path, databases):
    world = with_base(LiveWorld(tmp_path, databases("sqlite")))
    run(world, *change.setup)
    before = found(world)
    run(world, change.ddl)
    told = "\n".join(sorted(found(world) - before))
    assert [word for word in change.words if word not in told] == [], told


@pytest.mark.parametrize("engine", CHANGES)
def test_a_plan_leads_to_what_is_expected_and_the_reverse_back(engine, tmp_path, databases):
    world = with_base(LiveWorld(tmp_path, databases(engine)))
    tried = 0
    for change in CHANGES[engine]:
        if change.setup or change.id not in PLANNED:
            continue
        run(world, change.ddl)
        way = find_drift(world.project, plan=True)
        back = find_drift(world.project, plan=True, way="backward")
        assert way.drift.lines, change.id
        run(world, *way.statements)
        assert found(world) == set(), change.id
        run(world, *back.statements)
        assert find_drift(world.project).drift.lines == way.drift.lines, change.id
        run(world, *way.statements)
        tried += 1
    assert tried >= 12


def test_a_plan_does_not_invent_values(tmp_path, databases):
    world = with_base(LiveWorld(tmp_path, databases("mysql")))
    world.sql("ALTER TABLE person DROP name, MODIFY email LONGTEXT NULL")
    world.sql("INSERT INTO person (email) VALUES ('ann@example.com'), (NULL)")
    statements = find_drift(world.project, plan=True).statements
    text = "\n".join(statements)
    assert "must find 0 rows: SELECT count(*) FROM `person`;" in text
    assert "must find 0 rows: SELECT count(*) FROM `person` WHERE `email` IS NULL;" in text
    assert "NOT RUN: it would fill existing rows of person.name with empty values" in text
    assert [each for each in statements if not each.startswith("--")] == [
        "CREATE INDEX `person_name` ON `person` (`name`);"
    ]


RENAMED = (
    """op.create_table(
    "users", op.column("id", "AUTO"), op.column("nick", "VARCHAR(50)"), op.primary_key("id")
)""",
    'op.rename_column("users", "nick", "name")',
    'op.rename_table("users", "people")',
    'op.rename_column("people", "name", "full_name")',
)


def test_a_plan_renames_as_the_history_does(tmp_path, live):
    world = LiveWorld(tmp_path, live)
    world.write(*RENAMED)
    world.migrate("0001")
    world.sql("INSERT INTO users (nick) VALUES ('Ann')")
    way = find_drift(world.project, against="head", plan=True)
    run(world, *way.statements)
    assert world.sql("SELECT full_name FROM people") == [("Ann",)]
    assert find_drift(world.project, against="head").is_clean
    assert {type(each).__name__ for each in way.operations}.isdisjoint({"Add", "Drop"})


def test_a_plan_renames_back_as_the_history_does(tmp_path, live):
    world = LiveWorld(tmp_path, live)
    world.write(*RENAMED)
    world.migrate()
    world.sql("INSERT INTO people (full_name) VALUES ('Ann')")
    back = find_drift(world.project, against="0001", plan=True, way="backward")
    run(world, *find_drift(world.project, against="0001", plan=True).statements)
    assert world.sql("SELECT nick FROM users") == [("Ann",)]
    run(world, *back.statements)
    assert world.sql("SELECT full_name FROM people") == [("Ann",)]


def test_what_nobody_manages_stands_apart_and_is_no_drift(world):
    world.sql("CREATE TABLE elsewhere (x INT)", "CREATE VIEW heavy AS SELECT 1 AS one")
    drifted = find_drift(world.project)
    assert drifted.is_clean
    assert {(each.kind, each.name) for each in drifted.drift.apart} >= {
        ("table", "elsewhere"),
        ("view", "heavy"),
    }
    assert (world.cli("diff"), world.cli("diff", "--strict")) == (0, 1)


def test_another_database_is_compared_as_a_whole(world):
    other = LiveWorld(world.folder, world.database.another())
    other.migrate()
    other.sql("CREATE TABLE elsewhere (x INT)", "CREATE VIEW heavy AS SELECT 1 AS one")
    world.sql("ALTER TABLE pet ADD note VARCHAR(9)")
    lines = find_drift(world.project, against=other.url).drift.lines
    assert [line.partition(":")[0] for line in lines[:2]] == [
        "table elsewhere is missing",
        "column pet.note is not expected",
    ]
    assert len(lines) == 3
    assert lines[2].startswith("view heavy")
    assert find_drift(world.project, against=world.url).is_clean


def test_databases_of_two_engines_are_not_compared(tmp_path, databases):
    world = with_base(LiveWorld(tmp_path, databases("sqlite")))
    with pytest.raises(UsageError, match="SQLite cannot be compared with one of PostgreSQL"):
        find_drift(world.project, against=databases("postgres").url)
    database = databases("mysql")
    product = "MariaDB" if "MariaDB" in database.sql("SELECT version()")[0][0] else "MySQL"
    with pytest.raises(UsageError, match=f"SQLite cannot be compared with one of {product}"):
        find_drift(world.project, against=database.url)


@pytest.mark.parametrize("engine", ["postgres", "mysql"])
def test_the_right_to_select_is_enough(engine, tmp_path, databases):
    world = with_base(LiveWorld(tmp_path, databases(engine)))
    world.sql("ALTER TABLE pet ADD note VARCHAR(9)")
    role = world.database.role("reader")
    if engine == "postgres":
        world.sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    else:
        world.sql(f"GRANT SELECT, SHOW VIEW ON {world.database.name}.* TO {role}")
    reader = LiveWorld(tmp_path, world.database, world.database.url_as(role))
    drifted = find_drift(reader.project, plan=True)
    assert drifted.drift.lines == ("column pet.note is not expected",)
    assert any("DROP COLUMN" in sql for sql in drifted.statements)


def test_what_a_role_cannot_see_is_read_otherwise_or_told(tmp_path, databases, capsys):
    world = with_base(LiveWorld(tmp_path, databases("mysql")))
    world.sql(
        "CREATE TRIGGER older BEFORE INSERT ON pet FOR EACH ROW SET @seen = 1",
        "CREATE VIEW heavy AS SELECT 1 AS one",
    )
    role, name = world.database.role("watch"), world.database.name
    world.sql(f"GRANT SELECT ON {name}.* TO {role}")
    reader = LiveWorld(tmp_path, world.database, world.database.url_as(role))
    drifted = find_drift(reader.project)
    assert drifted.is_clean  # also the actions of the foreign keys are as expected
    (note,) = drifted.notes
    assert "does not see triggers and the texts of views" in note
    assert reader.cli("diff") == 0
    grant = f"GRANT TRIGGER, SHOW VIEW ON `{name}`.* TO `{role}`@`%`"
    assert grant in capsys.readouterr().err
    world.sql(grant)
    drifted = find_drift(reader.project)
    assert drifted.notes == ()
    assert [each.name for each in drifted.drift.attached] == ["older"]


def test_a_lock_of_another_runner_is_not_waited_for(world):
    before = world.state()
    with open_database(world.project, create=True) as connection:
        own = HistoryTable(connection.dialect).own
        with held(connection.session, connection.dialect, own, wait=1, listener=silent):
            assert find_drift(world.project).is_clean
    assert world.state()["history"] == before["history"]
