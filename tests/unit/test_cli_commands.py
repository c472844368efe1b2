"""What each subcommand hands to its command, and how it prints the result."""

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from peewee_mig.cli.main import call
from peewee_mig.operations import Rename


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@dataclass
class Fake:
    """A command that notes what it was given and returns a prepared value."""

    result: object
    given: dict = None

    def __call__(self, _project, **given):
        self.given = given
        return self.result


@pytest.fixture
def fake(monkeypatch):
    def install(name, /, **fields):
        command = Fake(SimpleNamespace(to_json=lambda: {"fake": name}, **fields))
        module = SimpleNamespace(**{name: command})
        monkeypatch.setitem(sys.modules, f"peewee_mig.commands.{name}", module)
        return command

    return install


def generated(fake, path=None, *, needed=True):
    return fake(
        "generate",
        name="0001_x",
        path=path,
        snapshot_path=path and path.parent / "snapshots/0001_x.json",
        operations=(Rename("column", "people", "nick", "nickname"),) if needed else (),
        notes=("a note",) if needed else (),
        module_text="operations = []\n",
        needed=needed,
    )


def migrated(fake, name, *directions, statements=(), warnings=()):
    applied = tuple(
        SimpleNamespace(name=f"000{number}_x", direction=direction, seconds=0.25)
        for number, direction in enumerate(directions, 1)
    )
    results = {"applied": applied, "statements": statements, "warnings": warnings}
    return fake(name, database="app.db", landed=(), recorded=(), **results)


def test_generate_hands_its_options_on(fake):
    command = generated(fake)
    call(["generate", "--name", "n", "--amend", "--rename", "a:b", "--rename", "c:d",
          "--using", "t.c=f(c)"])  # fmt: skip
    assert command.given == {
        "name": "n",
        "empty": False,
        "check": False,
        "dry_run": False,
        "amend": True,
        "renames": ("a:b", "c:d"),
        "no_renames": False,
        "fills": {},
        "usings": {"t.c": "f(c)"},
        "ask": None,
    }


def test_generate_tells_what_it_wrote_and_what_to_add(fake, project, capsys):
    generated(fake, project / "migrations/0001_x.py")
    assert call(["generate"]) == 0
    streams = capsys.readouterr()
    assert streams.out == (
        "Wrote migrations/0001_x.py\n"
        "  rename column people.nick to nickname\n"
        "git add migrations/0001_x.py migrations/snapshots/0001_x.json\n"
        "next: peewee-mig migrate\n"
    )
    assert streams.err == "warning: a note\n"


def test_generate_check_is_an_exit_code(fake, capsys):
    generated(fake)
    assert call(["generate", "--check"]) == 1
    assert "A migration is needed:\n  rename column" in capsys.readouterr().out
    generated(fake, needed=False)
    assert call(["generate", "--check"]) == 0
    assert "nothing to generate" in capsys.readouterr().out


def test_generate_dry_run_prints_the_module(fake, capsys):
    generated(fake)
    assert call(["generate", "--dry-run"]) == 0
    assert capsys.readouterr().out == "operations = []\n"


