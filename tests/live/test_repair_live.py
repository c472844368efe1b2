"""repair on servers: the lock, what a run left half done, and records on tables of theirs."""

import subprocess
import sys

import pytest
from live_world import BASE, BUMP, ROOT, ROWS, STEPS, LiveWorld, forks, wait_until
from test_lock import HOLDER, by_hand

from peewee_mig.commands.repair import repair
from peewee_mig.commands.repairing.case import Told
from peewee_mig.errors import FailedError, LockedError, UsageError

ADD = 'op.add_column("people", op.column("town", "VARCHAR(50)", null=True))'
#: Fails as long as two people have the same name.
UNIQUE = (
    'op.run_sql("CREATE UNIQUE INDEX by_name ON people (name)", "DROP INDEX by_name ON people")'
)
CALL = (
    "CREATE PROCEDURE older() BEGIN UPDATE people SET age = age + 1; COMMIT;"
    " INSERT INTO notes (person_id, text) SELECT id, NULL FROM people LIMIT 1; END"
)
TWIN = "INSERT INTO people (name) VALUES ('Ann')"


def yes(_findings, _statements):
    return True


def made(tmp_path, database):
    world = LiveWorld(tmp_path, database)
    world.write(BASE)
    world.migrate()
    world.sql(*ROWS)
    return world


