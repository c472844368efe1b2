"""status: what rows say that no run of migrate leaves behind."""

import json
import shutil

import pytest
from compare_world import AGE, PEOPLE, World

from peewee_mig.dialects import get_dialect
from peewee_mig.history.table import HistoryTable
from peewee_mig.runner.recording import push_row


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path)
    world.write(PEOPLE, AGE)
    return world


def told(world, capsys, *args):
    code = world.cli("status", "--check", *args)
    streams = capsys.readouterr()
    return code, streams.out + streams.err


@pytest.mark.parametrize(
    ("direction", "half", "command"),
    [("forward", "applied", "migrate"), ("backward", "undone", "rollback")],
)
def test_what_was_begun_is_told_with_the_command_that_finishes_it(
    world, capsys, direction, half, command
):
    world.cli("migrate", "-q")
    change = f"state = 'running', direction = '{direction}'"
    world.sql(f"UPDATE peewee_mig_history SET {change} WHERE name = '0002_step'")
    code, text = told(world, capsys)
    assert code == 1
    assert "0002_step  begun" in text
    assert f"warning: 0002_step is half {half}. next: peewee-mig {command}\n" in text


def test_what_was_begun_elsewhere_is_told_once(world, capsys):
    world.cli("migrate", "-q")
    world.sql("UPDATE peewee_mig_history SET state = 'running' WHERE name = '0002_step'")
    for path in world.migrations.rglob("0002_step*"):
        path.unlink()
    _, text = told(world, capsys)
    assert text.count("warning:") == 1


def test_a_baselined_database_is_up_to_date(world, capsys):
    world.cli("migrate", "-q")
    world.forget()
    world.cli("baseline", "-q")
    code, text = told(world, capsys)
    assert code == 0
    assert "0001_step  baselined" in text
    assert "Up to date." in text


def test_a_push_is_told_and_is_no_migration(world, capsys):
    world.cli("migrate", "0001", "-q")
    row = push_row("", ["people"])
    world.sql(HistoryTable(get_dialect("sqlite")).insert(row))
    code, text = told(world, capsys)
    assert code == 1
    assert "(push)" not in text
    assert f"This database was pushed at {row.finished}; next: peewee-mig baseline\n" in text
    assert text.endswith("1 pending.\n")
    world.cli("status", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["pushed_at"] == row.finished
    assert [each["name"] for each in answer["migrations"]] == ["0001_step", "0002_step"]


def test_a_push_that_did_not_finish_is_finished_first(world, capsys):
    world.cli("migrate", "0001", "-q")
    row = push_row("", ["people"], begun=True)
    world.sql("DROP TABLE people", HistoryTable(get_dialect("sqlite")).insert(row))
    code, text = told(world, capsys)
    assert code == 1
    assert "a push was begun here and not finished. next: peewee-mig push" in text
    assert "baseline" not in text
    assert world.cli("migrate") == 5
    assert "finish it: peewee-mig push" in capsys.readouterr().err
    world.sql("CREATE TABLE people (x INTEGER)")
    assert world.cli("baseline") == 5
    assert "next: finish the push that was begun here: peewee-mig push" in capsys.readouterr().err
    assert world.cli("diff") == 1
    assert "not finished; next: peewee-mig push" in capsys.readouterr().err


def test_a_folder_that_does_not_exist_is_wrong_only_where_it_is_checked(world, capsys):
    shutil.rmtree(world.folder / "migrations")
    capsys.readouterr()
    assert world.cli("status") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("No migrations yet. next: peewee-mig generate")
    assert printed.err.startswith("warning: the folder migrations does not exist. next: ship it")
    assert world.cli("status", "--check") == 1
