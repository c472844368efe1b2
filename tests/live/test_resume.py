"""MariaDB commits each statement: a run that stops half-way says so, and the next one goes on."""

import json

import pytest
from live_world import BASE, BUMP, ROWS, LiveWorld

from peewee_mig.commands.landing import Landed
from peewee_mig.errors import FailedError, HistoryError, MigError, RefusedError

ADD = 'op.add_column("people", op.column("town", "VARCHAR(50)", null=True))'
#: Fails as long as two people have the same name: a user's SQL has no guard that would tell.
UNIQUE = (
    'op.run_sql("CREATE UNIQUE INDEX by_name ON people (name)", "DROP INDEX by_name ON people")'
)
INDEX = 'op.create_index("people", op.index("people_age", "age"))'
TWIN = "INSERT INTO people (name) VALUES ('Ann')"


@pytest.fixture
def world(mysql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = LiveWorld(tmp_path, mysql)
    made.write(BASE)
    made.migrate()
    made.sql(*ROWS)
    return made


def ages(world):
    return world.sql("SELECT age FROM people WHERE age IS NOT NULL ORDER BY age")


def indexes(world):
    return {index.name for index in world.schema().table("people").indexes}


@pytest.fixture
def unseen(monkeypatch):
    """What others made is not there yet when a run looks for it, before its first statement."""
    monkeypatch.setattr(
        "peewee_mig.commands.migrate.land",
        lambda _project, _runner, target, *_, **__: Landed((), target),
    )


def states(world):
    return world.sql("SELECT name, state, direction FROM peewee_mig_history ORDER BY id")


@pytest.fixture
def half(world):
    """A migration whose third statement has failed."""
    world.sql(TWIN)
    world.write((ADD, BUMP, UNIQUE, INDEX, BUMP))
    with pytest.raises(FailedError):
        world.migrate()
    return world


def test_what_is_committed_is_said(world, capsys):
    world.sql(TWIN)
    world.write((ADD, BUMP, UNIQUE, INDEX, BUMP))
    assert world.cli("migrate", "--json") == 3
    error = json.loads(capsys.readouterr().out)
    assert "rows of" in error["error"]
    assert error["statement"].startswith("CREATE UNIQUE INDEX")
    assert "Duplicate entry 'Ann'" in error["original"]
    assert error["committed"] == "2 statements of 0002_step"
    assert error["where"].startswith("0002_step: ")
    assert states(world)[-1] == ("0002_step", "running", "forward")
    assert ages(world) == [(2,), (3,), (4,)]


def test_when_the_data_are_mended_it_goes_on(half):
    half.sql("DELETE FROM people WHERE id = 4")
    half.migrate()
    assert ages(half) == [(3,), (4,), (5,)]
    assert indexes(half) == {"by_name", "people_age"}
    assert states(half)[-1] == ("0002_step", "applied", "forward")
    assert half.state()["peewee_mig_journal"] == []
    assert half.cli("status", "--check") == 0


def test_the_statement_that_failed_can_be_edited(half):
    half.edit("0002_step", "UNIQUE INDEX by_name", "INDEX by_name")
    half.migrate()
    assert ages(half) == [(3,), (4,), (5,)]
    assert indexes(half) == {"by_name", "people_age"}
    assert half.cli("status", "--check") == 0


def test_the_statement_that_failed_can_be_taken_out_with_what_follows(half):
    path = half.migrations / "0002_step.py"
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if "by_name" not in line and "people_age" not in line]
    path.write_text("".join(kept))
    assert half.cli("snapshot", "0002_step") == 0
    half.migrate()
    assert ages(half) == [(3,), (4,), (5,)]
    assert indexes(half) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"VARCHAR(50)"', '"VARCHAR(60)"'),
        ("SET age = age + 1", "SET age = age + 2"),
        (f"    {ADD},\n", ""),
        (f"    {ADD},\n", f"    {BUMP},\n    {ADD},\n"),
    ],
)
def test_what_has_run_cannot_be_edited_nor_what_is_before_it(half, old, new, capsys):
    before = half.state()
    half.edit("0002_step", old, new)
    assert half.cli("snapshot", "0002_step") == 0
    capsys.readouterr()
    assert half.cli("migrate", "--json") == 5
    error = json.loads(capsys.readouterr().out)
    assert error["error"] == "0002_step was edited after a part of it had run"
    assert "put back" in error["hint"]
    assert half.state() == before