def test_generate_apply_migrates_and_json_stays_one_object(fake, project, capsys):
    generated(fake, project / "migrations/0001_x.py")
    migrated(fake, "migrate", "forward")
    assert call(["generate", "--apply", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"format": 1, "fake": "generate", "migrated": {"fake": "migrate"}}


def test_migrate_hands_its_options_on(fake):
    command = migrated(fake, "migrate", "forward")
    call(shlex.split("migrate 0007 --fill a.b=1 --wait 2 --wait-lock 3 --strict --dry-run"))
    del command.given["listener"]
    assert command.given == {
        "target": "0007",
        "dry_run": True,
        "fills": {"a.b": "1"},
        "wait": 2.0,
        "wait_lock": 3.0,
        "strict": True,
        "confirm": None,
    }


def test_migrate_ends_with_a_summary(fake, capsys):
    migrated(fake, "migrate", "forward", "forward")
    assert call(["migrate"]) == 0
    assert capsys.readouterr().out == "2 migrations applied in 0.50 s: app.db\n"
    migrated(fake, "migrate")
    assert call(["migrate"]) == 0
    assert "Nothing to do: app.db is up to date" in capsys.readouterr().out


def test_migrate_backwards_says_so(fake, capsys):
    migrated(fake, "migrate", "backward")
    call(["migrate", "zero"])
    assert capsys.readouterr().out == "1 migration rolled back in 0.25 s: app.db\n"


def test_migrate_dry_run_prints_statements_only(fake, capsys):
    migrated(fake, "migrate", statements=("-- 0001_x", "CREATE TABLE a (b)"))
    assert call(["migrate", "--dry-run"]) == 0
    assert capsys.readouterr().out == "-- 0001_x\nCREATE TABLE a (b);\n"


def test_a_dry_run_of_nothing_says_so_as_a_comment(fake, capsys):
    migrated(fake, "migrate")
    assert call(["migrate", "--dry-run"]) == 0
    assert capsys.readouterr().out == "-- Nothing to do: app.db is up to date.\n"


def test_a_warning_of_migrate_counts_only_with_strict(fake, capsys):
    migrated(fake, "migrate", warnings=("the database is ahead",))
    assert call(["migrate"]) == 0
    assert "warning: the database is ahead" in capsys.readouterr().err
    assert call(["migrate", "--strict"]) == 1


def test_rollback_asks_nobody_without_a_terminal(fake, capsys):
    command = migrated(fake, "rollback", "backward")
    assert call(shlex.split("rollback 2 --allow-data-loss a.b --allow-data-loss c")) == 0
    assert command.given["confirm"] is None
    assert command.given["target"] == "2"
    assert command.given["allow_data_loss"] == ("a.b", "c")
    assert "1 migration rolled back" in capsys.readouterr().out


def row(name, state):
    return SimpleNamespace(name=name, state=state, applied_at=None, note="")


def test_status_shows_a_table_and_a_summary(fake, capsys):
    rows = (row("0001_x", "applied"), row("0002_longer", "pending"))
    fake("status", rows=rows, pending=1, problems=("edited",), pushed_at="", notes=(), ok=False)
    assert call(["status"]) == 0
    streams = capsys.readouterr()
    assert streams.out == (
        "0001_x       applied\n0002_longer  pending\n1 pending; first mend what the warnings say.\n"
    )
    assert "warning: edited" in streams.err
    assert call(["status", "--check"]) == 1


def test_status_of_an_empty_folder_says_what_to_do(fake, capsys):
    fake("status", rows=(), pending=0, problems=(), pushed_at="", notes=(), ok=True)
    assert call(["status", "--check"]) == 0
    assert "peewee-mig generate" in capsys.readouterr().out


def test_sql_tells_its_assumptions_as_comments(fake, capsys):
    command = fake("sql", text="CREATE TABLE a (b);\n", assumptions=("PostgreSQL 15",))
    assert (
        call(shlex.split("sql 0001 0002 --dialect postgresql --server-version 15 --backward")) == 0
    )
    assert command.given == {
        "names": ("0001", "0002"),
        "dialect": "postgresql",
        "server_version": "15",
        "backward": True,
        "schema": False,
    }
    assert capsys.readouterr().out == "-- PostgreSQL 15\nCREATE TABLE a (b);\n"


def checked(fake, *findings):
    fields = ("file", "line", "message", "hint", "severity")
    found = tuple(SimpleNamespace(**dict(zip(fields, one, strict=True))) for one in findings)
    return fake("check", findings=found, ok=not findings)


def test_check_speaks_text_and_github(fake, capsys):
    checked(fake, ("m/a,1.py", 3, "100% wrong", "mend it", "error"), ("", 0, "odd", "", "warning"))
    assert call(["check"]) == 1
    text = capsys.readouterr().out
    assert text.startswith("m/a,1.py:3: error: 100% wrong\n  next: mend it\nwarning: odd\n")
    assert call(["check", "--format", "github"]) == 1
    assert capsys.readouterr().out == (
        "::error file=m/a%2C1.py,line=3::100%25 wrong%0Amend it\n::warning::odd\n"
    )
    assert call(["check", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"format": 1, "fake": "check"}


def test_check_of_a_good_history_exits_with_0(fake, capsys):
    checked(fake)
    assert call(["check"]) == 0
    assert capsys.readouterr().out == "All is well.\n"


def test_drop_and_snapshot_name_what_they_did(fake, capsys):
    fake("drop", name="0002_x")
    assert call(["drop", "0002"]) == 0
    assert "Deleted 0002_x" in capsys.readouterr().out
    fake("snapshot", name="0002_x", path=Path("migrations/snapshots/0002_x.json"))
    assert call(["snapshot", "0002"]) == 0
    assert "git add migrations/snapshots/0002_x.json" in capsys.readouterr().out
