"""Tracked seeds: what counts as their code, when they run once, and when again."""

import itertools
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from peewee_mig.cli.main import call
from peewee_mig.commands.seed_checksum import seed_checksum
from peewee_mig.dialects import get_dialect
from peewee_mig.errors import UsageError
from peewee_mig.history.records import OwnTables
from peewee_mig.seeds import seed

NUMBERS = itertools.count(1)

# What is the code of a seed: pure.

SEEDS = """
import os
from pkg.data import ROWS, helper as h
from pkg import more
from . import near
from .stars import *
X = {"a": 1}
Y = 2
X["b"] = 3
X.update(c=4)
if os.name:
    Z = 5

@seed(tags=["x"])
@noted
def roles():
    "doc"
    from pkg.late import LATE
    use(X, more.M, Z, near.N, STAR)  # comment
    h()

def noted(f):
    return f

@seed()
def other():
    return Y
"""
FILES = {
    "pkg": "",
    "pkg.seeds": SEEDS,
    "pkg.data": "ROWS = [1]\nK = 5\ndef helper():\n    return K\n",
    "pkg.more": "M = 1",
    "pkg.near": "N = 1",
    "pkg.stars": "STAR = 1\nOTHER = 1",
    "pkg.late": "LATE = 1",
}
LINE = SEEDS.split("\n").index("def roles():") + 1


def sum_of(old="", new="", files=FILES):
    changed = {name: text.replace(old, new) if old else text for name, text in files.items()}
    place = changed["pkg.seeds"].split("\n").index("def roles():") + 1
    return seed_checksum(changed, "pkg.seeds", place)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("use(X,", "use(1, X,"),
        ('"a": 1', '"a": 2'),
        ("= 3", "= 4"),
        ("c=4", "c=5"),
        ("Z = 5", "Z = 6"),
        ("K = 5", "K = 6"),
        ("M = 1", "M = 2"),
        ("N = 1", "N = 2"),
        ("STAR = 1", "STAR = 2"),
        ("LATE = 1", "LATE = 2"),
        ("return f", "return 1"),
    ],
)
def test_what_a_seed_names_is_its_code(old, new):
    assert sum_of(old, new) != sum_of()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('tags=["x"]', 'tags=["y"], tracked=True'),
        ('"doc"', '"another"'),
        ("# comment", ""),
        ("use(X, ", "use(\n        X,\n        "),
        ("return Y", "return 7"),
        ("Y = 2", "Y = 3"),
        ("ROWS = [1]", "ROWS = [2]"),
        ("OTHER = 1", "OTHER = 2"),
        ("import os", "\n\nimport os"),
    ],
)
def test_what_a_seed_does_not_name_is_not(old, new):
    assert sum_of(old, new) == sum_of()


def test_any_line_of_the_function_will_do():
    assert {seed_checksum(FILES, "pkg.seeds", line) for line in range(LINE - 2, LINE + 5)} == {
        sum_of()
    }


# Runs.

