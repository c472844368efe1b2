"""Hooks: the project's functions around the commands that change a database."""

import itertools
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from peewee_mig.cli.main import call
from peewee_mig.errors import UsageError
from peewee_mig.hooks import after, before

NUMBERS = itertools.count()
MODELS = """
from peewee import Model, TextField


class Person(Model):
    name = TextField()
"""
MORE = "    age = TextField(null=True)\n"
WRITES = """
from pathlib import Path

from peewee_mig.hooks import Moment, after, before


def note(side, moment):
    moved = " ".join(f"{each.direction} {each.name}" for each in moment.migrations)
    words = [side, moment.command, Path(moment.database).name, moved, ", ".join(moment.names)]
    words += [f"failed: {moment.error.message}"] if moment.error else []
    with open("log", "a") as file:
        print(" | ".join(filter(None, words)), file=file)


@before("migrate", "rollback", "push", "seed")
def first(moment: Moment) -> None:
    note("before", moment)


@after("migrate", "rollback", "push", "seed")
def last(moment: Moment) -> None:
    assert moment.seconds >= 0
    note("after", moment)
"""


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def configure(hooks, *lines, more=""):
    number = next(NUMBERS)
    Path(f"hook_models_{number}.py").write_text(MODELS + more)
    Path(f"own_hooks_{number}.py").write_text(hooks)
    words = [
        "[peewee_mig]",
        f"models = hook_models_{number}",
        f"hooks = own_hooks_{number}",
        "database = app.db",
        *lines,
    ]
    Path("setup.cfg").write_text("\n".join(words) + "\n")


def log():
    path = Path("log")
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def tables():
    with sqlite3.connect("app.db") as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def test_migrations_stand_between_their_hooks():
    configure(WRITES)
    assert call(["generate", "-q"]) == 0
    configure(WRITES, more=MORE)
    assert call(["generate", "-q"]) == 0
    assert call(["migrate", "--dry-run"]) == 0
    assert log() == []
    assert call(["migrate"]) == 0
    both = "forward 0001_initial forward 0002_add_person_age"
    assert log() == [f"before | migrate | app.db | {both}", f"after | migrate | app.db | {both}"]
    assert call(["migrate"]) == 0
    assert log() == []
    assert call(["rollback"]) == 0
    back = "backward 0002_add_person_age"
    assert log() == [f"before | rollback | app.db | {back}", f"after | rollback | app.db | {back}"]


def test_what_is_refused_has_no_hooks():
    configure(WRITES)
    assert call(["generate", "-q", "--apply"]) == 0
    log()
    with sqlite3.connect("app.db") as connection:
        connection.execute("INSERT INTO person (name) VALUES ('Ada')")
    assert call(["rollback"]) == 5
    assert log() == []
    assert call(["rollback", "--allow-data-loss", "all"]) == 0
    assert len(log()) == 2


