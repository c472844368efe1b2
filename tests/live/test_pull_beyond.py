"""pull: what is beside tables, names that differ in letter case, advice, and what is in the way."""

import json
import subprocess
import sys

import pytest
from live_world import LiveWorld

POSTGRES = [
    'CREATE TABLE "Users" (id serial PRIMARY KEY, "Name" text, name text, "NAME" int)',
    'CREATE TABLE users (id serial PRIMARY KEY, "User_id" int REFERENCES "Users", user_id int)',
    'CREATE INDEX "I" ON users (user_id)',
    'CREATE INDEX i ON users ("User_id")',
    (
        "CREATE DOMAIN posint AS integer NOT NULL DEFAULT 5 CHECK (value > 0)"
        " CONSTRAINT small CHECK (value < 1000 AND value <> 999)"
    ),
    "CREATE TYPE place AS (street text, no int)",
    "CREATE DOMAIN narrow AS posint CHECK (value < 10)",
    "CREATE TABLE things (id serial PRIMARY KEY, n posint DEFAULT 7, p place, many place[])",
    "CREATE TABLE rest (id serial PRIMARY KEY, w narrow)",
    "CREATE VIEW counts AS SELECT n FROM things",
    "CREATE VIEW over_it AS SELECT n FROM counts",
    'CREATE VIEW of_both AS SELECT x.name FROM users, "Users" AS x',
    (
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
        " $$\nBEGIN\n    RETURN NEW;\nEND\n$$"
    ),
    "CREATE TRIGGER touched BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION touch()",
]
SQLITE = [
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)",
    (
        "CREATE VIRTUAL TABLE docs USING fts5(title, body UNINDEXED, [bo dy], search,"
        " tokenize = 'porter unicode61', prefix='2,3')"
    ),
    (
        "CREATE VIRTUAL TABLE outer_text USING FTS5(text, content='notes', content_rowid=\"id\","
        " columnsize=0)"
    ),
    'CREATE VIRTUAL TABLE old USING fts4(a, b, tokenize=unicode61 "remove_diacritics=0")',
    "CREATE VIRTUAL TABLE older USING fts3(a)",
    "CREATE VIRTUAL TABLE typed USING fts4(a TEXT)",
]


@pytest.fixture
def make(databases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)

    def make(engine, *statements):
        world = LiveWorld(tmp_path, databases(engine))
        world.sql(*statements)
        return world

    return make


def answer(world, capsys, *words):
    """Run a command; return its exit code and its JSON."""
    capsys.readouterr()
    code = world.cli(*words, "--json")
    return code, json.loads(capsys.readouterr().out)


def left(found):
    return {(each["kind"], each["name"]) for each in found["left"]}


def proved(world, capsys, name):
    """Lead a database to migrations, and make a new one of them; return that."""
    assert world.cli("pull", "--output", f"{name}.py") == 0
    text = (world.folder / f"{name}.py").read_text()
    ruff = [sys.executable, "-m", "ruff"]
    for words in (["check", "--select", "E4,E7,E9,F,I"], ["format", "--check"]):
        done = subprocess.run(
            [*ruff, *words, "--isolated", f"{name}.py"], capture_output=True, check=False
        )
        assert not done.returncode, done.stdout
    assert world.cli("generate", "--models", name, "--name", "initial") == 0
    assert world.cli("baseline") == 0
    assert world.cli("diff") == 0
    assert world.cli("generate", "--models", name, "--check") == 0
    assert answer(world, capsys, "pull", "--update", "--models", name)[1]["advice"] == []
    return text


def test_names_that_differ_in_letter_case_and_types_of_the_user(make, capsys):
    world = make("postgres", *POSTGRES)
    _, found = answer(world, capsys, "pull")
    assert left(found) == {("domain", "narrow")}
    text = proved(world, capsys, "beyond_postgres")
    assert 'name_2 = TextField(column_name="Name", null=True)' in text
    assert "class User(BaseModel):" in text
    assert "class User_2(BaseModel):" in text
    world.sql("DROP TABLE rest", "DROP DOMAIN narrow")
    assert world.cli("diff") == 1
    world.sql("DROP TABLE things CASCADE", "DROP DOMAIN posint")
    _, found = answer(world, capsys, "diff")
    assert "object posint is missing" in found["drift"]


def test_a_new_database_has_the_types_first(make, capsys):
    kept = [each for each in POSTGRES if "narrow" not in each]
    world = make("postgres", *kept)
    proved(world, capsys, "beyond_again")
    other = LiveWorld(world.folder, world.database.another())
    assert other.cli("migrate") == 0
    assert other.cli("diff") == 0
    assert other.cli("rollback", "zero") == 0
    assert other.unmanaged() == []


