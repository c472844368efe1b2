"""check --verify on SQLite: histories that are broken by hand, each in its own way."""

import json

import pytest
from compare_world import AGE, INDEX, PEOPLE, World

from peewee_mig.commands.project import Project
from peewee_mig.commands.verify import verify_by_running
from peewee_mig.dialects.sqlite.session import SqliteSession
from peewee_mig.errors import FailedError, UsageError

MODEL = "from peewee import *\n\nclass People(Model):\n    name = TextField()\n"
NICK = 'op.add_column("people", op.column("nick", "TEXT", null=True, default="\'none\'"))'


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)


def verified(world, *migrations, models=(), **options):
    """Verify a history; return what was found on SQLite."""
    world.write(*migrations)
    project = Project(world.folder, world.migrations, models=models, engines=("sqlite",))
    (engine,) = verify_by_running(project, **options).engines
    return engine


def found(engine):
    """Return the only finding: its file, and what it says of which migration."""
    (finding,) = engine.findings
    return finding.file, finding.message.removeprefix(f"on {engine.server}, ")


def while_running(monkeypatch, marker, *statements):
    """Let something go wrong behind a statement that has a text in it."""
    execute = SqliteSession.execute

    def wrong(self, sql):
        done = execute(self, sql)
        if marker in sql:
            for each in statements:
                execute(self, each)
        return done

    monkeypatch.setattr(SqliteSession, "execute", wrong)


def test_a_sound_history_goes_up_and_down_and_up_with_rows(world):
    engine = verified(world, PEOPLE, AGE, INDEX)
    assert (engine.findings, engine.notes) == ((), (NO_MODELS,))
    assert (engine.migrations, engine.rows) == (3, 3)


NO_MODELS = "no models are configured, so nothing was compared with them"


def test_without_rows_none_are_made(world):
    assert verified(world, PEOPLE, AGE, rows=False).rows == 0


def test_sql_that_changes_a_tracked_table_is_found_on_the_way_up(world):
    sql = 'op.run_sql("ALTER TABLE people ADD COLUMN secret TEXT", [])'
    assert found(verified(world, PEOPLE, sql, AGE)) == (
        "migrations/0002_step.py",
        (
            "0002_step: after it, the schema is not that of its snapshot:"
            " column people.secret is not expected"
        ),
    )


def test_a_way_back_that_loses_a_default_is_found_on_the_way_down(world):
    back = '["ALTER TABLE people DROP COLUMN nick", "ALTER TABLE people ADD COLUMN nick TEXT"]'
    assert found(verified(world, PEOPLE, NICK, f"op.run_sql([], {back})")) == (
        "migrations/0003_step.py",
        (
            "0003_step: undone, it does not restore the schema before it:"
            " column people.nick is TEXT NULL, expected TEXT NULL DEFAULT 'none'"
        ),
    )


def test_a_view_that_a_way_back_leaves_is_found(world):
    view = 'op.run_sql("CREATE VIEW names AS SELECT name FROM people", [])'
    _, message = found(verified(world, PEOPLE, view))
    assert message.startswith("0002_step: undone, it does not restore the schema before it: view")
    assert message.endswith("is still there")


def test_a_data_migration_that_deletes_rows_is_found(world):
    delete = 'op.run_sql("DELETE FROM people WHERE id = 2", [])'
    engine = verified(world, PEOPLE, delete, AGE)
    assert found(engine) == (
        "migrations/0002_step.py",
        "0002_step: rows are not kept: 1 of 3 rows of people is gone",
    )
    assert 'add "data-loss" to allow' in engine.findings[0].hint


def test_rows_that_are_meant_to_go_are_said_to(world):
    world.write(PEOPLE, 'op.run_sql("DELETE FROM people WHERE id = 2", [])')
    file = world.migrations / "0002_step.py"
    file.write_text(
        file.read_text().replace("operations =", 'allow = ["data-loss"]\n\noperations =')
    )
    assert verified(world).findings == ()