@pytest.fixture(params=["postgres", "mysql"])
def world(request, databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return made(tmp_path, databases(request.param))


@pytest.fixture
def maria(mysql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return made(tmp_path, mysql)


@pytest.fixture
def half(maria):
    """A migration whose third statement has failed."""
    maria.sql(TWIN)
    maria.write((ADD, BUMP, UNIQUE, BUMP))
    with pytest.raises(FailedError):
        maria.migrate()
    return maria


def only(world, *, done=False, **told):
    result = repair(world.project, confirm=yes if done else None, told=Told(**told), wait_lock=1)
    (finding,) = result.findings
    return finding


def states(finding):
    return [step.state for step in finding.steps]


def is_right(world):
    return not repair(world.project).findings and world.cli("status", "-q", "--check") == 0


# The lock.


def test_the_lock_of_a_runner_that_lives_is_not_removed(world):
    command = [sys.executable, "-c", HOLDER, world.url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match="its session is alive") as refused:
            repair(world.project, unlock=True, confirm=yes)
        with pytest.raises(LockedError) as waited:
            repair(world.project, confirm=yes, wait_lock=0.2)
        end = refused.value.hint.partition("end it: ")[2].partition(";")[0]
        world.sql(end)
        holder.kill()
    assert "peewee-mig repair --unlock" in waited.value.hint

    def lock():
        try:
            return only(world, done=True)
        except LockedError:  # the server has not noticed yet
            return None

    assert wait_until(lock).catalog == "its session is gone"
    assert world.sql("SELECT * FROM peewee_mig_lock") == []
    assert is_right(world)


def test_the_lock_of_which_nothing_is_known_needs_the_word_of_a_person(world):
    by_hand(world, "")
    with pytest.raises(LockedError):
        repair(world.project, confirm=yes, wait_lock=0.1)
    assert world.cli("repair", "--unlock") == 1
    assert len(world.sql("SELECT * FROM peewee_mig_lock")) == 1
    assert world.cli("repair", "--unlock", "--yes") == 0
    assert world.sql("SELECT * FROM peewee_mig_lock") == []


def test_the_lock_goes_although_the_files_are_broken(world, capsys):
    by_hand(world, "")
    (world.migrations / "snapshots" / "0001_step.json").unlink()
    assert world.cli("repair", "--unlock", "--yes") == 5
    assert "committed: the lock was removed" in capsys.readouterr().err
    assert world.sql("SELECT * FROM peewee_mig_lock") == []


# What a run left.


def test_what_is_half_done_is_listed_and_left_to_migrate(half):
    before = half.state()
    finding = only(half, done=True)
    assert (finding.kind, finding.is_repairable) == ("half", False)
    assert states(finding) == ["done", "done", "not done", "not done"]
    assert finding.hint.startswith("peewee-mig migrate")
    assert half.state() == before
    half.sql("DELETE FROM people WHERE id = 4")
    half.migrate()
    assert is_right(half)


def test_rows_that_have_changed_keep_it_half_done(half):
    half.sql("ALTER TABLE people DROP town")
    finding = only(half, done=True)
    assert not finding.is_repairable
    assert "rows may have changed" in finding.catalog


def test_what_was_undone_by_hand_is_forgotten(maria):
    maria.sql(TWIN)
    maria.write((ADD, UNIQUE))
    with pytest.raises(FailedError):
        maria.migrate()
    maria.sql("ALTER TABLE people DROP town")
    assert only(maria, done=True).proposal == "forget that this was begun"
    assert maria.applied() == ["0001_step"]
    assert maria.state()["peewee_mig_journal"] == []
    maria.sql("DELETE FROM people WHERE id = 4")
    maria.migrate()
    assert is_right(maria)


def test_what_was_finished_by_hand_needs_a_word_for_its_own_sql(maria):
    maria.sql(TWIN)
    maria.write((ADD, UNIQUE))
    with pytest.raises(FailedError):
        maria.migrate()
    maria.sql("DELETE FROM people WHERE id = 4", "CREATE UNIQUE INDEX by_name ON people (name)")
    assert "--accept 0002_step" in only(maria, done=True).hint
    assert only(maria, done=True, accept=("0002_step",)).proposal == "record it as applied"
    assert maria.state()["peewee_mig_journal"] == []
    assert is_right(maria)


def test_a_row_that_somebody_deleted_comes_back_from_the_journal(half, capsys):
    half.sql("DELETE FROM peewee_mig_history WHERE name = '0002_step'")
    for command in ("migrate", "baseline"):
        assert half.cli(command) == 5
        assert "see how far it came: peewee-mig repair" in capsys.readouterr().err
    half.sql("DELETE FROM people WHERE id = 4")
    assert "record that it was begun" in only(half, done=True).proposal
    half.migrate()
    assert half.sql("SELECT age FROM people WHERE age IS NOT NULL ORDER BY age") == [
        (3,), (4,), (5,)
    ]  # fmt: skip
    assert is_right(half)


def test_what_is_edited_in_its_done_part_has_to_be_put_back(half):
    half.edit("0002_step", '"VARCHAR(50)"', '"VARCHAR(60)"')
    half.cli("snapshot", "0002_step", "-q")
    assert "put back what made this into its file: ALTER TABLE" in only(half).hint


def test_a_file_that_is_gone_has_to_come_back(half):
    half.remove("0002_step")
    finding = only(half, done=True)
    assert not finding.is_repairable
    assert "git log --diff-filter=D" in finding.hint
    assert states(finding) == ["done", "done", "not done"]


def test_only_what_is_in_doubt_takes_a_word(half):
    for told in ({"done": (1,)}, {"not_done": (3,)}):
        with pytest.raises(UsageError, match="step"):
            repair(half.project, told=Told(**told))


def test_a_step_in_doubt_is_settled_by_a_person(maria):
    maria.sql(CALL)
    maria.write((ADD, 'op.run_sql("CALL older()", [])'))
    with pytest.raises(FailedError):
        maria.migrate()
    finding = only(maria, done=True)
    assert states(finding) == ["done", "in doubt"]
    assert "repair --done 2; if it did nothing: peewee-mig repair --not-done 2" in finding.hint
    assert maria.cli("repair", "--done", "2", "--yes") == 0
    maria.migrate()
    assert is_right(maria)


def test_an_index_that_is_half_made_is_told(databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = made(tmp_path, databases("postgres"))
    world.sql(TWIN)
    world.write(
        (BUMP, 'op.run_sql("CREATE UNIQUE INDEX CONCURRENTLY by_name ON people (name)", [])'),
        atomic=False,
    )
    with pytest.raises(FailedError):
        world.migrate()
    finding = only(world, done=True)
    assert states(finding) == ["done", "half made"]
    drop, _, then = finding.hint.partition(", then: ")
    assert then == "peewee-mig migrate"
    world.sql("DELETE FROM people WHERE id = 4", drop)
    world.migrate()
    assert is_right(world)


def after_kills(world, every, target=None):
    first = 7 if world.is_postgres else 9
    argument = {"target": target, "every": every, "first": first, "how": "kill", "repair": True}
    points, bad = forks(world, "crash", argument)
    assert points > first
    assert bad == []


def test_after_a_kill_repair_is_not_in_the_way(maria):
    maria.write(STEPS[0], STEPS[2])
    after_kills(maria, 100)


@pytest.mark.thorough
@pytest.mark.parametrize("target", [None, "0001_step"])
def test_after_a_kill_anywhere_repair_is_not_in_the_way(world, target):
    world.write(*STEPS)
    if target:
        world.migrate()
    after_kills(world, 10, target)


# Records.


def test_records_on_a_server_are_put_right_like_on_a_file(world):
    world.write(ADD)
    world.migrate()
    world.sql("ALTER TABLE people DROP COLUMN town")
    assert only(world, done=True).proposal == "forget 0002_step"
    world.sql("UPDATE peewee_mig_history SET meta = '{', state = 'failed'")
    assert only(world, done=True).kind == "unreadable"
    assert world.cli("status") == 0
    world.migrate()
    assert is_right(world)


def test_a_history_table_that_lost_a_column_and_its_index(world):
    drop = "DROP INDEX peewee_mig_history_name"
    world.sql(
        "ALTER TABLE peewee_mig_history DROP COLUMN meta",
        drop if world.is_postgres else f"{drop} ON peewee_mig_history",
    )
    result = repair(world.project, confirm=yes)
    assert [each.kind for each in result.findings] == ["table", "table"]
    assert result.done
    assert is_right(world)
    world.write(ADD)
    world.migrate()