def test_of_some_tables_there_is_only_what_reads_them(make, capsys):
    world = make("postgres", *POSTGRES)
    _, found = answer(world, capsys, "pull", "--table", "things")
    text = found["files"][0]["text"]
    for name in ("counts = View", "over_it = View", "posint = RawSQL", "touch = Function"):
        assert f"\n{name}(" in text
    assert "of_both" not in text
    assert left(found) == set()
    _, found = answer(world, capsys, "pull", "--table", "users", "--table", "rest")
    assert left(found) == {
        ("foreign key", "users (User_id)"), ("view", "of_both"), ("domain", "narrow"),
    }  # fmt: skip
    assert "View(" not in found["files"][0]["text"]


def test_names_that_an_engine_cannot_tell_apart_are_refused_there(make, tmp_path, capsys):
    world = make("sqlite")
    (tmp_path / "apart.py").write_text(
        "from peewee import *\n\nclass A(Model):\n    n = IntegerField(column_name='N')\n"
        "    m = IntegerField(column_name='n')\n"
    )
    assert world.cli("generate", "--models", "apart", "--name", "initial") == 5
    assert "differ only in letter case: N and n" in capsys.readouterr().err


def test_full_text_tables_have_models(make, capsys):
    world = make("sqlite", *SQLITE)
    code, found = answer(world, capsys, "pull")
    assert (code, left(found), found["tables"]) == (0, {("virtual table", "typed")}, 5)
    text = proved(world, capsys, "beyond_sqlite")
    assert '    search_ = SearchField(column_name="search")' in text
    assert '        options = {"prefix": "2 3", "tokenize": "porter unicode61"}' in text
    world.sql("DROP TABLE older", "CREATE VIRTUAL TABLE older USING fts3(a, b)")
    assert world.cli("diff") == 1
    _, found = answer(world, capsys, "pull", "--table", "notes")
    assert "class OuterText(FTS5Model):" in found["files"][0]["text"]
    assert "class Doc(" not in found["files"][0]["text"]


def test_advice_has_lines_for_all_that_models_say(make, capsys):
    world = make(
        "postgres",
        "CREATE TABLE a (id serial PRIMARY KEY, n int)",
        "CREATE TABLE b (x int NOT NULL, y int NOT NULL, a_id int)",
        "CREATE TABLE c (id int PRIMARY KEY, z int NOT NULL)",
    )
    assert world.cli("pull", "--output", "advised.py") == 0
    world.sql(
        "ALTER TABLE a SET (fillfactor = 70)",
        "COMMENT ON TABLE a IS 'all a'",
        "ALTER TABLE b ADD PRIMARY KEY (x, y)",
        "ALTER TABLE b ADD FOREIGN KEY (a_id, y) REFERENCES b",
        "ALTER TABLE b ADD UNIQUE (x, a_id)",
        "ALTER TABLE b ADD CHECK (x > 5 AND y > 3)",
        "ALTER TABLE c DROP CONSTRAINT c_pkey",
        "ALTER TABLE c ADD PRIMARY KEY (z)",
        "CREATE VIEW va AS SELECT n FROM a",
    )
    code, found = answer(world, capsys, "pull", "--update", "--models", "advised")
    assert (code, found["left"]) == (1, [])
    advice = {each["text"]: each["lines"] for each in found["advice"]}
    assert advice.pop("create view va")[0] == "from peewee_mig.declare import View"
    assert advice == {
        "change options of a from (none) to fillfactor=70 COMMENT 'all a'": [
            'table_settings = ["WITH (fillfactor=70)"]  # in Meta',
            'comment = "all a"  # in Meta',
        ],
        "add primary key b (x, y)": ['primary_key = CompositeKey("x", "y")  # in Meta'],
        "add foreign key b (a_id, y) to b (x, y)": [
            'SQL("FOREIGN KEY (a_id, y) REFERENCES b (x, y)"),  # in Meta.constraints'
        ],
        "add unique constraint on b (x, a_id)": ['SQL("UNIQUE (x, a_id)"),  # in Meta.constraints'],
        'add check on b (("x" > 5) AND ("y" > 3))': [
            'Check("(x > 5) AND (y > 3)"),  # in Meta.constraints'
        ],
        "change primary key c (id) to (z)": [
            "    id = IntegerField()",
            "    z = IntegerField(primary_key=True)",
        ],
    }


def test_a_file_that_is_not_there_is_no_empty_database(make, capsys):
    world = make("sqlite")
    world.url = "sqlite:///nothing.db"
    for words in (["pull"], ["pull", "--update", "--models", "beyond_models"]):
        (world.folder / "beyond_models.py").write_text(
            "from peewee import *\n\nclass A(Model):\n    n = IntegerField()\n"
        )
        assert world.cli(*words) == 2
        assert "nothing.db does not exist" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_left_there(make, tmp_path, capsys):
    world = make("sqlite", *SQLITE[:1])
    (tmp_path / "taken").write_text("")
    assert world.cli("pull", "--output", "taken/models.py") == 3
    err = capsys.readouterr().err
    assert "taken/models.py cannot be written" in err
    assert "next: print the models: peewee-mig pull " in err
