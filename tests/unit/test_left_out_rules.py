"""include and exclude: which words leave what out, and what a comparison sees of it."""

import itertools
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from peewee_mig.cli.main import call
from peewee_mig.commands.filters import read_filter
from peewee_mig.dialects.base import Inspection, Unmanaged
from peewee_mig.runner.catalog import without_excluded
from peewee_mig.schema.filtering import EVERYTHING, Filter, joined, key_table, sides
from peewee_mig.schema.objects import Column, ForeignKey, Index, PrimaryKey, Table
from peewee_mig.schema.schema import Schema
from peewee_mig.schema.standalone import EnumType, RawObject, Sequence, View, VirtualTable
from peewee_mig.schema.types import ColumnType, native_type

NUMBERS = itertools.count()
INT = ColumnType("INT")


def table(name, *keys, more=()):
    columns = [Column("id", INT), *(Column(f"{each}_id", INT) for each in keys), *more]
    found = tuple(ForeignKey((f"{each}_id",), each, ("id",)) for each in keys)
    return Table(name, tuple(columns), PrimaryKey(("id",)), foreign_keys=found)


def view(name):
    return View(name, "SELECT 1")


def trigger(name, on):
    return RawObject("trigger", name, (("", "x"),), (("", "y"),), on)


@pytest.mark.parametrize(
    ("include", "exclude", "kind", "name", "left_out"),
    [
        ((), (), "table", "order", False),
        ((), ("audit_*",), "table", "audit_entry", True),
        ((), ("audit_*",), "view", "audit_words", True),
        ((), ("audit_*",), "table", "old_audit_entry", False),
        ((), ("entry",), "table", "audit.entry", True),
        ((), ("audit.*",), "table", "audit.entry", True),
        ((), ("audit.*",), "table", "entry", False),
        ((), ("Audit",), "table", "audit", False),
        (("app_*",), (), "table", "app_person", False),
        (("app_*",), (), "table", "person", True),
        (("app_*",), ("app_tmp",), "table", "app_tmp", True),
        (("app_*", "person"), (), "table", "person", False),
        ((lambda kind, _: kind == "table",), (), "view", "person", True),
        ((), (lambda kind, name: (kind, name) == ("view", "a.b"),), "view", "a.b", True),
    ],
)
def test_rules(include, exclude, kind, name, left_out):
    assert Filter(include, exclude).leaves_out(kind, name) is left_out


def test_what_hangs_on_what_is_left_out_is_left_out():
    objects = (
        view("audit_words"),
        view("words"),
        VirtualTable("audit_search", "fts5", ("x",)),
        trigger("one", "audit"),
        trigger("two", "person"),
        trigger("three", "audit_words"),
        RawObject("function", "audit_it", (("", "x"),), (("", "y"),)),
        Sequence("audit_numbers"),
    )
    whole = Schema.of([table("audit"), table("person")], objects)
    managed = Filter(exclude=("audit*",)).managed(whole)
    assert managed.names == {"person"}
    assert {each.name for each in managed.objects} == {
        "words",
        "two",
        "audit_it",
        "audit_numbers",
    }
    assert EVERYTHING.managed(whole) is whole
    assert EVERYTHING.outside(whole) == Schema()
    assert not EVERYTHING


def test_a_catalog_without_what_is_left_out():
    things = (
        Unmanaged("view", "audit_words"),
        Unmanaged("virtual table", "audit_search"),
        Unmanaged("trigger", "t", table="audit"),
        Unmanaged("trigger", "t", table="person"),
        Unmanaged("function", "audit_it"),
    )
    found = Inspection(Schema.of([table("audit"), table("person", "audit")]), things)
    left = without_excluded(found, Filter(exclude=("audit*",)))
    assert left.schema == Schema.of([table("person", "audit")])  # with its key
    assert left.unmanaged == things[3:]
    assert without_excluded(found, EVERYTHING) is found


