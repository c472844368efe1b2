"""erd: of which schemas, in which format, and where to."""

import json

import pytest
from compare_world import AGE, PEOPLE, World
from picture_grammars import words_of

PETS = """op.create_table(
    "pets",
    op.column("id", "AUTO"),
    op.column("owner_id", "INT"),
    op.primary_key("id"),
    op.foreign_key("owner_id", "people", "id"),
)"""
RENAMED = 'op.rename_column("people", "name", "called")'


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path)
    world.write(PEOPLE, AGE, PETS, RENAMED)
    return world


def told(world, capsys, *args, code=0):
    assert world.cli("erd", *args) == code, capsys.readouterr()
    streams = capsys.readouterr()
    return streams.out + streams.err


def test_the_last_snapshot_is_drawn_without_a_database(world, capsys):
    assert told(world, capsys) == (
        "%% made by peewee-mig erd\n%% 0004_step\nerDiagram\n"
        "  people {\n    AUTO id PK\n    TEXT called\n"
        '    INT age "NULL"\n  }\n'
        "  pets {\n    AUTO id PK\n    INT owner_id FK\n  }\n"
        '  pets }o--|| people : "owner_id"\n'
    )
    assert not world.file.exists()


def test_any_snapshot_is_drawn(world, capsys):
    text = told(world, capsys, "1")
    assert "%% 0001_step" in text
    assert "age" not in text


@pytest.mark.parametrize("args", [["0001..head"], ["1.."], ["--from", "1"], ["--from=1", "--to=4"]])
def test_a_difference_follows_renames(world, capsys, args):
    text = told(world, capsys, *args)
    assert "%% from 0001_step to 0004_step" in text
    assert '    TEXT called "~ TEXT, was name"' in text
    assert '    INT age "+ NULL"' in text
    assert '  pets["+ pets"] {' in text


def test_from_nothing_all_is_new_and_back_all_is_gone(world, capsys):
    assert '  people["+ people"] {' in told(world, capsys, "..2")
    back = told(world, capsys, "2..zero")
    assert '  people["- people"] {' in back
    assert "%% from 0002_step to nothing" in back


def test_what_did_not_change_is_left_out_unless_all_is_wanted(world, capsys):
    text = told(world, capsys, "0002..0003")
    assert "  people\n" in text, "by its name, since a key refers to it"
    assert "AUTO id PK\n    TEXT" not in text
    assert "TEXT name" in told(world, capsys, "0002..0003", "--all")
    assert "people" not in told(world, capsys, "0003..0003")


def test_models_are_drawn_and_compared_with_the_history(world, capsys):
    (world.folder / f"{world.models}.py").write_text(
        "from peewee import *\n\n\nclass People(Model):\n    called = TextField()\n"
    )
    models = ["--models", world.models]
    assert told(world, capsys, "models", *models).startswith(
        "%% made by peewee-mig erd\n%% the models\nerDiagram\n  people {\n    AUTO id PK\n"
    )
    text = told(world, capsys, "head..models", *models)
    assert '    INT age "- NULL"' in text
    assert '  pets["- pets"] {' in text


def test_a_pattern_chooses_tables(world, capsys):
    text = told(world, capsys, "--table", "pet?")
    assert "  people\n  pets {" in text
    assert told(world, capsys, "--table", "nothing", code=2).endswith(
        "no table is called nothing\nnext: the tables are people, pets\n"
    )
    assert "next: peewee-mig erd --table pets" in told(
        world, capsys, "--table", "petz", code=2
    ).replace(" --no-input", "")


def test_the_format_is_that_of_the_file(world, capsys):
    for name, begin in (("a.svg", "<!--"), ("a.dbml", "//"), ("a.mmd", "%%"), ("a.txt", "%%")):
        assert told(world, capsys, "--output", f"docs/{name}") == (
            f"Wrote docs/{name}: 0004_step, 2 tables.\n"
        )
        text = (world.folder / "docs" / name).read_text(encoding="utf-8")
        assert text.startswith(f"{begin} made by peewee-mig erd")
    assert told(world, capsys, "--output", "b.txt", "--format", "svg")
    text = told(world, capsys, "--output", "b.png", code=2)
    assert "b.png would be a picture of a kind that is not drawn here" in text
    assert "next: peewee-mig erd --output b.svg" in text
    assert not (world.folder / "b.png").exists()
    assert "people" in words_of((world.folder / "b.txt").read_text(encoding="utf-8"))


def test_a_picture_takes_the_place_of_one_but_of_nothing_else(world, capsys):
    told(world, capsys, "1", "--output", "a.svg")
    assert told(world, capsys, "0001..0003", "--output", "a.svg") == (
        "Wrote a.svg: from 0001_step to 0003_step, 2 tables, 2 changed.\n"
    )
    told(world, capsys, "--format", "dbml", "--output", "a.svg")
    (world.folder / "empty.svg").touch()
    told(world, capsys, "--output", "empty.svg")
    mine = world.folder / "models.py"
    mine.write_text("import peewee\n")
    text = told(world, capsys, "--output", "models.py", code=5)
    assert "models.py is there already, and is no picture of erd's\n" in text
    assert "committed: nothing was written" in text
    assert mine.read_text() == "import peewee\n"


def test_a_file_that_cannot_be_written_is_told(world, capsys):
    text = told(world, capsys, "--output", "migrations", code=3)
    assert "error: migrations cannot be written: Is a directory" in text
    (world.folder / "file").touch()
    assert "file/a.svg cannot be written" in told(world, capsys, "--output", "file/a.svg", code=3)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["1", "--from", "2"], "1 and --from exclude each other"),
        (["--to", "2"], "--to 2 needs the other side"),
        (["7"], "there is no migration '7'"),
        (["1..people"], "there is no migration 'people'"),
        (["models", "--models", "no_such_module_of_shapes"], "no_such_module_of_shapes"),
    ],
)
def test_what_is_not_understood_is_refused(world, capsys, args, words):
    assert words in told(world, capsys, *args, code=2)


def test_several_heads_are_refused_and_each_can_be_drawn(world, capsys):
    path = world.migrations / "0004_step.py"
    (world.migrations / "0004_other.py").write_text(path.read_text())
    snapshots = world.migrations / "snapshots"
    (snapshots / "0004_other.json").write_text((snapshots / "0004_step.json").read_text())
    assert "2 newest migrations" in told(world, capsys, code=5)
    assert "%% 0004_other" in told(world, capsys, "0004_other")
    assert "TEXT called" in told(world, capsys, "0004_other..0004_step", "--all")


def test_json_has_the_picture_and_what_is_in_it(world, capsys):
    answer = json.loads(told(world, capsys, "0002..0004", "--format", "dbml", "--json"))
    assert answer["text"].startswith("// made by peewee-mig erd\n// from 0002_step to 0004_step\n")
    assert answer["tables"] == ["people", "pets"]
    assert answer["changed"] == {"people": "changed", "pets": "added"}
    assert (answer["diagram"], answer["path"]) == ("dbml", None)
    written = json.loads(told(world, capsys, "--output", "a.svg", "--json", "-q"))
    assert written["path"] == "a.svg"


def test_an_empty_history_is_an_empty_picture(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "migrations").mkdir()
    world = World(tmp_path)
    assert told(world, capsys) == "%% made by peewee-mig erd\n%% nothing\nerDiagram\n"
    told(world, capsys, "--output", "a.svg")
    assert words_of((tmp_path / "a.svg").read_text(encoding="utf-8")) == ["nothing"]