def test_a_hook_that_raises_before_stops_everything(capsys):
    configure(
        "from peewee_mig.hooks import before\n\n\n"
        "@before('migrate')\ndef no(moment):\n    raise ValueError('not today')\n"
    )
    assert call(["generate", "-q"]) == 0
    capsys.readouterr()
    assert call(["migrate"]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "error: the hook 'no' (before migrate) failed"
    assert lines[1].endswith(".py:6")
    assert lines[2:] == [
        "  reason:    ValueError: not today",
        "  committed: nothing was changed",
        "next: correct that, then: peewee-mig migrate",
    ]
    assert "person" not in tables()


def test_what_was_recorded_before_the_hook_is_told(capsys):
    configure(WRITES)
    assert call(["generate", "--name", "initial"]) == 0
    with sqlite3.connect("app.db") as connection:
        connection.execute('CREATE TABLE "person" ("id" INTEGER NOT NULL PRIMARY KEY,'
                           ' "name" TEXT NOT NULL)')  # fmt: skip
    refusing = WRITES.replace('    note("before", moment)', "    1 / 0")
    configure(refusing, more=MORE)
    assert call(["generate", "--name", "age"]) == 0
    capsys.readouterr()
    assert call(["migrate", "--yes"]) == 3
    said = capsys.readouterr().err
    assert "committed: that the database has 0001_initial is recorded\n" in said


def test_a_hook_may_refuse_in_its_own_words(capsys):
    configure(
        "from peewee_mig.errors import RefusedError\nfrom peewee_mig.hooks import before\n\n\n"
        "@before('migrate')\ndef no(moment):\n"
        "    raise RefusedError('no deployments on Fridays', hint='come back on Monday')\n"
    )
    assert call(["generate", "-q"]) == 0
    capsys.readouterr()
    assert call(["migrate"]) == 5
    said = capsys.readouterr().err
    assert said.startswith("error: no deployments on Fridays\n")
    assert said.endswith("next: come back on Monday\n")
    assert "person" not in tables()


def test_a_hook_that_raises_after_is_told_with_what_stays(capsys):
    configure(
        "from peewee_mig.hooks import after\n\n\n"
        "@after('migrate')\ndef tell(moment):\n    raise OSError('no network')\n"
    )
    assert call(["generate", "-q"]) == 0
    capsys.readouterr()
    assert call(["migrate", "--json"]) == 3
    said = json.loads(capsys.readouterr().out)
    assert said["error"] == "the hook 'tell' (after migrate) failed"
    assert said["hint"] == (  # `rollback` once more would undo one more
        "correct that; migrate itself is done, and is not to be run again for it"
    )
    assert said["committed"] == "0001_initial"
    assert "person" in tables()


def test_a_failure_reaches_the_hook_after():
    configure(WRITES)
    assert call(["generate", "-q", "--apply"]) == 0
    configure(WRITES, more=MORE)
    assert call(["generate", "-q", "--name", "age"]) == 0
    assert call(["generate", "-q", "--empty", "--name", "own"]) == 0
    path = Path("migrations/0003_own.py")
    text = path.read_text()
    wrong = 'operations: list[op.Operation] = [op.run_sql("INSERT INTO nowhere VALUES (1)", "")]'
    path.write_text(text[: text.index("\noperations") + 1] + wrong + "\n")
    log()
    assert call(["migrate"]) == 3
    first, last = log()
    assert first == "before | migrate | app.db | forward 0002_age forward 0003_own"
    assert last.startswith("after | migrate | app.db | forward 0002_age | failed: ")


def test_two_failures_are_both_told(capsys):
    configure(
        "from peewee_mig.hooks import after\n\n\n"
        "@after('migrate')\ndef tell(moment):\n    raise OSError('no network')\n"
    )
    assert call(["generate", "-q", "--empty", "--name", "own"]) == 0
    path = Path("migrations/0001_own.py")
    text = path.read_text()
    wrong = 'operations: list[op.Operation] = [op.run_sql("INSERT INTO nowhere VALUES (1)", "")]'
    path.write_text(text[: text.index("\noperations") + 1] + wrong + "\n")
    capsys.readouterr()
    assert call(["migrate"]) == 3
    said = capsys.readouterr().err
    assert "no such table: nowhere" in said
    assert "the hook 'tell' (after migrate) failed (OSError: no network)" in said


def test_a_push_and_seeds_have_hooks():
    configure(WRITES, "seeds = hook_seeds")
    Path("hook_seeds.py").write_text(
        "from peewee_mig.seeds import seed\n\n\n@seed()\ndef one():\n    pass\n\n\n"
        "@seed(after=['one'])\ndef two():\n    raise ValueError('no')\n"
    )
    assert call(["push"]) == 0
    create = "create table person (id, name)"
    assert log() == [f"before | push | app.db | {create}", f"after | push | app.db | {create}"]
    assert call(["seed"]) == 3
    first, last = log()
    assert first == "before | seed | app.db | one, two"
    assert last == "after | seed | app.db | one | failed: the seed 'two' failed"


def test_a_module_that_is_not_there_stops_before_anything(capsys):
    configure(WRITES)
    assert call(["generate", "-q"]) == 0
    words = Path("setup.cfg").read_text()
    Path("setup.cfg").write_text(words.replace("hooks = own", "hooks = other"))
    capsys.readouterr()
    assert call(["migrate"]) == 2
    assert "there is no module other_hooks" in capsys.readouterr().err
    assert "person" not in tables()


@pytest.mark.parametrize("side", [before, after])
def test_what_cannot_be_a_hook_is_refused(side):
    with pytest.raises(UsageError, match="names 'migrat', which is no command"):
        side("migrat")
    with pytest.raises(UsageError, match="names nothing"):
        side()
    with pytest.raises(UsageError, match="cannot be called with one argument"):

        @side("migrate")
        def takes_none():
            pass

    with pytest.raises(UsageError, match="plain functions"):

        @side("migrate")
        async def waits(_moment):
            pass

    with pytest.raises(UsageError, match="plain functions"):
        side("migrate")(print)


def test_a_project_without_hooks_imports_nothing_for_them():
    Path("setup.cfg").write_text("[peewee_mig]\ndatabase = app.db\n")
    Path("migrations").mkdir()
    before_call = set(sys.modules)
    assert call(["migrate"]) == 0
    assert "peewee_mig.sources.seeding" not in set(sys.modules) - before_call