def test_sides_differ_in_what_is_managed_only():
    """What is left out is as it was before; keys from there to managed tables do not count."""
    without = Filter(exclude=("audit", "account"))
    before = Schema.of([table("audit", "person"), table("person"), table("gone")])
    after = Schema.of([table("audit", "order"), table("order", "account"), table("account")])
    both = sides(before, after, without)
    assert both.before == Schema.of(
        [
            table("audit", more=[Column("person_id", INT)]),
            table("person"),
            table("gone"),
            table("account"),
        ]
    )
    assert both.after == Schema.of(
        [
            table("audit", more=[Column("person_id", INT)]),
            table("order", "account"),
            table("account"),
        ]
    )
    assert both.unknown == (table("account"),)
    assert sides(before, after, EVERYTHING).unknown == ()


def test_what_columns_of_others_need_is_not_dropped():
    """Their enum types and sequences stay, as long as no model has another word on them."""
    without = Filter(exclude=("audit",))
    mood, other = EnumType("Mood", ("a", "b")), EnumType("other", ("a",))
    numbers, more = Sequence("numbers"), Sequence("more")
    columns = [Column("mood", native_type('"Mood"')), Column("n", INT, sequence="numbers")]
    objects = (mood, other, numbers, more)
    before = Schema.of([table("audit", more=columns), table("person")], objects)
    both = sides(before, Schema.of([table("person")]), without)
    assert both.before.objects == before.objects
    assert set(both.after.objects) == {mood, numbers}
    changed = EnumType("Mood", ("a", "b", "c"))
    both = sides(before, Schema.of([table("person")], [changed]), without)
    assert set(both.after.objects) == {changed, numbers}


def test_keys_between_tables_that_are_left_out_stay():
    without = Filter(exclude=("a*",))
    before = Schema.of([table("a1", "a2", "person"), table("a2"), table("person")])
    kept = sides(before, Schema.of([table("person")]), without).before.table("a1")
    assert [each.referred_table for each in kept.foreign_keys] == ["a2"]


def test_joined_adds_what_is_named_and_not_there():
    one, other = Schema.of([table("a")]), Schema.of([table("a", "b"), table("b"), table("c")])
    assert joined(one, other, ["a", "b"]) == Schema.of([table("a"), table("b")])


def test_what_a_key_needs_of_a_table():
    whole = Table(
        "t",
        (Column("id", INT), Column("code", INT), Column("text", INT)),
        PrimaryKey(("id",)),
        (Index("t_code", ("code",), unique=True), Index("t_text", ("text",))),
    )
    assert key_table(whole) == Table(
        "t",
        whole.columns[:2],
        whole.primary_key,
        (Index("t_code", ("code",), unique=True),),
    )
    bare = Table("t", (Column("x", INT),))
    assert key_table(bare) == bare


# The configuration.