def test_status_says_that_it_is_begun(half, capsys):
    assert half.cli("status", "--check") == 1
    shown = capsys.readouterr()
    assert "begun" in shown.out
    assert "0002_step is half applied. next: peewee-mig migrate" in shown.out + shown.err
    half.cli("status", "--json")
    assert json.loads(capsys.readouterr().out)["migrations"][1]["state"] == "begun"


def test_it_has_to_be_finished_before_anything_else(half):
    half.write('op.create_table("later", op.column("x", "INT"))')
    for target in ("0001_step", "zero", "-1"):
        with pytest.raises(MigError) as caught:
            half.migrate(target)
        assert caught.value.exit_code in (3, 5)
    with pytest.raises(MigError):
        half.rollback()
    half.sql("DELETE FROM people WHERE id = 4")
    half.migrate()
    assert half.applied() == ["0001_step", "0002_step", "0003_step"]


def test_a_file_that_is_gone_is_asked_for(half):
    half.remove("0002_step")
    with pytest.raises(HistoryError, match="0002_step was begun here and not finished") as caught:
        half.migrate()
    assert "git checkout" in caught.value.hint


def test_the_answers_of_the_first_run_count(world):
    world.sql(TWIN)
    add = 'op.add_column("people", op.column("size", "INT"))'
    world.write((add, UNIQUE))
    with pytest.raises(FailedError):
        world.migrate(fills={"people.size": "7"})
    world.sql("DELETE FROM people WHERE id = 4")
    world.migrate()
    assert world.sql("SELECT DISTINCT size FROM people") == [(7,)]
    ((meta,),) = world.sql("SELECT meta FROM peewee_mig_history WHERE name = '0002_step'")
    assert json.loads(meta)["fills"] == {"people.size": "7"}


@pytest.fixture
def half_back(world):
    """A migration whose way back has failed at its second statement."""
    back = 'op.run_sql([], "CREATE UNIQUE INDEX for_the_old ON people (name)")'
    world.write((ADD, BUMP, back, INDEX))
    world.migrate()
    world.sql(TWIN)
    with pytest.raises(FailedError) as caught:
        world.rollback(allow_data_loss=["all"])
    assert caught.value.committed == "1 statement of 0002_step"
    assert states(world)[-1] == ("0002_step", "running", "backward")
    assert indexes(world) == set()
    world.sql("DELETE FROM people WHERE id = 4")
    return world


def test_a_way_back_is_finished_by_rollback(half_back):
    half_back.rollback(allow_data_loss=["all"])
    assert half_back.applied() == ["0001_step"]
    assert ages(half_back) == [(1,), (2,), (3,)]
    assert "town" not in half_back.schema().table("people").column_names
    assert half_back.state()["peewee_mig_journal"] == []


def test_a_way_back_is_finished_by_migrate_which_then_goes_forward(half_back):
    half_back.migrate()
    assert states(half_back)[-1] == ("0002_step", "applied", "forward")
    assert ages(half_back) == [(2,), (3,), (4,)]
    assert indexes(half_back) == {"for_the_old", "people_age"}


def test_status_says_that_it_is_half_undone(half_back, capsys):
    assert half_back.cli("status", "--check") == 1
    shown = capsys.readouterr()
    assert "0002_step is half undone. next: peewee-mig rollback" in shown.out + shown.err


def test_data_alone_are_one_transaction(world):
    fails = 'op.run_sql("UPDATE people SET name = NULL", [])'
    world.write((BUMP, BUMP, fails))
    before = world.state()
    with pytest.raises(FailedError) as caught:
        world.migrate()
    assert caught.value.committed == "nothing was changed"
    assert world.state() == before
    world.edit("0002_step", "name = NULL", "name = 'x'")
    world.migrate()
    assert ages(world) == [(3,), (4,), (5,)]