def test_a_data_migration_may_change_values_of_the_tables_it_names(world):
    change = 'op.run_sql("UPDATE people SET name = upper(name)", "UPDATE people SET name = \'x\'")'
    assert verified(world, PEOPLE, change).findings == ()


def test_a_data_migration_that_fails_is_told_with_its_statement(world):
    file, message = found(verified(world, PEOPLE, 'op.run_sql("UPDATE persons SET name = 1", [])'))
    assert (file, message) == (
        "migrations/0002_step.py",
        (
            "0002_step: it does not run: :memory: lacks what a statement needs"
            " (0002_step: run SQL: UPDATE persons SET name = 1)\n"
            "    no such table: persons\n"
            "    UPDATE persons SET name = 1"
        ),
    )


def test_a_data_migration_that_fails_on_the_way_down_is_told(world):
    _, message = found(verified(world, PEOPLE, 'op.run_sql([], "DELETE FROM nobody")'))
    assert message.startswith("0002_step: it does not run backward: :memory: lacks what")


def test_a_migration_without_a_way_back_ends_the_way_down(world):
    engine = verified(world, PEOPLE, 'op.run_sql("UPDATE people SET name = 1")', AGE)
    assert engine.findings == ()
    assert "0002_step cannot be undone: the way down ends there" in engine.notes


def test_a_rebuild_that_loses_a_value_is_found(world, monkeypatch):
    change = ALTERED.format(old='"TEXT"', new='"TEXT", null=True')
    while_running(monkeypatch, "RENAME TO", "UPDATE people SET name = NULL WHERE id = 2")
    assert found(verified(world, PEOPLE, change)) == (
        "migrations/0002_step.py",
        "0002_step: rows are not kept: people.name was 'name 3' in a row and is NULL now",
    )


ALTERED = 'op.alter_column("people", old=op.column("name", {old}), new=op.column("name", {new}))'


def test_a_rebuild_that_loses_a_trigger_of_the_users_is_found(world, monkeypatch):
    trigger = (
        'op.run_sql("CREATE TRIGGER loud AFTER INSERT ON people BEGIN SELECT 1; END",'
        ' "DROP TRIGGER loud")'
    )
    while_running(monkeypatch, '"age"', "DROP TRIGGER IF EXISTS loud")
    _, message = found(verified(world, PEOPLE, trigger, AGE))
    assert message.startswith(
        "0003_step: after it, the schema is not that of its snapshot: trigger"
    )
    assert message.endswith("is gone")


def test_an_inverse_that_does_not_come_back_is_found(world, monkeypatch):
    while_running(monkeypatch, 'DROP COLUMN "age"', "CREATE INDEX more ON people (name)")
    _, message = found(verified(world, PEOPLE, AGE))
    assert message == (
        "0002_step: undone, it does not restore the schema before it:"
        " index more of people is not expected"
    )


def test_a_second_time_that_leads_elsewhere_is_found(world, monkeypatch):
    """The way down is right, and the second way up is not: something outlives the tables."""
    times = []
    execute = SqliteSession.execute

    def wrong(self, sql):
        times.append(sql) if sql.startswith('ALTER TABLE "people" ADD COLUMN') else None
        done = execute(self, sql)
        if len(times) == 2 and sql == times[-1]:
            execute(self, "CREATE INDEX more ON people (name)")
        return done

    monkeypatch.setattr(SqliteSession, "execute", wrong)
    assert found(verified(world, PEOPLE, AGE))[1] == (
        "0002_step: applied again, it leaves another schema: index more of people is not expected"
    )


def test_rows_that_a_guard_refuses_make_room(world):
    """A value for a new column that nobody gave stops ``migrate`` on a table with rows."""
    required = 'op.add_column("people", op.column("age", "INT"))'
    engine = verified(world, PEOPLE, required, INDEX)
    assert engine.findings == ()
    assert "0002_step: without rows of people: it would refuse them" in engine.notes
    assert engine.rows == 3

    # the same where there are rows already, from before
    one = 'op.create_index("people", op.index("one_age", "age", unique=True))'
    engine = verified(world, one, 'op.add_column("people", op.column("size", "INT"))')
    assert engine.findings == ()
    assert "0005_step: without rows of people: it would refuse them" in engine.notes