MODELS = """
from peewee import ForeignKeyField, Model, TextField


class Person(Model):
    name = TextField()


class AuditEntry(Model):
    text = TextField()
    person = ForeignKeyField(Person)

    class Meta:
        table_name = "audit_entry"


class Plain(Model):
    text = TextField()
"""
RULES = """
def is_ours(kind, name):
    return {answer}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def configure(*lines, models=MODELS, answer="name != 'audit_entry'"):
    number = next(NUMBERS)
    Path(f"rule_models_{number}.py").write_text(models)
    Path(f"rules_{number}.py").write_text(RULES.format(answer=answer))
    lines = [f"models = rule_models_{number}", "database = sqlite:///app.db", *lines]
    text = "\n".join(["[peewee_mig]", *lines, ""]).replace("RULES", f"rules_{number}")
    Path("setup.cfg").write_text(text)


def run(*args):
    return call([*args, "--no-input"])


def generated(capsys):
    capsys.readouterr()
    assert run("generate", "--dry-run", "--json") == 0
    operations = json.loads(capsys.readouterr().out)["operations"]
    return {each["table"] for each in operations if each["op"] == "create_table"}


@pytest.mark.parametrize(
    ("line", "tables"),
    [
        ("exclude = audit_*", {"person", "plain"}),
        ("include = person, plain", {"person", "plain"}),
        ("include = RULES:is_ours", {"person", "plain"}),
        ("include = *\nexclude = plain", {"person", "audit_entry"}),
    ],
)
def test_settings(project, capsys, line, tables):
    configure(line.replace("\n", "\n"))
    assert generated(capsys) == tables


@pytest.mark.parametrize(
    ("rule", "answer", "said"),
    [
        ("RULES:is_theirs", "True", "has no function 'is_theirs'"),
        ("RULES:", "True", "has no function ''"),
        ("nowhere_at_all:rule", "True", "there is no module nowhere_at_all"),
        ("RULES:is_ours", "None", "returned None for table"),
        ("RULES:is_ours", "1 / 0", "fails: ZeroDivisionError"),
    ],
)
def test_a_function_that_does_not_answer(project, capsys, rule, answer, said):
    configure(f"exclude = {rule}", answer=answer)
    assert run("generate") == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert not Path("migrations").exists()


def test_a_function_is_asked_once_for_a_name(project):
    Path(f"asked_{(number := next(NUMBERS))}.py").write_text(
        "asked = []\n\n\ndef rule(kind, name):\n    asked.append((kind, name))\n"
        "    return len(asked) < 2\n"
    )
    found = read_filter((), (f"asked_{number}:rule",), project)
    assert found.leaves_out("table", "a")
    assert found.leaves_out("table", "a")
    assert not found.leaves_out("view", "a")


def test_what_is_left_out_is_not_read(project, capsys):
    """A model that nobody understands is no obstacle."""
    odd = "\n\nclass Odd(Model):\n    class Meta:\n        constraints = ['nobody knows this']\n"
    configure(models=MODELS + odd)
    assert run("generate", "--check") == 2
    configure("exclude = odd", models=MODELS + odd)
    assert generated(capsys) == {"person", "audit_entry", "plain"}


def test_a_managed_table_that_a_key_of_others_needs_is_not_dropped(project, capsys):
    """The history knows the key; the way out is to take the other table out of it."""
    configure()
    assert run("generate", "--name", "initial") == 0
    assert run("migrate") == 0
    capsys.readouterr()
    configure("exclude = audit_*", models=MODELS[: MODELS.index("class Person")] + PLAIN)
    assert run("generate") == 5
    error = capsys.readouterr().err
    assert "person" in error
    assert "audit_entry" in error
    assert "op.state_only" in error
    assert len(list(Path("migrations").glob("*.py"))) == 1


def test_a_rename_beside_a_key_of_what_is_left_out(project, capsys):
    """The key of the table that is left out follows, in the history as in the database."""
    configure()
    assert run("generate", "--name", "initial") == 0
    assert run("migrate") == 0
    configure("exclude = audit_*", models=MODELS.replace("Person", "Human"))
    assert run("generate", "--rename", "person:human", "--name", "human") == 0
    text = Path("migrations/0002_human.py").read_text()
    assert "rename_table" in text
    assert "audit" not in text
    assert run("migrate") == 0
    assert run("check") == 0
    assert run("diff") == 0
    with closing(sqlite3.connect("app.db")) as connection:
        (key,) = connection.execute("PRAGMA foreign_key_list(audit_entry)").fetchall()
    assert key[2] == "human"


PLAIN = """
class Plain(Model):
    text = TextField()