MODELS = """
from peewee import *
class Note(Model):
    text = CharField(max_length=50)
"""
UNITS = """
from MODELS import Note
from peewee_mig.seeds import seed

TEXT = "first"

@seed(tracked=True)
def notes():
    Note.create(text=TEXT)

@seed(after=["notes"])
def always():
    Note.create(text="always")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    number = next(NUMBERS)
    models, seeds = f"tracked_models_{number}", f"tracked_units_{number}"
    Path(f"{models}.py").write_text(MODELS, encoding="utf-8")
    Path(f"{seeds}.py").write_text(UNITS.replace("MODELS", models), encoding="utf-8")
    Path("peewee_mig.toml").write_text(
        f'models = ["{models}"]\nseeds = ["{seeds}"]\ndatabase = "app.db"\n', encoding="utf-8"
    )
    return Path(f"{seeds}.py")


@pytest.fixture
def said(project, capsys):
    def said(*args, code=0):
        assert call([*args, "--no-input"]) == code, capsys.readouterr()
        out, err = capsys.readouterr()
        return err if code else out

    said("generate", "--name", "initial")
    said("migrate")
    return said


def edit(path, old, new):
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    sys.modules.pop(path.stem, None)  # as in a process of its own


def query(sql):
    with closing(sqlite3.connect("app.db")) as connection:
        return connection.execute(sql).fetchall()


def texts():
    return [text for (text,) in query("SELECT text FROM note ORDER BY id")]


def test_it_runs_once_until_its_code_changes(said, project):
    assert said("seed") == "  notes: done\n  always: done\nSeeded: app.db, 2 seeds.\n"
    assert said("seed") == "  always: done\nSeeded: app.db, 1 seed.\nran before: notes\n"
    edit(project, "def notes", "# what it is about\ndef notes")
    said("seed")
    assert texts() == ["first", "always", "always", "always"]
    edit(project, '"first"', '"second"')
    assert "  notes: done\n" in said("seed")
    assert texts()[-2:] == ["second", "always"]
    assert query("SELECT count(*) FROM peewee_mig_seeds") == [(1,)]


def test_all_may_be_tracked_and_all_may_run_again(said):
    said("seed", "--track")
    shown = said("seed", "--track")
    assert shown == "Seeded: app.db, 0 seeds.\nran before: notes, always\n"
    assert "2 seeds" in said("seed", "--track", "--again")
    assert "1 seed." in said("seed", "--only", "notes", "--again")
    assert texts() == ["first", "always", "first", "always", "first"]


def test_json_and_the_dry_run_tell_which_are_tracked(said):
    planned = json.loads(said("seed", "--dry-run", "--json"))["planned"]
    assert [each["tracked"] for each in planned] == [True, False]
    assert "notes" in said("seed", "--dry-run").splitlines()[0]
    assert said("seed", "--dry-run").splitlines()[0].endswith("once")
    said("seed")
    answer = json.loads(said("seed", "--json"))
    assert ([each["name"] for each in answer["ran"]], answer["skipped"]) == (["always"], ["notes"])


def test_one_that_fails_is_not_recorded(said, project):
    edit(project, "text=TEXT)", "text=TEXT)\n    raise ValueError('no')")
    assert "the seed 'notes' failed" in said("seed", code=3)
    edit(project, "raise ValueError('no')", "pass")
    assert "notes: done" in said("seed")
    assert texts() == ["first", "always"]


def test_what_was_rolled_back_is_seeded_again(said):
    said("seed", "notes")
    said("rollback", "--allow-data-loss", "all")
    said("migrate")
    assert "notes: done" in said("seed", "notes")
    assert texts() == ["first"]


def test_a_later_migration_that_comes_and_goes_changes_nothing(said):
    said("seed", "notes")
    said("generate", "--empty", "--name", "more", "--apply")
    assert "ran before: notes" in said("seed", "notes")
    said("rollback")
    said("migrate")
    assert "ran before: notes" in said("seed", "notes")


def test_a_migration_that_got_another_name_is_the_same(said):
    said("seed", "notes")
    old, new = Path("migrations/0001_initial.py"), Path("migrations/0001_begin.py")
    text = old.read_text(encoding="utf-8").replace(
        "depends_on", 'was = ["0001_initial"]\n\ndepends_on'
    )
    new.write_text(text, encoding="utf-8")
    Path("migrations/snapshots/0001_initial.json").rename("migrations/snapshots/0001_begin.json")
    old.unlink()
    assert "ran before: notes" in said("seed", "notes")


@pytest.mark.parametrize("target", ["zero", "0001"])
def test_what_was_rolled_back_in_a_squash_is_seeded_again(said, target):
    said("generate", "--empty", "--name", "more", "--apply")
    said("seed", "notes")
    if target == "0001":
        said("rollback")
        said("migrate")
    said("squash", "--all")
    said("migrate")
    if target == "zero":
        assert "ran before: notes" in said("seed", "notes")
        said("generate", "--empty", "--name", "later", "--apply")
        said("squash", "--all")
        said("migrate")
        assert "ran before: notes" in said("seed", "notes")
        said("rollback", "zero", "--allow-data-loss", "all")
        said("migrate")
    assert "notes: done" in said("seed", "notes")


def test_a_reset_forgets_and_seeds_anew(said):
    said("seed")
    said("reset", "--allow-data-loss", "all")
    assert texts() == ["first", "always"]
    assert "ran before: notes" in said("seed", "notes")


def test_the_table_is_nobodys_difference(said):
    said("seed")
    assert "No drift" in said("diff")
    assert said("status").endswith("Up to date.\n")
    assert "peewee_mig_seeds" not in said("pull")


def test_who_is_faster_is_not_repeated(said, project, monkeypatch):
    """Another process runs the seed between the look at the records and the transaction."""
    from peewee_mig.commands.seed_tracked import Tracking

    said("seed", "notes")
    looks, real = itertools.count(), Tracking.ran
    monkeypatch.setattr(Tracking, "ran", lambda self: real(self) if next(looks) > 1 else ())
    shown = said("seed", "notes")
    assert shown == "Seeded: app.db, 0 seeds.\nran before: notes\n"
    assert texts() == ["first"]


def test_a_row_of_a_newer_version_is_refused(said):
    said("seed", "notes")
    with closing(sqlite3.connect("app.db")) as connection, connection:
        connection.execute("UPDATE peewee_mig_seeds SET format = 99")
    error = said("seed", "notes", code=5)
    assert "a newer peewee-mig recorded the seed notes (format 99)" in error


def test_without_a_source_nothing_is_tracked(said, project, monkeypatch):
    monkeypatch.setattr("importlib.machinery.SourceFileLoader.get_source", lambda self, name: None)
    error = said("seed", code=2)
    assert f"the module {project.stem} has no source here" in error


def test_names_that_differ_in_case_are_two(said, project):
    edit(project, "@seed(after", '@seed("Notes", tracked=True)\ndef loud(): pass\n@seed(after')
    said("seed")
    assert query("SELECT name FROM peewee_mig_seeds ORDER BY name") == [("Notes",), ("notes",)]


def test_a_decorator_of_another_module_hides_no_seed(said, project):
    Path("elsewhere_noted.py").write_text(
        "import functools\n"
        "def wrapped(f):\n    @functools.wraps(f)\n    def g(): return f()\n    return g\n"
        "def bare(f):\n    def g(): return f()\n    return g\n",
        encoding="utf-8",
    )
    edit(
        project,
        "TEXT =",
        "from elsewhere_noted import bare, wrapped\n"
        '@seed("one", tracked=True)\n@wrapped\ndef one(): pass\n'
        '@seed("two", tracked=True)\n@bare\ndef two(): pass\nTEXT =',
    )
    assert "4 seeds" in said("seed")
    edit(project, "def two(): pass", "def two(): print(2)")
    assert "two: done" in (shown := said("seed"))
    assert "ran before: one, notes" in shown


def test_tracked_is_true_or_false():
    with pytest.raises(UsageError, match="True or False, not 'yes'"):
        seed(tracked="yes")(lambda: None)


@pytest.mark.parametrize("engine", ["sqlite", "postgres", "mysql"])
def test_the_table_is_spelled_for_each_engine(engine):
    from peewee_mig.history.records import RecordTable
    from peewee_mig.history.seed_table import SeedTable

    dialect = get_dialect(engine)
    (sql,) = SeedTable(RecordTable(dialect, OwnTables("x_history").seeds)).create()
    assert dialect.quote("x_seeds") in sql
    assert "PRIMARY KEY" in sql