def test_rows_are_made_so_that_guards_let_them_pass(world):
    checked = 'op.add_check("people", op.check("\\"name\\" IN (\'a\', \'b\')"))'
    number = ALTERED.format(old='"TEXT"', new='"INT"')
    for migrations in ([PEOPLE, checked], [PEOPLE, number], [PEOPLE, NICK, NOT_NULL]):
        world.file.unlink(missing_ok=True)
        for path in world.migrations.rglob("*"):
            if path.is_file():
                path.unlink()
        engine = verified(world, *migrations)
        assert (engine.findings, engine.notes) == ((), (NO_MODELS,)), migrations
        assert engine.rows >= 3


NOT_NULL = (
    'op.alter_column("people", old=op.column("nick", "TEXT", null=True,'
    ' default="\'none\'"), new=op.column("nick", "TEXT"))'
)


def test_models_that_say_something_else_are_found(world):
    (world.folder / f"{world.models}.py").write_text(MODEL + "    age = IntegerField()\n")
    (finding,) = verified(world, PEOPLE, AGE, models=(world.models,)).findings
    assert finding.file == "migrations"
    assert finding.message.endswith(
        "the migrations lead to another schema than create_tables of the models:"
        " column people.age is INT NULL, expected INT NOT NULL"
    )


def test_what_peewee_does_not_create_is_excused_by_its_name(world):
    (world.folder / f"{world.models}.py").write_text(
        "from peewee import *\nfrom peewee_mig.declare import View\n\n"
        "class People(Model):\n    name = TextField()\n"
        '    boss = DeferredForeignKey("Boss", null=True)\n\n'
        "class Boss(Model):\n    people = ForeignKeyField(People)\n\n"
        'names = View("names", "SELECT name FROM people")\n'
    )
    call = ["generate", "--models", world.models, "--name", "initial", "-q"]
    assert world.cli(*call) == 0
    engine = verified(world, models=(world.models,))
    assert engine.findings == ()
    assert engine.notes == (
        (
            "create_tables does not make the foreign key of people on (boss_id):"
            " the constraint of a DeferredForeignKey"
        ),
        "create_tables makes no view: names",
    )
    # an excuse is for one key of one table, and for nothing else
    change = (
        'op.alter_column("boss", old=op.column("people_id", "INT"),'
        ' new=op.column("people_id", "INT", null=True))'
    )
    (finding,) = verified(world, change, models=(world.models,)).findings
    assert "column boss.people_id is INT NULL, expected INT NOT NULL" in finding.message


def test_a_missing_key_that_is_not_deferred_is_not_excused(world, monkeypatch):
    from peewee_mig.sources import creating

    (world.folder / f"{world.models}.py").write_text(MODEL + "    code = TextField(index=True)\n")
    world.cli("generate", "--models", world.models, "--name", "initial", "-q")
    monkeypatch.setattr(creating, "_deferred", lambda _models: ())
    execute = SqliteSession.execute

    def without_indexes(self, sql):
        return 0 if sql.startswith("CREATE INDEX") else execute(self, sql)

    monkeypatch.setattr(SqliteSession, "execute", without_indexes)
    (finding,) = verified(world, models=(world.models,)).findings
    assert "index people_code of people is missing" in finding.message


def test_a_table_that_takes_no_generated_row_is_told(world):
    odd = 'op.add_check("people", op.check("length(\\"name\\") = 1000"))'
    engine = verified(world, PEOPLE, odd, AGE)
    assert engine.findings == ()
    assert any(each.startswith("no row of people could be made: ") for each in engine.notes)


def test_a_broken_folder_is_not_run(world, capsys):
    world.write(PEOPLE)
    (world.migrations / "snapshots" / "0001_step.json").unlink()
    result = verify_by_running(Project(world.folder, world.migrations, engines=("sqlite",)))
    assert not result.ok
    assert result.engines == ()
    assert world.cli("check", "--verify") == 1
    said = capsys.readouterr().out
    assert said.startswith("nothing was run: first mend what the files say\n")
    assert "snapshot 0001_step is missing" in said