"""


def test_views_of_others(project, capsys):
    answer = "kind == 'view' or name in ('audit_entry', 'plain')"
    configure("exclude = RULES:is_ours", answer=answer)
    with closing(sqlite3.connect("app.db")) as connection:
        connection.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        connection.execute("CREATE VIEW names AS SELECT name FROM person")
        connection.execute("CREATE TABLE audit_entry (x INT)")
        connection.execute(
            "CREATE TRIGGER t AFTER INSERT ON audit_entry BEGIN SELECT 1; END",
        )
    assert run("pull") == 0
    out, err = capsys.readouterr()
    assert "class Person" in out
    assert "names" not in out + err
    assert "audit" not in out + err
    assert run("pull", "--update", "--json") == 0
    advised = capsys.readouterr().out
    assert "names" not in advised
    assert "audit" not in advised


def test_verify_makes_what_others_make(project, capsys):
    """Up, down and up again, with rows, though nobody else is in a scratch database."""
    configure("exclude = person")
    assert run("generate") == 0
    capsys.readouterr()
    assert run("check", "--verify", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)["verified"]
    assert found["migrations"] == 1
    assert found["rows"] > 0


def test_verify_lets_a_table_go_that_is_handed_over(project, capsys):
    configure()
    assert run("generate", "--name", "initial") == 0
    configure("exclude = plain")
    path = Path("migrations/0002_hand_over.py")
    assert run("generate", "--empty", "--name", "hand_over") == 0
    text = path.read_text()
    path.write_text(text[: text.rindex("operations: ")] + HANDED_OVER)
    assert run("snapshot", "0002_hand_over") == 0
    assert run("migrate") == 0
    with closing(sqlite3.connect("app.db")) as connection:
        assert connection.execute("SELECT count(*) FROM plain").fetchall() == [(0,)]
    capsys.readouterr()
    assert run("check", "--verify") == 0, capsys.readouterr()


HANDED_OVER = """operations = [
    op.state_only(
        op.drop_table(
            "plain",
            op.column("id", "AUTO"),
            op.column("text", "TEXT"),
            op.primary_key("id"),
        ),
    ),
]
"""


def test_a_table_that_only_the_files_know_is_not_dropped_by_a_reset(project, capsys):
    configure("exclude = person", "development = true")
    with closing(sqlite3.connect("app.db")) as connection:
        connection.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        connection.execute("INSERT INTO person VALUES (1, 'Ann')")
        connection.commit()
    assert run("generate") == 0
    assert run("migrate") == 0
    assert run("reset", "--allow-data-loss", "all") == 0
    with closing(sqlite3.connect("app.db")) as connection:
        assert connection.execute("SELECT * FROM person").fetchall() == [(1, "Ann")]


@pytest.mark.parametrize("models", [True, False])
def test_adopt_beside_tables_of_others(project, capsys, models):
    """The first migration has the key, and as much of the other table as it needs."""
    configure("exclude = person, audit_*", models=MODELS.replace('"audit_entry"', '"entry"'))
    if not models:
        text = Path("setup.cfg").read_text()
        Path("setup.cfg").write_text("\n".join(e for e in text.split("\n") if "models" not in e))
    with closing(sqlite3.connect("app.db")) as connection:
        connection.executescript(
            "CREATE TABLE person (id INTEGER NOT NULL PRIMARY KEY, theirs TEXT);"
            "CREATE TABLE entry (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL,"
            " person_id INTEGER NOT NULL REFERENCES person (id));"
            "CREATE INDEX auditentry_person_id ON entry (person_id);"
            "CREATE TABLE audit_log (text TEXT)"
        )
        if not models:
            connection.executescript("CREATE TABLE plain (id INTEGER NOT NULL PRIMARY KEY)")
    Path("app.py").write_text("from database import db\n\ndb.create_tables([])\n")
    assert run("adopt", "--tool", "create_tables", "--from", "database") == 0, capsys.readouterr()
    text = Path("migrations/0001_initial.py").read_text()
    assert text.count("op.state_only(") == 1
    assert "op.foreign_key(" in text
    assert "audit_log" not in text
    assert "theirs" not in text
    assert run("diff") == 0
    assert run("migrate") == 0


def test_what_is_taken_over_on_paper_is_no_clash(project, capsys):
    """state_only says that it is there: nobody is sent to baseline."""
    configure("exclude = audit_*, person")
    assert run("generate", "--name", "initial") == 0
    path = Path("migrations/0001_initial.py")
    text = path.read_text()
    created = text[text.index("operations =") :]
    inner = created.removeprefix("operations = [\n").removesuffix("]\n")
    path.write_text(
        text.replace(created, f"operations = [\n    op.state_only(\n{inner}    ),\n]\n")
    )
    assert run("snapshot", "0001_initial") == 0
    with closing(sqlite3.connect("app.db")) as connection:
        connection.execute(
            "CREATE TABLE plain (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL)"
        )
    assert run("migrate") == 0, capsys.readouterr()
    assert run("diff") == 0


def test_amend_writes_anew_what_generate_wrote_of_others(project, capsys):
    """What is only in the schema is its own here; by anybody's hand, it is not overwritten."""
    configure("exclude = person")
    assert run("generate", "--name", "initial") == 0
    configure("exclude = person", models=MODELS + "    more = TextField(null=True)\n")
    assert run("generate", "--amend") == 0
    text = Path("migrations/0001_initial.py").read_text()
    assert text.count("op.state_only(") == 1
    assert "more" in text
    configure(models=MODELS)
    capsys.readouterr()
    assert run("generate", "--amend") == 5
    assert "operations of yours" in capsys.readouterr().err