CALL = (
    "CREATE PROCEDURE older() BEGIN UPDATE people SET age = age + 1; COMMIT;"
    " INSERT INTO notes (person_id, text) SELECT id, NULL FROM people LIMIT 1; END"
)


def test_what_a_procedure_did_before_it_failed_is_not_guessed(world):
    world.sql(CALL)
    world.write((ADD, 'op.run_sql("CALL older()", [])', INDEX))
    with pytest.raises(FailedError) as failed:
        world.migrate()
    assert failed.value.statement == "CALL older()"
    assert "if nothing: peewee-mig repair --not-done NUMBER, then: " in failed.value.hint
    with pytest.raises(RefusedError, match="failed half-way, and nothing proves what it did") as it:
        world.migrate()
    assert it.value.exit_code == 5
    assert it.value.committed == "1 statement of 0002_step"
    assert "if nothing: peewee-mig repair --not-done NUMBER, then: " in it.value.hint
    assert world.cli("repair", "--not-done", "2", "--yes") == 0
    with pytest.raises(FailedError) as again:
        world.migrate()
    assert again.value.statement == "CALL older()"
    assert ages(world) == [(3,), (4,), (5,)]
    assert world.cli("repair", "--done", "2", "--yes") == 0
    world.migrate()
    assert indexes(world) == {"people_age"}


def test_what_a_session_has_set_is_set_again(world):
    world.sql(TWIN)
    setting = 'op.run_sql("SET @step = 10", [])'
    later = 'op.run_sql("UPDATE people SET age = age + @step", [])'
    world.write((ADD, setting, UNIQUE, later))
    with pytest.raises(FailedError):
        world.migrate()
    world.sql("DELETE FROM people WHERE id = 4")
    world.migrate()
    assert ages(world) == [(11,), (12,), (13,)]


def test_a_table_without_transactions_is_changed_once(world):
    world.sql("CREATE TABLE counter (value INT) ENGINE = Aria", "INSERT INTO counter VALUES (1)")
    world.sql(TWIN)
    world.write((ADD, 'op.run_sql("UPDATE counter SET value = value + 1", [])', UNIQUE))
    with pytest.raises(FailedError):
        world.migrate()
    world.sql("DELETE FROM people WHERE id = 4")
    world.migrate()
    assert world.sql("SELECT value FROM counter") == [(2,)]


@pytest.mark.usefixtures("unseen")
def test_what_others_changed_meanwhile_is_seen(world):
    widen = """op.alter_column(
        "people", old=op.column("age", "INT", null=True), new=op.column("age", "BIGINT", null=True)
    )"""
    key = 'op.add_column("notes", op.column("age", "INT", null=True))'
    world.sql("ALTER TABLE notes ADD age INT")
    world.write((widen, key))
    with pytest.raises(FailedError, match="has already what a statement makes"):
        world.migrate()
    world.sql("ALTER TABLE notes DROP age", "ALTER TABLE people MODIFY age INT NULL")
    with pytest.raises(FailedError, match=r"resumed, but its result is wrong: column people\.age"):
        world.migrate()
    assert states(world)[-1] == ("0002_step", "running", "forward")
    world.sql("ALTER TABLE people MODIFY age BIGINT NULL")
    world.migrate()
    assert states(world)[-1] == ("0002_step", "applied", "forward")


@pytest.mark.usefixtures("unseen")
def test_what_was_otherwise_before_does_not_count(world):
    rename = 'op.rename_column("people", "age", "years")'
    key = 'op.add_column("notes", op.column("age", "INT", null=True))'
    world.sql(
        "ALTER TABLE notes ADD age INT", "ALTER TABLE people MODIFY age DOUBLE, ADD extra INT"
    )
    world.write((rename, key))
    with pytest.raises(FailedError, match="has already what a statement makes"):
        world.migrate()
    world.sql("ALTER TABLE notes DROP age")
    world.migrate()
    assert states(world)[-1] == ("0002_step", "applied", "forward")