def test_the_configured_database_is_not_touched(world, capsys):
    world.write(PEOPLE)
    world.cli("migrate", "-q")
    world.write(AGE)
    world.sql("INSERT INTO people (name) VALUES ('Ada')")
    before = world.file.read_bytes(), world.file.stat().st_mtime_ns
    world.file.chmod(0o000)
    assert world.cli("check", "--verify") == 0
    world.file.chmod(0o600)
    assert (world.file.read_bytes(), world.file.stat().st_mtime_ns) == before
    assert sorted(path.name for path in world.folder.iterdir()) == ["app.db", "migrations"]
    assert "verified on SQLite" in capsys.readouterr().out


def test_sql_that_attaches_a_file_is_not_run(world):
    attach = f"op.run_sql(\"ATTACH '{world.file}' AS other\", [])"
    world.write(PEOPLE, attach)
    with pytest.raises(FailedError, match="0002_step reaches beyond its own database: ATTACH"):
        verify_by_running(Project(world.folder, world.migrations, engines=("sqlite",)))
    assert not world.file.exists()


def test_json_has_findings_and_what_was_verified(world, capsys):
    world.write(PEOPLE, 'op.run_sql("DELETE FROM people", [])')
    assert world.cli("check", "--verify", "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert [each["file"] for each in answer["findings"]] == ["migrations/0002_step.py"]
    (engine,) = answer["verified"]
    assert (engine["engine"], engine["ok"], answer["ok"]) == ("sqlite", False, False)
    assert (engine["migrations"], engine["rows"]) == (2, 3)
    assert answer["not_verified"] == []


def test_an_engine_that_cannot_be_had_is_told(world, capsys, monkeypatch):
    world.write(PEOPLE)
    (world.folder / "peewee_mig.toml").write_text('engines = ["sqlite", "mariadb"]\n')
    assert world.cli("check", "--verify") == 0
    assert capsys.readouterr().out.endswith(
        "not verified on mariadb: no server is configured for it\n"
        "  next: name a server: --scratch mysql://user@host/mysql\n"
        "All is well.\n"
    )


def test_nothing_is_tried_beside_a_production_database(world, capsys):
    world.write(PEOPLE)
    (world.folder / "peewee_mig.toml").write_text(
        'database = "mysql://127.0.0.1:1/app"\nproduction = true\n'
    )
    from peewee_mig.cli.main import call

    assert call(["check", "--verify"]) == 3
    said = capsys.readouterr().err
    assert "mysql: the one that is configured is marked production" in said
    assert "--scratch mysql://" in said


def test_the_options_of_verify_belong_to_it(world, capsys):
    assert world.cli("check", "--no-rows") == 2
    assert "add --verify" in capsys.readouterr().err
    with pytest.raises(UsageError, match="SQLite needs no server"):
        verified(world, PEOPLE, scratch=("sqlite:///x.db",))


def test_functions_of_the_application_are_there(world):
    (world.folder / f"{world.models}.py").write_text(
        "from peewee import *\n\ndb = SqliteDatabase('app.db')\n\n@db.func()\ndef twice(n):\n"
        "    return n\n"
    )
    world.write(PEOPLE, AGE, 'op.run_sql("UPDATE people SET age = twice(age)", [])')
    project = Project(
        world.folder,
        world.migrations,
        database=f"{world.models}:db",
        database_root=world.folder,
    )
    (engine,) = verify_by_running(project).engines
    assert engine.findings == ()
    assert not world.file.exists()


def test_a_hundred_migrations_are_read_once_each(world, monkeypatch):
    """Each place costs one look into the catalog on each way, however many tables there are."""
    from peewee_mig.commands.verifying import places

    calls = []
    read = places.read_catalog
    monkeypatch.setattr(
        places, "read_catalog", lambda *args, **kwargs: calls.append(1) or read(*args, **kwargs)
    )
    verified(world, PEOPLE, AGE, INDEX)
    assert len(calls) == 4 + 3 + 3
